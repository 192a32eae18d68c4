import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../../sandbox/index.ts';
import { ok, type User } from '../app/user.ts';

/** The app on a sandbox, in this process or in another one. */
export type Running = { sandbox: Sandbox; user: User };

/** Collections in which runs are found. */
export type Runs = 'runtime/SyncRuns' | 'access/JobRuns';

/** All rows of a collection. */
export async function rowsAt({ user }: Running, path: string): Promise<any[]> {
  const { body } = await ok(user.get(path));
  if (body['@odata.nextLink']) throw new Error(`${path} has more than one page`);
  return body.value;
}

/** Waits until a run has ended. @returns its row */
export async function endIn({ user }: Running, runs: Runs, ID: string): Promise<any> {
  for (;;) {
    const { body: run } = await ok(user.get(`${runs}(${ID})`));
    if (!run.isActive) return run;
    await sleep(20);
  }
}
