/** Runs the checks and the tests. SAPUI5 for the screens is prepared beside the checks: on a new computer it takes two minutes. */
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
