import cds from '@sap/cds';
import { ProvisioningTasks as StoredTasks } from '#cds-models/leanix';
import { ProvisioningTasks } from '#cds-models/AccessService';
import { provisionSoon } from '../governance/provision-soon.ts';
import { readAccess } from '../governance/settings.ts';
import { wakeWorker } from '../runs/worker.ts';
import { problem } from '../base/problem.ts';

/**
 * With instant provisioning, starts a run for the open tasks unless they wait for an approval. Otherwise they wait, and
 * a notification follows.
 * @param approvedFor the requester of a task that was approved
 */
export async function carryOutAtOnce(req: cds.Request, configId: string, approvedFor?: string): Promise<void> {
  const { instantProvisioning, fourEyes } = await readAccess(configId);
  if (!instantProvisioning || (fourEyes && !approvedFor)) return;
  await provisionSoon(configId, approvedFor ?? req.user.id);
  req.on('succeeded', wakeWorker);
}

/**
 * The unique key that allows one open task for each account.
 * @throws 409 TASK_OPEN
 */
export async function freeKey(configId: string, email: string): Promise<string> {
  const activeKey = `${configId} ${email.toLowerCase()}`;
  const open = await SELECT.one.from(StoredTasks).columns('ID').where({ activeKey });
  if (open) throw problem(409, 'TASK_OPEN', email);
  return activeKey;
}

type TaskData = { config_ID?: string | null; email?: string | null; kind?: string | null };

export const deedOf = ({ config_ID, email, kind }: TaskData) => ({
  configId: config_ID ?? '',
  subject: email ?? '',
  element: kind ?? '',
});

export async function rowOf(ID: string) {
  return await SELECT.one.from(ProvisioningTasks).where({ ID });
}
