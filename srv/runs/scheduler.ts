import cds from '@sap/cds';
import { Jobs, SyncRuns } from '#cds-models/leanix';
import { nextSlot, type Schedule } from '../core/access/schedule.ts';
import type { Outcome } from '../base/outcome.ts';
import { activeKeyOf, startRun, type RunKind } from './runs.ts';
import { inTransaction, lockConfigs, serviceFor } from '../base/transaction.ts';
import { JOB_KINDS, type JobKind } from '../governance/defaults.ts';

const LOG = cds.log('leanix');

/** Whom runs of a schedule are started by. */
const SCHEDULER = 'scheduler';

type JobRow = { ID: string; config_ID: string; kind: JobKind; nextRunAt: string } & Schedule;

/** A job of the catalogue reads the tenant first; the sync follows once that has ended as it should. */
const RUN_OF: Record<JobKind, { kind: RunKind; followUp?: RunKind }> = {
  catalog: { kind: 'refresh', followUp: 'sync' },
  importPeople: { kind: 'importPeople' },
  importAccounts: { kind: 'importAccounts' },
  importAccess: { kind: 'importAccess' },
  importAll: { kind: 'importAll' },
  provision: { kind: 'provision' },
};

/**
 * Files a run for every job whose time has come. However many instances look, one of them gets the slot; slots that
 * were missed are caught up by one run. A slot whose configuration is being worked on stays due, and is looked at again
 * when that run has ended. Often it is somebody's request that has the process look, but what a schedule
 * starts is not theirs.
 */
export async function fileDueJobs(): Promise<void> {
  await cds.tx({ id: cds.utils.uuid(), user: serviceFor(SCHEDULER) } as object, fileAll);
}

async function fileAll(): Promise<void> {
  const now = new Date().toISOString();
  const due = (await inTransaction(() =>
    SELECT.from(Jobs).where({ schedule: { '!=': 'off' }, nextRunAt: { '<=': now } }),
  )) as unknown as JobRow[];
  /** Where a job waits for its turn: the run that is in its way may end before the next one is tried. */
  const waiting = new Set<string>();
  // People come before accounts, and accounts before access.
  for (const job of due.sort((a, b) => JOB_KINDS.indexOf(a.kind) - JOB_KINDS.indexOf(b.kind))) {
    const activeKey = activeKeyOf(RUN_OF[job.kind].kind, job.config_ID);
    if (waiting.has(activeKey)) continue;
    try {
      // eslint-disable-next-line no-await-in-loop -- one after the other, in short transactions
      await inTransaction(() => fileDue(job, now));
    } catch (error) {
      if ((error as { code?: string }).code === 'RUN_ACTIVE') waiting.add(activeKey);
      else LOG.error('Job', job.ID, 'could not be started', error);
    }
  }
}

async function fileDue(job: JobRow, now: string): Promise<void> {
  if (!(await move(job, nextSlot(job, now, job.nextRunAt)))) return;
  await startJob(job, { startedBy: SCHEDULER, trigger: 'schedule' });
}

/** Moves a job to another slot by one conditional UPDATE. @returns 0 where another instance was faster */
async function move({ ID, nextRunAt }: JobRow, next: string | null): Promise<number> {
  return (await UPDATE.entity(Jobs)
    .set({ nextRunAt: next })
    .where({ ID, nextRunAt: nextRunAt as never })) as number;
}

/**
 * Files the run of a job, in the caller's transaction. @returns the ID of the run
 * @throws 409 RUN_ACTIVE
 */
export async function startJob(
  { ID, config_ID, kind }: Pick<JobRow, 'ID' | 'config_ID' | 'kind'>,
  by: { startedBy: string; trigger: 'person' | 'schedule' },
): Promise<string> {
  await UPDATE.entity(Jobs).set({ lastRunAt: new Date().toISOString() }).where({ ID });
  return startRun({ configId: config_ID, jobId: ID, ...RUN_OF[kind], ...by });
}

/**
 * Has the open tasks of a configuration carried out: now, or once the run has ended that works on its access. In the
 * caller's transaction.
 * @param startedBy who asks for it
 */
export async function provisionSoon(configId: string, startedBy: string): Promise<void> {
  // Two who ask at the same time decide one after the other: the second one finds the run of the first.
  await lockConfigs(configId);
  const activeKey = activeKeyOf('provision', configId);
  const active = await SELECT.one.from(SyncRuns).columns('ID', 'followUp').where({ activeKey });
  if (!active) await startRun({ configId, kind: 'provision', trigger: 'request', startedBy });
  else if (!active.followUp) {
    // Whoever asks after that is served by the same run.
    await UPDATE.entity(SyncRuns).set({ followUp: 'provision', followUpBy: startedBy }).where({ ID: active.ID! });
  }
}

/**
 * Files what follows a run, in the transaction that ends it: the sync after a refresh that could be made, and the
 * provisioning of tasks that were requested while the run was active.
 */
export async function fileFollowUp(runId: string, { status }: Outcome): Promise<void> {
  const run = await SELECT.one
    .from(SyncRuns)
    .columns('config_ID', 'followUp', 'followUpBy', 'job_ID', 'trigger', 'startedBy')
    .where({ ID: runId });
  if (!run?.followUp || !run.config_ID) return;
  const isTask = run.followUp === 'provision';
  if (!isTask && !status.startsWith('completed')) return;
  await startRun({
    configId: run.config_ID,
    kind: run.followUp as RunKind,
    startedBy: run.followUpBy ?? run.startedBy ?? SCHEDULER,
    ...(isTask ? { trigger: 'request' } : { jobId: run.job_ID ?? null, trigger: run.trigger ?? 'person' }),
  });
}
