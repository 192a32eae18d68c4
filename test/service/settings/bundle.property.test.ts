import fc from 'fast-check';
import { parseBundle } from '../../../srv/settings/bundle.ts';
import { launch } from '../../helpers/app.ts';
import { everything } from '../../helpers/settings.ts';

// Whatever is sent as a bundle, it is refused and nothing is changed, or it is taken and what is stored is valid.

const app = await launch();
const admin = app.as('admin');
const exported = async () => (await admin.get('settings/exportSettings()')).body.value as string;

const odd = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, '', ' ', '[]', '__proto__', '\u0000', '\ud800', 'x'.repeat(1001)),
  fc.jsonValue({ maxDepth: 2 }),
);
const name = fc.constantFrom('A', 'B', 'a', ' A ', 'Default', '<b>A</b>', '__proto__', 'x'.repeat(101));
const mapping = fc.record(
  {
    iflowField: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('name', 'id', 'Status') }, odd),
    leanixPath: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('/name', '/alias', '/tags', 'name', '/externalId') },
      odd,
    ),
    writeMode: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('always', 'onCreate') }, odd),
    position: fc.oneof({ weight: 5, arbitrary: fc.integer() }, odd),
  },
  { requiredKeys: ['iflowField', 'leanixPath'] },
);
const text = (...good: string[]) => fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...good) }, odd);
const configuration = fc.record(
  {
    name: fc.oneof({ weight: 8, arbitrary: name }, odd),
    description: text('Says what it is for'),
    leanixHost: text(app.sandbox.leanix.host, 'https://x', 'evilleanix.net'),
    factSheetType: text('Interface', 'no type!'),
    artifactTypes: text('INTEGRATION_FLOW', ',,'),
    tokenExpiresOn: text('2031-01-31', '2031-02-30'),
    mappings: fc.oneof({ weight: 5, arbitrary: fc.array(mapping, { maxLength: 3 }) }, odd),
    apiToken: odd,
    constructor: odd,
    ['__proto__']: odd,
  },
  { requiredKeys: ['name'] },
);
const nearlyRight = fc
  .record({
    version: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, odd),
    'leanix_config.json': fc.oneof(
      { weight: 9, arbitrary: fc.record({ configurations: fc.array(configuration, { maxLength: 3 }) }) },
      odd,
    ),
  })
  .map((bundle) => JSON.stringify(bundle));
const bundles = fc.oneof(
  { weight: 6, arbitrary: nearlyRight },
  fc.json(),
  fc.string(),
  nearlyRight.map((bundle) => Buffer.from(bundle).toString('base64')),
  nearlyRight.chain((bundle) => fc.nat(bundle.length).map((end) => bundle.slice(0, end))),
);

test('any text: all or nothing', async () => {
  const seen = { taken: 0, refused: 0 };
  const property = fc.asyncProperty(bundles, async (bundle) => {
    const before = [await exported(), await everything(app)];
    const { status, body } = await admin.post('settings/importSettings', { bundle });
    if (status === 200) {
      seen.taken++;
      const after = await exported();
      // What is stored is valid: it can be brought in again, and is there already.
      expect(parseBundle(after).length).toBeGreaterThan(0);
      const again = await admin.post('settings/importSettings', { bundle: after });
      expect(again).toMatchObject({ status: 200, body: { created: 0, updated: 0, changes: [] } });
      return;
    }
    seen.refused++;
    expect(status >= 400 && status < 500).toBe(true);
    expect(body.error.code).toMatch(/^[A-Z]+(?:_[A-Z]+)+$/);
    expect([await exported(), await everything(app)]).toEqual(before);
  });
  await fc.assert(property, { numRuns: 150 });
  expect(seen.taken).toBeGreaterThan(3);
  expect(seen.refused).toBeGreaterThan(30);
});

test('any text at start-up: read, or refused with a code', () => {
  fc.assert(
    fc.property(bundles, (bundle) => {
      try {
        for (const config of parseBundle(bundle)) expect(typeof config.name).toBe('string');
      } catch (error) {
        expect(error).toMatchObject({ status: expect.any(Number), code: expect.stringMatching(/^[A-Z_]+$/) });
      }
    }),
    { numRuns: 1000 },
  );
});
