import { isDeepStrictEqual } from 'node:util';
import { IFlowLinks, SyncItems, SyncItemChanges } from '#cds-models/leanix';
import { echoesOf, fingerprint } from '../core/catalog/plan.ts';
import type { Clash, FactSheet, Plan, Rules } from '../core/catalog/types.ts';
import { cut } from '../base/text.ts';
import type { Job } from '../runs/job.ts';
import { linkRowOf, type Matched } from './matching.ts';
import type { LinkRow } from './rows.ts';
import { inTransaction } from '../base/transaction.ts';
import type { Workspace } from './workspace.ts';

/** The journal: rows of items, their changes, and the counters of the run. */

const CHUNK = 500;

/** An item of a run, from planning to its end. */
export type Item = {
  ID: string;
  entry: Matched;
  /** The fact sheet as it was read; null for a create. */
  factSheet: FactSheet | null;
  plan: Plan;
  action: 'create' | 'update' | 'none';
  status: 'planned' | 'done' | 'failed' | 'skipped';
  code: string | null;
  message: string | null;
  /** It was sent to LeanIX before, so changes found there may be our own. */
  sent: boolean;
  /** LeanIX refused to create it because of its name. */
  clash?: Clash;
};

/** The fingerprints of a preview, by iFlow. */
export async function readFingerprints(runId: string): Promise<Map<string, string>> {
  const rows = await inTransaction(() =>
    SELECT.from(SyncItems).columns('iflow_ID', 'fingerprint').where({ run_ID: runId, status: 'planned' }),
  );
  return new Map(rows.map((row) => [row.iflow_ID!, row.fingerprint ?? '']));
}

/**
 * Stores the planned items; items without changes end here. Items that a dead worker left are replaced.
 * @param fresh whether the items are new to the run
 */
export async function storeItems(
  job: Job,
  workspace: Workspace,
  rules: Rules,
  items: readonly Item[],
  fresh: boolean,
): Promise<void> {
  const preview = job.run.kind === 'preview';
  for (let i = 0; i < items.length; i += CHUNK) {
    const chunk = items.slice(i, i + CHUNK);
    // Items of another worker keep their position.
    const rows = chunk.map((item, n) => ({ ...itemRow(job, item), ...(fresh && { position: i + n }) }));
    const changes = chunk.flatMap(changeRows);
    const ids = chunk.map(({ ID }) => ID);
    const links = preview ? [] : chunk.flatMap((item) => linksAfter(workspace, rules, item, item.factSheet));
    // eslint-disable-next-line no-await-in-loop -- short transactions, one after the other
    await job.commit(counted(job, chunk), async () => {
      if (fresh) await INSERT.into(SyncItems).entries(rows);
      else await UPSERT.into(SyncItems).entries(rows);
      if (!fresh) await DELETE.from(SyncItemChanges).where({ item_ID: { in: ids } });
      if (changes.length) await INSERT.into(SyncItemChanges).entries(changes);
      if (!preview) await touchLinks(chunk.filter(({ status, sent }) => status === 'done' && !sent));
      await storeLinks(links);
    });
  }
}

/** Records that items are being sent: from now on, their outcome may have to be looked up. */
export async function markSent(job: Job, items: readonly Item[]): Promise<void> {
  const sentAt = new Date().toISOString();
  await job.commit({}, async () =>
    UPDATE.entity(SyncItems)
      .set({ sentAt })
      .where({ ID: { in: items.map(({ ID }) => ID) } }),
  );
}

/** Ends items, stores the resulting links, and updates the counters. */
export async function storeEnds(
  job: Job,
  workspace: Workspace,
  rules: Rules,
  ends: readonly { item: Item; factSheet: FactSheet | null }[],
): Promise<void> {
  if (!ends.length) return;
  const rows = ends.map(({ item, factSheet }) => ({
    ID: item.ID,
    status: item.status,
    code: item.code,
    message: item.message,
    factSheetId: factSheet?.id ?? item.factSheet?.id ?? null,
  }));
  const links = ends.flatMap(({ item, factSheet }) => linksAfter(workspace, rules, item, factSheet));
  const items = ends.map(({ item }) => item);
  await job.commit(counted(job, items), async () => {
    await UPSERT.into(SyncItems).entries(rows);
    await storeLinks(links);
  });
}

async function storeLinks(links: LinkRow[]): Promise<void> {
  if (links.length) await UPSERT.into(IFlowLinks).entries(links);
}

/** The links to store after an item; none if nothing has changed. */
function linksAfter(workspace: Workspace, rules: Rules, item: Item, factSheet: FactSheet | null): LinkRow[] {
  if (item.clash) return [clashing(workspace, item)];
  if (item.status !== 'done' || !factSheet) return [];
  const { link } = item.entry;
  const sameTags = isDeepStrictEqual(item.plan.ownedTags.toSorted(), link.ownedTags.toSorted());
  return item.sent || !sameTags ? [linkOf(workspace, rules, item, factSheet)] : [];
}

/** Stores why there is no link, so that later runs know it. */
function clashing(workspace: Workspace, { entry, message, clash }: Item): LinkRow {
  const row = linkRowOf(workspace, entry);
  const code = clash?.namesakes.length ? 'FULL_NAME_TAKEN' : 'NAMESAKE_HIDDEN';
  return { ...row, code, message: cut(message, 1000), clash: JSON.stringify(clash) };
}

function linkOf(workspace: Workspace, rules: Rules, item: Item, factSheet: FactSheet): LinkRow {
  const { entry, plan } = item;
  const matchedBy = entry.result.matchedBy ?? (rules.hasExternalId ? 'externalId' : 'name');
  const result = { ...entry.result, status: 'linked' as const, matchedBy, factSheetId: factSheet.id, factSheet };
  return {
    ...linkRowOf(workspace, { ...entry, result }),
    code: null,
    message: null,
    clash: null,
    lastSyncedAt: rules.now,
    ownedTags: JSON.stringify(plan.ownedTags),
    echoes: JSON.stringify(echoesOf(plan, factSheet, rules, entry.link.echoes)),
  };
}

/** An iFlow whose fact sheet is up to date counts as synced. */
async function touchLinks(items: readonly Item[]): Promise<void> {
  if (!items.length) return;
  await UPDATE.entity(IFlowLinks)
    .set({ lastSyncedAt: new Date().toISOString() })
    .where({ iflow_ID: { in: items.map(({ entry }) => entry.iflow.ID) } });
}

/** The increments of the run's counters. A preview counts what would be done. */
function counted(job: Job, items: readonly Item[]): object {
  const preview = job.run.kind === 'preview';
  const over = items.filter(({ status }) => preview || status !== 'planned');
  const written = over.filter(({ status }) => status === 'done' || status === 'planned');
  const count = (list: readonly Item[], action: Item['action']) => list.filter((item) => item.action === action).length;
  const counters = {
    done: over.length,
    created: count(written, 'create'),
    updated: count(written, 'update'),
    unchanged: count(written, 'none'),
    failed: over.filter(({ status }) => status === 'failed').length,
    skipped: over.filter(({ status }) => status === 'skipped').length,
  };
  return Object.fromEntries(Object.entries(counters).map(([element, n]) => [element, { '+=': n }]));
}

function itemRow(job: Job, item: Item) {
  const { iflow } = item.entry;
  return {
    ID: item.ID,
    run_ID: job.run.ID,
    iflow_ID: iflow.ID,
    artifactId: iflow.artifactId,
    name: iflow.name,
    action: item.action,
    status: item.status,
    factSheetId: item.factSheet?.id ?? item.entry.result.factSheetId,
    code: item.code,
    message: item.message,
    // Only the fingerprints of previews are ever compared.
    fingerprint: job.run.kind === 'preview' && item.status === 'planned' ? fingerprint(item.plan) : null,
    ownedTags: JSON.stringify(item.plan.ownedTags),
  };
}

function changeRows({ ID, plan }: Item) {
  return plan.changes.map((change, position) => ({ item_ID: ID, position, ...change }));
}
