import cds from '@sap/cds';
import {
  AccessConfigs,
  AccessMappings,
  Accounts,
  Assignments,
  AuditEntries,
  Candidates,
  DesignArtifacts,
  DesignPackages,
  Entitlements,
  IFlowLinks,
  IFlows,
  LeanIXConfigs,
  Jobs,
  People,
  ProvisioningTasks,
  RefusedPaths,
  SyncItemChanges,
  SyncItems,
  SyncRuns,
  WorkspaceCategories,
  WorkspaceFields,
  WorkspaceTags,
  WorkspaceTypes,
} from '#cds-models/leanix';
import { LeanIXConfigs as ServedConfigs } from '#cds-models/SettingsService';
import { refusalsSince } from '../catalog/refused-paths.ts';
import { engineSettings } from './settings.ts';
import { inTransaction } from '../base/transaction.ts';

const LOG = cds.log('leanix');

const METADATA = [WorkspaceTypes, WorkspaceCategories, WorkspaceFields, WorkspaceTags, RefusedPaths];

/** Forgets what is known of a configuration's workspace, in the caller's transaction. */
export async function deleteMetadata(config_ID: string): Promise<void> {
  for (const entity of METADATA) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await DELETE.from(entity).where({ config_ID });
  }
}

/** Deletes everything that belongs to a configuration, but not itself, in the caller's transaction. */
export async function deleteConfigData(config_ID: string): Promise<void> {
  await deleteMetadata(config_ID);
  await DELETE.from(DesignArtifacts).where({ config_ID });
  await DELETE.from(DesignPackages).where({ config_ID });
  await DELETE.from(SyncItemChanges).where({ 'item.run.config_ID': config_ID });
  await DELETE.from(SyncItems).where({ 'run.config_ID': config_ID });
  await DELETE.from(SyncRuns).where({ config_ID });
  await DELETE.from(Candidates).where({ 'iflow.config_ID': config_ID });
  await DELETE.from(IFlowLinks).where({ 'iflow.config_ID': config_ID });
  await DELETE.from(IFlows).where({ config_ID });
  await DELETE.from(Assignments).where({ 'account.config_ID': config_ID });
  await DELETE.from(ProvisioningTasks).where({ config_ID });
  await DELETE.from(Entitlements).where({ config_ID });
  await DELETE.from(Accounts).where({ config_ID });
  await DELETE.from(Jobs).where({ config_ID });
  await DELETE.from(AccessMappings).where({ access_ID: config_ID });
  await DELETE.from(AccessConfigs).where({ ID: config_ID });
}

/** Rows that are deleted in one transaction. */
const PORTION = 1000;

let timer: NodeJS.Timeout | undefined;
let cleaning = Promise.resolve();
let stopped = true;

/** Deletes what nobody needs any more, now and again and again. */
export function startHousekeeping(): void {
  stopped = false;
  const clean = () => {
    cleaning = cleaning
      .then(cleanUp)
      .catch((error: unknown) => LOG.error('Could not delete what is no longer needed', error));
  };
  timer = setInterval(clean, engineSettings().cleanUpSeconds * 1000).unref();
  clean();
}

/** Stops after the portion that is under way. */
export async function stopHousekeeping(): Promise<void> {
  stopped = true;
  clearInterval(timer);
  await cleaning;
}

/**
 * Deletes what no longer matters, so that no table grows without end: old journals, who did what long ago, refusals
 * that LeanIX is asked about again anyway, and what is known of the workspaces of drafts that CAP has deleted. All instances may do so at the same
 * time.
 */
async function cleanUp(): Promise<void> {
  await inTransaction(() => DELETE.from(RefusedPaths).where({ refusedAt: { '<': refusalsSince() } }));
  await inTransaction(deleteForgotten);
  for (const ID of await expiredRuns()) {
    // eslint-disable-next-line no-await-in-loop -- short transactions, one after the other
    while (!stopped && (await deletePortion(ID)));
  }
  await inTransaction(retirePeople);
  await deleteHistory();
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** People of a directory that no configuration names any more are not active. In the caller's transaction. */
async function retirePeople(): Promise<void> {
  const named = SELECT.from(AccessConfigs).columns('peopleDestination').where`peopleDestination is not null`;
  await UPDATE.entity(People).set({ active: false, inactiveSince: new Date().toISOString() })
    .where`active = true and directory not in ${named}`;
}

/**
 * Who did what, who had which access, and whom the directories do not have any more, longer ago than it is kept. What
 * an account has now stays, and so do the task that gave it and the person whose it is.
 */
async function deleteHistory(): Promise<void> {
  const before = daysAgo(engineSettings().auditDays);
  const owners = SELECT.from(Accounts).columns('person_ID').where`person_ID is not null`;
  const given = SELECT.from(Assignments).columns('task_ID').where`task_ID is not null`;
  const old = [
    { entity: AuditEntries, rows: () => SELECT.from(AuditEntries).where`doneAt < ${before}` },
    { entity: Assignments, rows: () => SELECT.from(Assignments).where`validTo < ${before}` },
    {
      entity: ProvisioningTasks,
      rows: () => SELECT.from(ProvisioningTasks).where`finishedAt < ${before} and ID not in ${given}`,
    },
    { entity: People, rows: () => SELECT.from(People).where`inactiveSince < ${before} and ID not in ${owners}` },
  ];
  for (const { entity, rows } of old) {
    const deleteSome = async () => {
      const ids = (await rows().columns('ID').limit(PORTION)).map(({ ID }) => ID!);
      if (ids.length) await DELETE.from(entity).where({ ID: { in: ids } });
      return ids.length === PORTION;
    };
    // eslint-disable-next-line no-await-in-loop -- short transactions, one after the other
    while (!stopped && (await inTransaction(deleteSome)));
  }
}

/** The metadata of configurations that are neither saved nor being edited. In the caller's transaction. */
async function deleteForgotten(): Promise<void> {
  const saved = SELECT.from(LeanIXConfigs).columns('ID');
  const edited = SELECT.from(ServedConfigs.drafts).columns('ID');
  for (const entity of METADATA) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await DELETE.from(entity).where`config_ID not in ${saved} and config_ID not in ${edited}`;
  }
}

/**
 * IDs of the runs that ended too long ago, the oldest first. The last of each kind stays, so that it can be seen how it
 * went, repeated or applied; so does what carried out a preview that stays, since a preview is applied once.
 */
async function expiredRuns(): Promise<string[]> {
  const before = daysAgo(engineSettings().journalDays);
  const runs = await inTransaction(() =>
    SELECT.from(SyncRuns).columns('ID').where`finishedAt < ${before} and exists laterAlike
      and not exists followUps[finishedAt is null] and (kind != 'apply' or not exists source)`.orderBy('startedAt'),
  );
  return runs.map((run) => run.ID!);
}

/** Deletes some items of a run, with the last of them the run. @returns whether there is more */
async function deletePortion(ID: string): Promise<boolean> {
  return inTransaction(async () => {
    // Another instance waits here, so that the two never wait for each other among the items.
    const run = await SELECT.one.from(SyncRuns).columns('ID').where({ ID }).forUpdate();
    if (!run) return false;
    const items = await SELECT.from(SyncItems).columns('ID').where({ run_ID: ID }).limit(PORTION);
    const ids = items.map((item) => item.ID!);
    await DELETE.from(SyncItemChanges).where({ item_ID: { in: ids } });
    await DELETE.from(SyncItems).where({ ID: { in: ids } });
    if (ids.length === PORTION) return true;
    await DELETE.from(SyncRuns).where({ ID });
    return false;
  });
}
