import { parse } from 'dot-properties';
import fc from 'fast-check';
import { modelXml, propertiesFile } from '../../../../sandbox/cpi/models/render.ts';
import type { EndSpec, ModelSpec } from '../../../../sandbox/cpi/models/spec.ts';
import { callsAmong, type Linked } from '../../../../srv/core/landscape/calls.ts';
import { factsOf } from '../../../../srv/core/landscape/channels.ts';
import { patternOf, roleOf } from '../../../../srv/core/landscape/roles.ts';
import type { Facts } from '../../../../srv/core/landscape/types.ts';
import { parseModel } from '../../../../srv/cpi/models/xml.ts';

// Generated models, written as XML and properties files and read again.

const SECRET = 'Sesame-2019!';
/** Names of people and parameters that break XML, properties files, and careless searches for placeholders. */
const name = fc.string({
  unit: fc.constantFrom(...'abcXYZ 09:=#!\\/.-_()<>&"\'äöü'),
  minLength: 1,
  maxLength: 20,
});
const host = fc.stringMatching(/^[a-z][a-z0-9]{0,8}\.[a-z]{2,6}\.corp$/);

type Address = { text: string; host: string | null; parameter?: [string, string] };
const address: fc.Arbitrary<Address> = fc.oneof(
  host.map((one) => ({ text: `https://${one}:8443/path`, host: one })),
  fc.tuple(host, name).map(([one, key]): Address => ({
    text: `https://{{${key}}}/path`,
    host: one,
    parameter: [key, one],
  })),
  name.map((key): Address => ({ text: `https://{{${key}}}/path`, host: null, parameter: [key, ''] })),
  fc.constant({ text: '', host: null }),
  fc.constant({ text: 'https://${header.any}/path', host: null }),
);
type End = { end: EndSpec; host: string | null; parameter?: [string, string] };
const called = fc
  .tuple(name, address, fc.constantFrom('GET', 'POST', 'PUT'))
  .map(([participant, { text, ...rest }, httpMethod]): End => ({
    end: { name: participant, adapter: 'HTTP', properties: { httpAddressWithoutQuery: text, httpMethod } },
    ...rest,
  }));
const sender = fc.tuple(name, fc.constantFrom('HTTPS', 'SOAP', 'IDOC')).map(([participant, adapter]): End => ({
  end: { name: participant, adapter, properties: { urlPath: '/in', address: '/in' } },
  host: null,
}));
const model = fc.record({
  timer: fc.boolean(),
  senders: fc.array(sender, { maxLength: 2 }),
  receivers: fc.array(called, { maxLength: 4 }),
  lookUps: fc.array(called, { maxLength: 2 }),
  dead: fc.array(called, { maxLength: 2 }),
  idle: fc.array(name, { maxLength: 3 }),
  // Each parameter has one value: the last one with the same name, as in the file.
  leftOver: name,
});
type Drawn = typeof model extends fc.Arbitrary<infer T> ? T : never;

/** The value at runtime. */
function read(drawn: Drawn): { facts: Facts; wanted: End[]; parameters: Record<string, string> } {
  const { leftOver, ...ends } = drawn;
  const all = [...ends.senders, ...ends.receivers, ...ends.lookUps, ...ends.dead];
  const parameters = Object.fromEntries([
    [leftOver, SECRET],
    ...all.flatMap(({ parameter }) => (parameter ? [parameter] : [])),
  ]);
  const specs = (list: End[]) => list.map(({ end }) => end);
  const spec: ModelSpec = {
    timer: ends.timer,
    senders: specs(ends.senders),
    receivers: specs(ends.receivers),
    lookUps: specs(ends.lookUps),
    dead: specs(ends.dead),
    idle: ends.idle,
    parameters,
  };
  const values = new Map(Object.entries(parse(propertiesFile(parameters)) as Record<string, string>));
  expect(Object.fromEntries(values)).toEqual(parameters);
  return {
    facts: factsOf(parseModel(modelXml(spec)), values),
    wanted: [...ends.senders, ...ends.receivers, ...ends.lookUps],
    parameters,
  };
}

test('every connected channel is found, none is invented, and nothing of other parameters is kept', () => {
  fc.assert(
    fc.property(model, (drawn) => {
      const { facts, wanted, parameters } = read(drawn);
      expect(facts.timer).toBe(drawn.timer);
      expect(facts.channels.map(({ participant, adapter }) => [participant, adapter])).toEqual(
        wanted.map(({ end }) => [end.name, end.adapter]),
      );
      expect(facts.channels.map((one) => one.host)).toEqual(
        wanted.map(({ host: own, parameter }) => (parameter ? hostOf(parameters[parameter[0]]!) : own)),
      );
      const directions = facts.channels.map(({ direction }) => direction);
      expect(directions.filter((one) => one === 'inbound')).toHaveLength(drawn.senders.length);
      expect(JSON.stringify(facts)).not.toContain(SECRET);
    }),
    { numRuns: 400 },
  );
});

/** The host in the value of a parameter; null if it must not be shown. */
const hostOf = (value: string) => (value === SECRET || value === '' ? null : value);

test('role and pattern follow from what starts it and what it uses', () => {
  fc.assert(
    fc.property(model, (drawn) => {
      const { facts } = read(drawn);
      const starts = drawn.timer || drawn.senders.length > 0;
      expect(roleOf(facts)).toBe(starts ? 'entry' : 'unconnected');
      expect(patternOf(facts) === null).toBe(!starts);
      if (drawn.timer) expect(patternOf(facts)).toBe(drawn.senders.length ? 'mixed' : 'scheduled');
    }),
    { numRuns: 200 },
  );
});

const linked = fc
  .array(
    fc.record({
      packageId: fc.constantFrom('A', 'B', null),
      channels: fc.array(
        fc.record({
          direction: fc.constantFrom('inbound' as const, 'outbound' as const),
          link: fc.record({
            via: fc.constantFrom('JMS' as const, 'ProcessDirect' as const),
            address: fc.constantFrom('/a', '/b', '/A', 'q', null),
          }),
        }),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 8 },
  )
  .map((list) => list.map((one, n): Linked => ({ id: `F${n}`, ...one })));

test('a call leads to one iFlow that has exactly this address, never to itself, in whatever order they are known', () => {
  fc.assert(
    fc.property(linked, (iflows) => {
      const calls = callsAmong(iflows);
      for (const { caller, called: partner, via, address: at, status } of calls) {
        expect(partner !== null).toBe(status === 'resolved');
        expect(partner).not.toBe(caller);
        const others = iflows.filter(
          ({ id, channels }) =>
            id !== caller &&
            channels.some(({ direction, link }) => direction === 'inbound' && link?.via === via && link.address === at),
        );
        if (status === 'resolved') expect(others.map(({ id }) => id)).toContain(partner);
        if (status === 'unresolved') expect(others).toEqual([]);
        if (status === 'ambiguous') expect(others.length).toBeGreaterThan(1);
        if (status === 'dynamic') expect(at).toBeNull();
      }
      const keys = (list: typeof calls) => list.map((call) => JSON.stringify(call)).sort();
      expect(keys(callsAmong(iflows.toReversed()))).toEqual(keys(calls));
      expect(new Set(keys(calls)).size).toBe(calls.length);
    }),
    { numRuns: 500 },
  );
});
