import { createHash } from 'node:crypto';
import {
  accessOf,
  addressRule,
  CREDENTIAL_KEYS,
  isProduct,
  kindOf,
  LOCATION_KEYS,
  REFERENCE_KEYS,
} from './adapters.ts';
import { lookUp, placeOf, putIn } from './address.ts';
import { constantsOf } from './constants.ts';
import { wordsOf } from './names.ts';
import { reachedProcesses } from './processes.ts';
import type {
  AddressState,
  Channel,
  Direction,
  Facts,
  MessageFlow,
  Model,
  Parameters,
  Participant,
  Step,
} from './types.ts';

/** All models spell the type of a receiver `EndpointRecevier`. */
const DIRECTIONS: Readonly<Record<string, Direction>> = {
  EndpointSender: 'inbound',
  EndpointRecevier: 'outbound',
  EndpointReceiver: 'outbound',
};

/** The properties with the operation at the other side; adapters use different spellings. */
const OPERATION_KEYS = ['httpMethod', 'operation', 'operationType', 'operaton'];

/**
 * The channels of an iFlow: its message flows with an adapter, between a reached step and a sender or receiver. The
 * type of the participant gives the direction, since arrows of look-ups point the other way.
 * @param parameters values of the externalized parameters in use
 */
export function factsOf(model: Model, parameters: Parameters): Facts {
  const participants = new Map(model.participants.map((one) => [one.id, one]));
  const steps = new Map(model.steps.map((step) => [step.id, step]));
  const reached = reachedProcesses(model);
  const constants = constantsOf(model, parameters);
  const channels: Channel[] = [];
  for (const flow of model.messageFlows) {
    const participant = endpointOf(flow, participants);
    const adapter = flow.properties['ComponentType']?.trim();
    const step = steps.get(flow.source) ?? steps.get(flow.target);
    if (!participant || !adapter || (step && !reached.has(step.process))) continue;
    channels.push(channelOf(flow, adapter, participant, step, (text) => lookUp(putIn(text, parameters), constants)));
  }
  const timer = model.steps.some(
    ({ events, process }) => events.includes('timerEventDefinition') && reached.has(process),
  );
  return { channels: markAuxiliary(channels), timer };
}

function endpointOf({ source, target }: MessageFlow, participants: ReadonlyMap<string, Participant>) {
  return [source, target].map((id) => participants.get(id)).find((one) => one && one.type in DIRECTIONS);
}

function channelOf(
  { properties, target, source }: MessageFlow,
  adapter: string,
  participant: Participant,
  step: Step | undefined,
  resolve: (text: string) => string,
): Channel {
  const direction = DIRECTIONS[participant.type]!;
  const rule = addressRule(adapter);
  const value = (keys: readonly string[]) => resolve(keys.map((key) => properties[key]).find(Boolean) ?? '').trim();
  const address = value(rule.keys);
  const kind = kindOf(adapter);
  const isPath = kind === 'internal' || (direction === 'inbound' && address.startsWith('/'));
  const { host, state } = isPath ? { host: null, state: linkState(address) } : placeOf(address, rule);
  // The arrow of a look-up begins at its receiver. The arrow of a sender ends at a start event, unless it is polled
  // within the process.
  const lookedUp = direction === 'outbound' && source === participant.id;
  const polled = direction === 'inbound' && target === step?.id && step.element !== 'startEvent';
  const isVirtual = host !== null && (value(['proxyType']) === 'sapcc' || !host.includes('.'));
  return {
    direction,
    adapter,
    participant: participant.name,
    kind,
    host,
    locationId: isVirtual ? value(LOCATION_KEYS) || null : null,
    access: accessOf(adapter, direction, value(OPERATION_KEYS), lookedUp || polled),
    addressState: rule.keys.length ? state : stateOf(value(REFERENCE_KEYS[adapter] ?? [])),
    auxiliary: false,
    link: linkOf(adapter, address),
    reference: host ? null : referenceOf(adapter, value),
  };
}

const stateOf = (text: string): AddressState => (text === '' ? 'empty' : text.includes('${') ? 'dynamic' : 'resolved');

function linkState(address: string): AddressState {
  return address.includes('{{') ? 'unset' : stateOf(address);
}

/** ProcessDirect addresses and queues are compared as they are, including leading slash and case. */
function linkOf(adapter: string, address: string): Channel['link'] {
  if (adapter !== 'ProcessDirect' && adapter !== 'JMS') return null;
  return { via: adapter, address: linkState(address) === 'resolved' ? address : null };
}

/** Two channels with the same reference lead to the same system. Names of destinations and credentials are not kept. */
function referenceOf(adapter: string, value: (keys: readonly string[]) => string): string | null {
  const keys = REFERENCE_KEYS[adapter] ?? (isProduct(adapter) ? CREDENTIAL_KEYS : []);
  const name = value(keys);
  if (!keys.length || (name === '' && !isProduct(adapter))) return null;
  return createHash('sha256').update(`${adapter} ${name}`).digest('hex').slice(0, 32);
}

const LOG_ON = new Set(['auth', 'oauth', 'token', 'login', 'logon', 'authentication', 'authorization']);
const TOLD = new Set([
  'error',
  'errors',
  'alert',
  'alerts',
  'alerting',
  'exception',
  'log',
  'logs',
  'logging',
  'monitoring',
]);
const MESSENGERS = new Set(['Mail', 'Slack']);

/** Marks receivers that only help, unless no others would be left. */
function markAuxiliary(channels: Channel[]): Channel[] {
  const helps = ({ participant, adapter }: Channel) =>
    MESSENGERS.has(adapter) || wordsOf(participant).some((word) => LOG_ON.has(word) || TOLD.has(word));
  const receivers = channels.filter(({ direction, kind }) => direction === 'outbound' && kind !== 'internal');
  if (receivers.every(helps)) return channels;
  return channels.map((channel) =>
    receivers.includes(channel) && helps(channel) ? { ...channel, auxiliary: true } : channel,
  );
}

/**
 * The facts if the model cannot be read: the names of senders and receivers of the artifact, and the host of a receiver
 * if there is exactly one of each.
 * @param sender names, separated by commas
 * @param parameters the configuration, of which only a host is used
 */
export function factsOfConfiguration(sender: string, receiver: string, parameters: Parameters): Facts {
  const named = (text: string, direction: Direction): Channel[] =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
      .map((participant) => ({
        ...UNREAD,
        direction,
        participant,
        access: direction === 'inbound' ? 'push' : 'unknown',
      }));
  const [receivers, hosts] = [named(receiver, 'outbound'), hostsOf(parameters)];
  if (receivers.length === 1 && hosts.length === 1)
    receivers[0] = { ...receivers[0]!, host: hosts[0]!, addressState: 'resolved' };
  return { channels: [...named(sender, 'inbound'), ...receivers], timer: false };
}

const UNREAD = {
  adapter: '',
  kind: 'external',
  host: null,
  locationId: null,
  addressState: 'empty',
  auxiliary: false,
  link: null,
  reference: null,
} as const;

function hostsOf(parameters: Parameters): string[] {
  const urls = [...parameters.values()].filter((value) => /^https?:\/\//i.test(value));
  const hosts = urls.map((value) => placeOf(value, { keys: [], form: 'url' }).host);
  return [...new Set(hosts.filter((host) => host !== null))];
}
