import type { FactSheet } from '../core/catalog/types.ts';
import { RemoteError } from '../base/remote-error.ts';
import { inParallel } from '../base/parallel.ts';
import {
  following,
  readAll,
  readPage,
  readPageWith,
  type Connection,
  type Page,
  type Passenger,
} from './connections.ts';
import type { TypeModel } from './data-model.ts';
import { ask, object, readProblem, unreadable } from './graphql.ts';
import { inFlight } from './politeness.ts';
import { selectionSet, toFactSheet, type FieldSelection } from './selection.ts';
import type { Session } from './session.ts';

/** IDs or external IDs per request. */
const CHUNK = 1000;
/** Fact sheets per request if they are read one by one. */
const FRESH_CHUNK = 50;

export type Archived = { id: string; name: string };
export type Found = { active: Map<string, FactSheet>; archived: Map<string, Archived> };

/** How often a list that keeps changing is read. */
const ROUNDS = 5;

/**
 * All active fact sheets of a type, page by page. The next page is read while the caller works on one. A page that
 * cannot be read throws: unread fact sheets must not look absent.
 *
 * What a cursor stands for is not documented. If the total changes between two pages, others may have moved and been
 * skipped, so all pages are read again.
 * Errors: `FACT_SHEETS_CHANGED` (host) if the list keeps changing, and those of `query`.
 */
export async function* readPages(
  session: Session,
  typeName: string,
  type: TypeModel | undefined,
  fields: FieldSelection,
  pageSize: number,
  signal?: AbortSignal,
  along?: Passenger,
): AsyncGenerator<FactSheet[], void, undefined> {
  const left = new AbortController();
  const both = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const read = (list: Connection) => {
    const page = readPageWith(session, { page: list }, along, pageSize, both).then((pages) => pages.page);
    page.catch(() => undefined); // It is awaited below, or no longer needed.
    return page;
  };
  const all: Connection = {
    field: 'allFactSheets',
    args: { factSheetType: { type: 'FactSheetType', value: typeName } },
    selection: selectionSet(type, fields),
    counted: true,
  };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const totals = new Set<number | null>();
      let list = all;
      let coming: Promise<Page> | null = read(list);
      while (coming) {
        // eslint-disable-next-line no-await-in-loop -- a page's cursor is needed for the next
        const page: Page = await coming;
        totals.add(page.total);
        list = page.next ? following(list, page.next, session.host) : list;
        coming = page.next ? read(list) : null;
        yield factSheets(page.nodes, session.host);
      }
      if (totals.size === 1) return;
    }
    throw new RemoteError('FACT_SHEETS_CHANGED', 'leanix', { args: [session.host] });
  } finally {
    left.abort();
  }
}

/**
 * Fact sheets by ID, of any type: active ones, and archived ones with their names. 1000 IDs per request. What is in
 * neither does not exist or is not visible. List queries may lag behind writes.
 *
 * Archived ones are found by the facet `TrashBin`, for which there is a single source. If LeanIX refuses it, the IDs
 * that are not active are read one by one.
 */
export async function readByIds(
  session: Session,
  ids: readonly string[],
  type: TypeModel | undefined,
  fields: FieldSelection,
  pageSize: number,
  signal?: AbortSignal,
  along?: Passenger,
): Promise<Found> {
  const found: Found = { active: new Map(), archived: new Map() };
  await inParallel(chunks([...new Set(ids)], CHUNK), inFlight(), async (chunk) => {
    const active = byFilter({ ids: chunk }, selectionSet(type, fields));
    const trash = { ids: chunk, facetFilters: [{ facetKey: 'TrashBin', keys: ['archived'] }] };
    const archived = byFilter(trash, '{ id name status }');
    let nodes: unknown[];
    try {
      const both = await readAll(session, { active, archived }, pageSize, signal, along);
      // If LeanIX ignores the facet, active fact sheets come too, with few fields.
      nodes = [...both.active, ...both.archived.filter((node) => object(node)?.['status'] === 'ARCHIVED')];
    } catch (error) {
      if (!(error instanceof RemoteError) || !/TrashBin|facet/i.test(error.detail ?? '')) throw error;
      nodes = await withoutTrashBin(session, chunk, active, type, pageSize, signal);
    }
    for (const sheet of factSheets(nodes, session.host)) {
      if (sheet.status === 'ACTIVE') found.active.set(sheet.id, sheet);
      else found.archived.set(sheet.id, { id: sheet.id, name: sheet.name });
    }
  });
  return found;
}

async function withoutTrashBin(
  session: Session,
  ids: string[],
  active: Connection,
  type: TypeModel | undefined,
  pageSize: number,
  signal?: AbortSignal,
): Promise<unknown[]> {
  const nodes = (await readAll(session, { active }, pageSize, signal)).active;
  const seen = new Set(nodes.map((node) => object(node)?.['id']));
  const missing = ids.filter((id) => !seen.has(id));
  const rest = await readFresh(session, missing, type, {}, signal);
  return [...nodes, ...[...rest.values()].filter((sheet) => sheet.status === 'ARCHIVED')];
}

/**
 * The first active fact sheets of a type that LeanIX finds by a text, like its own search field. One request. How it
 * compares is not documented.
 */
export async function readSearch(
  session: Session,
  typeName: string,
  text: string,
  count: number,
): Promise<FactSheet[]> {
  const found = byFilter({ quickSearch: text }, selectionSet(undefined, { displayName: true }), typeName);
  const { page } = await readPage(session, { page: found }, count);
  return factSheets(page.nodes, session.host);
}

/** Active fact sheets of a type with one of these external IDs, 1000 per request. Several may have the same one. */
export async function readByExternalIds(
  session: Session,
  externalIds: readonly string[],
  type: TypeModel | undefined,
  fields: FieldSelection,
  pageSize: number,
  signal?: AbortSignal,
): Promise<FactSheet[]> {
  if (!type?.hasExternalId) return [];
  const found: FactSheet[] = [];
  for (const chunk of chunks([...new Set(externalIds)], CHUNK)) {
    const list = byFilter(
      { externalIds: chunk.map((value) => `externalId/${value}`) },
      selectionSet(type, { ...fields, externalId: true }),
      type.name,
    );
    // eslint-disable-next-line no-await-in-loop -- politeness: one request after the other
    const { list: nodes } = await readAll(session, { list }, pageSize, signal);
    found.push(...factSheets(nodes, session.host));
  }
  return found;
}

/**
 * Fact sheets one by one through `factSheet(id)`, 50 aliases per request. These reads see what has just been written.
 * Archived ones are included (`status`). What is missing in the result does not exist or is not visible.
 *
 * LeanIX answers an unknown ID with the error `No fact sheet found with id '…'`. It is not known whether the others
 * come with it; if not, they are read again without that ID.
 */
export async function readFresh(
  session: Session,
  ids: readonly string[],
  type: TypeModel | undefined,
  fields: FieldSelection,
  signal?: AbortSignal,
): Promise<Map<string, FactSheet>> {
  const found = new Map<string, FactSheet>();
  let waiting = [...new Set(ids)];
  while (waiting.length > 0) {
    const chunk = waiting.slice(0, FRESH_CHUNK);
    // eslint-disable-next-line no-await-in-loop -- politeness: one request after the other
    const { sheets, again } = await readEach(session, chunk, selectionSet(type, fields), signal);
    for (const sheet of sheets) found.set(sheet.id, sheet);
    waiting = [...again, ...waiting.slice(chunk.length)];
  }
  return found;
}

async function readEach(session: Session, ids: string[], selection: string, signal?: AbortSignal) {
  const declared = ids.map((_, index) => `$i${index}: ID!`).join(', ');
  const fields = ids.map((_, index) => `f${index}: factSheet(id: $i${index}) ${selection}`).join(' ');
  const variables = Object.fromEntries(ids.map((id, index) => [`i${index}`, id]));
  const { data, problems } = await ask(session, `query (${declared}) { ${fields} }`, variables, { signal });
  const absent = new Set<string>();
  for (const problem of problems) {
    const id = ids.find(
      (one, index) => problem.alias === `f${index}` || (!problem.alias && problem.message.includes(one)),
    );
    if (!id || !/^No fact ?sheet found\b/i.test(problem.message)) throw readProblem(session.host, problems);
    absent.add(id);
  }
  const sheets = factSheets(
    ids.map((_, index) => data[`f${index}`]).filter((node) => node != null),
    session.host,
  );
  const seen = new Set(sheets.map((sheet) => sheet.id));
  // Without an error, null means that the fact sheet does not exist. With an error, it means nothing.
  return { sheets, again: absent.size > 0 ? ids.filter((id) => !seen.has(id) && !absent.has(id)) : [] };
}

function byFilter(filter: Record<string, unknown>, selection: string, typeName?: string): Connection {
  const args: Connection['args'] = { filter: { type: 'FilterInput', value: filter } };
  if (typeName) args['factSheetType'] = { type: 'FactSheetType', value: typeName };
  return { field: 'allFactSheets', args, selection };
}

function factSheets(nodes: unknown[], host: string): FactSheet[] {
  return nodes.map((node) => {
    const sheet = toFactSheet(node);
    if (!sheet) throw unreadable(host);
    return sheet;
  });
}

function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}
