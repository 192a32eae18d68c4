import type cds from '@sap/cds';
import { IFlowLinks, IFlows, LeanIXConfigs as StoredConfigs, SyncRuns } from '#cds-models/leanix';
import { LeanIXConfigs } from '#cds-models/SettingsService';
import { problem, textOf } from '../base/problem.ts';
import { lockConfigs } from '../base/transaction.ts';
import { closeHistory, governanceOf, governedBy, keptOf } from '../governance/closing.ts';
import { countOf } from '../governance/rows.ts';
import { keyOf } from '../http/requests.ts';
import { audit } from '../runs/audit.ts';
import { deleteConfigData } from '../runs/housekeeping.ts';
import { engineSettings } from '../runs/settings.ts';
import { readStored } from './bundle.ts';
import { deleteMetadata } from './metadata.ts';

/**
 * Deletes a configuration with its iFlows, links, runs, accounts and value helps. History remains: past access, ended
 * tasks, and the audit.
 */
export function serveDeletion(service: cds.ApplicationService): void {
  service.before('DELETE', LeanIXConfigs, async (req) => {
    const ID = keyOf(req);
    await lockConfigs(ID);
    const obstacle = await obstacleOf(ID, req.user);
    if (obstacle) throw problem(obstacle.status, obstacle.code, ...obstacle.args);
    await deleteAll(ID);
  });
  service.before('CANCEL', LeanIXConfigs.drafts, async (req) => {
    const ID = keyOf(req);
    const saved = await SELECT.one.from(StoredConfigs).columns('ID').where({ ID });
    if (!saved) await deleteMetadata(ID);
  });
  service.on('deletionImpact', async (req) => {
    const ID = keyOf(req);
    const config: unknown = await SELECT.one.from(req.subject as never).columns('ID');
    if (!config) throw problem(404, 'CONFIG_UNKNOWN', ID);
    const obstacle = await obstacleOf(ID, req.user);
    const locale = (req as { locale?: string }).locale;
    return {
      ...(await deletedWith(ID)),
      kept: { ...(await keptOf(ID)), days: engineSettings().auditDays },
      code: obstacle?.code ?? null,
      message: obstacle ? textOf(obstacle.code, obstacle.args, locale) : null,
    };
  });
}

type Obstacle = { status: number; code: string; args: string[] };

/** Why a user can't delete a configuration now, in the caller's transaction. */
async function obstacleOf(ID: string, user: cds.User): Promise<Obstacle | null> {
  const { accounts, openTasks, jobs } = await governanceOf(ID);
  const governs = accounts + openTasks + jobs > 0;
  if (governs && !user.is('EnterpriseAdmin')) return { status: 403, code: 'ENTERPRISE_REQUIRED', args: [] };
  if (openTasks) return { status: 409, code: 'TASKS_OPEN', args: [String(openTasks)] };
  const active = await SELECT.one
    .from(SyncRuns)
    .columns('ID')
    .where({ config_ID: ID, activeKey: { '!=': null } });
  return active ? { status: 409, code: 'RUN_ACTIVE', args: [''] } : null;
}

/** The number of rows that are deleted with it. `tasks` are the open ones, which must end first. */
async function deletedWith(ID: string) {
  const { accounts, openTasks } = await governanceOf(ID);
  return {
    iflows: await countOf(IFlows, { config_ID: ID }),
    links: await countOf(IFlowLinks, { 'iflow.config_ID': ID, factSheetId: { '!=': null } }),
    runs: await countOf(SyncRuns, { config_ID: ID }),
    accounts,
    tasks: openTasks,
  };
}

/** The audit records the settings and the number of deleted rows. In the caller's transaction. */
async function deleteAll(ID: string): Promise<void> {
  const [config] = await readStored({ ID });
  if (!config) return;
  const deleted = {
    settings: config,
    access: await governedBy(ID),
    deleted: await deletedWith(ID),
    kept: await keptOf(ID),
  };
  await audit({ action: 'deleteConfig', configId: ID, subject: config.name, before: JSON.stringify(deleted) });
  await closeHistory(ID, config.name);
  await deleteConfigData(ID);
}
