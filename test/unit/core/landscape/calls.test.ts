import fc from 'fast-check';
import { callsAmong, type Linked } from '../../../../srv/core/landscape/calls.ts';

const inbound = (address: string | null) => ({
  direction: 'inbound' as const,
  link: { via: 'ProcessDirect' as const, address },
});
const outbound = (address: string | null) => ({
  direction: 'outbound' as const,
  link: { via: 'ProcessDirect' as const, address },
});
const iflow = (id: string, ...channels: Linked['channels']): Linked => ({ id, packageId: id[0]!, channels });

test('an address leads to the iFlow that listens to it, compared as it stands', () => {
  const calls = callsAmong([
    iflow('a', outbound('/x'), outbound('/Y'), outbound(null)),
    iflow('b', inbound('/x')),
    iflow('c', inbound('/y')),
  ]);
  expect(calls).toEqual([
    { caller: 'a', called: 'b', via: 'ProcessDirect', address: '/x', status: 'resolved' },
    { caller: 'a', called: null, via: 'ProcessDirect', address: '/Y', status: 'unresolved' },
    { caller: 'a', called: null, via: 'ProcessDirect', address: null, status: 'dynamic' },
  ]);
});

test('a queue is no ProcessDirect address', () => {
  const queue = { direction: 'inbound' as const, link: { via: 'JMS' as const, address: '/x' } };
  expect(callsAmong([iflow('a', outbound('/x')), iflow('b', queue)])).toMatchObject([{ status: 'unresolved' }]);
});

test('of several partners the only one of the package is taken', () => {
  expect(
    callsAmong([iflow('a1', outbound('/x')), iflow('b1', inbound('/x')), iflow('a2', inbound('/x'))]),
  ).toMatchObject([{ called: 'a2', status: 'resolved' }]);
  expect(
    callsAmong([iflow('a1', outbound('/x')), iflow('b1', inbound('/x')), iflow('c1', inbound('/x'))]),
  ).toMatchObject([{ called: null, status: 'ambiguous' }]);
});

test('nobody calls itself, and each address is one call', () => {
  const address = fc.constantFrom('/a', '/b', '/c');
  const channel = fc.oneof(address.map(inbound), address.map(outbound));
  fc.assert(
    fc.property(fc.array(fc.array(channel, { maxLength: 4 }), { maxLength: 5 }), (all) => {
      const calls = callsAmong(all.map((channels, index) => iflow(`i${index}`, ...channels)));
      expect(calls.every(({ caller, called }) => caller !== called)).toBe(true);
      expect(new Set(calls.map(({ caller, address: to }) => `${caller} ${to}`)).size).toBe(calls.length);
    }),
  );
});
