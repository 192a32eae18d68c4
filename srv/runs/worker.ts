import cds from '@sap/cds';
import { SyncItems, SyncRuns } from '#cds-models/leanix';
import { asCaller, callerId } from '../base/caller.ts';
import { RemoteError } from '../base/remote-error.ts';
import { countRun, measureQueue, OUTCOMES } from '../base/metrics.ts';
import { textOf } from '../base/problem.ts';
import { fileDueJobs, fileFollowUp } from './scheduler.ts';
import { features, kindOfRun } from './features.ts';
import { Canceled, createJob, readRun, type Job } from './job.ts';
import { ACTIVE, claim, claimable, handOver, hold, LeaseLost, release, renew, type Lease } from './lease.ts';
import { RunProblem, RunWaits, type Outcome } from '../base/outcome.ts';
import { engineSettings } from './settings.ts';
import { inTransaction, lockConfigs, serviceFor } from '../base/transaction.ts';

const LOG = cds.log('leanix');

/** Attempts with an unexpected error before a run is given up. */
const MAX_ATTEMPTS = 5;
/** Deaths before a run is given up: its memory may be what kills the process. */
const MAX_DEATHS = 10;
/** Deaths without any progress in between. */
const MAX_DEATHS_IN_PLACE = 2;
/** Sweeps until a run is tried again after an unexpected error, such as a restarted database. */
const PAUSE = 5;

/** Identifies this process in leases. */
const owner = cds.utils.uuid();
const underWay = new Map<string, { done: Promise<void>; abort: AbortController }>();
const sweeps = new Set<Promise<void>>();
let sweeper: NodeJS.Timeout | undefined;
let stopped = true;

/** Starts to check for runs regularly: new ones, and those that a dead process left behind. */
export function startWorker(): void {
  stopped = false;
  const look = () => {
    wakeWorker();
    for (const { watch } of features()) if (watch) lookFor('what waits', watch);
  };
  sweeper = setInterval(look, engineSettings().sweepSeconds * 1000);
  sweeper.unref();
  measureQueue(async () => {
    const runs = await inTransaction(() =>
      SELECT.from(SyncRuns)
        .columns('status')
        .where({ status: { in: ACTIVE } }),
    );
    return runs.map(({ status }) => status);
  });
  wakeWorker();
}

/** Checks for runs now. Call it after the commit that created one. */
export function wakeWorker(): void {
  lookFor('runs', sweep);
}

function lookFor(what: string, sweep: () => Promise<void>): void {
  if (stopped) return;
  // Runs do not belong to the user whose request triggered the check.
  const sweeping = asCaller(null, sweep)
    .catch((error: unknown) => LOG.error('Could not look for', what, error))
    .finally(() => sweeps.delete(sweeping));
  sweeps.add(sweeping);
}

/** Stops between two batches and lets another process continue at once. */
export async function stopWorker(): Promise<void> {
  stopped = true;
  clearInterval(sweeper);
  for (const { abort } of underWay.values()) abort.abort(new LeaseLost('shutdown'));
  await Promise.allSettled([...sweeps, ...[...underWay.values()].map(({ done }) => done)]);
}

async function sweep(): Promise<void> {
  await fileDueJobs();
  for (const run of await claimable()) {
    const runId = run.ID;
    if (stopped || underWay.has(runId)) continue;
    /* eslint-disable no-await-in-loop -- claims are rare, and one after the other is enough */
    const lease = await claim(run, owner, engineSettings().leaseSeconds);
    if (!lease) continue;
    // Nothing would abort work that begins after the others were told to stop.
    if (stopped) {
      await handOver(lease);
      return;
    }
    /* eslint-enable no-await-in-loop */
    const abort = new AbortController();
    const done = work(lease, abort)
      .catch((error: unknown) => LOG.error('Run', runId, 'ended with an error', error))
      .finally(() => underWay.delete(runId));
    underWay.set(runId, { done, abort });
  }
}

/** Works as the user who started the run. Logs and remote calls carry the correlation ID of that request. */
async function work(lease: Lease, abort: AbortController): Promise<void> {
  const origin = await inTransaction(() =>
    SELECT.one.from(SyncRuns).columns('correlationId', 'callerId', 'startedBy').where({ ID: lease.runId }),
  );
  const context = { id: origin?.correlationId ?? undefined, user: serviceFor(origin?.startedBy) };
  await asCaller(origin?.callerId ?? null, () => cds.tx(context as object, () => carryOut(lease, abort)));
}

/** Executes a claimed run, and always ends or releases it. */
async function carryOut(lease: Lease, abort: AbortController): Promise<void> {
  const heartbeat = beat(lease, abort);
  let job: Job | undefined;
  try {
    const run = await readRun(lease.runId);
    const caller = callerId();
    LOG.info('Run', run.ID, 'of kind', run.kind, 'starts', ...(caller ? ['for caller', caller] : []));
    job = createJob(run, lease, abort.signal);
    if (run.status === 'cancelRequested') throw new Canceled();
    const deaths = run.deaths >= MAX_DEATHS_IN_PLACE ? run.deaths : run.attempts > MAX_DEATHS ? MAX_DEATHS : 0;
    if (deaths) throw new RunProblem('RUN_GIVEN_UP', String(deaths));
    await inTransaction(() => running(lease));
    const outcome = await kindOfRun(run.kind).work(job);
    await end(lease, outcome, job);
  } catch (error) {
    clearInterval(heartbeat);
    if (isHandOver(error)) await handOver(lease);
    else if (stopped || error instanceof LeaseLost || abort.signal.aborted) await release(lease);
    else if (isPassing(error, job)) await postpone(lease, error);
    else await end(lease, outcomeOf(error), job);
  } finally {
    clearInterval(heartbeat);
  }
}

/** Whether the work stopped because the process is stopping. */
function isHandOver(error: unknown): boolean {
  return stopped && (error instanceof LeaseLost || (error instanceof RemoteError && error.code === 'CANCELED'));
}

/**
 * Whether the run can continue later: too many requests, BTP unavailable, or a passing problem here, such as a database
 * restart.
 */
function isPassing(error: unknown, job: Job | undefined): boolean {
  if (error instanceof RemoteError) return error.code.endsWith('_BUSY') || error.code === 'DESTINATION_SERVICE_DOWN';
  if (error instanceof RunWaits) return true;
  if (error instanceof Canceled || error instanceof RunProblem) return false;
  return (job?.run.attempts ?? 1) < MAX_ATTEMPTS;
}

async function postpone(lease: Lease, error: unknown): Promise<void> {
  const { busySeconds, sweepSeconds } = engineSettings();
  const busy = error instanceof RemoteError;
  if (busy || error instanceof RunWaits) {
    // A wait is no failed attempt.
    const waits = { message: textOf(error.code, error.args), attempts: { '-=': 1 } };
    await inTransaction(() => hold(lease, waits));
  } else LOG.error('Run', lease.runId, 'is tried again after an unexpected error', error);
  await release(lease, busy ? busySeconds : error instanceof RunWaits ? sweepSeconds : PAUSE * sweepSeconds);
}

/** `requested` becomes `running`; a request to cancel that came in between is kept. */
async function running({ runId, owner }: Lease): Promise<void> {
  await UPDATE.entity(SyncRuns).set({ status: 'running' }).where({ ID: runId, leaseOwner: owner, status: 'requested' });
}

/** Prolongs the lease during long remote calls, and stops the work if another worker has the run. */
function beat(lease: Lease, abort: AbortController): NodeJS.Timeout {
  const { leaseSeconds } = engineSettings();
  return setInterval(
    () => {
      renew(lease, leaseSeconds).catch((error: unknown) => {
        if (error instanceof LeaseLost) abort.abort(error);
        else LOG.warn('The lease of run', lease.runId, 'could not be prolonged', error);
      });
    },
    (leaseSeconds * 1000) / 3,
  ).unref();
}

/**
 * Ends the run. Open items become failed or skipped, sent ones unknown. What a canceled run did not reach counts as
 * skipped.
 */
async function end(lease: Lease, outcome: Outcome, job: Job | undefined): Promise<void> {
  await inTransaction(async () => {
    // One order of locks, shared with waiting runs, prevents deadlocks.
    await lockConfigs(job?.run.config.ID);
    const failed = outcome.status === 'failed';
    const isCanceled = outcome.status === 'canceled';
    const unknown = outcome.keepPlanned ? 0 : await endUnknown(lease.runId);
    const open = outcome.keepPlanned
      ? 0
      : ((await UPDATE.entity(SyncItems)
          .set({
            status: failed ? 'failed' : 'skipped',
            code: outcome.code ?? 'CANCELED',
            message: outcome.message ?? textOf('ITEM_CANCELED'),
          })
          .where({ run_ID: lease.runId, status: 'planned' })) as number);
    await hold(lease, {
      status: outcome.status,
      code: outcome.code ?? null,
      message: (isCanceled && (await howFar(lease.runId, unknown))) || (outcome.message ?? null),
      finishedAt: new Date().toISOString(),
      activeKey: null,
      done: { '+=': unknown + (isCanceled ? 0 : open) },
      failed: { '+=': unknown + (failed ? open : 0) },
      skipped: { '+=': failed ? 0 : open },
      leaseUntil: new Date().toISOString(),
      ...(job && { requests: job.requests() }),
    });
    if (job) await kindOfRun(job.run.kind).ended?.(job.run.config.ID);
    await fileFollowUp(lease.runId, outcome);
    if (job) await tellFeatures(job, outcome);
  });
  LOG.info('Run', lease.runId, 'ended as', outcome.status);
  const ended = await inTransaction(() =>
    SELECT.one
      .from(SyncRuns)
      .columns('kind', 'status', ...OUTCOMES)
      .where({ ID: lease.runId }),
  );
  if (ended) countRun(ended);
  for (const { afterRun } of features()) void afterRun?.(lease.runId);
  wakeWorker();
}

/** What features do when a run ends, in the caller's transaction. */
async function tellFeatures({ run: { ID, kind, config } }: Job, { status }: Outcome): Promise<void> {
  const row = await SELECT.one.from(SyncRuns).columns('startedBy', 'trigger').where({ ID });
  const by = { startedBy: row?.startedBy ?? '', trigger: row?.trigger ?? 'person' };
  for (const { whenEnding } of features()) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await whenEnding?.({ kind, configId: config.ID, status, ...by });
  }
}

/**
 * The number of items that a canceled run has executed, in the caller's transaction.
 * @param more items that end with the run
 * @returns null for a run that counts nothing
 */
async function howFar(runId: string, more: number): Promise<string | null> {
  const run = await SELECT.one.from(SyncRuns).columns('done', 'total').where({ ID: runId });
  return run?.total ? textOf('RUN_CANCELED_AT', [String((run.done ?? 0) + more), String(run.total)]) : null;
}

/** Ends the open items that were sent to LeanIX, in the caller's transaction. @returns their number */
async function endUnknown(runId: string): Promise<number> {
  const sent = await SELECT.from(SyncItems)
    .columns('ID', 'name')
    .where({ run_ID: runId, status: 'planned', sentAt: { '!=': null } });
  const ends = sent.map(({ ID, name }) => ({
    ID: ID!,
    status: 'failed',
    code: 'OUTCOME_UNKNOWN',
    message: textOf('OUTCOME_UNKNOWN', [name ?? '']),
  }));
  if (ends.length) await UPSERT.into(SyncItems).entries(ends);
  return ends.length;
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof Canceled) return { status: 'canceled', code: 'CANCELED', message: textOf('RUN_CANCELED') };
  if (error instanceof RemoteError || error instanceof RunProblem) {
    return { status: 'failed', code: error.code, message: textOf(error.code, error.args) };
  }
  LOG.error('Unexpected error in a run', error);
  return { status: 'failed', code: 'UNEXPECTED', message: textOf('UNEXPECTED') };
}
