import cds from '@sap/cds';
import { COMES_AFTER, type Mark } from '../base/comes-after.ts';
import { problem } from '../base/problem.ts';
import type { Column, Select } from './cost.ts';

type Order = Column & { sort?: string };
type Query = { SELECT: Omit<Select, 'orderBy'> & { orderBy?: Order[]; count?: boolean } };
type Row = Record<string, unknown>;
type Page = Row[] & { $nextLink?: string; $count?: number };
type Target = { drafts?: object; isDraft?: boolean; '@cds.persistence.skip'?: boolean };
type Read = { query: Query; target?: Target; req?: { query?: Record<string, string | undefined> } };

/**
 * `c` is what CAP's own tokens have, so that CAP accepts these: there is nothing to compare. `r` is the number of rows
 * returned so far, from which CAP derives what is left of `$top`.
 */
type Token = { c: []; r: number; after: Mark['value'][] };

/** The values that the order uses in each row. They are kept for the next link and removed from the response. */
const HIDDEN = '_after';

/**
 * The next link of a list names the last row of a page, and the next page begins after it. CAP counts rows instead, so
 * deleted rows make it skip others. CAP's way stays for lists with drafts, lists of other systems, and results of
 * `$apply`.
 */
export function linkPages(service: cds.ApplicationService): void {
  service.prepend(() => {
    service.on('READ', '*', async (req, on) => {
      const next = on as () => Promise<unknown>;
      const read = req as unknown as Read;
      if (!isList(read)) return next();
      const { SELECT } = read.query;
      const token = tokenOf(read.req!.query!['$skiptoken'], SELECT.orderBy!.length);
      const count = token && SELECT.count ? await countOf(read.query) : undefined;
      const given = token?.r ?? Math.max(0, offsetOf(SELECT) - Number(read.req!.query!['$skip'] ?? 0));
      if (token) beginAfter(SELECT, token);
      const { columns } = SELECT;
      const hidden = SELECT.orderBy!.map((order, index) => ({ xpr: [withoutSort(order)], as: `${HIDDEN}${index}` }));
      SELECT.columns = [...(columns ?? ['*']), ...hidden] as NonNullable<Select['columns']>;
      const page = (await next()) as Page;
      SELECT.columns = columns!;
      if (count !== undefined) page.$count = count;
      setNextLink(read, page, given);
      for (const row of page) for (const { as } of hidden) delete row[as];
      return page;
    });
  });
}

/** Whether this is the list that a client asks for, ordered by the database. */
function isList({ query, target, req }: Read): boolean {
  const { SELECT } = query;
  if (!req?.query || req.query['$apply'] || !target || target['@cds.persistence.skip']) return false;
  if (target.drafts || target.isDraft) return false;
  if (!SELECT || SELECT.one || SELECT.from.SELECT || SELECT.groupBy || !SELECT.orderBy?.length) return false;
  return SELECT.limit?.rows !== undefined;
}

/** @throws 400 URL_INVALID for a token that does not belong to this list */
function tokenOf(text: string | undefined, length: number): Token | undefined {
  if (text === undefined) return undefined;
  try {
    const { r, after } = JSON.parse(Buffer.from(text, 'base64').toString()) as Partial<Token>;
    const isRight =
      Number.isSafeInteger(r) && Array.isArray(after) && after.length === length && after.every((one) => isScalar(one));
    if (isRight) return { c: [], r: r!, after };
  } catch {
    // Older links count rows, in one of two ways.
    if (/^\d+$/.test(text) || Buffer.from(text, 'base64').toString().startsWith('$rows=')) return undefined;
  }
  throw problem(400, 'URL_INVALID');
}

const offsetOf = ({ limit }: Query['SELECT']) => (limit?.offset as { val?: number } | undefined)?.val ?? 0;

const isScalar = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);

function beginAfter(SELECT: Query['SELECT'], { after }: Token): void {
  const marks = after.map((value, index): Mark => ({ value, desc: isDescending(SELECT.orderBy![index]!) }));
  const list = SELECT.orderBy!.map((order) => withoutSort(order));
  const condition = { func: COMES_AFTER, args: [{ list }, { val: JSON.stringify(marks) }] };
  SELECT.where = SELECT.where?.length ? [{ xpr: SELECT.where }, 'and', condition] : [condition];
  // `$skip` counts from the start of the list.
  delete SELECT.limit?.offset;
}

const isDescending = ({ sort }: Order) => sort?.toLowerCase() === 'desc';

const withoutSort = ({ ref, func, args, xpr, val }: Order): Column =>
  ref ? { ref } : func ? { func, args } : xpr ? { xpr } : { val };

/** The number of all rows, not only of the remaining ones. */
async function countOf({ SELECT: { from, where, search } }: Query): Promise<number> {
  const columns = [{ func: 'count', args: [{ val: 1 }], as: '$count' }];
  const [found] = (await cds.db.run({ SELECT: { from, where, search, columns } } as never)) as { $count: number }[];
  return Number(found?.$count ?? 0);
}

function setNextLink({ query: { SELECT }, req }: Read, page: Page, before: number): void {
  const rows = SELECT.limit!.rows as { val: number };
  const last = page.at(-1);
  const r = before + page.length;
  if (!last || page.length < rows.val) return;
  if (r >= Number(req!.query!['$top'] ?? Infinity)) {
    // CAP adds its own link to a full page.
    rows.val = page.length + 1;
    return;
  }
  const after = SELECT.orderBy!.map((_, index) => (last[`${HIDDEN}${index}`] ?? null) as Mark['value']);
  // A value must not look like an older token of CAP.
  const json = JSON.stringify({ c: [], r, after } satisfies Token).replaceAll('&', String.raw`\u0026`);
  page.$nextLink = Buffer.from(json).toString('base64url');
}
