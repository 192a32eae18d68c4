import type { EndSpec } from '../cpi/models/spec.ts';
import { systems } from './processes.ts';

/** The real properties of a channel, with the names of the service's interface. */
export interface ChannelTruth {
  direction: 'inbound' | 'outbound';
  adapter: string;
  participant: string;
  kind: 'external' | 'internal' | 'broker';
  host: string | null;
  locationId: string | null;
  access: 'push' | 'poll' | 'read' | 'write' | 'unknown';
  addressState: 'resolved' | 'dynamic' | 'empty' | 'unset';
  auxiliary: boolean;
}

/** A participant of a model, and what must be read from it. */
export interface End {
  end: EndSpec;
  truth: ChannelTruth;
}

/** Systems behind a Cloud Connector, with the location of it. */
const BEHIND: Record<string, { host: string; location: string }> = {
  S4: { host: 's4hana-prod', location: 'HQ' },
  EWM: { host: 'ewm-prod', location: 'HQ' },
  MES: { host: 'opcenter01', location: 'PLANT_BERGEN' },
  MDG: { host: 'mdg-prod', location: 'HQ' },
};

const placeOf = (code: string) => BEHIND[code] ?? { host: `${code.toLowerCase()}.halvorsen.test`, location: null };

/** Names of participants hold no blanks, and are often those of a call. */
const nameOf = (code: string) => (systems[code] ?? code).replace(/[^A-Za-z0-9]+/g, '_');

type Changes = {
  name?: string;
  direction?: 'inbound' | 'outbound';
  properties?: Record<string, string>;
} & Partial<ChannelTruth>;

function endOf(adapter: string, properties: Record<string, string>, changes: Changes): End {
  const { name = 'Receiver', properties: more, ...truth } = changes;
  return {
    end: { name, adapter, properties: { ...properties, ...more } },
    truth: {
      direction: 'outbound',
      adapter,
      participant: name,
      kind: 'external',
      host: null,
      locationId: null,
      access: 'unknown',
      addressState: 'resolved',
      auxiliary: false,
      ...truth,
    },
  };
}

/** The properties of the Cloud Connector in an adapter; each adapter spells the location differently. */
const proxy = (code: string, locationKey: string) => {
  const { location } = placeOf(code);
  return location === null
    ? { proxyType: 'default', [locationKey]: '' }
    : { proxyType: 'sapcc', [locationKey]: location };
};

const at = (code: string) => ({ host: placeOf(code).host, locationId: placeOf(code).location });

/** A caller of the tenant: only the name identifies it. */
export const caller = (adapter: 'HTTPS' | 'SOAP' | 'IDOC', path: string, name: string): End =>
  endOf(
    adapter,
    { [adapter === 'HTTPS' ? 'urlPath' : 'address']: path, userRole: 'ESBMessaging.send' },
    { name, direction: 'inbound', access: 'push' },
  );

export const http = (code: string, method: string, changes: Changes = {}): End =>
  endOf(
    'HTTP',
    {
      httpAddressWithoutQuery: `https://${placeOf(code).host}/api/v1/resources`,
      httpAddressQuery: 'top=100',
      httpMethod: method,
      ...proxy(code, 'locationID'),
    },
    {
      name: nameOf(code),
      ...at(code),
      access: method === 'GET' ? 'read' : method === 'POST' ? 'unknown' : 'write',
      ...changes,
    },
  );

export const odata = (code: string, operation: 'Query(GET)' | 'Create(POST)', changes: Changes = {}): End =>
  endOf(
    'HCIOData',
    {
      address: `https://${placeOf(code).host}:443/sap/opu/odata/sap/API_SRV`,
      resourcePath: 'A_Record',
      operation,
      ...proxy(code, 'scc_location_id'),
    },
    { name: nameOf(code), ...at(code), access: operation === 'Query(GET)' ? 'read' : 'write', ...changes },
  );

export const soap = (code: string): End =>
  endOf(
    'SOAP',
    { address: `https://${placeOf(code).host}/sap/bc/srt/xip/document`, ...proxy(code, 'location_id') },
    { name: `${nameOf(code)}_Post_Document`, ...at(code) },
  );

/** @param host as it stands in the model, parameters included */
export const sftp = (direction: 'inbound' | 'outbound', host: string, code: string): End =>
  endOf(
    'SFTP',
    { host, path: '/out', fileName: 'data.xml', credential_name: 'SFTP_USER', ...proxy('BANK', 'location_id') },
    {
      name: direction === 'inbound' ? 'Sender' : nameOf(code),
      direction,
      host: placeOf(code).host,
      access: direction === 'inbound' ? 'poll' : 'write',
    },
  );

export const processDirect = (direction: 'inbound' | 'outbound', address: string): End =>
  endOf(
    'ProcessDirect',
    { address },
    {
      name: direction === 'inbound' ? 'Sender' : 'Receiver1',
      direction,
      kind: 'internal',
      access: direction === 'inbound' ? 'push' : 'unknown',
    },
  );

export const jms = (direction: 'inbound' | 'outbound', queue: string): End =>
  endOf(
    'JMS',
    { [direction === 'inbound' ? 'QueueName_inbound' : 'QueueName_outbound']: queue },
    {
      name: direction === 'inbound' ? 'Sender' : 'Receiver2',
      direction,
      kind: 'internal',
      access: direction === 'inbound' ? 'poll' : 'write',
    },
  );

/** A product's own adapter: the credential contains the address. */
export const salesforce = (): End =>
  endOf(
    'Salesforce',
    { oauthCredentialName: 'SALESFORCE_OAUTH', operation: 'upsert' },
    { name: 'Salesforce', access: 'write', addressState: 'empty' },
  );

export const rfc = (): End => endOf('RFC', { destination: 'S4_RFC' }, { name: 'RFC_Z_POST', access: 'unknown' });

/** Notifies people of errors. */
export const mail = (): End =>
  endOf(
    'Mail',
    { server: 'smtp.halvorsen.test:587', user: 'MAIL_USER', proxyType: 'none' },
    { name: 'Alert_Mail', host: 'smtp.halvorsen.test', access: 'write', auxiliary: true },
  );

/** A token endpoint. */
export const logOn = (code: string): End =>
  http(code, 'POST', { name: `${nameOf(code)}_OAuth_Token`, auxiliary: true });
