import cds from '@sap/cds';
import { giveWay } from '../base/give-way.ts';
import { problem } from '../base/problem.ts';
import { grantRows, type Select } from './cost.ts';
import { aroundRequests } from './requests.ts';
import { assertSearches } from './searches.ts';

/**
 * A query of a client that cannot be carried out is the client's to mend: 400 URL_INVALID, where CAP would speak of an
 * error of the server. Regular expressions are refused: on SQLite a single one can keep the process busy for ever. What
 * would read too much is refused before it is carried out, see `grantRows`.
 *
 * To be called after `init` of the service, see `aroundRequests`, and before `beforeTransactions`, which has to see the
 * requests of a change set before any waits for its turn.
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
 * Each read begins some turns of the event loop after the one before: SQLite works in this process, and many reads in a row would
 * leave no time for anybody else.
 */
const inTurn = () => (turns = turns.then(giveWay));

type Query = { SELECT?: Select };
type Http = { query?: Record<string, unknown>; _query?: Query | Query[] };
type Check = (result: unknown) => void;

/** What was found out about the query of a request: CAP comes by again where it carries one out in several steps. */
const admitted = new WeakMap<Http, Promise<Check>>();

/** Looks at what a client asks for before it is carried out. @returns what looks at the result */
async function admit(service: cds.ApplicationService, req: cds.Request): Promise<Check> {
  const { req: http } = (req as unknown as { _?: { req?: Http } })._ ?? {};
  const outer = (cds.context as unknown as { http?: { req?: object } }).http?.req;
  if (!http || !outer) return () => undefined;
  const known = admitted.get(http) ?? assess(service, req, http, outer);
  admitted.set(http, known);
  return known;
}

/** An operation on a row may answer with what is asked for of it, lists included: as much as a read of that row. */
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
  // What is put together by `concat` comes by one by one.
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

/** Not recursive, since a query may be nested as deeply as its sender likes. */
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

/** Classes of SQLSTATE: what the database does not know, a value that cannot be, a statement that is none, one that is too large. */
const SQLSTATE = /^(?:0A|22|42|54)[0-9A-Z]{3}$/;
/** Where CAP translates queries, and calculates with dates on SQLite: what fails there reaches no database. */
const TRANSLATION = /@cap-js[\\/](?:db-service[\\/]lib[\\/](?:cqn[24]sql|infer)|sqlite[\\/]lib[\\/]SQLiteService)\b/;

/** Whether a database that is well could not carry a query out. */
function isQueryAtFault(error: unknown, service: cds.ApplicationService): boolean {
  const { code, errcode, message = '', stack = '' } = error as Error & { code?: unknown; errcode?: unknown };
  const [, missing] = /^(?:no such table: |relation ")(\w+)/.exec(message) ?? [];
  if (missing) return hasNoTable(missing, service);
  // SQLite's "SQL logic error", and "datatype mismatch".
  if (errcode === 1 || errcode === 20) return true;
  if (typeof code === 'string') return SQLSTATE.test(code);
  const [thrownAt = ''] = /^ {4}at .*$/m.exec(stack) ?? [];
  return code === undefined && TRANSLATION.test(thrownAt);
}

/** Whether it is no mistake that a table is missing: rows of some entities come from other systems. */
function hasNoTable(table: string, service: cds.ApplicationService): boolean {
  const entities = Object.values(service.entities) as unknown as { name: string; '@cds.persistence.skip'?: boolean }[];
  const entity = entities.find(({ name }) => name.replaceAll('.', '_').toLowerCase() === table.toLowerCase());
  return entity?.['@cds.persistence.skip'] === true;
}
