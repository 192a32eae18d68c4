import fc from 'fast-check';
import { flowOf, partiesOf } from '../../../../srv/core/landscape/flow.ts';
import { patternOf, roleOf } from '../../../../srv/core/landscape/roles.ts';
import { labelOf, systemOf } from '../../../../srv/core/landscape/systems.ts';
import { isGeneric } from '../../../../srv/core/landscape/names.ts';
import type { Access, Channel } from '../../../../srv/core/landscape/types.ts';

const channel = (values: Partial<Channel>): Channel => ({
  direction: 'outbound',
  adapter: 'HTTP',
  participant: 'Receiver',
  kind: 'external',
  host: null,
  locationId: null,
  access: 'unknown',
  addressState: 'resolved',
  auxiliary: false,
  link: null,
  reference: null,
  ...values,
});
const sender = (access: Access = 'push', participant = 'Shop') =>
  channel({ direction: 'inbound', access, participant });
const inside = channel({ direction: 'inbound', adapter: 'ProcessDirect', kind: 'internal', access: 'push' });
const reads = (participant = 'ERP') => channel({ access: 'read', participant });
const writes = (participant = 'CRM') => channel({ access: 'write', participant });

test.each([
  ['a sender from outside', [sender(), writes()], false, 'entry', 'push'],
  ['a file that is polled', [sender('poll'), writes()], false, 'entry', 'push'],
  ['a sender that is answered with what is read', [sender(), reads()], false, 'entry', 'facade'],
  ['a sender, a look-up and a write', [sender(), reads(), writes()], false, 'entry', 'mixed'],
  ['a timer', [reads(), writes()], true, 'entry', 'scheduled'],
  ['another iFlow, and on to the outside', [inside, writes()], false, 'segment', 'internal'],
  ['another iFlow, and no further', [inside], false, 'helper', 'internal'],
  ['nothing', [writes()], false, 'unconnected', null],
])('started by %s', (_, channels, timer, role, pattern) => {
  expect(roleOf({ channels, timer })).toBe(role);
  expect(patternOf({ channels, timer })).toBe(pattern);
});

const flow = (channels: Channel[], timer = false) => {
  const own = { sender: null, receiver: null };
  return flowOf(
    { timer },
    channels.map((one) => ({ channel: one, system: systemOf(one, own)?.key ?? null })),
  );
};

test('a push comes from its sender and goes to what is written to; what it reads is looked up only', () => {
  expect(flow([sender(), writes()])).toEqual({
    source: 'name:shop',
    candidates: ['name:shop'],
    targets: ['name:crm'],
    certainty: 'sure',
  });
  expect(flow([sender(), reads(), writes()])).toMatchObject({
    source: 'name:shop',
    targets: ['name:crm'],
    certainty: 'proposed',
  });
  expect(flow([sender('push', 'Sender1'), writes()])).toMatchObject({ source: null, certainty: 'proposed' });
});

test('a façade answers its sender, a timer moves what it reads', () => {
  expect(flow([sender(), reads()])).toMatchObject({
    source: 'name:erp',
    targets: ['name:shop'],
    certainty: 'proposed',
  });
  expect(flow([reads(), writes()], true)).toMatchObject({
    source: 'name:erp',
    targets: ['name:crm'],
    certainty: 'sure',
  });
  expect(flow([reads(), writes('ERP')], true)).toMatchObject({
    source: 'name:erp',
    targets: [],
    certainty: 'proposed',
  });
  expect(flow([reads(), reads('HR'), writes()], true)).toMatchObject({
    source: null,
    candidates: ['name:erp', 'name:hr'],
  });
});

test('the provider is the source, or the system whose API is called', () => {
  const push = flow([sender(), writes()]);
  expect(partiesOf(push, 'source', true)).toEqual({ provider: 'name:shop', consumers: ['name:crm'] });
  expect(partiesOf(push, 'owner', true)).toEqual({ provider: 'name:crm', consumers: ['name:shop'] });
  expect(partiesOf(flow([sender(), writes(), writes('HR')]), 'owner', true)).toEqual({
    provider: null,
    consumers: ['name:shop'],
  });
});

test('a system is known by its host first, then by product, destination, name, or what the artifact says', () => {
  const own = { sender: 'C4C', receiver: 'S4, ECC' };
  const key = (values: Partial<Channel>) => systemOf(channel(values), own)?.key;
  expect(key({ host: 's4virtual', locationId: 'EU', participant: 'SAP_Read' })).toBe('host:EU/s4virtual');
  expect(key({ adapter: 'Salesforce', reference: 'digest', participant: 'Sales' })).toBe('Salesforce:digest');
  expect(key({ participant: 'S4HANA_Private-Edition' })).toBe('name:s4hanaprivateedition');
  expect(key({ direction: 'inbound', participant: 'Sender1' })).toBe('name:c4c');
  expect(key({ participant: 'Receiver' })).toBeUndefined();
  expect(key({ kind: 'internal', participant: 'Other_iFlow' })).toBeUndefined();
});

test('its label is the name that most channels give it', () => {
  const system = { host: 's4virtual', adapter: null, key: 'host:s4virtual' };
  expect(labelOf(['SAP_GetOrder', 'S4HANA', 'Receiver1', 'S4HANA'], system)).toBe('S4HANA');
  expect(labelOf(['Receiver1', 'HTTP'], system)).toBe('s4virtual');
});

test.each(['Sender', 'Receiver2', 'HTTP_Sender', 'SFTP', 'Test_Client', 'ProcessDirect'])(
  '%s tells no system',
  (name) => {
    expect(isGeneric(name)).toBe(true);
  },
);
test.each(['CRM', 'S4HANA', 'SAP_GTS_XI', 'Bloomberg'])('%s tells a system', (name) => {
  expect(isGeneric(name)).toBe(false);
});

test('no system is source and target at once, and only what is known is sure', () => {
  const any = fc.record({
    direction: fc.constantFrom('inbound' as const, 'outbound' as const),
    access: fc.constantFrom<Access>('push', 'poll', 'read', 'write', 'unknown'),
    participant: fc.constantFrom('Shop', 'ERP', 'CRM', 'Receiver', 'Sender1'),
    auxiliary: fc.boolean(),
    kind: fc.constantFrom('external' as const, 'internal' as const),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 6 }), fc.boolean(), (values, timer) => {
      const { source, candidates, targets, certainty } = flow(values.map(channel), timer);
      expect(targets).not.toContain(source);
      expect(source === null).toBe(candidates.length !== 1);
      if (certainty === 'sure') expect(source !== null && targets.length > 0).toBe(true);
    }),
  );
});
