import cds from '@sap/cds';
import { Jobs, SyncRuns } from '#cds-models/leanix';
import { nextSlot, type Schedule } from '../core/access/schedule.ts';
import type { Outcome } from '../base/outcome.ts';
import { kindOfRun, kindsOfJobs } from './features.ts';
import { activeKeyOf, startRun } from './runs.ts';
import { inTransaction, serviceFor } from '../base/transaction.ts';

const LOG = cds.log('leanix');

/** The user of scheduled runs. */
const SCHEDULER = 'scheduler';

type JobRow = { ID: string; config_ID: string; kind: string; nextRunAt: string } & Schedule;

/**
 * Creates a run for every due job. Of several instances, one gets the slot. One run makes up for missed slots. While
 * the configuration is busy, the slot stays due. The run does not belong to the user whose request triggered the check.
 */
export async function fileDueJobs(): Promise<void> {
  await cds.tx({ id: cds.utils.uuid(), user: serviceFor(SCHEDULER) } as object, fileAll);
}

async function fileAll(): Promise<void> {
  const now = new Date().toISOString();
  const due = (await inTransaction(() =>
    SELECT.from(Jobs).where({ schedule: { '!=': 'off' }, nextRunAt: { '<=': now } }),
  )) as unknown as JobRow[];
  /** The run that blocks a job may end before the next attempt. */
  const waiting = new Set<string>();
  const kinds = kindsOfJobs();
  const order = [...kinds.keys()];
  for (const job of due.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) {
    const activeKey = activeKeyOf(kinds.get(job.kind)!.kind, job.config_ID);
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

/** Moves a job to another slot by one conditional UPDATE. @returns 0 if another instance was faster */
async function move({ ID, nextRunAt }: JobRow, next: string | null): Promise<number> {
  return (await UPDATE.entity(Jobs)
    .set({ nextRunAt: next })
    .where({ ID, nextRunAt: nextRunAt as never })) as number;
}

/**
 * Creates the run of a job, in the caller's transaction. @returns the ID of the run
 * @throws 409 RUN_ACTIVE
 */
export async function startJob(
  { ID, config_ID, kind }: Pick<JobRow, 'ID' | 'config_ID' | 'kind'>,
  by: { startedBy: string; trigger: 'person' | 'schedule' },
): Promise<string> {
  await UPDATE.entity(Jobs).set({ lastRunAt: new Date().toISOString() }).where({ ID });
  return startRun({ configId: config_ID, jobId: ID, ...kindsOfJobs().get(kind)!, ...by });
}

/**
 * Creates the runs that follow a run, in the transaction that ends it: the sync after a successful refresh, and the
 * provisioning of tasks requested meanwhile.
 */
export async function fileFollowUp(runId: string, { status }: Outcome): Promise<void> {
  const run = await SELECT.one
    .from(SyncRuns)
    .columns('config_ID', 'followUp', 'followUpBy', 'job_ID', 'trigger', 'startedBy')
    .where({ ID: runId });
  if (!run?.followUp || !run.config_ID) return;
  const always = kindOfRun(run.followUp).followsAnyEnd;
  if (!always && !status.startsWith('completed')) return;
  await startRun({
    configId: run.config_ID,
    kind: run.followUp,
    startedBy: run.followUpBy ?? run.startedBy ?? SCHEDULER,
    ...(always ? { trigger: 'request' } : { jobId: run.job_ID ?? null, trigger: run.trigger ?? 'person' }),
  });
}
