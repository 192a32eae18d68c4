import { SyncRuns } from '#cds-models/leanix';
import { inTransaction } from '../base/transaction.ts';

/**
 * The lease of a run: only its holder works on the run. The deadline is never null, so that a run can be claimed again
 * if its worker died.
 */
export type Lease = {
  runId: string;
  owner: string;
  /** When it ends unless prolonged, in milliseconds by this machine's clock. */
  until: number;
  /** The column of the deadline. */
  column: LeaseColumn;
};

/** Runs of kinds that an earlier version does not know have their deadline in another column. */
export type LeaseColumn = 'leaseUntil' | 'laterUntil';

/** The value of `leaseUntil` for such runs: an instance of that version never finds them. */
export const NEVER = '9999-12-31T00:00:00.000Z';

/** States of a run that a worker processes, or should process. */
export const ACTIVE = ['requested', 'running', 'cancelRequested'];

/** Thrown if another worker has taken the run over: stop without writing anything. */
export class LeaseLost extends Error {}

/** A run without a worker. */
export type Free = {
  ID: string;
  column: LeaseColumn;
  /** The last holder, if it has not released the run. */
  leaseOwner: string | null;
  /** The progress. If it has not changed, nothing was executed. */
  place: string;
  diedAt: string | null;
  deaths: number;
};

export async function claimable(): Promise<Free[]> {
  const now = new Date().toISOString();
  const runs = await inTransaction(
    () =>
      SELECT.from(SyncRuns).columns('ID', 'laterUntil', 'leaseOwner', 'prepared', 'done', 'diedAt', 'deaths')
        .where`status in ${ACTIVE} and (leaseUntil <= ${now} or laterUntil <= ${now})`,
  );
  return runs.map(({ ID, laterUntil, leaseOwner, prepared, done, diedAt, deaths }) => ({
    ID: ID!,
    column: laterUntil ? 'laterUntil' : 'leaseUntil',
    leaseOwner: leaseOwner ?? null,
    place: `${prepared ? 'prepared' : 'new'} ${done ?? 0}`,
    diedAt: diedAt ?? null,
    deaths: deaths ?? 0,
  }));
}

/**
 * Claims the run by one conditional UPDATE, and records if the previous holder died or hung.
 * @returns null if another worker was faster
 */
export async function claim(run: Free, owner: string, seconds: number): Promise<Lease | null> {
  const { ID, column, leaseOwner, place, diedAt, deaths } = run;
  const died = leaseOwner !== null && leaseOwner !== owner;
  const until = Date.now() + seconds * 1000;
  const taken = await inTransaction<number>(() =>
    UPDATE.entity(SyncRuns)
      .set({
        leaseOwner: owner,
        [column]: new Date(until).toISOString(),
        attempts: { '+=': 1 },
        ...(died && { diedAt: place, deaths: diedAt === place ? deaths + 1 : 1 }),
      })
      .where({ ID, status: { in: ACTIVE }, leaseOwner, [column]: { '<=': new Date().toISOString() } }),
  );
  return taken > 0 ? { runId: ID, owner, until, column } : null;
}

/** @throws LeaseLost if it has ended: another worker may have the run by now */
export function assertHeld({ runId, until }: Lease): void {
  if (Date.now() >= until) throw new LeaseLost(runId);
}

/** Prolongs the lease. @returns the status of the run @throws LeaseLost */
export async function renew(lease: Lease, seconds: number): Promise<string> {
  return prolong(lease, seconds, async (leaseUntil) => {
    await hold(lease, { [lease.column]: leaseUntil });
    const run = await SELECT.one.from(SyncRuns).columns('status').where({ ID: lease.runId });
    return run?.status ?? '';
  });
}

/**
 * Runs `work`, which stores the new deadline, in a transaction of its own, and keeps that deadline once it is stored.
 * @param seconds from now
 */
export async function prolong<T>(lease: Lease, seconds: number, work: (until: string) => Promise<T>): Promise<T> {
  const until = Date.now() + seconds * 1000;
  const result = await inTransaction(() => work(new Date(until).toISOString()));
  lease.until = Math.max(lease.until, until);
  return result;
}

/** Lets other workers claim the run, now or after some seconds. */
export async function release({ runId, owner, column }: Lease, seconds = 0): Promise<void> {
  await inTransaction<number>(() =>
    UPDATE.entity(SyncRuns)
      .set({ leaseOwner: null, [column]: inSeconds(seconds) })
      .where({ ID: runId, leaseOwner: owner }),
  );
}

/** Releases the run at a regular stop; the attempt does not count. */
export async function handOver({ runId, owner, column }: Lease): Promise<void> {
  await inTransaction<number>(() =>
    UPDATE.entity(SyncRuns)
      .set({ leaseOwner: null, [column]: inSeconds(0), attempts: { '-=': 1 } })
      .where({ ID: runId, leaseOwner: owner }),
  );
}

/**
 * Updates the run in the caller's transaction if the lease is still held.
 * @throws LeaseLost otherwise: the caller's transaction is rolled back
 */
export async function hold({ runId, owner }: Pick<Lease, 'runId' | 'owner'>, values: object): Promise<void> {
  const held = (await UPDATE.entity(SyncRuns)
    .set(values)
    .where({ ID: runId, leaseOwner: owner, status: { in: ACTIVE } })) as number;
  if (!held) throw new LeaseLost(runId);
}

/** The time a number of seconds from now. */
function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}
