import { launch } from '../../helpers/app/app.ts';
import { create, draft, everything, expectRefusal, mappingsOf, saved } from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');
const host = app.sandbox.leanix.host;

const bundleOf = (...configurations: unknown[]) =>
  JSON.stringify({ version: 1, 'leanix_config.json': { configurations } });
const importing = (bundle: unknown, dryRun?: boolean) => admin.post('settings/importSettings', { bundle, dryRun });
const exported = async () => (await admin.get('settings/exportSettings()')).body.value as string;
const configurations = async () =>
  (await admin.get('settings/LeanIXConfigs?$filter=IsActiveEntity eq true')).body.value;
const clear = async () => {
  for (const { ID } of await configurations()) await admin.delete(saved(ID));
};

const whole = {
  name: 'Whole',
  description: 'All that can be set, “quoted” – ü',
  leanixHost: host,
  leanixDestination: 'LEANIX',
  cpiDestination: 'CPI',
  artifactTypes: 'INTEGRATION_FLOW,VALUE_MAPPING',
  readModels: false,
  factSheetType: 'Interface',
  category: 'api',
  defaultTags: 'CPI-Managed, SAP-Integration',
  tokenExpiresOn: '2031-01-31',
  mappings: [
    { iflowField: 'name', leanixPath: '/name', writeMode: 'onCreate', position: 1 },
    { iflowField: 'Status', leanixPath: '/tags', writeMode: 'always', position: 2 },
  ],
};

beforeEach(clear);

test('what is exported comes back the same in an app that has nothing', async () => {
  await create(admin, whole);
  await create(admin, { name: 'Bare' });
  const text = await exported();
  expect(JSON.parse(text)).toMatchObject({ version: 1, 'leanix_config.json': { configurations: expect.any(Array) } });
  await clear();
  const answer = await importing(text);
  expect(answer).toMatchObject({ status: 200, body: { created: 2, updated: 0 } });
  expect(await exported()).toBe(text);
  expect((await configurations()).find(({ name }: any) => name === 'Whole')).toMatchObject({
    ...Object.fromEntries(Object.entries(whole).filter(([element]) => element !== 'mappings')),
    connectionStatus: null,
  });
  expect(await importing(text)).toMatchObject({ status: 200, body: { created: 0, updated: 0, changes: [] } });
});

test('base64 of a bundle is taken as well', async () => {
  const answer = await importing(Buffer.from(bundleOf(whole)).toString('base64'));
  expect(answer).toMatchObject({ status: 200, body: { created: 1 } });
});

test('a dry run says what it would change, and changes nothing', async () => {
  const ID = await create(admin, {
    name: 'Old',
    category: 'api',
    mappings: [{ iflowField: 'name', leanixPath: '/name' }],
  });
  const before = await everything(app);
  const bundle = bundleOf(
    { name: 'Old', category: 'batch', mappings: [{ iflowField: 'id', leanixPath: '/alias' }] },
    { name: 'New', factSheetType: 'Application' },
  );
  const { status, body } = await importing(bundle, true);
  expect({ status, created: body.created, updated: body.updated }).toEqual({ status: 200, created: 1, updated: 1 });
  expect(body.changes).toEqual(
    expect.arrayContaining([
      { name: 'Old', element: 'category', before: 'api', after: 'batch' },
      { name: 'Old', element: 'mappings', before: 'name → /name (always)', after: 'id → /alias (always)' },
      { name: 'New', element: 'factSheetType', before: null, after: 'Application' },
    ]),
  );
  expect(await everything(app)).toEqual(before);
  const done = await importing(bundle, false);
  expect(done.body.changes).toEqual(body.changes);
  expect((await admin.get(saved(ID))).body.category).toBe('batch');
  expect((await admin.get(mappingsOf(saved(ID)))).body.value).toMatchObject([
    { iflowField: 'id', leanixPath: '/alias' },
  ]);
});

test('what a bundle does not mention stays as it is', async () => {
  const ID = await create(admin, whole);
  expect((await importing(bundleOf({ name: 'Whole', category: 'batch' }))).body).toMatchObject({ updated: 1 });
  expect((await admin.get(saved(ID))).body).toMatchObject({ category: 'batch', factSheetType: 'Interface' });
  expect((await admin.get(mappingsOf(saved(ID)))).body.value).toHaveLength(2);
  await importing(bundleOf({ name: 'Whole', mappings: [] }));
  expect((await admin.get(mappingsOf(saved(ID)))).body.value).toHaveLength(0);
});

test('a draft that somebody is working on is left alone by an import, which is refused', async () => {
  const ID = await create(admin, { name: 'Open' });
  await admin.post(`${saved(ID)}/SettingsService.draftEdit`);
  await admin.patch(draft(ID), { category: 'mine' });
  const bundle = bundleOf({ name: 'Open', category: 'imported' });
  expectRefusal(await importing(bundle), 409, 'DRAFT_OPEN');
  expect((await admin.get(draft(ID))).body.category).toBe('mine');
  expect((await admin.get(saved(ID))).body.category).toBeNull();
  await admin.delete(draft(ID));
  expect((await importing(bundle)).body).toMatchObject({ updated: 1 });
});

describe('all of a bundle is refused, and nothing is changed,', () => {
  const fine = { name: 'Fine', category: 'api' };
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const WRONG: [string, unknown, string][] = [
    ['that is missing', null, 'BUNDLE_INVALID'],
    ['that is empty', '', 'BUNDLE_INVALID'],
    ['that is no JSON', '{"version":1,', 'BUNDLE_INVALID'],
    ['that is a list', '[]', 'BUNDLE_INVALID'],
    ['that is null', 'null', 'BUNDLE_INVALID'],
    ['that is a text', '"x"', 'BUNDLE_INVALID'],
    [
      'of another version',
      JSON.stringify({ version: 2, 'leanix_config.json': { configurations: [] } }),
      'BUNDLE_INVALID',
    ],
    ['without version', JSON.stringify({ 'leanix_config.json': { configurations: [] } }), 'BUNDLE_INVALID'],
    ['without its file', JSON.stringify({ version: 1 }), 'BUNDLE_INVALID'],
    ['with something else in it', JSON.stringify({ version: 1, 'other.json': {} }), 'BUNDLE_INVALID'],
    ['without a list', JSON.stringify({ version: 1, 'leanix_config.json': { configurations: {} } }), 'BUNDLE_INVALID'],
    ['with a null as configuration', bundleOf(fine, null), 'BUNDLE_INVALID'],
    ['with a text as configuration', bundleOf(fine, 'x'), 'BUNDLE_INVALID'],
    ['with an unknown key', bundleOf(fine, { name: 'A', colour: 'red' }), 'BUNDLE_INVALID'],
    ['with a key of its prototype', bundleOf(fine).replace('"category"', '"__proto__"'), 'BUNDLE_INVALID'],
    ['with a read-only element', bundleOf(fine, { name: 'A', connectionStatus: 'connected' }), 'BUNDLE_INVALID'],
    ['with an ID', bundleOf(fine, { name: 'A', ID: '1' }), 'BUNDLE_INVALID'],
    ['with a secret', bundleOf(fine, { name: 'A', apiToken: 'x' }), 'BUNDLE_INVALID'],
    ['without a name', bundleOf(fine, { category: 'x' }), 'NAME_REQUIRED'],
    ['with a number for a text', bundleOf(fine, { name: 'A', category: 5 }), 'BUNDLE_INVALID'],
    ['with an object for a text', bundleOf(fine, { name: 'A', category: { a: 1 } }), 'BUNDLE_INVALID'],
    ['with a date that is none', bundleOf(fine, { name: 'A', tokenExpiresOn: '2025-13-40' }), 'BUNDLE_INVALID'],
    ['with a day that no month has', bundleOf(fine, { name: 'A', tokenExpiresOn: '2025-02-30' }), 'BUNDLE_INVALID'],
    ['with the character NUL', bundleOf(fine, { name: 'A', description: 'a\0b' }), 'BUNDLE_INVALID'],
    ['with a name twice', bundleOf(fine, { name: 'A' }, { name: ' A ' }), 'BUNDLE_INVALID'],
    ['with a mapping that is no list', bundleOf(fine, { name: 'A', mappings: {} }), 'BUNDLE_INVALID'],
    ['with a null as mapping', bundleOf(fine, { name: 'A', mappings: null }), 'BUNDLE_INVALID'],
    ['with a null as mapping row', bundleOf(fine, { name: 'A', mappings: [null] }), 'BUNDLE_INVALID'],
    ['with an unknown key in a row', bundleOf(fine, { name: 'A', mappings: [{ a: 1 }] }), 'BUNDLE_INVALID'],
    ['with a position that is none', bundleOf(fine, { name: 'A', mappings: [{ position: 'x' }] }), 'BUNDLE_INVALID'],
    ['nested deeply', deep, 'BUNDLE_INVALID'],
    ['nested deeply inside', `{"version":1,"leanix_config.json":${deep}}`, 'BUNDLE_INVALID'],
    ['with a wrong host behind a right one', bundleOf(fine, { name: 'A', leanixHost: 'https://x' }), 'HOST_INVALID'],
    [
      'with another host than the destination’s',
      bundleOf(fine, { name: 'A', leanixHost: 'x.leanix.net' }),
      'HOST_MISMATCH',
    ],
  ];

  test.each(WRONG)('%s', async (_, bundle, code) => {
    await create(admin, { name: 'Fine', mappings: [{ iflowField: 'name', leanixPath: '/name' }] });
    const before = await everything(app);
    for (const dryRun of [true, false]) expectRefusal(await importing(bundle, dryRun), 400, code);
    expect(await everything(app)).toEqual(before);
  });

  test('whose parameters are of the wrong kind', async () => {
    const before = await everything(app);
    for (const body of [{ bundle: 5 }, { bundle: {} }, { bundle: bundleOf(fine), dryRun: 'yes' }, { other: 1 }, []]) {
      const { status } = await admin.post('settings/importSettings', body);
      expect(status).toBe(400);
    }
    expect(await everything(app)).toEqual(before);
  });

  test('larger than 2 MB', async () => {
    const before = await everything(app);
    const padded = (bytes: number) => bundleOf(fine) + ' '.repeat(bytes - bundleOf(fine).length);
    for (const size of [2 * 1024 * 1024 + 1, 7 * 1024 * 1024]) {
      expectRefusal(await importing(padded(size)), 413, 'BUNDLE_TOO_LARGE');
    }
    expect((await importing(padded(20 * 1024 * 1024))).status).toBe(413);
    expect(await everything(app)).toEqual(before);
    expect((await importing(padded(2 * 1024 * 1024))).status).toBe(200);
  });

  test('of more than 1000 connections', async () => {
    const before = await everything(app);
    const many = Array.from({ length: 1001 }, (_, n) => ({ name: `Number ${n}` }));
    const answer = await importing(bundleOf(...many));
    expectRefusal(answer, 400, 'BUNDLE_INVALID');
    expect(answer.body.error.message).toContain('more than 1000 connections');
    expect(await everything(app)).toEqual(before);
    expect(await importing(bundleOf(...many.slice(1)), true)).toMatchObject({ status: 200, body: { created: 1000 } });
  });

  test('of 2 MB that take much more as JSON text', async () => {
    const quotes = JSON.stringify({ version: 1, 'leanix_config.json': '"'.repeat(1024 * 1024 - 100) });
    expectRefusal(await importing(quotes), 400, 'BUNDLE_INVALID');
  });
});
