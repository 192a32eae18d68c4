/**
 * Runs the checks and the tests. At the same time, SAPUI5 is prepared for the screens; on a new computer, this takes
 * two minutes.
 */
import { spawn } from 'node:child_process';

/** @returns whether a script of package.json ended well */
const run = (script: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    spawn('npm', ['run', script], { stdio: 'inherit', shell: process.platform === 'win32' })
      .on('error', reject)
      .on('exit', (code) => resolve(code === 0));
  });

const ready = await Promise.all([run('check'), run('screens')]);
process.exitCode = ready.every(Boolean) && (await run('jest')) ? 0 : 1;
