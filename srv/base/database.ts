import cds from '@sap/cds';

const LOG = cds.log('leanix');

type Connection = {
  open: boolean;
  on(event: 'error', listener: (error: Error) => void): void;
  exec(sql: string): void;
};
type Factory = { create: (tenant?: string) => Promise<Connection> };

/** What is done with each new connection, by kind of database. */
const PREPARE: Record<string, (connection: Connection) => void> = {
  postgres: noticeEnd,
  // Node.js is the database here: each commit that waits for the disk would make all users wait. What is committed
  // outlives the end of this process all the same; only after a power failure the last commits may be missing.
  sqlite: (connection) => connection.exec('PRAGMA synchronous = NORMAL'),
};

export function prepareConnections(): void {
  cds.on('connect', (service) => {
    const prepare = PREPARE[service.kind];
    if (!prepare) return;
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
 * When PostgreSQL is restarted, each open connection emits an error. @cap-js/postgres 2.3 does not listen to it: the
 * connection would stay in the pool for good, and every request that gets it would fail. Marked as not open, it is
 * replaced by a new one.
 */
function noticeEnd(connection: Connection): void {
  connection.on('error', ({ message }) => {
    connection.open = false;
    LOG.warn('A connection to the database broke off:', message);
  });
}
