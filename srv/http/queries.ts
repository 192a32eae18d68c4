import cds from '@sap/cds';
import { giveWay } from '../base/give-way.ts';
import { problem } from '../base/problem.ts';
import { grantRows, type Select } from './cost.ts';
import { aroundRequests } from './requests.ts';
import { assertSearches } from './searches.ts';

/**
 * Answers 400 URL_INVALID for a query that cannot be run, where CAP would report a server error. Regular expressions
 * are refused: on SQLite, one can keep the process busy forever. Queries that would read too much are refused first,
 * see `grantRows`.
 *
 * Call this after `init` of the service, see `aroundRequests`, and before `beforeTransactions`, which must see the
 * requests of a change set before any of them waits.
 */
export function guardQueries(service: cds.ApplicationService): void {
  aroundRequests(service, async (req, handle) => {
    if (req.event !== 'READ') {
      const check = await admitResult(req);
      const result = await handle();
      check(result);
      return result;
    }
    if (hasPattern(req.query)) throw problem(400, 'URL_INVALID');
    try {
      await inTurn();
      const check = await admit(service, req);
      const result = await handle();
      check(result);
      return result;
    } catch (error) {
      throw isQueryAtFault(error, service) ? problem(400, 'URL_INVALID') : error;
    }
  });
}

let turns: Promise<unknown> = Promise.resolve();

/**
 * Starts each read some turns of the event loop after the previous one. SQLite works in this process, and many reads in
 * a row would block everybody else.
 */
const inTurn = () => (turns = turns.then(giveWay));

type Query = { SELECT?: Select };
type Http = { query?: Record<string, unknown>; _query?: Query | Query[] };
type Check = (result: unknown) => void;

/** The result of checking a request's query. CAP passes here again when it runs a query in several steps. */
const admitted = new WeakMap<Http, Promise<Check>>();

/** Checks a client's query before it runs. @returns a function that checks the result */
async function admit(service: cds.ApplicationService, req: cds.Request): Promise<Check> {
  const { req: http } = (req as unknown as { _?: { req?: Http } })._ ?? {};
  const outer = (cds.context as unknown as { http?: { req?: object } }).http?.req;
  if (!http || !outer) return () => undefined;
  const known = admitted.get(http) ?? assess(service, req, http, outer);
  admitted.set(http, known);
  return known;
}

/** An operation on a row may return it with expanded lists. It may cost as much as a read of that row. */
async function admitResult(req: cds.Request): Promise<Check> {
  const { req: http } = (req as unknown as { _?: { req?: Http } })._ ?? {};
  const outer = (cds.context as unknown as { http?: { req?: object } }).http?.req;
  const select = [http?._query].flat()[0]?.SELECT;
  if (!http || !outer || !select?.columns || !req.target || admitted.has(http)) return () => undefined;
  const query = { select: { ...select, one: true }, target: req.target as unknown as Target };
  const admission = grantRows(outer, [query], () => Promise.resolve(1));
  admitted.set(http, admission);
  return admission;
}

type Target = Parameters<typeof grantRows>[1][number]['target'];

async function assess(service: cds.ApplicationService, req: cds.Request, http: Http, outer: object): Promise<Check> {
  // The queries in `concat` pass here one by one.
  const all = [http._query ?? (req.query as unknown as Query)].flat();
  const queries = all.flatMap(({ SELECT }) => SELECT ?? []);
  assertSearches(queries, http.query?.['$apply']);
  const target = req.target as unknown as Target;
  return grantRows(
    outer,
    queries.map((select) => ({ select, target })),
    async ({ select }) => {
      const columns = [{ func: 'count', args: [{ val: 1 }], as: '$count' }];
      const from = select.groupBy ? { SELECT: { ...select, limit: undefined } } : select.from;
      const query = select.groupBy ? { from, columns } : { from, columns, where: select.where, search: select.search };
      const [found] = (await service.run({ SELECT: query } as never)) as { $count: number }[];
      return Number(found?.$count ?? 0);
    },
  );
}

/** Not recursive, since the sender decides how deeply a query is nested. */
function hasPattern(query: unknown): boolean {
  const open = [query];
  while (open.length) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const { func } = next as { func?: unknown };
    if (typeof func === 'string' && /^matchespattern$/i.test(func)) return true;
    open.push(...(Object.values(next) as unknown[]));
  }
  return false;
}

/** Classes of SQLSTATE for unknown objects, impossible values, invalid statements and too large statements. */
const SQLSTATE = /^(?:0A|22|42|54)[0-9A-Z]{3}$/;
/** Where CAP translates queries and calculates with dates on SQLite. An error there comes before the database. */
const TRANSLATION = /@cap-js[\\/](?:db-service[\\/]lib[\\/](?:cqn[24]sql|infer)|sqlite[\\/]lib[\\/]SQLiteService)\b/;

/** Whether a query failed although the database works. */
function isQueryAtFault(error: unknown, service: cds.ApplicationService): boolean {
  const { code, errcode, message = '', stack = '' } = error as Error & { code?: unknown; errcode?: unknown };
  const [, missing] = /^(?:no such table: |relation ")(\w+)/.exec(message) ?? [];
  if (missing) return hasNoTable(missing, service);
  // SQLite's "SQL logic error" and "datatype mismatch".
  if (errcode === 1 || errcode === 20) return true;
  if (typeof code === 'string') return SQLSTATE.test(code);
  const [thrownAt = ''] = /^ {4}at .*$/m.exec(stack) ?? [];
  return code === undefined && TRANSLATION.test(thrownAt);
}

/** A missing table is expected for entities whose rows come from other systems. */
function hasNoTable(table: string, service: cds.ApplicationService): boolean {
  const entities = Object.values(service.entities) as unknown as { name: string; '@cds.persistence.skip'?: boolean }[];
  const entity = entities.find(({ name }) => name.replaceAll('.', '_').toLowerCase() === table.toLowerCase());
  return entity?.['@cds.persistence.skip'] === true;
}
