import { object, query, unreadable } from './graphql.ts';
import type { Session } from './session.ts';

/** A list to read: a field of the query with its arguments except `first` and `after`, and the selection of a node. */
export type Connection = {
  field: string;
  args: Record<string, { type: string; value: unknown }>;
  selection: string;
  /** Whether to ask for the total number with each page. */
  counted?: boolean;
};

/** The nodes of a page, whether there are more, and the total number if it was asked for. */
export type Page = { nodes: unknown[]; next: string | null; total: number | null };

/** A list that is read along with other requests, to save requests of its own. */
export type Passenger = {
  nodes: unknown[];
  /** The rest to read; null if the list is complete, or while a page is being read. */
  rest: (Connection & { after?: string | null }) | null;
};

/**
 * Reads one page of each list in ONE request, one alias each. Values are sent as variables. LeanIX documents no maximum
 * for `pageSize`, so a page may be shorter although there are more nodes.
 *
 * Errors: those of `query`; `LEANIX_UNREADABLE` for an invalid page, which must not pass for an empty one.
 */
export async function readPage<K extends string>(
  session: Session,
  lists: Record<K, Connection & { after?: string | null }>,
  pageSize: number,
  signal?: AbortSignal,
): Promise<Record<K, Page>> {
  const declared = ['$first: Int'];
  const variables: Record<string, unknown> = { first: pageSize };
  const fields = Object.entries<Connection & { after?: string | null }>(lists).map(([alias, list]) => {
    const args = ['first: $first'];
    const all = { ...list.args, ...(list.after ? { after: { type: 'String', value: list.after } } : {}) };
    for (const [name, { type, value }] of Object.entries(all)) {
      declared.push(`$${alias}_${name}: ${type}`);
      args.push(`${name}: $${alias}_${name}`);
      variables[`${alias}_${name}`] = value;
    }
    const total = list.counted ? 'totalCount ' : '';
    const page = `{ ${total}pageInfo { hasNextPage endCursor } edges { node ${list.selection} } }`;
    return `${alias}: ${list.field}(${args.join(', ')}) ${page}`;
  });
  const data = await query(session, `query (${declared.join(', ')}) { ${fields.join(' ')} }`, variables, signal);
  const pages = Object.keys(lists).map((alias) => [alias, toPage(data[alias], session.host)]);
  return Object.fromEntries(pages) as Record<K, Page>;
}

/** `readPage`, which also reads a page of the passenger. */
export async function readPageWith<K extends string>(
  session: Session,
  lists: Record<K, Connection & { after?: string | null }>,
  passenger: Passenger | undefined,
  pageSize: number,
  signal?: AbortSignal,
): Promise<Record<K, Page>> {
  const rest = passenger?.rest;
  if (!passenger || !rest) return readPage(session, lists, pageSize, signal);
  passenger.rest = null;
  try {
    const pages: Record<string, Page> = await readPage(session, { ...lists, along: rest }, pageSize, signal);
    const { nodes, next } = pages['along']!;
    passenger.nodes.push(...nodes);
    if (next) passenger.rest = following(rest, next, session.host);
    return pages;
  } catch (error) {
    passenger.rest = rest;
    throw error;
  }
}

/** Reads what did not come with other reads. @returns all nodes */
export async function readRest(
  session: Session,
  passenger: Passenger,
  pageSize: number,
  signal?: AbortSignal,
): Promise<unknown[]> {
  while (passenger.rest) {
    const { rest } = passenger;
    // eslint-disable-next-line no-await-in-loop -- the cursor of a page comes with the page before
    const { list } = await readPage(session, { list: rest }, pageSize, signal);
    passenger.nodes.push(...list.nodes);
    passenger.rest = list.next ? following(rest, list.next, session.host) : null;
  }
  return passenger.nodes;
}

/** Reads all pages of each list. Lists with more pages share each further request. */
export async function readAll<K extends string>(
  session: Session,
  lists: Record<K, Connection>,
  pageSize: number,
  signal?: AbortSignal,
  along?: Passenger,
): Promise<Record<K, unknown[]>> {
  const aliases = Object.keys(lists) as K[];
  const nodes = Object.fromEntries(aliases.map((alias) => [alias, [] as unknown[]])) as Record<K, unknown[]>;
  let open: Record<string, Connection & { after?: string | null }> = lists;
  while (Object.keys(open).length > 0) {
    // eslint-disable-next-line no-await-in-loop -- the cursor of a page comes with the page before
    const pages = await readPageWith(session, open, along, pageSize, signal);
    const more: typeof open = {};
    for (const [alias, page] of Object.entries(pages)) {
      const list = open[alias];
      if (!list) continue;
      nodes[alias as K].push(...page.nodes);
      if (page.next) more[alias] = following(list, page.next, session.host);
    }
    open = more;
  }
  return nodes;
}

/** The same list from a cursor on. A cursor that does not move would never end. */
export function following<L extends Connection & { after?: string | null }>(list: L, next: string, host: string): L {
  if (list.after === next) throw unreadable(host);
  return { ...list, after: next };
}

function toPage(value: unknown, host: string): Page {
  const page = object(value);
  const edges: unknown = page?.['edges'];
  const info = object(page?.['pageInfo']);
  const nodes = Array.isArray(edges) ? edges.map((edge) => object(edge)?.['node']) : null;
  if (!nodes || !info || nodes.some((node) => !object(node))) throw unreadable(host);
  const total = typeof page?.['totalCount'] === 'number' ? page['totalCount'] : null;
  if (info['hasNextPage'] !== true) return { nodes, next: null, total };
  if (typeof info['endCursor'] !== 'string' || info['endCursor'] === '') throw unreadable(host);
  return { nodes, next: info['endCursor'], total };
}
