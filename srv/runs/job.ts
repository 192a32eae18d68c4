import { SyncRuns } from '#cds-models/leanix';
import type { ConfigRow } from './connection.ts';
import { assertHeld, hold, prolong, renew, type Lease } from './lease.ts';
import { engineSettings } from './settings.ts';
import { inTransaction } from '../base/transaction.ts';

/** The row of a run as the worker sees it. */
export type RunRow = {
  ID: string;
  /** The configuration as it was when the run was started. */
  config: ConfigRow;
  kind: string;
  source_ID: string | null;
  /** The kind of the run that is created if this one succeeds. */
  followUp: string | null;
  prepared: boolean;
  acceptEmpty: boolean;
  /** Attempts, including this one, but without those that ended with a wait. */
  attempts: number;
  /** How often in a row the process died at this point. */
  deaths: number;
  /** Calls to LeanIX by earlier workers of this run. */
  requests: number;
  /** IDs of iFlows, or of the tasks that the run started with; null for the whole configuration. */
  selection: string[] | null;
  /** What its kind stores besides the connection, as of the start of the run. */
  settings: Record<string, unknown>;
  /** The IDs that a person has confirmed; null unless the run follows one that a limit stopped. */
  confirmed: ReadonlySet<string> | null;
};

/** Thrown if a user has canceled the run. */
export class Canceled extends Error {}

/** A run in progress: lets its steps report progress and notice that they should stop. */
export type Job = {
  run: RunRow;
  /** Aborts when the lease is lost or the process shuts down. Pass it to remote calls. */
  signal: AbortSignal;
  /** Counts the calls of this client for the run. */
  count(client: { readonly requests: number }): void;
  /** Calls to LeanIX so far, including those of earlier workers. */
  requests(): number;
  /**
   * Call it right before a write that cannot be undone: a process that hung may have lost its lease unnoticed.
   * @throws LeaseLost
   */
  assertHeld(this: void): void;
  /**
   * Call it between two batches; it prolongs the lease.
   * @throws Canceled, LeaseLost
   */
  checkpoint(): Promise<void>;
  /**
   * Stores results and the number of calls in one short transaction if the lease is still held, and prolongs it.
   * @param values elements of the run, such as counters (`{ done: { '+=': 3 } }`)
   * @param lock takes locks that must come before the run's own, such as `lockConfigs`
   */
  commit(values: object, work?: () => Promise<unknown>, lock?: () => Promise<unknown>): Promise<void>;
};

export function createJob(run: RunRow, lease: Lease, signal: AbortSignal): Job {
  const { leaseSeconds } = engineSettings();
  let client = { requests: 0 };
  const requests = () => run.requests + client.requests;
  return {
    run,
    signal,
    count: (used) => (client = used),
    requests,
    assertHeld: () => assertHeld(lease),
    async checkpoint() {
      signal.throwIfAborted();
      if ((await renew(lease, leaseSeconds)) === 'cancelRequested') throw new Canceled();
    },
    async commit(values, work, lock) {
      await prolong(lease, leaseSeconds, async (leaseUntil) => {
        await lock?.();
        await hold(lease, { [lease.column]: leaseUntil, requests: requests(), ...values });
        await work?.();
      });
    },
  };
}

/** Reads the run to work on. */
export async function readRun(ID: string): Promise<RunRow & { status: string }> {
  const run = await inTransaction(() =>
    SELECT.one
      .from(SyncRuns)
      .columns(
        'ID',
        'kind',
        'source_ID',
        'followUp',
        'prepared',
        'acceptEmpty',
        'attempts',
        'deaths',
        'requests',
        'selection',
        'settings',
        'source.limits as shown' as 'limits',
        'status',
      )
      .where({ ID }),
  );
  if (!run) throw new Error(`Run ${ID} does not exist any more`);
  const { shown } = run as { shown?: string | null };
  const settings = JSON.parse(run.settings!) as Record<string, unknown>;
  return {
    ID,
    config: settings as ConfigRow,
    settings,
    confirmed: shown ? new Set((JSON.parse(shown) as { ids?: string[] }).ids) : null,
    kind: run.kind!,
    source_ID: run.source_ID ?? null,
    followUp: run.followUp ?? null,
    prepared: run.prepared ?? false,
    acceptEmpty: run.acceptEmpty ?? false,
    attempts: run.attempts ?? 1,
    deaths: run.deaths ?? 0,
    requests: run.requests ?? 0,
    selection: run.selection ? (JSON.parse(run.selection) as string[]) : null,
    status: run.status!,
  };
}
