import fc from 'fast-check';
import { launchAccess } from '../../helpers/access/access.ts';

// Any input is either refused without a change, or accepted, and then its export can be imported again.

const app = await launchAccess();
const enterprise = app.as('enterprise');
const exported = async () => (await enterprise.get('access/exportConnectionPackage()')).body.value as string;
const jobs = async () => app.all('access/Jobs?$orderby=ID');
const imported = (bundle: string) => enterprise.post('access/importConnectionPackage', { bundle });

const odd = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1e308, '', ' ', '__proto__', 'valueOf', '\u0000', '\ud800', 'x'.repeat(1001)),
  fc.jsonValue({ maxDepth: 2 }),
);
/** Mostly valid values: if every element could be invalid, no package would ever be accepted. */
const mostly = <T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<unknown> = odd) =>
  fc.oneof({ weight: 40, arbitrary: right }, wrong);
const oneOf = (...right: unknown[]) => mostly(fc.constantFrom(...right));

const job = fc.record(
  {
    kind: oneOf('catalog', 'importAll', 'provision'),
    schedule: oneOf('off', 'hours', 'daily', 'weekly'),
    everyHours: oneOf(1, 24, 720),
    atTime: oneOf('00:00', '23:59:59'),
    weekday: oneOf('sunday'),
    timeZone: oneOf('UTC', 'europe/berlin', 'Asia/Kolkata'),
  },
  { requiredKeys: ['kind'] },
);
const mapping = fc.record({
  direction: oneOf('import', 'provision'),
  target: oneOf('firstName', 'lastName'),
  expression: oneOf('leanix.user.email', '"; "', 'a ? b : c'),
});
const configuration = fc.record(
  {
    name: oneOf('A', ' A ', 'Test', '__proto__', '<b>A</b>'),
    instantProvisioning: oneOf(true, false),
    peopleDestination: oneOf(null, ' PEOPLE ', ''),
    correlateBy: oneOf('email', 'userName', 'none'),
    dormantDays: oneOf(1, 3650),
    maxRemoved: oneOf(null, 0, 1_000_000),
    jobs: mostly(fc.uniqueArray(job, { maxLength: 3, selector: ({ kind }) => kind })),
    mappings: mostly(fc.array(mapping, { maxLength: 2 })),
  },
  { requiredKeys: ['name'] },
);
const configurations = mostly(fc.array(configuration, { minLength: 1, maxLength: 3 }), fc.constant([]));
const packages = fc
  .record({ version: mostly(fc.constant(1)), 'leanix_access.json': mostly(fc.record({ configurations })) })
  .map((bundle) => JSON.stringify(bundle));

test('any package: all or nothing, and no job of a connection without host is switched on', async () => {
  const own = await app.start();
  const seen = { stored: 0, refused: 0 };
  let before = [await exported(), await jobs()];
  const property = fc.asyncProperty(packages, async (bundle) => {
    const { status, body } = await imported(bundle);
    const [last, after] = [before, [await exported(), await jobs()]];
    before = after;
    if (status !== 200) {
      seen.refused++;
      expect(status >= 400 && status < 500).toBe(true);
      expect(body.error.code).toMatch(/^[A-Z]+(?:_[A-Z]+)+$/);
      expect(after).toEqual(last);
      return;
    }
    if (body.created + body.updated) seen.stored++;
    else expect(after).toEqual(last);
    const [text] = after as [string];
    for (const again of [bundle, text]) {
      expect(await imported(again)).toMatchObject({ status: 200, body: { created: 0, updated: 0, changes: [] } });
    }
    const on = (await jobs()).filter(({ schedule }) => schedule !== 'off');
    expect(on.filter(({ config_ID }) => config_ID !== own)).toEqual([]);
  });
  await fc.assert(property, { numRuns: 100 });
  // With too few accepted packages, the test would prove nothing.
  expect(seen.stored).toBeGreaterThan(10);
  expect(seen.refused).toBeGreaterThan(10);
});
