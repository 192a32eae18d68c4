import { AccessConfigs, ProvisioningTasks, SyncRuns } from '#cds-models/leanix';
import { limitsOf } from '../core/access/task-plan.ts';
import type { Counts, LimitKind } from '../core/access/limits.ts';
import type { RemoteError } from '../base/remote-error.ts';
import { textOf } from '../base/problem.ts';
import type { Job } from '../runs/job.ts';
import type { Outcome } from '../base/outcome.ts';
import { inTransaction } from '../base/transaction.ts';
import { takeWorkspace } from '../runs/take-workspace.ts';
import { beyondLimits, both, stopAtLimits, type Judged, type Touched } from './limits.ts';
import { accessOf } from './settings.ts';
import { Provisioner } from './provisioner.ts';
import { readAccounts, setAll } from './rows.ts';
import { isReleased, readOpenTasks, type TaskRow } from './tasks.ts';
import { openWorkspaceOf } from './workspace.ts';

/**
 * Executes the open tasks of a configuration, with the four-eyes principle the approved ones. If they exceed a limit, a
 * user must confirm them first. If LeanIX cannot be reached, the run ends and the tasks stay open.
 */
export async function provisionJob(job: Job): Promise<Outcome> {
  const { config, confirmed, selection } = job.run;
  const open = await inTransaction(() => readOpenTasks(config.ID));
  const released = open.filter((task) => isReleased(task, accessOf(job).fourEyes));
  // A confirmed or continued run executes only its own tasks. Newer ones belong to the next run, or they would bypass
  // the limits.
  const known = confirmed ?? (selection && new Set(selection));
  const tasks = released.filter(({ ID }) => !known || known.has(ID));
  const ids = tasks.map(({ ID }) => ID);
  // A former worker of the run may have executed some.
  const total = { xpr: [{ ref: ['done'] }, '+', { val: tasks.length }] };
  await job.commit({ total, ...(!known && { selection: JSON.stringify(ids) }) });
  if (!tasks.length) return endOf(job, open.length - released.length);

  const accounts = await inTransaction(() => readAccounts(config.ID));
  const active = accounts.filter(({ state }) => state === 'active').length;
  // Pending invitations are only looked up.
  const planned = tasks.filter(({ code }) => code !== 'ACCOUNT_PENDING');
  const show = () => setAll(ProvisioningTasks, ids, { run_ID: job.run.ID });
  await stopAtLimits(job, await judge(job, planned, active), ids, show);

  const client = await openWorkspaceOf(job);
  await takeWorkspace(job, client.workspaceId);
  await carryOutAll(job, new Provisioner(job, client), tasks);
  return endOf(job, 0);
}

/** After this many equal failures in a row, the problem is not the task. */
const SAME_TROUBLE = 3;

/**
 * Executes tasks one by one, because each may affect the next. A task without a usable answer fails. After several with
 * the same problem, the rest stays open.
 * @throws RemoteError the problem of several tasks in a row
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

/** Recent changes count toward the limits, so that many small runs cannot bypass them. */
const WINDOW = 24 * 3_600_000;

/** @param active the current number of accounts */
async function judge(job: Job, tasks: readonly TaskRow[], active: number): Promise<Judged> {
  const touched: Touched = {};
  for (const task of tasks) for (const kind of limitsOf(task)) (touched[kind] ??= []).push(task.ID);
  const { created, removed, ...others } = touched;
  const since = new Date(Date.now() - WINDOW).toISOString();
  const { grown: grownAtOnce, ...atOnce } = await doneAtOnce(job, since);
  const { counts, grown } = await doneEarlier(job, since, new Set(tasks.map(({ ID }) => ID)));
  // The number before the run, so that the limit does not change while tasks are executed.
  const before = active - grownAtOnce;
  const accounts = beyondLimits(job, { ...(created && { created }), ...(removed && { removed }) }, before, atOnce);
  return both(beyondLimits(job, others, active - grown, counts), accounts);
}

/** The configurations of the run's workspace: a second connection does not double the limits. */
async function configsOf(job: Job): Promise<string[]> {
  const { workspaceId } = accessOf(job);
  const same = workspaceId
    ? await inTransaction(() => SELECT.from(AccessConfigs).columns('ID').where({ workspaceId }))
    : [];
  return [...new Set([job.run.config.ID, ...same.map(({ ID }) => ID!)])];
}

/**
 * Accounts created and removed by this run before it was taken over, and recently by instant tasks without a
 * confirmation.
 */
async function doneAtOnce(job: Job, since: string): Promise<{ created: number; removed: number; grown: number }> {
  const { run } = job;
  const configs = await configsOf(job);
  const atOnce = { trigger: 'request', startedAt: { '>=': since } };
  const runs = await inTransaction(() =>
    SELECT.from(SyncRuns)
      .columns('config_ID', 'created', 'removed')
      .where({ config_ID: { in: configs }, kind: 'provision', and: { ID: run.ID, or: atOnce } } as never),
  );
  const sum = (element: 'created' | 'removed', of: typeof runs) =>
    of.reduce((all, one) => all + (one[element] ?? 0), 0);
  const own = runs.filter(({ config_ID }) => config_ID === run.config.ID);
  const grown = sum('created', own) - sum('removed', own);
  return { created: sum('created', runs), removed: sum('removed', runs), grown };
}

/**
 * Recent changes by runs that nobody confirmed; refused ones do not count.
 * @param ahead IDs of tasks of this run, which count anyway
 * @returns changes by limit, and the growth of the workspace through them
 */
async function doneEarlier(
  job: Job,
  since: string,
  ahead: ReadonlySet<string>,
): Promise<{ counts: Counts; grown: number }> {
  const configs = await configsOf(job);
  const rows = await inTransaction(
    () =>
      SELECT.from(ProvisioningTasks).columns(
        'ID',
        'config_ID',
        'kind',
        'status',
        'code',
        'roleBefore',
        'statusBefore',
        'roleAfter',
        'statusAfter',
      ).where`config_ID in ${configs} and sentAt >= ${since}
        and run.startedAt >= ${since} and run.confirmReason is null`,
  );
  const tasks = (rows as unknown as (TaskRow & { status: string; config_ID: string })[]).filter(
    ({ ID, code }) => !ahead.has(ID) && code !== 'TASK_REFUSED',
  );
  const counts: Counts = {};
  for (const task of tasks) for (const kind of limitsOf(task)) counts[kind] = (counts[kind] ?? 0) + 1;
  const own = tasks.filter(({ config_ID }) => config_ID === job.run.config.ID);
  const done = own.filter(({ status }) => status === 'done').flatMap((task) => limitsOf(task));
  const number = (...kinds: LimitKind[]) => done.filter((kind) => kinds.includes(kind)).length;
  return { counts, grown: number('created', 'enabled') - number('removed') };
}

/**
 * The outcome of all tasks of the run.
 * @param waiting number of tasks that need an approval first
 */
async function endOf({ run: { ID } }: Job, waiting: number): Promise<Outcome> {
  const [run, pending] = await inTransaction(async () => [
    await SELECT.one.from(SyncRuns).columns('done', 'failed', 'skipped').where({ ID }),
    await SELECT.from(ProvisioningTasks).columns('ID').where({ run_ID: ID, status: 'open', code: 'ACCOUNT_PENDING' }),
  ]);
  const { done, failed, skipped } = { done: 0, failed: 0, skipped: 0, ...(run as Record<string, number>) };
  if (!done && waiting) {
    return { status: 'completed', code: 'TASKS_UNAPPROVED', message: textOf('TASKS_UNAPPROVED', [String(waiting)]) };
  }
  if (!done) return { status: 'completed', code: 'NO_TASKS', message: textOf('NO_TASKS') };
  const texts = [textOf('PROVISIONED', [done - failed - skipped, failed].map(String))];
  if (failed) texts.push(textOf('TASKS_FAILED'));
  if (pending.length) texts.push(textOf('TASKS_PENDING', [String(pending.length)]));
  const message = texts.join('\n');
  return failed ? { status: 'completedWithError', code: 'PROVISIONED', message } : { status: 'completed', message };
}
