import {
  Calls,
  Candidates,
  Channels,
  DesignArtifacts,
  DesignPackages,
  IFlowLinks,
  IFlowModels,
  IFlows,
} from '#cds-models/leanix';
import { RemoteError } from '../base/remote-error.ts';
import { createCpiClient, type CpiClient } from '../cpi/client.ts';
import {
  errorTextsToRead,
  packagesToRead,
  remember,
  toIFlows,
  type CollectionRead,
  type InventoryRow,
  type KnownArtifact,
  type KnownDesign,
} from '../cpi/inventory.ts';
import { kindsOf, type RuntimeArtifact } from '../cpi/types.ts';
import { inParallel } from '../base/parallel.ts';
import { textOf } from '../base/problem.ts';
import { nextId } from '../base/ids.ts';
import type { Job } from '../runs/job.ts';
import { RunProblem, type Outcome } from '../base/outcome.ts';
import { readDesign, readInventory, type InventoryState } from './inventory-rows.ts';
import { missingSettings } from './workspace.ts';

/** Parallel reads of packages and error texts; the rate limit still applies. */
const PARALLEL = 4;
const CHUNK = 500;

/**
 * Reads the deployed artifacts. A failed read keeps the last known value and is reported; only a complete list shows
 * that an artifact was undeployed.
 */
export async function refreshJob(job: Job): Promise<Outcome> {
  const { config } = job.run;
  // If a sync follows, check its settings now.
  const missing = missingSettings(config).filter((element) => job.run.followUp || element === 'cpiDestination');
  if (missing.length) throw new RunProblem('NOT_CONFIGURED', config.name, missing.join(', '));
  const types = config.artifactTypes.length ? config.artifactTypes : ['INTEGRATION_FLOW'];
  const client = await createCpiClient({ destination: config.cpiDestination!, signal: job.signal });
  // Reads the database while waiting for the tenant.
  const [runtime, before, known] = await Promise.all([
    client.runtimeArtifacts(),
    readInventory(config.ID),
    readDesign(config.ID),
  ]);
  assertPlausible(runtime, before, job.run.acceptEmpty);
  assertTaken(runtime, before, types);
  await job.checkpoint();
  const notes: string[] = [];
  const design = await readDesignTime(job, client, known, types, runtime, notes);
  const errorTexts = await readErrorTexts(client, before.rows, runtime, notes);

  const rows = toIFlows({
    rows: before.rows,
    // New rows get their IDs in the order in which runs read them.
    runtime: runtime.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    types,
    design,
    errorTexts,
    newId: nextId,
  });
  await storeRows(job, config.ID, before, rows, types);
  if (design) await storeDesign(job, config.ID, known, design);
  if (!notes.length) return { status: 'completed' };
  return { status: 'completedWithError', code: 'REFRESH_INCOMPLETE', message: notes.join('\n') };
}

/** An empty tenant is more likely a failed read than a mass undeployment. */
function assertPlausible(runtime: readonly RuntimeArtifact[], { rows }: InventoryState, acceptEmpty: boolean): void {
  const deployed = rows.filter(({ status }) => status !== 'Undeployed').length;
  if (!runtime.length && deployed && !acceptEmpty) throw new RunProblem('CPI_EMPTY', String(deployed));
}

/** Unknown types are probably a typo, so no rows are dropped. */
function assertTaken(runtime: readonly RuntimeArtifact[], { rows }: InventoryState, types: readonly string[]): void {
  if (!runtime.length || !rows.length || runtime.some(({ type }) => types.includes(type))) return;
  const present = [...new Set(runtime.map(({ type }) => type))].sort().join(', ');
  throw new RunProblem('ARTIFACT_TYPES_EMPTY', types.join(', '), present);
}

/** The current state of the design time; null if the list of packages could not be read. */
async function readDesignTime(
  job: Job,
  client: CpiClient,
  known: KnownDesign,
  types: readonly string[],
  runtime: readonly RuntimeArtifact[],
  notes: string[],
): Promise<KnownDesign | null> {
  const before = known.packages.map(({ id }) => id);
  const packages = await client.packages(before).catch((error: unknown) => note(error, notes));
  if (!packages) return null;
  const kinds = kindsOf(types);
  const names = new Map(packages.map(({ id, name }) => [id, name]));
  const wanted = packagesToRead(known, kinds, packages, runtime).flatMap((packageId) =>
    kinds.map((kind) => ({ packageId, kind })),
  );
  const reads = await inParallel(wanted, PARALLEL, async ({ packageId, kind }): Promise<CollectionRead> => {
    await job.checkpoint();
    const read = client.designtimeArtifacts(packageId, kind);
    const artifacts = await read.catch((error: unknown) =>
      note(error, notes, 'PACKAGE_UNREADABLE', names.get(packageId) ?? packageId),
    );
    return { packageId, kind, artifacts };
  });
  await job.checkpoint();
  return remember(known, packages, reads, runtime);
}

/** By artifact. Unreadable ones are left out, so that the next refresh reads them again. */
async function readErrorTexts(
  client: CpiClient,
  rows: readonly InventoryRow[],
  runtime: readonly RuntimeArtifact[],
  notes: string[],
): Promise<Map<string, string | null>> {
  const texts = new Map<string, string | null>();
  await inParallel(errorTextsToRead(rows, runtime, new Date().toISOString()), PARALLEL, async (id) => {
    try {
      texts.set(id, await client.errorText(id));
    } catch (error) {
      note(error, notes, 'ERROR_TEXT_UNREADABLE', id);
    }
  });
  return texts;
}

/** Notes a failed read that the refresh can do without. */
function note(error: unknown, notes: string[], code?: string, subject = ''): null {
  if (!(error instanceof RemoteError) || error.code === 'CANCELED') throw error;
  const reason = textOf(error.code, error.args);
  notes.push(code ? textOf(code, [subject, reason]) : reason);
  return null;
}

/** Stores changes. Rows of types that are no longer read are deleted unless they are linked. */
async function storeRows(
  job: Job,
  config_ID: string,
  before: InventoryState,
  rows: readonly InventoryRow[],
  types: readonly string[],
): Promise<void> {
  const last = new Map(before.rows.map((row) => [row.ID, JSON.stringify(row)]));
  const isDropped = ({ ID, type }: InventoryRow) => last.has(ID) && !types.includes(type) && !before.linked.has(ID);
  const dropped = rows.filter(isDropped).map(({ ID }) => ID);
  const kept = rows.filter((row) => !isDropped(row));
  const changed = kept.filter((row) => last.get(row.ID) !== JSON.stringify(row));
  await job.commit({ total: kept.length }, async () => {
    if (!dropped.length) return;
    await DELETE.from(Candidates).where({ iflow_ID: { in: dropped } });
    await DELETE.from(IFlowLinks).where({ iflow_ID: { in: dropped } });
    await DELETE.from(Calls).where({ caller_ID: { in: dropped } });
    await DELETE.from(Channels).where({ iflow_ID: { in: dropped } });
    await DELETE.from(IFlowModels).where({ iflow_ID: { in: dropped } });
    await DELETE.from(IFlows).where({ ID: { in: dropped } });
  });
  for (let i = 0; i < changed.length; i += CHUNK) {
    const entries = changed.slice(i, i + CHUNK).map((row) => ({ ...row, config_ID }));
    // eslint-disable-next-line no-await-in-loop -- short transactions, one after the other
    await job.commit({ done: i + entries.length }, async () => UPSERT.into(IFlows).entries(entries as never));
  }
  await job.commit({ done: kept.length });
}

/** Stores changes, packages last: a stored package means that its artifacts were read. */
async function storeDesign(job: Job, config_ID: string, known: KnownDesign, design: KnownDesign): Promise<void> {
  const keyOf = ({ kind, packageId, id }: KnownArtifact) => `${kind} ${packageId} ${id}`;
  const artifacts = differences(known.artifacts, design.artifacts, keyOf);
  const packages = differences(known.packages, design.packages, ({ id }) => id);
  for (let i = 0; i < artifacts.changed.length; i += CHUNK) {
    const entries = artifacts.changed.slice(i, i + CHUNK).map(({ id, ...artifact }) => {
      return { config_ID, artifactId: id, ...artifact };
    });
    // eslint-disable-next-line no-await-in-loop -- short transactions, one after the other
    await job.commit({}, async () => UPSERT.into(DesignArtifacts).entries(entries));
  }
  if (!artifacts.changed.length && !artifacts.gone.length && !packages.changed.length && !packages.gone.length) return;
  const lost = Map.groupBy(artifacts.gone, ({ kind, packageId }) => JSON.stringify({ kind, packageId }));
  const rows = packages.changed.map(({ id, name, modifiedAt, kinds }) => {
    return { config_ID, packageId: id, name, modifiedAt, kinds: kinds.join(',') };
  });
  await job.commit({}, async () => {
    for (const [where, list] of lost) {
      const keys = { ...(JSON.parse(where) as object), artifactId: { in: list.map(({ id }) => id) } };
      // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
      await DELETE.from(DesignArtifacts).where({ config_ID, ...keys });
    }
    const gone = packages.gone.map(({ id }) => id);
    if (gone.length) await DELETE.from(DesignPackages).where({ config_ID, packageId: { in: gone } });
    if (rows.length) await UPSERT.into(DesignPackages).entries(rows as never);
  });
}

/** The new and changed rows, and the removed ones. */
function differences<T>(before: readonly T[], after: readonly T[], keyOf: (one: T) => string) {
  const texts = new Map(before.map((one) => [keyOf(one), JSON.stringify(one)]));
  const keys = new Set(after.map(keyOf));
  return {
    changed: after.filter((one) => texts.get(keyOf(one)) !== JSON.stringify(one)),
    gone: before.filter((one) => !keys.has(keyOf(one))),
  };
}
