import { problem } from '../base/problem.ts';

/**
 * Limits what a single read may cost. Lists that lead back to their origin multiply rows, and so do joins over lists.
 * Such a read could block the database and this process for minutes, and fill the memory.
 */
const MAX_ROWS = 20_000;
/** As in `query.limit.max` of CAP's configuration. */
const PAGE = 1000;
/** Entries of a list that is expanded for each row of another list, without `$top`. */
const MAX_LIST = 1000;
const MAX_CONCAT = 3;
/** These functions run for every row that a filter or an order covers. */
const MAX_CALLS = 20;

type Ref = (string | { id: string; where?: Token[] })[];
type Token = string | Expression;
type Expression = {
  ref?: Ref;
  func?: string;
  args?: Token[];
  xpr?: Token[];
  list?: Token[];
  val?: unknown;
};
type Limit = { rows?: { val: unknown }; offset?: { val: unknown } };
export type Column = Expression & {
  expand?: Column[];
  limit?: Limit;
  where?: Token[];
  orderBy?: Token[];
  as?: string;
};
export type Select = {
  from: { ref?: Ref; SELECT?: Select };
  one?: boolean;
  recurse?: unknown;
  columns?: (Column | '*')[];
  where?: Token[];
  having?: Token[];
  orderBy?: Token[];
  groupBy?: Token[];
  search?: { val?: unknown }[];
  limit?: Limit;
};
type Entity = { elements?: Record<string, { is2many?: boolean; _target?: Entity }> };

/** An expanded list without a limit, and the names that lead to it. */
type OpenList = { column: Column; path: string[] };
type Estimate = {
  /** Rows of the query itself. */
  rows: number;
  /** Entries of lists with `$top`, for each of these rows. */
  below: number;
  open: OpenList[];
};

/**
 * The most that a query reads. Along one path, a list may be below another one only if both have a limit.
 * @throws 400 QUERY_TOO_DEEP where rows multiply; URL_INVALID for an invalid limit
 */
function estimate(select: Select, target: Entity): Estimate {
  const found: Estimate = { rows: select.one ? 1 : Math.min(limitOf(select) ?? PAGE, PAGE), below: 0, open: [] };
  for (let one: Select | undefined = select; one; one = one.from.SELECT) {
    limitOf(one);
    for (const part of [one.where, one.having, one.orderBy, one.groupBy]) assertPaths(part ?? [], target, 0);
    addColumns(one.columns ?? [], target, [], [], found);
  }
  return found;
}

/** @param limits of the lists above */
function addColumns(
  columns: readonly (Column | '*')[],
  target: Entity,
  path: readonly string[],
  limits: readonly (number | undefined)[],
  found: Estimate,
): void {
  for (const column of columns) {
    if (column === '*') continue;
    if (!column.expand) assertPaths([column], target, 0);
    const name = column.ref?.map(String).join('_') ?? '';
    const element = target.elements?.[name];
    if (!column.expand || !element?._target) continue;
    for (const part of [column.where, column.orderBy]) assertPaths(part ?? [], element._target, 0);
    const here = [...path, name];
    const limit = limitOf(column);
    if (!element.is2many) {
      addColumns(column.expand, element._target, here, limits, found);
      continue;
    }
    const lists = [...limits, limit];
    if (lists.length > 2 || (lists.length === 2 && lists.includes(undefined))) throw problem(400, 'QUERY_TOO_DEEP');
    if (limit === undefined) found.open.push({ column, path: here });
    else found.below += lists.reduce<number>((product, one) => product * (one ?? 1), 1);
    addColumns(column.expand, element._target, here, lists, found);
  }
}

/** `$top`; undefined if it is missing. @throws 400 URL_INVALID */
function limitOf({ limit }: { limit?: Limit }): number | undefined {
  for (const part of [limit?.rows, limit?.offset]) {
    const number = part && (typeof part === 'object' ? part.val : part);
    if (number !== undefined && !(Number.isSafeInteger(number) && (number as number) >= 0)) {
      throw problem(400, 'URL_INVALID');
    }
  }
  const rows = limit?.rows && (typeof limit.rows === 'object' ? limit.rows.val : limit.rows);
  return rows as number | undefined;
}

/**
 * A path over a list joins a row with each of its entries. Only `any` and `all` may do so, and not inside each other.
 */
function assertPaths(tokens: readonly Token[], target: Entity, depth: number): void {
  tokens.forEach((token, index) => {
    if (typeof token !== 'object' || token === null) return;
    const { ref, args, xpr, list } = token;
    if (ref) assertPath(ref, target, tokens[index - 1] === 'exists', depth);
    for (const inner of [args, xpr, list]) if (Array.isArray(inner)) assertPaths(inner, target, depth);
  });
}

function assertPath(ref: Ref, target: Entity, exists: boolean, depth: number): void {
  let entity: Entity | undefined = target;
  let lists = exists ? depth : 0;
  ref.forEach((segment, index) => {
    const element: { is2many?: boolean; _target?: Entity } | undefined =
      entity?.elements?.[typeof segment === 'string' ? segment : segment.id];
    if (element?.is2many) {
      const isLast = index === ref.length - 1;
      if (!exists) throw problem(400, isLast ? 'URL_INVALID' : 'QUERY_TOO_DEEP');
      lists += 1;
      if (lists > 1) throw problem(400, 'QUERY_TOO_DEEP');
    }
    entity = element?._target;
    if (typeof segment === 'object' && entity) assertPaths(segment.where ?? [], entity, depth + 1);
  });
}

/** Rows granted to a request so far, counted for all parts of a batch together. */
const granted = new WeakMap<object, number>();

type Query = { select: Select; target: Entity };

/**
 * Grants the rows that a read needs, or refuses the read before it starts.
 * @param request all reads of this request share one budget
 * @param count counts the rows of a query; called only where it matters
 * @returns a function to call with the result: it checks whether an expanded list was too long
 * @throws 400 QUERY_TOO_LARGE, QUERY_TOO_DEEP, URL_INVALID
 */
export async function grantRows(
  request: object,
  queries: readonly Query[],
  count: (query: Query) => Promise<number>,
): Promise<(result: unknown) => void> {
  if (queries.length > MAX_CONCAT) throw problem(400, 'QUERY_TOO_DEEP');
  for (const { select } of queries) {
    if (callsIn(select) > MAX_CALLS) throw problem(400, 'QUERY_TOO_SLOW', String(MAX_CALLS));
  }
  const left = () => MAX_ROWS - (granted.get(request) ?? 0);
  const take = (rows: number) => granted.set(request, (granted.get(request) ?? 0) + rows);
  const lists: (OpenList & { max: number; reserved: number })[] = [];
  for (const query of queries) {
    const { rows: most, below, open } = estimate(query.select, query.target);
    const isEnough = left() >= most * (1 + below + MAX_LIST * open.length);
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    const rows = isEnough || query.select.one ? most : Math.min(most, await count(query));
    const fixed = rows * (1 + below);
    if (left() < fixed + rows * open.length) throw problem(400, 'QUERY_TOO_LARGE', String(MAX_ROWS));
    const max = Math.min(MAX_LIST, Math.floor((left() - fixed) / Math.max(1, rows * open.length)));
    take(fixed + rows * max * open.length);
    for (const list of open) {
      // One more entry shows whether there are others.
      list.column.limit = { ...list.column.limit, rows: { val: max + 1 } };
      lists.push({ ...list, max, reserved: rows * max });
    }
  }
  return (result) => {
    for (const list of lists) {
      const lengths = lengthsAt(result, list.path);
      if (lengths.some((length) => length > list.max)) {
        throw problem(400, 'LIST_TOO_LONG', list.path.join('/'), String(list.max));
      }
      take(lengths.reduce((sum, length) => sum + length, 0) - list.reserved);
      list.reserved = 0;
    }
  };
}

/** The number of functions that a query calls. Not recursive, since the sender decides how deeply a query is nested. */
function callsIn(query: object): number {
  let calls = 0;
  const open: unknown[] = [query];
  while (open.length) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (typeof (next as Expression).func === 'string') calls += 1;
    open.push(...(Object.values(next) as unknown[]));
  }
  return calls;
}

/** The lengths of the lists at the end of a path of names. */
function lengthsAt(result: unknown, path: readonly string[]): number[] {
  const rows = (Array.isArray(result) ? result : [result]).filter((row) => typeof row === 'object' && row !== null);
  const [name, ...rest] = path;
  const inner = rows.map((row) => (row as Record<string, unknown>)[name!]);
  if (!rest.length) return inner.filter((list) => Array.isArray(list)).map((list) => list.length);
  return inner.flatMap((value) => lengthsAt(value, rest));
}
