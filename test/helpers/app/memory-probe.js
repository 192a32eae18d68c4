/** Loaded into a process under test: at SIGUSR2 it collects its garbage and writes how much memory is left in use. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collect();
  collect();
  process.stdout.write(`heap in use: ${process.memoryUsage().heapUsed}\n`);
});
