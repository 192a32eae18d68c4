import fc from 'fast-check';
import { parseBundle } from '../../../srv/settings/bundle.ts';
import { launch } from '../../helpers/app/app.ts';
import { everything } from '../../helpers/settings/settings.ts';

// Any bundle is either refused without a change, or accepted, and then all stored data is valid.

const app = await launch();
const admin = app.as('admin');
const exported = async () => (await admin.get('settings/exportSettings()')).body.value as string;

const odd = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, '', ' ', '[]', '__proto__', '\u0000', '\ud800', 'x'.repeat(1001)),
  fc.jsonValue({ maxDepth: 2 }),
);
/** Mostly valid values: if every element could be invalid, no bundle would ever be accepted. */
const mostly = <T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<unknown> = odd) =>
  fc.oneof({ weight: 30, arbitrary: right }, wrong);
const text = (right: string[], ...wrong: string[]) =>
  mostly(fc.constantFrom(...right), wrong.length ? fc.oneof(fc.constantFrom(...wrong), odd) : odd);

const mapping = fc.record(
  {
    iflowField: text(['name', 'id', 'Status'], 'colour'),
    leanixPath: text(['/name', '/alias', '/tags', '/release', '/lifecycle/active'], 'name', '/externalId'),
    writeMode: text(['always', 'onCreate']),
    position: mostly(fc.integer({ min: -5, max: 5 }), fc.oneof(fc.integer(), odd)),
  },
  { requiredKeys: ['iflowField', 'leanixPath'] },
);
const mappings = fc.oneof(
  { weight: 9, arbitrary: fc.uniqueArray(mapping, { maxLength: 3, selector: ({ leanixPath }) => leanixPath }) },
  fc.array(mapping, { maxLength: 3 }),
);
const known = fc.record(
  {
    name: text(['A', 'B', 'a', ' A ', 'Default', '<b>A</b>', '__proto__'], 'x'.repeat(101)),
    description: text(['Says what it is for', '', 'a; b → c']),
    leanixHost: text([app.sandbox.leanix.host], 'https://x', 'evilleanix.net'),
    factSheetType: text(['Interface', ' Application '], 'no type!'),
    artifactTypes: text(['INTEGRATION_FLOW', 'value_mapping, INTEGRATION_FLOW'], ',,'),
    tokenExpiresOn: text(['2031-01-31', '0001-01-01'], '2031-02-30', ''),
    mappings: mostly(mappings),
  },
  { requiredKeys: ['name'] },
);
const unknown = fc.tuple(fc.constantFrom('apiToken', 'constructor', '__proto__'), odd);
const configuration = fc.oneof(
  { weight: 30, arbitrary: known },
  fc.tuple(known, unknown).map(([config, extra]) => Object.fromEntries([...Object.entries(config), extra])),
);
const configurations = mostly(fc.array(configuration, { minLength: 1, maxLength: 3 }), fc.constant([]));
const nearlyRight = fc
  .record({
    version: mostly(fc.constant(1)),
    'leanix_config.json': mostly(fc.record({ configurations })),
  })
  .map((bundle) => JSON.stringify(bundle));
const bundles = fc.oneof(
  { weight: 6, arbitrary: nearlyRight },
  fc.json(),
  fc.string(),
  nearlyRight.map((bundle) => Buffer.from(bundle).toString('base64')),
  nearlyRight.chain((bundle) => fc.nat(bundle.length).map((end) => bundle.slice(0, end))),
);

const stored = async () => [await exported(), await everything(app)];

test('any text: all or nothing', async () => {
  const seen = { stored: 0, refused: 0 };
  let before = await stored();
  const property = fc.asyncProperty(bundles, async (bundle) => {
    const { status, body } = await admin.post('settings/importSettings', { bundle });
    const [last, after] = [before, await stored()];
    before = after;
    if (status === 200) {
      if (body.created + body.updated) seen.stored++;
      else expect(after).toEqual(last);
      // The stored data is valid: it can be imported again without a change.
      const [text] = after as [string];
      expect((await parseBundle(text)).length).toBeGreaterThan(0);
      const again = await admin.post('settings/importSettings', { bundle: text });
      expect(again).toMatchObject({ status: 200, body: { created: 0, updated: 0, changes: [] } });
      return;
    }
    seen.refused++;
    expect(status >= 400 && status < 500).toBe(true);
    expect(body.error.code).toMatch(/^[A-Z]+(?:_[A-Z]+)+$/);
    expect(after).toEqual(last);
  });
  await fc.assert(property, { numRuns: 150 });
  // With too few accepted bundles, the test would prove nothing.
  expect(seen.stored).toBeGreaterThan(15);
  expect(seen.refused).toBeGreaterThan(30);
});

test('any text at start-up: read, or refused with a code', async () => {
  await fc.assert(
    fc.asyncProperty(bundles, async (bundle) => {
      try {
        for (const config of await parseBundle(bundle)) expect(typeof config.name).toBe('string');
      } catch (error) {
        expect(error).toMatchObject({ status: expect.any(Number), code: expect.stringMatching(/^[A-Z_]+$/) });
      }
    }),
    { numRuns: 1000 },
  );
});
