import { setTimeout as sleep } from 'node:timers/promises';
import cds from '@sap/cds';

/** Resolves when something may have changed. Get it before a check, and await it afterwards. */
export type Changes = () => Promise<void>;

/** For an app in another process, which cannot report changes. */
export const later: Changes = () => sleep(50);

/** Reports commits of this process that changed a run or a task. */
export function committedChanges(): Changes {
  let { promise, resolve } = Promise.withResolvers<void>();
  let changed = false;
  cds.once('served', () => {
    const { db } = cds;
    db.prepend(() => {
      db.after(['INSERT', 'UPDATE', 'UPSERT', 'DELETE'], (_, { target }) => {
        changed ||= ['leanix.SyncRuns', 'leanix.ProvisioningTasks'].includes(target?.name);
      });
      db.after('COMMIT', () => {
        if (!changed) return;
        changed = false;
        resolve();
        ({ promise, resolve } = Promise.withResolvers<void>());
      });
    });
  });
  // Time-dependent changes, such as an expired lease, are noticed a little later.
  return () => Promise.race([promise, sleep(200, undefined, { ref: false })]);
}

/** Polls after each change until it finds something. */
export async function found<T>(changes: Changes, look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const next = changes();
    const seen = await look();
    if (seen !== undefined) return seen;
    await next;
  }
}
