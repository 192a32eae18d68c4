import cds from '@sap/cds';
import { AuditEntries, SyncItemChanges, SyncItems, SyncRuns } from '#cds-models/leanix';
import { inTransaction } from '../base/transaction.ts';
import { features, type Deletion } from './features.ts';
import { engineSettings } from './settings.ts';

const LOG = cds.log('leanix');

/** Rows deleted in one transaction. */
const PORTION = 1000;

let timer: NodeJS.Timeout | undefined;
let cleaning = Promise.resolve();
let stopped = true;

/** Deletes outdated rows now and regularly. All instances may do so at the same time. */
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

/** Stops after the current portion. */
export async function stopHousekeeping(): Promise<void> {
  stopped = true;
  clearInterval(timer);
  await cleaning;
}

/**
 * Deletes everything of a configuration, but not the configuration, in the caller's transaction. Each feature names its
 * own rows. History stays.
 */
export async function deleteConfigData(config_ID: string): Promise<void> {
  for (const feature of features()) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await feature.deleteConfigData?.(config_ID);
  }
  await DELETE.from(SyncItemChanges).where({ 'item.run.config_ID': config_ID });
  await DELETE.from(SyncItems).where({ 'run.config_ID': config_ID });
  await DELETE.from(SyncRuns).where({ config_ID });
}

/** The time a number of days ago. */
export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** The rows to delete, as a query on their entity. */
type Rows = { columns(key: 'ID'): { limit(count: number): PromiseLike<{ ID?: string | null }[]> } };

/**
 * Deletes rows by their key `ID`, one portion per transaction.
 * @param rows is called again for each portion
 */
export function inPortions(entity: unknown, rows: () => unknown): Deletion {
  return async () => {
    const found = await (rows() as Rows).columns('ID').limit(PORTION);
    const ids = found.map(({ ID }) => ID!);
    if (ids.length) await DELETE.from(entity as typeof SyncRuns).where({ ID: { in: ids } });
    return ids.length === PORTION;
  };
}

/** Calls each deletion in short transactions until nothing is left to delete. */
async function cleanUp(): Promise<void> {
  const journals = (await expiredRuns()).map(
    (ID): Deletion =>
      () =>
        deletePortion(ID),
  );
  const ofFeatures = features().flatMap(({ deletions }) => deletions ?? []);
  const audit = inPortions(
    AuditEntries,
    () => SELECT.from(AuditEntries).where`doneAt < ${daysAgo(engineSettings().auditDays)}`,
  );
  for (const deletion of [...ofFeatures, ...journals, audit]) {
    // eslint-disable-next-line no-await-in-loop -- short transactions, one after the other
    while (!stopped && (await inTransaction(deletion)));
  }
}

/**
 * IDs of outdated runs, oldest first. The last run of each kind stays, so that it can be viewed, repeated or applied.
 * So does the run that applied a kept preview.
 */
async function expiredRuns(): Promise<string[]> {
  const before = daysAgo(engineSettings().journalDays);
  const runs = await inTransaction(() =>
    SELECT.from(SyncRuns).columns('ID').where`finishedAt < ${before} and exists laterAlike
      and not exists followUps[finishedAt is null] and (kind != 'apply' or not exists source)`.orderBy('startedAt'),
  );
  return runs.map((run) => run.ID!);
}

/** Deletes some items of a run, and the run with the last of them. */
async function deletePortion(ID: string): Promise<boolean> {
  // Locked, so that two instances never deadlock among the items.
  const run = await SELECT.one.from(SyncRuns).columns('ID').where({ ID }).forUpdate();
  if (!run) return false;
  const items = await SELECT.from(SyncItems).columns('ID').where({ run_ID: ID }).limit(PORTION);
  const ids = items.map((item) => item.ID!);
  await DELETE.from(SyncItemChanges).where({ item_ID: { in: ids } });
  await DELETE.from(SyncItems).where({ ID: { in: ids } });
  if (ids.length === PORTION) return true;
  await DELETE.from(SyncRuns).where({ ID });
  return false;
}
