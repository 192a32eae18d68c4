import { isDeepStrictEqual } from 'node:util';
import { Candidates, IFlowLinks } from '#cds-models/leanix';
import { createIndex, type MatchResult } from '../core/catalog/match.ts';
import type { FieldsToRead } from '../core/catalog/plan.ts';
import type { FactSheet, Rules } from '../core/catalog/types.ts';
import { cut } from '../base/text.ts';
import type { Passenger } from '../leanix/client.ts';
import { textOf } from '../base/problem.ts';
import type { Job } from '../runs/job.ts';
import { describeCandidates, recallDescriptions } from './candidates.ts';
import { isDeployed, type Read } from './reading.ts';
import { linkedElsewhere, readAllEntries, type Entry, type LinkRow } from './rows.ts';
import { inSlices } from '../base/give-way.ts';
import { withTags, type Workspace } from './workspace.ts';

/** The second step of a sync: the fact sheet of each iFlow. */
export type MatchedRun = Omit<Read, 'rules'> & { rules: Rules; matched: Matched[] };

/** An iFlow with its current match in the workspace. */
export type Matched = Entry & { result: MatchResult };

/** The fields of a fact sheet that matching needs without planning. */
export const MATCH_FIELDS: FieldsToRead = {
  description: false,
  externalId: true,
  tags: false,
  displayName: false,
  names: [],
};

/** Rows per statement. */
const CHUNK = 500;
/** Maximum length of stored names and notes. */
const LONGEST = 1000;

/** What to read of the workspace. */
export type Reading = {
  fields: FieldsToRead;
  /** A list to read along with these requests. */
  along?: Passenger;
  /**
   * The other entries of the configuration, if known. They take part too, so that no two iFlows get the same fact
   * sheet.
   */
  others?: readonly Entry[];
};

/**
 * Finds the fact sheets of the iFlows that were read, and stores the links. iFlows that are no longer deployed stay as
 * they were.
 * @throws RemoteError; RunProblem for a default tag that the workspace lacks
 */
export async function matchStep(read: Read): Promise<MatchedRun> {
  const { job, workspace, entries, others, fields } = read;
  const library = workspace.client.tagLibrary();
  const reading = { fields, along: library.passenger, ...(others && { others }) };
  const deployed = await matchEntries(workspace, entries.filter(isDeployed), reading);
  const rules = withTags(workspace, read.rules, await library.tags(job.signal));
  await job.checkpoint();
  if (job.run.kind === 'preview') await recallDescriptions(job.run.config.ID, deployed);
  else await describeCandidates(workspace, deployed);
  await storeMatches(job, workspace, deployed);
  const undeployed = entries.filter((entry) => !isDeployed(entry)).map(unread);
  return { ...read, rules, matched: [...deployed, ...undeployed] };
}

/**
 * Finds the fact sheet of every entry. If all are linked, it reads fact sheets by ID, regardless of the size of the
 * workspace; otherwise it reads all fact sheets of the type.
 * @param entries the iFlows to match
 * @throws RemoteError: nothing may be concluded from a failed read
 */
export async function matchEntries(
  workspace: Workspace,
  entries: readonly Entry[],
  reading: Reading,
): Promise<Matched[]> {
  if (!entries.length) return [];
  const linked = entries.every(({ link }) => link.factSheetId) ? await matchLinked(workspace, entries, reading) : null;
  return linked ?? withResults(entries, await readAll(workspace, entries, reading));
}

/**
 * Matches entries that are all linked, reading their fact sheets by ID.
 * @returns null if a linked fact sheet is archived: the other rules need all fact sheets
 */
export async function matchLinked(
  workspace: Workspace,
  entries: readonly Entry[],
  reading: Reading,
): Promise<Matched[] | null> {
  const index = indexOf(workspace, entries, new Set());
  await addById(workspace, index, index.missing(), reading, hiddenOf(entries));
  return index.unsettled() ? null : withResults(entries, index.result());
}

function withResults(entries: readonly Entry[], results: ReadonlyMap<string, MatchResult>): Matched[] {
  return entries.map((entry) => ({ ...entry, ...relinked(entry, results.get(entry.iflow.ID)!) }));
}

/** Drops notes about another fact sheet, and a name clash if other fact sheets have the name now. */
function relinked({ link }: Entry, result: MatchResult): Pick<Matched, 'link' | 'result'> {
  const same = link.factSheetId !== null && link.factSheetId === result.factSheetId;
  const clash = isDeepStrictEqual(link.clash?.namesakes, result.namesakes) ? link.clash : null;
  return { link: { ...link, ...(!same && { ownedTags: [], echoes: {} }), clash }, result };
}

/** The result for an iFlow that is not matched: it stays unchanged. */
export function unread(entry: Entry): Matched {
  const { status, matchedBy, factSheetId } = entry.link;
  const result = {
    status: status === 'unknown' ? ('notLinked' as const) : status,
    matchedBy,
    factSheetId,
    factSheet: null,
    candidates: [],
    notVisible: false,
    namesakes: null,
  };
  return { ...entry, result };
}

async function readAll(workspace: Workspace, entries: readonly Entry[], reading: Reading) {
  const { client, config, factSheetType, signal } = workspace;
  const others = reading.others ?? (await readOthers(config.ID, entries));
  // An undeployed iFlow keeps its linked fact sheet and claims no other.
  const rivals = others.filter((entry) => isDeployed(entry) || entry.link.factSheetId !== null);
  const index = indexOf(workspace, [...entries, ...rivals], await linkedElsewhere(config.ID));
  for await (const page of client.pages(factSheetType, reading.fields, signal, reading.along)) index.add(page);
  const ours = new Set(entries.map(({ link }) => link.factSheetId));
  await addById(
    workspace,
    index,
    index.missing().filter((id) => ours.has(id)),
    reading,
    hiddenOf(entries),
  );
  return index.result();
}

async function readOthers(configId: string, entries: readonly Entry[]): Promise<Entry[]> {
  const wanted = new Set(entries.map(({ iflow }) => iflow.ID));
  return (await readAllEntries(configId, null)).filter(({ iflow }) => !wanted.has(iflow.ID));
}

function indexOf(workspace: Workspace, entries: readonly Entry[], taken: ReadonlySet<string>) {
  const { tenantHost, factSheetType, hasExternalId } = workspace;
  return createIndex(
    entries.map(({ iflow }) => iflow),
    new Map(entries.map(({ iflow, link }) => [iflow.ID, link])),
    { tenantHost, factSheetType, hasExternalId, taken },
  );
}

/** Fact sheets that were hidden last time. If they become visible, the lists show them. */
function hiddenOf(entries: readonly Entry[]): ReadonlySet<string> {
  const hidden = entries.filter(({ row }) => row?.code === 'FACT_SHEET_NOT_VISIBLE');
  return new Set(hidden.flatMap(({ link }) => link.factSheetId ?? []));
}

/** Adds fact sheets by ID. Lists may lag, so missing ones are read one by one unless they were hidden before. */
async function addById(
  { client, factSheetType, signal }: Workspace,
  index: { add(page: FactSheet[]): void },
  ids: string[],
  { fields, along }: Reading,
  hidden: ReadonlySet<string>,
): Promise<void> {
  if (!ids.length) return;
  const { active, archived } = await client.byIds(ids, factSheetType, fields, signal, along);
  index.add([...active.values(), ...[...archived.values()].map(archivedOf)]);
  // Missing in both lists, which may lag: read the fact sheet itself.
  const rest = ids.filter((id) => !active.has(id) && !archived.has(id) && !hidden.has(id));
  if (rest.length) index.add([...(await client.fresh(rest, factSheetType, fields, signal)).values()]);
}

/** Only the fact that it is archived matters. */
function archivedOf({ id, name }: { id: string; name: string }): FactSheet {
  const nothing = { type: '', description: null, externalId: null, displayName: null, rev: 0, tagIds: [], fields: {} };
  return { id, name, status: 'ARCHIVED', ...nothing };
}

/** Stores only changes. */
export async function storeMatches(job: Job, workspace: Workspace, matched: readonly Matched[]): Promise<void> {
  const news = await inSlices(matched, (entry) => isNews(entry.row, linkRowOf(workspace, entry)));
  const changed = matched.filter((_, index) => news[index]);
  for (let i = 0; i < changed.length; i += CHUNK) {
    const chunk = changed.slice(i, i + CHUNK);
    const rows = chunk.map((entry) => linkRowOf(workspace, entry));
    const candidates = chunk.flatMap((entry) => candidatesOf(workspace, entry));
    // eslint-disable-next-line no-await-in-loop -- short transactions, one after the other
    await job.commit({}, async () => {
      await UPSERT.into(IFlowLinks).entries(rows);
      await DELETE.from(Candidates).where({ iflow_ID: { in: rows.map((row) => row.iflow_ID) } });
      if (candidates.length) await INSERT.into(Candidates).entries(candidates);
    });
  }
}

/** The link after matching. */
export function linkRowOf(workspace: Workspace, { iflow, link, row, result }: Matched): LinkRow {
  const { factSheet, factSheetId } = result;
  const same = factSheetId !== null && factSheetId === link.factSheetId;
  // The note about a name clash ends with it.
  const note = noteOf(iflow.name, row?.clash && !link.clash ? null : row, result);
  return {
    iflow_ID: iflow.ID,
    config_ID: workspace.config.ID,
    status: result.status,
    matchedBy: result.matchedBy,
    factSheetId,
    factSheetName: factSheet ? cut(factSheet.name, LONGEST) : same ? (row?.factSheetName ?? null) : null,
    factSheetUrl: factSheet ? workspace.urlOf(factSheet) : same ? (row?.factSheetUrl ?? null) : null,
    code: note?.code ?? null,
    message: note?.message ?? null,
    lastSyncedAt: same ? (row?.lastSyncedAt ?? null) : null,
    ownedTags: same ? (row?.ownedTags ?? null) : null,
    echoes: same ? (row?.echoes ?? null) : null,
    refused: row?.refused ?? null,
    clash: link.clash && JSON.stringify(link.clash),
  };
}

/** Why a linked fact sheet is not visible, or why none could be created. */
function noteOf(name: string, row: LinkRow | null, result: MatchResult): { code: string; message: string } | null {
  const text = (code: string) => cut(textOf(code, [name, row?.factSheetName ?? '']), LONGEST);
  const noteWith = (code: string) => ({ code, message: text(code) });
  if (result.notVisible) return noteWith('FACT_SHEET_NOT_VISIBLE');
  if (result.status === 'linked') return null;
  if (row?.factSheetId && row.factSheetId !== result.factSheetId) return noteWith('FACT_SHEET_ARCHIVED');
  return row?.code ? { code: row.code, message: row.message ?? '' } : null;
}

function isNews(before: LinkRow | null, after: LinkRow): boolean {
  if (!before || after.status === 'ambiguous') return true;
  const compared = ['status', 'matchedBy', 'factSheetId', 'factSheetName', 'factSheetUrl', 'code'] as const;
  return compared.some((element) => before[element] !== after[element]);
}

function candidatesOf(workspace: Workspace, { iflow, result }: Matched) {
  return result.candidates.map((candidate) => ({
    iflow_ID: iflow.ID,
    factSheetId: candidate.id,
    name: cut(candidate.name, LONGEST),
    type: candidate.type,
    description: candidate.description,
    url: workspace.urlOf(candidate),
  }));
}
