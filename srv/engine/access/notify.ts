import cds from '@sap/cds';
import { LeanIXConfigs, SyncRuns } from '#cds-models/leanix';
import { sendAlert, type Alert } from '../../btp/alerts.ts';
import { textOf } from '../../problem.ts';
import { isAccessKind } from '../runs.ts';
import { engineSettings } from '../settings.ts';
import { inTransaction } from '../transaction.ts';

const LOG = cds.log('leanix');

/**
 * Tells somebody: by SAP Alert Notification service where `leanix.alertDestination` names a destination, and by the log
 * in any case. Never part of a transaction, and never fails.
 */
async function tell(alert: Alert): Promise<void> {
  // Subject and body may name somebody, which the log does not.
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

/** After a run has ended: a job, or work on access, that failed, or that a limit has stopped until a person confirms it. */
export async function tellOfRun(runId: string): Promise<void> {
  try {
    const run = await inTransaction(() =>
      SELECT.one
        .from(SyncRuns)
        .columns('kind', 'status', 'code', 'message', 'job_ID', 'config_ID')
        .where({ ID: runId }),
    );
    if (!run || !['failed', 'completedWithError'].includes(run.status ?? '')) return;
    if (!run.job_ID && !isAccessKind(run.kind ?? '')) return;
    const name = await nameOf(run.config_ID ?? '');
    const waits = run.code === 'THRESHOLD_EXCEEDED';
    const failed = waits ? 'JOB_WAITS_SUBJECT' : 'JOB_FAILED_SUBJECT';
    await tell({
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

/** After a task was requested that waits for a job or a person. */
export async function tellOfTask(taskId: string, configId: string, email: string): Promise<void> {
  try {
    const name = await nameOf(configId);
    await tell({
      eventType: 'leanix.task.waiting',
      severity: 'NOTICE',
      subject: textOf('TASK_WAITS_SUBJECT', [email, name]),
      body: textOf('TASK_WAITS'),
      resource: name,
      tags: { taskId },
    });
  } catch (error) {
    LOG.error('Nobody could be told of task', taskId, error);
  }
}

async function nameOf(ID: string): Promise<string> {
  const config = await inTransaction(() => SELECT.one.from(LeanIXConfigs).columns('name').where({ ID }));
  return config?.name ?? ID;
}
