import cds from '@sap/cds';
import { AccessConfigs, LeanIXConfigs, ProvisioningTasks, SyncRuns } from '#cds-models/leanix';
import { sendAlert, type Alert } from '../btp/alerts.ts';
import { textOf } from '../base/problem.ts';
import { kindOfRun } from '../runs/features.ts';
import { engineSettings } from '../runs/settings.ts';
import { inTransaction, lockConfigs } from '../base/transaction.ts';

const LOG = cds.log('leanix');

/**
 * Writes a warning to the log and, if `leanix.alertDestination` names a destination, sends it to SAP Alert Notification
 * service. Never fails; never call it in a transaction.
 */
async function notify(alert: Alert): Promise<void> {
  // The log must not name people, as subject and body may.
  LOG.warn(`${alert.eventType}:`, alert.tags);
  const { alertDestination } = engineSettings();
  if (!alertDestination) return;
  try {
    await sendAlert(alertDestination, alert);
  } catch (error) {
    const { code, args } = error as { code?: string; args?: string[] };
    LOG.warn('The notification could not be sent:', code ? textOf(code, args) : error);
  }
}

/** Notifies about a job or an access run that failed, or that waits for a confirmation after a limit was exceeded. */
export async function notifyOfRun(runId: string): Promise<void> {
  try {
    const run = await inTransaction(() =>
      SELECT.one
        .from(SyncRuns)
        .columns('kind', 'status', 'code', 'message', 'job_ID', 'config_ID')
        .where({ ID: runId }),
    );
    if (!run || !['failed', 'completedWithError'].includes(run.status ?? '')) return;
    if (!run.job_ID && kindOfRun(run.kind!).lane !== 'access') return;
    const name = await inTransaction(() => nameOf(run.config_ID ?? ''));
    const waits = run.code === 'THRESHOLD_EXCEEDED';
    const failed = waits ? 'JOB_WAITS_SUBJECT' : 'JOB_FAILED_SUBJECT';
    await notify({
      eventType: waits ? 'leanix.job.waiting' : 'leanix.job.failed',
      severity: run.status === 'failed' && !waits ? 'ERROR' : 'WARNING',
      subject: textOf(run.status === 'failed' ? failed : 'JOB_ERRORS_SUBJECT', [run.kind ?? '', name]),
      body: run.message ?? run.code ?? run.status ?? '',
      resource: name,
      tags: { runId, kind: run.kind ?? '', code: run.code ?? '' },
    });
  } catch (error) {
    LOG.error('Nobody could be told of run', runId, error);
  }
}

/**
 * Notifies about tasks that wait for a job or a user: once for all tasks of a configuration, and again for new ones
 * after those have ended. If there are several instances, one notifies.
 */
export async function notifyOfTasks(): Promise<void> {
  // With the four-eyes principle, tasks wait for a user even with instant provisioning.
  const atOnce = SELECT.from(AccessConfigs).columns('ID')
    .where`instantProvisioning = true and (fourEyes = false or fourEyes is null)`;
  const untold = await inTransaction(() =>
    SELECT.from(ProvisioningTasks).columns('config_ID')
      .where`status = 'open' and code is null and toldAt is null and config_ID not in ${atOnce}`.groupBy('config_ID'),
  );
  for (const { config_ID } of untold) {
    // eslint-disable-next-line no-await-in-loop -- short transactions, one after the other
    const alert = await inTransaction(() => takeUntold(config_ID!));
    if (alert) void notify(alert);
  }
}

/**
 * Records that a notification about the waiting tasks is sent, in the caller's transaction.
 * @returns null if one was sent already
 */
async function takeUntold(config_ID: string): Promise<Alert | null> {
  await lockConfigs(config_ID);
  const waiting = { config_ID, status: 'open', code: null } as const;
  const tasks = await SELECT.from(ProvisioningTasks)
    .columns('ID', 'email', 'requestedAt', 'toldAt')
    .where(waiting)
    .orderBy('requestedAt', 'ID');
  const [oldest] = tasks;
  if (!oldest) return null;
  await UPDATE.entity(ProvisioningTasks)
    .set({ toldAt: new Date().toISOString() })
    .where({ ...waiting, toldAt: null });
  if (tasks.some(({ toldAt }) => toldAt)) return null;
  const name = await nameOf(config_ID);
  const count = String(tasks.length);
  const since = `${new Date(oldest.requestedAt!).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    eventType: 'leanix.task.waiting',
    severity: 'NOTICE',
    subject: textOf('TASKS_WAIT_SUBJECT', [name, count]),
    body: textOf('TASKS_WAIT', [oldest.email ?? '', since]),
    resource: name,
    tags: { taskId: oldest.ID!, count },
  };
}

/** In the caller's transaction. */
async function nameOf(ID: string): Promise<string> {
  const config = await SELECT.one.from(LeanIXConfigs).columns('name').where({ ID });
  return config?.name ?? ID;
}
