/** Starts the local sandbox and the app on SQLite, and says what to try. State stays in `.sandbox` until it is deleted. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../sandbox/index.ts';
import { MEMORY_FLAGS } from './memory.ts';
import { prepareUI5 } from './screens/ui5.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, '.sandbox');
const port = Number(process.env['PORT'] ?? 4004);
const screens = pathToFileURL(join(import.meta.dirname, 'screens', 'register.ts')).href;
const say = (text: string) => process.stdout.write(text + '\n');

mkdirSync(folder, { recursive: true });
spawnSync('cds-typer', ['*', '--outputDirectory', '@cds-models'], { cwd: root, stdio: 'ignore' });

const sandbox = await startSandbox({
  stateFile: join(folder, 'state.json'),
  destinationsFile: join(folder, 'destinations.json'),
  ports: { btp: port + 10, leanix: port + 11, cpi: port + 12 },
}).catch((error: NodeJS.ErrnoException & { port?: number }) => {
  if (error.code !== 'EADDRINUSE') throw error;
  say(`Port ${error.port} is in use. Is it running already? Otherwise set PORT to another number.`);
  process.exit(1);
});
const app = spawn('cds-serve', [], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    ...sandbox.env(),
    PORT: String(port),
    CDS_TYPESCRIPT: 'true',
    NO_TELEMETRY: 'true',
    NODE_OPTIONS: `${MEMORY_FLAGS} ${process.env['NODE_OPTIONS'] ?? ''} --import=${screens}`,
    cds_requires_db_credentials_url: database(),
  },
});

let stopping = false;
const stop = async (code: number) => {
  if (stopping) return;
  stopping = true;
  app.kill('SIGTERM');
  await sandbox.stop();
  process.exit(code);
};
app.on('exit', (code) => void stop(code ?? 1));
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
// Who stops npm stops the shell between npm and this process, which does not pass it on.
const { ppid } = process;
setInterval(() => process.ppid !== ppid && void stop(0), 1000).unref();

await ready();
say(`
LeanIX Integration for SAP Integration Suite is running. Open

  http://localhost:${port}/

and choose who you are. In LeanIX Settings, the LeanIX host of the sandbox is ${sandbox.leanix.host}.
The made-up company can be changed at ${sandbox.btp.url}/sandbox. All data stays in .sandbox. Stop with Ctrl+C.
`);
// The services are there at once; the page says so while the screens are not.
await prepareUI5(say).catch((error: Error) => {
  if (!stopping) say(`${error.message}\nOnly the services work; start again to try once more.`);
});

/** The local database; one that was made for another data model is made anew. */
function database(): string {
  const model = createHash('sha256');
  for (const file of globSync(['db/*.cds', 'db/data/*.csv', 'srv/**/*.cds'], { cwd: root }).sort())
    model.update(readFileSync(join(root, file)));
  const version = model.digest('hex');
  const stamp = join(folder, 'db-version');
  const file = join(folder, 'db.sqlite');
  if (existsSync(file) && (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== version)) {
    say('The data model has changed: the local database begins anew.');
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  }
  writeFileSync(stamp, version);
  return file;
}

async function ready(): Promise<void> {
  while (!stopping) {
    // eslint-disable-next-line no-await-in-loop -- asks until the app answers
    const answer = await fetch(`http://localhost:${port}/health`).catch(() => null);
    if (answer?.ok) return;
    // eslint-disable-next-line no-await-in-loop
    await sleep(200);
  }
}
