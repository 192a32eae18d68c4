import { SyncRuns } from '#cds-models/leanix';
import { inTransaction } from '../base/transaction.ts';

/**
 * A run is worked on by the one who holds its lease. The deadline is never null: a lease is released by setting it to
 * now, so that a run whose worker died anywhere in between can always be claimed again.
 */
export type Lease = { runId: string; owner: string };

/** States of a run in which somebody works on it, or should. */
export const ACTIVE = ['requested', 'running', 'cancelRequested'];

/** Thrown when another worker has taken the run over: whoever gets it stops without writing anything. */
export class LeaseLost extends Error {}

/** IDs of the runs that nobody works on. */
export async function claimable(): Promise<string[]> {
  const runs = await inTransaction(() =>
    SELECT.from(SyncRuns)
      .columns('ID')
      .where({ status: { in: ACTIVE }, leaseUntil: { '<=': new Date().toISOString() } }),
  );
  return runs.map((run) => run.ID!);
}

/** Takes the run by one conditional UPDATE. @returns false where somebody else was faster */
export async function claim({ runId, owner }: Lease, seconds: number): Promise<boolean> {
  const taken = await inTransaction<number>(() =>
    UPDATE.entity(SyncRuns)
      .set({ leaseOwner: owner, leaseUntil: inSeconds(seconds), attempts: { '+=': 1 } })
      .where({ ID: runId, status: { in: ACTIVE }, leaseUntil: { '<=': new Date().toISOString() } }),
  );
  return taken > 0;
}

/** Prolongs the lease. @returns the status of the run @throws LeaseLost */
export async function renew({ runId, owner }: Lease, seconds: number): Promise<string> {
  return inTransaction(async () => {
    await hold({ runId, owner }, { leaseUntil: inSeconds(seconds) });
    const run = await SELECT.one.from(SyncRuns).columns('status').where({ ID: runId });
    return run?.status ?? '';
  });
}

/** Lets others claim the run, at once or in some seconds. */
export async function release({ runId, owner }: Lease, seconds = 0): Promise<void> {
  await inTransaction<number>(() =>
    UPDATE.entity(SyncRuns)
      .set({ leaseUntil: inSeconds(seconds) })
      .where({ ID: runId, leaseOwner: owner }),
  );
}

/** Lets others claim the run at once, by who stops in good order: that it was taken up counts as no attempt. */
export async function handOver({ runId, owner }: Lease): Promise<void> {
  await inTransaction<number>(() =>
    UPDATE.entity(SyncRuns)
      .set({ leaseUntil: inSeconds(0), attempts: { '-=': 1 } })
      .where({ ID: runId, leaseOwner: owner }),
  );
}

/**
 * Writes to the run, in the caller's transaction, if the lease is still held.
 * @throws LeaseLost otherwise: the caller's transaction is rolled back
 */
export async function hold({ runId, owner }: Lease, values: object): Promise<void> {
  const held = (await UPDATE.entity(SyncRuns)
    .set(values)
    .where({ ID: runId, leaseOwner: owner, status: { in: ACTIVE } })) as number;
  if (!held) throw new LeaseLost(runId);
}

/** The time so many seconds from now. */
export function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
