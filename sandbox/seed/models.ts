import type { ModelSpec } from '../cpi/models/spec.ts';
import {
  caller,
  http,
  jms,
  logOn,
  mail,
  odata,
  processDirect,
  rfc,
  salesforce,
  sftp,
  soap,
  type ChannelTruth,
  type End,
} from './ends.ts';
import { processes, systems } from './processes.ts';
import type { Process } from './processes.ts';

/** The real properties of an iFlow, for tests, with the names of the service's interface. */
export interface Truth {
  role: 'entry' | 'segment' | 'helper' | 'unconnected';
  pattern: 'push' | 'facade' | 'scheduled' | 'mixed' | 'internal' | null;
  channels: ChannelTruth[];
  /** Addresses at which it calls other iFlows. */
  calls: { via: 'ProcessDirect' | 'JMS'; address: string | null }[];
}

type Made = { spec: ModelSpec; truth: Truth };
type Parts = {
  senders?: End[];
  receivers?: End[];
  lookUps?: End[];
} & Omit<ModelSpec, 'senders' | 'receivers' | 'lookUps'> &
  Pick<Truth, 'role' | 'pattern'> & { calls?: Truth['calls'] };

function made({ senders = [], receivers = [], lookUps = [], role, pattern, calls = [], ...rest }: Parts): Made {
  const specs = (ends: End[]) => ends.map(({ end }) => end);
  return {
    spec: {
      ...rest,
      senders: specs(senders),
      receivers: specs(receivers),
      lookUps: specs(lookUps),
      idle: ['Receiver9'],
    },
    truth: { role, pattern, calls, channels: [...senders, ...receivers, ...lookUps].map(({ truth }) => truth) },
  };
}

/** Leftovers in the parameters of copied iFlows, which must never be shown. */
export const LEFT_OVER = { 'Old password': 'Sesame-2019!', 'Support <mail>': 'support.team@halvorsen.test' };

/** The address that several packages share. */
const NOTIFY = '/common/notify';

/**
 * The model of the n-th topic of a package. One calls the next by ProcessDirect, two are linked by a queue, the others
 * differ from package to package.
 */
export function modelOf(process: Process, topic: number, from: string, to: string): Made {
  const number = processes.indexOf(process);
  const { packageId } = process;
  const step = `/${packageId}/step`;
  const queue = `${packageId}.Q1`;
  const name = (code: string) => (systems[code] ?? code).replace(/[^A-Za-z0-9]+/g, '_');
  switch (topic) {
    case 0: {
      const address = number === 11 ? NOTIFY : step;
      return made({
        senders: [caller('HTTPS', `/${packageId}/in`, name(from))],
        receivers: [processDirect('outbound', '{{Next step}}')],
        parameters: { 'Next step': address, ...LEFT_OVER },
        role: 'entry',
        pattern: 'push',
        calls: [{ via: 'ProcessDirect', address }],
      });
    }
    case 1:
      return made({
        senders: [processDirect('inbound', number === 12 || number === 13 ? NOTIFY : step)],
        receivers: [soap(to)],
        role: 'segment',
        pattern: 'internal',
      });
    case 2:
      return made({
        timer: true,
        receivers: [odata(from, 'Query(GET)'), number % 3 ? http(to, 'POST') : http(to, 'PUT')],
        role: 'entry',
        pattern: 'scheduled',
      });
    case 3:
      if (number % 4 === 3) return dynamic(packageId, name(from), to);
      return made({
        senders: [caller('HTTPS', `/${packageId}/read`, 'Sender')],
        receivers: [odata(to, 'Query(GET)'), http(to, 'GET', { name: `${name(to)}_Details` })],
        dead: [
          {
            name: 'Old_System',
            adapter: 'HTTP',
            properties: { httpAddressWithoutQuery: 'https://old.halvorsen.test' },
          },
        ],
        role: 'entry',
        pattern: 'facade',
      });
    case 4:
      return files(number, packageId, from, to);
    case 5:
      return made({
        senders: [caller('SOAP', `/${packageId}/queue`, 'Sender1')],
        receivers: [jms('outbound', queue)],
        role: 'entry',
        pattern: 'push',
        calls: [{ via: 'JMS', address: queue }],
      });
    default:
      return made({
        senders: [jms('inbound', queue)],
        receivers: [http(to, 'PUT'), logOn(to), mail()],
        role: 'segment',
        pattern: 'internal',
      });
  }
}

/** Files and documents, in four ways; two models cannot be read. */
function files(number: number, packageId: string, from: string, to: string): Made {
  if (number === 5) return { ...unreadable, spec: { ...unreadable.spec, fault: 'noZip' } };
  if (number === 6) return { ...unreadable, spec: { ...unreadable.spec, fault: 'documentType' } };
  switch (number % 4) {
    case 0:
      return made({
        senders: [caller('IDOC', `/${packageId}/idoc`, 'ERP')],
        receivers: [sftp('outbound', '{{SFTP: host & port}}', to)],
        parameters: { 'SFTP: host & port': hostAndPort(to), ...LEFT_OVER },
        role: 'entry',
        pattern: 'push',
      });
    case 1:
      return made({
        senders: [sftp('inbound', hostAndPort(from), from)],
        receivers: [rfc()],
        lookUps: [odata(to, 'Query(GET)', { name: 'Look_up_partner' })],
        role: 'entry',
        pattern: 'mixed',
      });
    case 2:
      return made({ timer: true, receivers: [salesforce()], role: 'entry', pattern: 'scheduled' });
    default:
      return made({
        senders: [caller('HTTPS', `/${packageId}/document`, 'Sender')],
        receivers: [
          http(to, 'POST', {
            name: 'Receiver',
            host: null,
            locationId: null,
            addressState: 'unset',
            properties: {
              httpAddressWithoutQuery: 'https://{{Host of partner}}/x',
              proxyType: 'default',
              locationID: '',
            },
          }),
        ],
        parameters: { 'Host of partner': '<host of the partner>' },
        role: 'entry',
        pattern: 'push',
      });
  }
}

/** The address is assembled at runtime: once from a constant, once by a script. */
function dynamic(packageId: string, sender: string, to: string): Made {
  const { truth } = http(to, 'PUT');
  const open = { locationID: '', proxyType: 'default' };
  return made({
    senders: [caller('HTTPS', `/${packageId}/dynamic`, sender)],
    receivers: [
      http(to, 'PUT', {
        properties: { httpAddressWithoutQuery: 'https://${property.TargetHost}/api' },
      }),
      http(to, 'POST', {
        name: 'Receiver3',
        host: null,
        locationId: null,
        addressState: 'dynamic',
        properties: { ...open, httpAddressWithoutQuery: 'https://${header.Region}.halvorsen.test/api' },
      }),
      {
        ...processDirect('outbound', '${property.NextStep}'),
        truth: { ...processDirect('outbound', '').truth, addressState: 'dynamic' },
      },
    ],
    constants: { TargetHost: '{{Target host}}' },
    parameters: { 'Target host': truth.host ?? '' },
    role: 'entry',
    pattern: 'push',
    calls: [{ via: 'ProcessDirect', address: null }],
  });
}

const hostAndPort = (code: string) => `${http(code, 'GET').truth.host}:22`;

const unreadable: Made = {
  spec: { senders: [], receivers: [] },
  truth: { role: 'unconnected', pattern: null, channels: [], calls: [] },
};
