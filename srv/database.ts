import cds from '@sap/cds';

const LOG = cds.log('leanix');

type Connection = { open: boolean; on(event: 'error', listener: (error: Error) => void): void };
type Factory = { create: (tenant?: string) => Promise<Connection> };

/**
 * When PostgreSQL is restarted, each open connection emits an error. @cap-js/postgres 2.3 does not listen to it: the
 * connection would stay in the pool for good, and every request that gets it would fail. Marked as not open, it is
 * replaced by a new one.
 */
export function replaceBrokenConnections(): void {
  cds.on('connect', (service) => {
    if (service.kind !== 'postgres') return;
    const factory = (service as unknown as { pools: { _factory: Factory } }).pools._factory;
    const { create } = factory;
    factory.create = async (tenant) => {
      const connection = await create(tenant);
      connection.on('error', ({ message }) => {
        connection.open = false;
        LOG.warn('A connection to the database broke off:', message);
      });
      return connection;
    };
  });
}
