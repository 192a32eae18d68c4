import { factsOf, factsOfConfiguration } from '../../../../srv/core/landscape/channels.ts';
import type { Channel } from '../../../../srv/core/landscape/types.ts';
import { modelOf } from './model.ts';

const none = new Map<string, string>();
const shown = ({ direction, adapter, participant, host, access, addressState, auxiliary }: Channel) =>
  [direction, adapter, participant, host, access, addressState, auxiliary ? 'auxiliary' : ''].join(' ').trim();

test('senders are pushed or polled, receivers are read or written to', () => {
  const model = modelOf({
    senders: [
      { name: 'Shop', adapter: 'HTTPS', properties: { urlPath: '/orders' } },
      { name: 'Bank', adapter: 'SFTP', properties: { host: 'sftp.bank.com:22' } },
    ],
    receivers: [
      {
        name: 'Prices',
        adapter: 'HTTP',
        properties: { httpAddressWithoutQuery: 'https://prices.corp.com/v1', httpMethod: 'GET' },
      },
      {
        name: 'Orders',
        adapter: 'HTTP',
        properties: { httpAddressWithoutQuery: 'https://orders.corp.com', httpMethod: 'POST' },
      },
      {
        name: 'S4',
        adapter: 'HCIOData',
        properties: {
          address: 'http://s4virtual:8000/sap',
          operation: 'Create(POST)',
          proxyType: 'sapcc',
          scc_location_id: 'EU',
        },
      },
      { name: 'ECC', adapter: 'RFC', properties: { destination: 'ECC_100' } },
    ],
  });
  const { channels } = factsOf(model, none);
  expect(channels.map(shown)).toEqual([
    'inbound HTTPS Shop  push resolved',
    'inbound SFTP Bank sftp.bank.com poll resolved',
    'outbound HTTP Prices prices.corp.com read resolved',
    'outbound HTTP Orders orders.corp.com unknown resolved',
    'outbound HCIOData S4 s4virtual write resolved',
    'outbound RFC ECC  unknown resolved',
  ]);
  expect(channels[4]).toMatchObject({ locationId: 'EU' });
  expect(channels[2]).toMatchObject({ locationId: null, reference: null });
  expect(channels[5]!.reference).toMatch(/^[0-9a-f]{32}$/);
});

test('a look-up is a call to its receiver, although the arrow runs the other way', () => {
  const model = modelOf({
    timer: true,
    lookUps: [
      {
        name: 'Northwind',
        adapter: 'HCIOData',
        properties: { address: 'https://nw.corp.com', operation: 'Create(POST)' },
      },
    ],
    senders: [{ name: 'Files', adapter: 'PollingSFTP', properties: { host: 'sftp.corp.com' }, step: 'Poll' }],
    steps: [{ id: 'Poll', element: 'serviceTask' }],
  });
  expect(factsOf(model, none)).toMatchObject({ timer: true });
  expect(factsOf(model, none).channels.map(shown)).toEqual([
    'inbound PollingSFTP Files sftp.corp.com read resolved',
    'outbound HCIOData Northwind nw.corp.com read resolved',
  ]);
});

test('participants without a message flow, flows without an adapter and dead processes are no channels', () => {
  const model = modelOf({
    senders: [{ name: 'Shop', adapter: 'HTTPS', properties: { urlPath: '/a' } }],
    receivers: [
      { name: 'Reply', adapter: '' },
      {
        name: 'Dead',
        adapter: 'HTTP',
        properties: { httpAddressWithoutQuery: 'https://dead.corp.com' },
        step: 'InDead',
      },
      {
        name: 'Local',
        adapter: 'HTTP',
        properties: { httpAddressWithoutQuery: 'https://local.corp.com' },
        step: 'InLocal',
      },
    ],
    steps: [
      { id: 'Call', properties: { processId: 'Process_Local' } },
      { id: 'InLocal', process: 'Process_Local', element: 'serviceTask' },
      { id: 'InDead', process: 'Process_Dead', element: 'serviceTask' },
    ],
  });
  model.participants.push({ id: 'Left', type: 'EndpointRecevier', name: 'Left lying about' });
  expect(factsOf(model, none).channels.map(({ participant }) => participant)).toEqual(['Shop', 'Local']);
});

test('an expression is looked up among the constants of the model', () => {
  const row = (name: string, type: string, value: string) =>
    `<row><cell id='Action'>Create</cell><cell id='Type'>${type}</cell><cell id='Value'>${value}</cell><cell id='Name'>${name}</cell></row>`;
  const modifier = (properties: string) => ({ properties: { activityType: 'Enricher', propertyTable: properties } });
  const receivers = [
    { name: 'A', adapter: 'HTTP', properties: { httpAddressWithoutQuery: 'https://${property.One}/x' } },
    { name: 'B', adapter: 'HTTP', properties: { httpAddressWithoutQuery: 'https://${property.Two}/x' } },
    { name: 'C', adapter: 'HTTP', properties: { httpAddressWithoutQuery: 'https://${property.Computed}/x' } },
  ];
  const steps = [
    { id: 'M1', ...modifier(row('One', 'constant', '{{CRM Host}}') + row('Two', 'constant', 'a.corp.com')) },
    { id: 'M2', ...modifier(row('Two', 'constant', 'b.corp.com') + row('Computed', 'xpath', '//Host')) },
  ];
  const { channels } = factsOf(modelOf({ receivers, steps }), new Map([['CRM Host', 'crm.corp.com']]));
  expect(channels.map(({ host, addressState }) => [host, addressState])).toEqual([
    ['crm.corp.com', 'resolved'],
    [null, 'dynamic'],
    [null, 'dynamic'],
  ]);
});

test('log-on and alert targets are auxiliary, unless there is no other receiver', () => {
  const crm = { name: 'CRM', adapter: 'HTTP', properties: { httpAddressWithoutQuery: 'https://crm.corp.com' } };
  const token = {
    name: 'OAuth_Server',
    adapter: 'HTTP',
    properties: { httpAddressWithoutQuery: 'https://id.corp.com' },
  };
  const mail = { name: 'Admins', adapter: 'Mail', properties: { server: 'mail.corp.com:25' } };
  const auxiliary = (receivers: (typeof crm | typeof mail)[]) =>
    factsOf(modelOf({ receivers: receivers }), none).channels.map((channel) => channel.auxiliary);
  expect(auxiliary([crm, token, mail])).toEqual([false, true, true]);
  expect(auxiliary([token, mail])).toEqual([false, false]);
});

test('of parameters only hosts are kept', () => {
  const secret = 'do-not-keep-this';
  const properties = {
    httpAddressWithoutQuery: 'https://{{user}}:{{password}}@{{host}}/{{path}}?key={{key}}',
    credentialName: '{{credential}}',
    httpMethod: '{{method}}',
  };
  const names = ['user', 'password', 'path', 'key', 'credential', 'method'];
  const parameters = new Map([...names.map((name) => [name, secret] as const), ['host', 'crm.corp.com'] as const]);
  const salesforce = { name: 'Sales', adapter: 'Salesforce', properties: { credentialName: '{{credential}}' } };
  const facts = factsOf(modelOf({ receivers: [{ name: 'CRM', adapter: 'HTTP', properties }, salesforce] }), parameters);
  expect(facts.channels[0]).toMatchObject({ host: 'crm.corp.com' });
  expect(JSON.stringify(facts)).not.toContain(secret);
});

test('without a model, names and the only host of the configuration are known', () => {
  const parameters = new Map([
    ['Host URL', 'https://s4.corp.com/sap'],
    ['Password', 'p'],
  ]);
  expect(factsOfConfiguration('C4C, Shop', 'S4', parameters).channels.map(shown)).toEqual([
    'inbound  C4C  push empty',
    'inbound  Shop  push empty',
    'outbound  S4 s4.corp.com unknown resolved',
  ]);
  expect(factsOfConfiguration('', 'S4,ECC', parameters).channels.map(({ host }) => host)).toEqual([null, null]);
});
