import type { DesigntimeArtifact, DesigntimeSet, RuntimeArtifact } from '../cpi/state.ts';
import { modelOf, type Truth } from './models.ts';
import { processes, systems } from './processes.ts';
import type { Process } from './processes.ts';
import type { Random } from './random.ts';

/** Milliseconds. */
export const day = 86_400_000;
/** The day on which the tenant was created. */
export const opening = Date.UTC(2023, 0, 9, 8);
/** Developers who deploy. */
export const people = ['ines.integration', 'farid.fassi', 'mei.mori', 'dilan.demir', 'sb-transport'].map(
  (name) => `${name}@halvorsen.example`,
);

/** The iFlow of a topic; a `<` after the topic means the other direction. */
export function flowOf(process: Process, topicWithDirection: string, random: Random): DesigntimeArtifact {
  const { packageId, lineOfBusiness } = process;
  const topic = topicWithDirection.replace('<', '');
  const [from, to] = topic === topicWithDirection ? [process.from, process.to] : [process.to, process.from];
  const [sender = '', receiver = ''] = [systems[from], systems[to]];
  const number = process.topics.indexOf(topicWithDirection);
  const flow = designed('IntegrationDesigntimeArtifacts', random, {
    id: idOf(process, topic, from, to),
    name: nameOf(process, topic, sender, receiver),
    packageId,
    description: random.pick([
      `Sends ${topic} from ${sender} to ${receiver}.`,
      `${topic}: takes the data from ${sender}, maps it and hands it over to ${receiver}. Owner: ${lineOfBusiness}.`,
      `Replicates ${topic} (${sender} → ${receiver}), every ${random.integer(2, 60)} minutes.`,
    ]),
    // Developers rarely fill these in.
    sender: random.chance(0.6) ? sender : '',
    receiver: random.chance(0.6) ? receiver : '',
  });
  return number < 0 ? flow : { ...flow, model: modelOf(process, number, from, to).spec };
}

/** The real connections of the iFlows, by artifact ID. */
export function truths(): Map<string, Truth> {
  return new Map(
    processes.flatMap((process) =>
      process.topics.map((topicWithDirection, number): [string, Truth] => {
        const topic = topicWithDirection.replace('<', '');
        const ends: [string, string] = [process.from, process.to];
        const [from, to] = topic === topicWithDirection ? ends : (ends.toReversed() as [string, string]);
        return [idOf(process, topic, from, to), modelOf(process, number, from, to).truth];
      }),
    ),
  );
}

function idOf({ prefix, style }: Process, topic: string, from: string, to: string): string {
  const words = topic.replace(/[^A-Za-z0-9 ]/g, '').split(' ');
  if (style === 'underscore') return [prefix, ...words, from, to].join('_');
  if (style === 'camel') return `${words.join('')}From${from}To${to}`;
  if (prefix === 'SAP') return `com.sap.PA_SE_IN.${from}2${to}.${words.join('')}.v1`;
  return `com.halvorsen.${prefix.toLowerCase()}.${words.join('').toLowerCase()}.v1`;
}

function nameOf({ prefix, style }: Process, topic: string, sender: string, receiver: string): string {
  if (style === 'underscore') return `${prefix} ${topic} - ${sender} to ${receiver}`;
  if (style === 'camel') return `${topic} from ${sender} to ${receiver}`;
  return `${sender} to ${receiver}: ${topic}`;
}

const others: [set: DesigntimeSet, name: string, topics: string[]][] = [
  [
    'ValueMappingDesigntimeArtifacts',
    'Value Mapping',
    [
      'Country Codes',
      'Currency Codes',
      'Units of Measure',
      'Payment Terms',
      'Plants',
      'Tax Codes',
      'Incoterms',
      'Company Codes',
      'Order Types',
    ],
  ],
  [
    'ScriptCollectionDesigntimeArtifacts',
    'Scripts',
    [
      'Logging',
      'Error Handling',
      'EDI Helpers',
      'Date and Time',
      'Header Handling',
      'Masking',
      'Bank Formats',
      'JSON Tools',
    ],
  ],
  [
    'MessageMappingDesigntimeArtifacts',
    'Mapping',
    [
      'IDoc to Order',
      'Order to EDIFACT',
      'Invoice to UBL',
      'Employee to IDoc',
      'CSV to Stock',
      'Statement to camt',
      'DESADV to Delivery',
    ],
  ],
];

/** Value mappings, script collections and message mappings, spread over the packages. */
export function otherDesigntime(random: Random): DesigntimeArtifact[] {
  return others.flatMap(([set, kind, topics]) =>
    topics.map((topic) =>
      designed(set, random, {
        id: `${kind} ${topic}`.replaceAll(' ', '_'),
        name: `${kind} ${topic}`,
        packageId: random.pick(processes.slice(0, 38)).packageId,
        description: `${topic}, used by several integration flows.`,
        sender: '',
        receiver: '',
      }),
    ),
  );
}

type Named = Pick<DesigntimeArtifact, 'id' | 'name' | 'packageId' | 'description' | 'sender' | 'receiver'>;

function designed(set: DesigntimeSet, random: Random, named: Named): DesigntimeArtifact {
  const createdAt = opening + random.integer(0, 600 * 24) * (day / 24);
  const modifiedAt = createdAt + random.integer(0, 200 * 24) * (day / 24);
  const [createdBy, modifiedBy] = [random.pick(people), random.pick(people)];
  return { set, ...named, version: versionOf(random), createdBy, createdAt, modifiedBy, modifiedAt };
}

const types: Record<DesigntimeSet, string> = {
  IntegrationDesigntimeArtifacts: 'INTEGRATION_FLOW',
  ValueMappingDesigntimeArtifacts: 'VALUE_MAPPING',
  MessageMappingDesigntimeArtifacts: 'MESSAGE_MAPPING',
  ScriptCollectionDesigntimeArtifacts: 'SCRIPT_COLLECTION',
};

/** The deployed state of a design-time artifact. */
export function deployed({ id, version, name, set, modifiedAt }: DesigntimeArtifact, random: Random): RuntimeArtifact {
  const deployedOn = modifiedAt + random.integer(60, 9_000) * 1000;
  return { id, version, name, type: types[set], deployedBy: random.pick(people), deployedOn, status: 'STARTED' };
}

/** A version from 1.0.0 to 2.3.14. */
export function versionOf(random: Random): string {
  if (random.chance(0.2)) return '1.0.0';
  return `${random.integer(1, 2)}.${random.integer(0, 3)}.${random.integer(0, 14)}`;
}

/** The version after this one. */
export function nextVersion(version: string): string {
  const [major, minor, patch] = version.split('.').map(Number);
  return `${major}.${minor}.${(patch ?? 0) + 1}`;
}
