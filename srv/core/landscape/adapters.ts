import type { Access, ChannelKind, Direction } from './types.ts';

/**
 * Where the host stands in the properties of an adapter's message flow, and how it is written: in a URL, as `host:port`,
 * or as either of both, of which only what has a scheme, a port or a dot is a host.
 */
export type AddressRule = { keys: readonly string[]; form: 'url' | 'host' | 'loose' };

const url = (...keys: string[]): AddressRule => ({ keys, form: 'url' });
const host = (...keys: string[]): AddressRule => ({ keys, form: 'host' });

const RULES: Readonly<Record<string, AddressRule>> = {
  HTTP: url('httpAddressWithoutQuery'),
  HTTPS: url('urlPath'),
  XI: url('Address', 'Address_inbound'),
  AS2: url('receipientURL', 'address'),
  SFTP: host('host'),
  PollingSFTP: host('host'),
  FTP: host('host'),
  PollingFTP: host('host'),
  SMB: host('host'),
  Mail: host('server'),
  AMQP: host('host'),
  AdvancedEventMesh: host('host'),
  Kafka: host('hosts', 'host', 'bootstrapServers'),
  ProcessDirect: url('address'),
  JMS: url('QueueName_inbound', 'QueueName_outbound'),
  DataStoreConsumer: url('storageName'),
  // The name of a destination or data source, no address.
  RFC: url(),
  JDBC: url(),
};

const OTHERS: AddressRule = {
  keys: ['address', 'host', 'url', 'baseUrl', 'server', 'Address', 'hostname', 'pricefxHost', 'firstUriPart'],
  form: 'loose',
};

export const addressRule = (adapter: string): AddressRule => RULES[adapter] ?? OTHERS;

/** Where the location of the Cloud Connector stands; each adapter has its own spelling. */
export const LOCATION_KEYS = ['locationID', 'location_id', 'scc_location_id', 'locationId'];

/** What names the other side of adapters that have no address. */
export const REFERENCE_KEYS: Readonly<Record<string, readonly string[]>> = {
  RFC: ['destination'],
  JDBC: ['alias'],
};

/** Where the credential stands: product adapters keep the address in it. */
export const CREDENTIAL_KEYS = [
  'credentialName',
  'alias',
  'credential_name',
  'oauthCredentialName',
  'basicCredentialName',
  'openConnectorAlias',
  'securityMaterial',
  'credentials',
];

const INTERNAL = new Set(['ProcessDirect', 'JMS', 'DataStoreConsumer']);
const BROKERS = new Set(['AMQP', 'AdvancedEventMesh', 'Kafka', 'RabbitMQ', 'Pricefx-MQ-Integration-Adapter']);
const POLLED = new Set([
  'SFTP',
  'FTP',
  'SMB',
  'Mail',
  'JMS',
  'DataStoreConsumer',
  'SuccessFactors',
  'JDBC',
  ...BROKERS,
]);
const WRITING = new Set(['SFTP', 'FTP', 'SMB', 'Mail', 'IDOC', 'XI', 'AS2', 'JMS', ...BROKERS]);
/** Adapters that are in general use; the others name the product at the other side. */
const COMMON = new Set([
  'HTTP',
  'HTTPS',
  'SOAP',
  'IDOC',
  'HCIOData',
  'ODataSender',
  'OpenConnectors',
  'ELSTER',
  'LDAP',
  'RFC',
  'JDBC',
  'CMIS',
  ...INTERNAL,
  ...BROKERS,
  ...WRITING,
  'PollingSFTP',
  'PollingFTP',
]);

export function kindOf(adapter: string): ChannelKind {
  if (INTERNAL.has(adapter)) return 'internal';
  return BROKERS.has(adapter) ? 'broker' : 'external';
}

export const isProduct = (adapter: string): boolean => adapter !== '' && !COMMON.has(adapter);

const READING = /^(?:get|head|query|read|select|list|search|fetch|download)/i;
const CHANGING = /^(?:put|patch|delete|create|update|upsert|insert|merge|upload|write|remove)/i;

/**
 * How a channel uses the other side.
 * @param operation HTTP method or operation of the adapter, parameters put in
 * @param within whether it runs inside a process, not at its start: a look-up or a poll enricher
 */
export function accessOf(adapter: string, direction: Direction, operation: string, within: boolean): Access {
  if (within) return 'read';
  if (direction === 'inbound') return POLLED.has(adapter) ? 'poll' : 'push';
  if (READING.test(operation)) return 'read';
  if (CHANGING.test(operation)) return 'write';
  return WRITING.has(adapter) ? 'write' : 'unknown';
}
