import cds from '@sap/cds';
import { addComesAfter } from './comes-after.ts';
import { parseSearch, type Search } from './search.ts';

const LOG = cds.log('leanix');

type Connection = {
  open: boolean;
  on(event: 'error', listener: (error: Error) => void): void;
  exec(sql: string): void;
};
type Factory = { create: (tenant?: string) => Promise<Connection> };

/** Settings for each new connection, by kind of database. */
const PREPARE: Record<string, (connection: Connection) => void> = {
  postgres: noticeEnd,
  // SQLite runs in this process, so a commit that waits for the disk would block all users. A process crash loses
  // nothing; a power failure may lose the last commits.
  sqlite: (connection) => connection.exec('PRAGMA synchronous = NORMAL'),
};

export function prepareConnections(): void {
  cds.on('connect', (service) => {
    const prepare = PREPARE[service.kind];
    if (!prepare) return;
    searchForAllWords(service);
    addComesAfter(service);
    const factory = (service as unknown as { pools: { _factory: Factory } }).pools._factory;
    const { create } = factory;
    factory.create = async (tenant) => {
      const connection = await create(tenant);
      prepare(connection);
      return connection;
    };
  });
}

/**
 * After a restart of PostgreSQL, @cap-js/postgres 2.3 keeps dead connections in its pool, and every request that gets
 * one fails. Marked as not open, they are replaced.
 */
function noticeEnd(connection: Connection): void {
  connection.on('error', ({ message }) => {
    connection.open = false;
    LOG.warn('A connection to the database broke off:', message);
  });
}

type Expression = { ref?: string[]; val?: unknown; func?: string; args?: Expression[]; list?: Expression[] };
/** The part of CAP's query translator that is used here: `expr` turns an expression into SQL. */
type Translator = { expr(expression: Expression): string };
type Functions = { search: (this: Translator, columns: Expression, words: { val: string }) => string };

/** @cap-js/db-service 3.1 searches for the first word only, on SQLite and PostgreSQL. */
function searchForAllWords(service: object): void {
  const { CQN2SQL } = (service as { class: { CQN2SQL: { Functions: Functions } } }).class;
  CQN2SQL.Functions.search = function (columns, { val }) {
    const list = columns.list ?? [columns];
    const contains = (text: string) =>
      list.map((column) => {
        const args = [column, { val: text }].map((arg) => ({ func: 'tolower', args: [arg] }));
        return this.expr({ func: 'contains', args });
      });
    const sql = (search: Search): string => {
      if ('not' in search) return `(not ${sql(search.not)})`;
      if ('and' in search) return `(${search.and.map(sql).join(' and ')})`;
      return `(${('or' in search ? search.or.map(sql) : contains(search.text)).join(' or ')})`;
    };
    const search = parseSearch(val);
    // The request was already checked; see srv/http/searches.ts.
    if (!search) throw Object.assign(new Error('SEARCH_INVALID'), { status: 400, code: 'SEARCH_INVALID' });
    return sql(search);
  };
}
