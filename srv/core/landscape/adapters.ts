import type { Access, ChannelKind, Direction } from './types.ts';

/**
 * The properties of a message flow that contain the host, and their format: a URL, `host:port`, or either of them. In
 * the last case, only texts with a scheme, a port or a dot are hosts.
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
  // The name of a destination or data source, not an address.
  RFC: url(),
  JDBC: url(),
};

const OTHERS: AddressRule = {
  keys: ['address', 'host', 'url', 'baseUrl', 'server', 'Address', 'hostname', 'pricefxHost', 'firstUriPart'],
  form: 'loose',
};

export const addressRule = (adapter: string): AddressRule => RULES[adapter] ?? OTHERS;

/** The properties for the location of the Cloud Connector; adapters use different spellings. */
export const LOCATION_KEYS = ['locationID', 'location_id', 'scc_location_id', 'locationId'];

/** The properties that identify the other side of adapters without an address. */
export const REFERENCE_KEYS: Readonly<Record<string, readonly string[]>> = {
  RFC: ['destination'],
  JDBC: ['alias'],
};

/** The properties for the credential. Adapters of products keep the address in it. */
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
/** Adapters in general use; all others name the product of the other side. */
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
 * @param operation HTTP method or operation of the adapter, with parameters replaced
 * @param within whether it is inside a process, not at its start: a look-up or a poll enricher
 */
export function accessOf(adapter: string, direction: Direction, operation: string, within: boolean): Access {
  if (within) return 'read';
  if (direction === 'inbound') return POLLED.has(adapter) ? 'poll' : 'push';
  if (READING.test(operation)) return 'read';
  if (CHANGING.test(operation)) return 'write';
  return WRITING.has(adapter) ? 'write' : 'unknown';
}
