import { ProvisioningTasks, SyncRuns } from '#cds-models/leanix';
import type { TaskKind } from '../core/access/types.ts';
import type { RemoteError } from '../base/remote-error.ts';
import { textOf } from '../base/problem.ts';
import type { Job } from '../runs/job.ts';
import type { Outcome } from '../base/outcome.ts';
import { inTransaction } from '../base/transaction.ts';
import { takeWorkspace } from '../runs/take-workspace.ts';
import { assertWithinLimits } from './limits.ts';
import { Provisioner } from './provisioner.ts';
import { readAccounts, setAll } from './rows.ts';
import { readOpenTasks, type TaskRow } from './tasks.ts';
import { openWorkspaceOf } from './workspace.ts';

/**
 * Carries out the open tasks of a configuration, one after the other. Where there are more than the limits allow,
 * nothing is carried out before a person has confirmed them. What keeps LeanIX from being asked at all ends the run and
 * leaves the tasks open.
 */
export async function provisionJob(job: Job): Promise<Outcome> {
  const { config } = job.run;
  const { confirmed, selection } = job.run;
  const open = await inTransaction(() => readOpenTasks(config.ID));
  // Who confirms has seen these tasks, and a run that goes on has begun with these; what was requested since is for the
  // next run, or it would come on top of what the limits allow.
  const known = confirmed ?? (selection && new Set(selection));
  const tasks = open.filter(({ ID }) => !known || known.has(ID));
  const ids = tasks.map(({ ID }) => ID);
  // Some may be done already, by a worker that left the run behind.
  const total = { xpr: [{ ref: ['done'] }, '+', { val: tasks.length }] };
  await job.commit({ total, ...(!known && { selection: JSON.stringify(ids) }) });
  if (!tasks.length) return endOf(job);

  const accounts = await inTransaction(() => readAccounts(config.ID));
  const active = accounts.filter(({ state }) => state === 'active').length;
  // Who was invited already is only looked up.
  const counts = tasks.filter(({ code }) => code !== 'ACCOUNT_PENDING');
  const idsOf = (kind: TaskKind) => counts.flatMap((task) => (task.kind === kind ? task.ID : []));
  const touched = { created: idsOf('createAccount'), removed: idsOf('removeAccount') };
  const show = () => setAll(ProvisioningTasks, ids, { run_ID: job.run.ID });
  const earlier = await doneEarlier(job);
  // As many as there were before that: what a limit leaves is not to change with each account that is carried out.
  const before = active + earlier.removed - earlier.created;
  await assertWithinLimits(job, touched, before, ids, show, earlier);

  const client = await openWorkspaceOf(job);
  await takeWorkspace(job, client.workspaceId);
  await carryOutAll(job, new Provisioner(job, client), tasks);
  return endOf(job);
}

/** So many tasks in a row with the same trouble: it is not about the tasks. */
const SAME_TROUBLE = 3;

/**
 * Carries out tasks, one after the other: each may change what the next one may do. One that LeanIX gives no usable
 * answer about fails; where several in a row have the same trouble, they stay open.
 * @throws RemoteError what several tasks in a row have run into
 */
async function carryOutAll(job: Job, provisioner: Provisioner, tasks: readonly TaskRow[]): Promise<void> {
  const troubled: { task: TaskRow; error: RemoteError }[] = [];
  /* eslint-disable no-await-in-loop -- see above */
  const giveUp = async () => {
    for (const { task, error } of troubled.splice(0)) await provisioner.giveUp(task, error);
  };
  for (const task of tasks) {
    await job.checkpoint();
    const error = await provisioner.carryOut(task);
    if (troubled[0]?.error.code !== error?.code) await giveUp();
    if (error) troubled.push({ task, error });
    if (error && troubled.length === SAME_TROUBLE) throw error;
  }
  await giveUp();
  /* eslint-enable no-await-in-loop */
}

/** For how long what was carried out at once counts; each request has a run of its own then. */
const WINDOW = 24 * 3_600_000;

/**
 * How many accounts were created and removed by this run, where it goes on, and at once lately: without a job, and without
 * a person who confirmed it.
 */
async function doneEarlier({ run }: Job): Promise<{ created: number; removed: number }> {
  const since = new Date(Date.now() - WINDOW).toISOString();
  const atOnce = { trigger: 'request', startedAt: { '>=': since } };
  const runs = await inTransaction(() =>
    SELECT.from(SyncRuns)
      .columns('created', 'removed')
      .where({ config_ID: run.config.ID, kind: 'provision', and: { ID: run.ID, or: atOnce } } as never),
  );
  const sum = (element: 'created' | 'removed') => runs.reduce((all, one) => all + (one[element] ?? 0), 0);
  return { created: sum('created'), removed: sum('removed') };
}

/** What became of all tasks of the run, whoever carried them out. */
async function endOf({ run: { ID } }: Job): Promise<Outcome> {
  const [run, pending] = await inTransaction(async () => [
    await SELECT.one.from(SyncRuns).columns('done', 'failed', 'skipped').where({ ID }),
    await SELECT.from(ProvisioningTasks).columns('ID').where({ run_ID: ID, status: 'open', code: 'ACCOUNT_PENDING' }),
  ]);
  const { done, failed, skipped } = { done: 0, failed: 0, skipped: 0, ...(run as Record<string, number>) };
  if (!done) return { status: 'completed', code: 'NO_TASKS', message: textOf('NO_TASKS') };
  const texts = [textOf('PROVISIONED', [done - failed - skipped, failed].map(String))];
  if (failed) texts.push(textOf('TASKS_FAILED'));
  if (pending.length) texts.push(textOf('TASKS_PENDING', [String(pending.length)]));
  const message = texts.join('\n');
  return failed ? { status: 'completedWithError', code: 'PROVISIONED', message } : { status: 'completed', message };
}
