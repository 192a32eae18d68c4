import type cds from '@sap/cds';
import { problem } from '../base/problem.ts';
import { aroundRequests } from './requests.ts';

/**
 * A query of a client that cannot be carried out is the client's to mend: 400 URL_INVALID, where CAP would speak of an
 * error of the server. Regular expressions are refused: on SQLite a single one can keep the process busy for ever.
 *
 * To be called after `init` of the service, see `aroundRequests`.
 */
export function guardQueries(service: cds.ApplicationService): void {
  aroundRequests(service, async (req, handle) => {
    if (req.event !== 'READ') return handle();
    if (hasPattern(req.query)) throw problem(400, 'URL_INVALID');
    try {
      return await handle();
    } catch (error) {
      throw isQueryAtFault(error, service) ? problem(400, 'URL_INVALID') : error;
    }
  });
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
