import type { FactSheet, Field, IFlow, Link, Rules, Tag } from '../../../../srv/core/catalog/types.ts';

/** Plain data for the tests of the core: each function takes only what its test is about. */

export const HOST = 'acme.it-cpi018.cfapps.eu10.hana.ondemand.com';
export const NOW = '2026-11-21T21:00:00.000Z';

export const iflow = (given: Partial<IFlow> = {}): IFlow => ({
  ID: given.artifactId ?? 'Orders',
  artifactId: 'Orders',
  name: 'Order Replication',
  version: '1.0.3',
  description: 'Sends orders to the ERP',
  packageId: 'Sales',
  packageName: 'Sales Processes',
  type: 'INTEGRATION_FLOW',
  status: 'Started',
  sender: null,
  receiver: null,
  deployedBy: 'jane@acme.example',
  deployedOn: '2026-03-01T08:30:00.000Z',
  ...given,
});

export const link = (given: Partial<Link> = {}): Link => ({
  status: given.factSheetId ? 'linked' : 'unknown',
  matchedBy: null,
  factSheetId: null,
  ownedTags: [],
  echoes: {},
  refused: [],
  clash: null,
  ...given,
});

export const factSheet = (given: Partial<FactSheet> = {}): FactSheet => ({
  id: 'fs-1',
  name: 'Order Replication',
  type: 'Interface',
  description: null,
  externalId: null,
  displayName: null,
  rev: 1,
  status: 'ACTIVE',
  tagIds: [],
  fields: {},
  ...given,
});

export const tag = (name: string, group: Partial<NonNullable<Tag['group']>> | null = null): Tag => ({
  id: `tag-${group?.name ? `${group.name}-` : ''}${name}`,
  name,
  group: group && {
    id: `group-${group.name}`,
    name: 'Group',
    mode: 'MULTIPLE',
    restrictToFactSheetTypes: [],
    ...group,
  },
});

export const status = { name: 'Runtime', mode: 'SINGLE' } as const;
export const started = tag('Started', status);
export const stopped = tag('Stopped', status);
export const managed = tag('CPI-Managed');
export const people = tag('Reviewed');

export const fields = new Map<string, Field>(
  (
    [
      ['alias', 'STRING', []],
      ['category', 'SINGLE_SELECT', ['api:API', 'logicalInterface:Logical Interface']],
      ['protocols', 'MULTIPLE_SELECT', ['odata:OData', 'soap:SOAP', 'rest:REST, plain']],
      ['size', 'INTEGER', []],
      ['ratio', 'DOUBLE', []],
      ['lifecycle', 'LIFECYCLE', []],
      ['artifactNo', 'EXTERNAL_ID', []],
    ] as const
  ).map(([name, type, values]) => {
    const options = values.map((value) => value.split(':') as [string, string]);
    return [name, { name, type, values: options.map(([key, label]) => ({ key, label })) }];
  }),
);

export const rules = (given: Partial<Rules> = {}): Rules => ({
  factSheetType: 'Interface',
  tenantHost: HOST,
  hasExternalId: true,
  mappings: [],
  category: null,
  defaultTags: [],
  library: [started, stopped, managed, people],
  fields,
  refusedPaths: new Map(),
  now: NOW,
  ...given,
});

/** Mapping rows from lines such as `name > /name` or `id > /alias once`. */
export const rows = (...lines: string[]): Rules['mappings'] =>
  lines.map((line, position) => {
    const [iflowField = '', , leanixPath = '', once] = line.split(' ');
    return { iflowField, leanixPath, writeMode: once ? 'onCreate' : 'always', position };
  });
