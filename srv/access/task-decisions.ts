import cds from '@sap/cds';
import { ProvisioningTasks as StoredTasks } from '#cds-models/leanix';
import { audit } from '../runs/audit.ts';
import { problem, textOf } from '../base/problem.ts';
import { lockConfigs } from '../base/transaction.ts';
import { carryOutAtOnce, deedOf, freeKey, rowOf } from './task-rows.ts';

/**
 * Withdraws a task that was not sent to LeanIX yet. If it was sent, the next run looks up its outcome.
 * @throws 404 TASK_UNKNOWN; 409 TASK_NOT_OPEN, TASK_SENT
 */
export async function cancelTask(ID: string) {
  await audit({ ...(await withdraw(ID)), action: 'cancelTask' });
  return rowOf(ID);
}

/**
 * Ends an open task that was not sent to LeanIX.
 * @returns the values for the audit
 */
async function withdraw(ID: string, values: object = {}) {
  const canceled = (await UPDATE.entity(StoredTasks)
    .set({ status: 'canceled', finishedAt: new Date().toISOString(), activeKey: null, ...values })
    .where({ ID, status: 'open', sentAt: null })) as number;
  const task = await SELECT.one.from(StoredTasks).columns('config_ID', 'email', 'kind', 'status').where({ ID });
  if (!task) throw problem(404, 'TASK_UNKNOWN');
  if (!canceled && task.status === 'open') throw problem(409, 'TASK_SENT', task.email ?? '');
  if (!canceled) throw problem(409, 'TASK_NOT_OPEN');
  return deedOf(task);
}

/**
 * Opens a failed task again.
 * @throws 404 TASK_UNKNOWN, CONFIG_UNKNOWN; 409 TASK_NOT_FAILED, TASK_OPEN
 */
export async function retryTask(req: cds.Request, ID: string) {
  const task = await SELECT.one.from(StoredTasks).where({ ID });
  if (!task) throw problem(404, 'TASK_UNKNOWN');
  const configId = task.config_ID!;
  // Ended tasks remain after their connection is deleted.
  if (!(await lockConfigs(configId))) throw problem(404, 'CONFIG_UNKNOWN', configId);
  const activeKey = await freeKey(configId, task.email!);
  // In all other cases LeanIX has shown the outcome.
  const sentAt = ['TASK_OUTCOME_UNKNOWN', 'TASK_UNANSWERED'].includes(task.code ?? '') ? task.sentAt! : null;
  const opened = (await UPDATE.entity(StoredTasks)
    .set({ status: 'open', code: null, message: null, sentAt, finishedAt: null, toldAt: null, activeKey })
    .where({ ID, status: 'failed' })) as number;
  if (!opened) throw problem(409, 'TASK_NOT_FAILED');
  await audit({ ...deedOf(task), action: 'retryTask' });
  await carryOutAtOnce(req, configId, task.approvedBy ? (task.requester ?? undefined) : undefined);
  return rowOf(ID);
}

/**
 * Approves a task. The approver must not be its requester.
 * @throws 404 TASK_UNKNOWN; 409 TASK_NOT_OPEN, TASK_APPROVED, FOUR_EYES
 */
export async function approveTask(req: cds.Request, ID: string) {
  const task = await SELECT.one.from(StoredTasks).where({ ID });
  if (!task) throw problem(404, 'TASK_UNKNOWN');
  if (task.status !== 'open') throw problem(409, 'TASK_NOT_OPEN');
  if (task.approvedBy) throw problem(409, 'TASK_APPROVED', task.email ?? '', task.approvedBy);
  assertOtherPerson(req.user, [task.requester ?? '']);
  const approved = (await UPDATE.entity(StoredTasks)
    .set({ approvedBy: req.user.id, approvedAt: new Date().toISOString() })
    .where({ ID, status: 'open', approvedBy: null })) as number;
  if (!approved) throw problem(409, 'TASK_NOT_OPEN');
  const after = [task.roleAfter, task.statusAfter].filter(Boolean).join(' ');
  await audit({ ...deedOf(task), action: 'approveTask', before: task.requester ?? null, after });
  await carryOutAtOnce(req, task.config_ID!, task.requester ?? req.user.id);
  return rowOf(ID);
}

/**
 * Rejects a task with a reason. Like `cancelTask`, it refuses a task that was sent to LeanIX.
 * @throws 400 REASON_REQUIRED; 404 TASK_UNKNOWN; 409 TASK_NOT_OPEN, TASK_SENT
 */
export async function rejectTask(req: cds.Request, ID: string) {
  const reason = (req.data as { reason?: string | null }).reason?.trim();
  if (!reason) throw problem(400, 'REASON_REQUIRED');
  const code = 'TASK_REJECTED';
  const deed = await withdraw(ID, { code, message: textOf(code, [req.user.id, reason]) });
  await audit({ ...deed, action: 'rejectTask', after: reason });
  return rowOf(ID);
}

/** @throws 409 FOUR_EYES for these people, and for a token without a user */
export function assertOtherPerson(user: cds.User, asked: readonly string[]): void {
  const id = user.id.toLowerCase();
  const isPerson = !user.is('system-user') && !user.is('internal-user');
  if (isPerson && asked.every((name) => name.toLowerCase() !== id)) return;
  throw problem(409, 'FOUR_EYES', asked.join(', '));
}
