import { bundleOf } from '../../../sandbox/cpi/models/bundle.ts';
import { modelXml } from '../../../sandbox/cpi/models/render.ts';
import { truths } from '../../../sandbox/seed/artifacts.ts';
import { LEFT_OVER } from '../../../sandbox/seed/models.ts';
import { tenant } from '../../../sandbox/seed/tenant.ts';
import { openModelReader } from '../../../srv/cpi/models/reader.ts';
import { patternOf, roleOf } from '../../../srv/core/landscape/roles.ts';

const reader = openModelReader();
afterAll(() => reader.close());

const flows = tenant().seed.designtime.filter(({ model }) => model);

test('what is read from each model of the company is what it connects', async () => {
  const known = truths();
  expect(flows.length).toBeGreaterThan(250);
  let faults = 0;
  for (const flow of flows) {
    const bundle = new Uint8Array(bundleOf(flow, flow.model!));
    if (flow.model!.fault) {
      faults++;
      const problem = reader.read(bundle).catch((error: unknown) => error);

      expect(((await problem) as { code?: string }).code).toMatch(/^MODEL_(?:INVALID|HAS_DTD)$/);
      continue;
    }

    const facts = await reader.read(bundle);
    const truth = known.get(flow.id)!;
    const channels = facts.channels.map(({ link: _link, reference: _reference, ...channel }) => channel);
    expect({ id: flow.id, role: roleOf(facts), pattern: patternOf(facts), channels }).toEqual({
      id: flow.id,
      role: truth.role,
      pattern: truth.pattern,
      channels: truth.channels,
    });
    const calls = facts.channels.flatMap(({ direction, link }) => (direction === 'outbound' && link ? [link] : []));
    expect(calls).toEqual(truth.calls);
    for (const secret of Object.values(LEFT_OVER)) expect(JSON.stringify(facts)).not.toContain(secret);
  }
  expect(faults).toBe(2);
});

test('the models of the company have all kinds of adapters, states and roles', () => {
  const all = [...truths().values()];
  const of = <T>(pick: (truth: (typeof all)[number]) => T[]) => [...new Set(all.flatMap(pick))].sort();
  expect(of(({ role }) => [role])).toEqual(['entry', 'segment', 'unconnected']);
  expect(of(({ pattern }) => [pattern ?? '-'])).toEqual(['-', 'facade', 'internal', 'mixed', 'push', 'scheduled']);
  expect(of(({ channels }) => channels.map(({ addressState }) => addressState))).toEqual([
    'dynamic',
    'empty',
    'resolved',
    'unset',
  ]);
  expect(of(({ channels }) => channels.map(({ adapter }) => adapter)).length).toBeGreaterThan(9);
});

test('bundles tell no size in their local headers, and a model can be made as long as it is wanted', () => {
  const [flow] = flows;
  const bundle = bundleOf(flow!, flow!.model!);
  expect(bundle.readUInt32LE(0)).toBe(0x04034b50);
  expect([bundle.readUInt16LE(6) & 8, bundle.readUInt32LE(18)]).toEqual([8, 0]);
  expect(modelXml({ senders: [], receivers: [], size: 60_000 }).length).toBeGreaterThan(60_000);
});
