import { tiny } from '../../../sandbox/seed/tiny.ts';
import { launchAccess } from '../../helpers/access.ts';

const app = await launchAccess({ seed: tiny });
const enterprise = app.as('enterprise');

const exported = async () =>
  JSON.parse((await enterprise.get('access/exportConnectionPackage()')).body.value as string);
const imported = (bundle: unknown, dryRun = false) =>
  enterprise.post('access/importConnectionPackage', {
    bundle: typeof bundle === 'string' ? bundle : JSON.stringify(bundle),
    dryRun,
  });

test('the package of a new configuration has what it begins with, and can be brought in unchanged', async () => {
  await app.start();
  const bundle = await exported();
  expect(bundle).toMatchObject({
    version: 1,
    'leanix_access.json': {
      configurations: [{ name: 'Test', instantProvisioning: false, maxRemoved: 5, correlateBy: 'email' }],
    },
  });
  const [config] = bundle['leanix_access.json'].configurations;
  expect(config.mappings).toHaveLength(9);
  expect(config.jobs).toHaveLength(6);
  expect(JSON.stringify(bundle)).not.toContain(app.sandbox.leanix.host);
  expect((await imported(bundle)).body).toMatchObject({ created: 0, updated: 0, changes: [] });
});

test('another workspace comes in side by side, with its own limits, mapping and schedule', async () => {
  await app.start();
  const bundle = {
    version: 1,
    'leanix_access.json': {
      configurations: [
        {
          name: 'Second workspace',
          maxRemoved: 1,
          peopleDestination: 'PEOPLE',
          mappings: [{ direction: 'import', target: 'email', expression: '$lowercase(leanix.user.email)' }],
          jobs: [{ kind: 'importAll', schedule: 'daily', atTime: '04:00:00', timeZone: 'Europe/Berlin' }],
        },
      ],
    },
  };
  const dry = await imported(bundle, true);
  expect(dry.body).toMatchObject({ created: 1, updated: 0 });
  expect(dry.body.changes).toContainEqual({
    name: 'Second workspace',
    element: 'maxRemoved',
    before: null,
    after: '1',
  });
  expect(await app.all('access/Connections')).toHaveLength(1);

  expect((await imported(bundle)).status).toBe(200);
  const second = (await app.all('access/AccessConfigs?$expand=mappings')).find(({ name }) => name.startsWith('Second'));
  expect(second).toMatchObject({ maxRemoved: 1, maxCreated: 20, peopleDestination: 'PEOPLE' });
  expect(second.mappings).toHaveLength(1);
  const jobs = (await app.all('access/Jobs')).filter(({ config_ID }) => config_ID === second.ID);
  const daily = jobs.filter(({ schedule }) => schedule === 'daily');
  expect(daily).toMatchObject([{ kind: 'importAll', nextRunAt: expect.any(String) }]);
  expect((await imported(bundle)).body).toMatchObject({ created: 0, updated: 0, changes: [] });
  expect((await enterprise.post('access/importAll')).body.error.code).toBe('CONFIG_REQUIRED');
  expect((await enterprise.post('access/importAll', { config: second.ID })).body.error.code).toBe('NOT_CONFIGURED');
});

test.each([
  ['no JSON', 'BUNDLE_INVALID'],
  [{ version: 2 }, 'BUNDLE_INVALID'],
  [[{ name: 'Test', apiToken: 'secret' }], 'BUNDLE_INVALID'],
  [[{ name: 'Test', maxRemoved: -1 }], 'BUNDLE_INVALID'],
  [[{ name: 'Test', instantProvisioning: 'yes' }], 'BUNDLE_INVALID'],
  [[{ name: '' }], 'NAME_REQUIRED'],
  [[{ name: 'Test', jobs: [{ kind: 'importAll', timeZone: 'Nowhere' }] }], 'TIME_ZONE_UNKNOWN'],
  [[{ name: 'Test', jobs: [{ kind: 'coffee' }] }], 'BUNDLE_INVALID'],
  [[{ name: 'Test', mappings: [{ direction: 'import', target: 'email', expression: '(' }] }], 'EXPRESSION_INVALID'],
  [
    [
      { name: 'New', maxRemoved: 1 },
      { name: 'Test', correlateBy: 'shoeSize' },
    ],
    'BUNDLE_INVALID',
  ],
])('%j is refused, and nothing changes', async (wrong, code) => {
  await app.start();
  const before = await exported();
  const bundle = Array.isArray(wrong) ? { version: 1, 'leanix_access.json': { configurations: wrong } } : wrong;
  const { status, body } = await imported(bundle);
  expect([status, body.error.code]).toEqual([400, code]);
  expect(await exported()).toEqual(before);
});

describe('what is wrong with a package', () => {
  const wrong = [{ name: 'Test', jobs: [{ kind: 'importAll' }, { kind: 'importAll', everyHours: 1000 }] }];
  const bundle = JSON.stringify({ version: 1, 'leanix_access.json': { configurations: wrong } });
  const said = async (language: string, body: string = bundle) =>
    (await enterprise.post(`access/importConnectionPackage?sap-locale=${language}`, { bundle: body })).body.error
      .message;

  test('is said with where it stands, in the language of the caller', async () => {
    await app.start();
    const where = 'configurations[0].jobs[1].everyHours';
    expect(await said('en')).toContain(`${where} is not a whole number from 1 to 720.`);
    expect(await said('de')).toContain(`${where} ist keine ganze Zahl von 1 bis 720.`);
    expect(await said('de', 'no JSON')).toContain('es ist kein JSON.');
  });

  test.each([
    ['owner.email =', 'ends too early', 'endet zu früh'],
    ['(owner.email', '")" is missing at the end', 'am Ende fehlt ")"'],
    ['owner email', '"email" does not fit there', '"email" passt dort nicht'],
    ['"owner', 'is not closed', 'ist nicht geschlossen'],
    ['$eval("1")', 'there is no function $eval', 'keine Funktion $eval'],
    ['[1..3]', '".." is not supported', '".." wird hier nicht unterstützt'],
  ])('is said of the expression %s too', async (expression, english, german) => {
    const ID = await app.configId();
    const refusal = async (language: string) => {
      const path = `access/AccessConfigs(ID=${ID},IsActiveEntity=true)?sap-locale=${language}`;
      const mappings = [{ direction: 'provision', target: 'role', expression }];
      return (await enterprise.patch(path, { mappings })).body.error;
    };
    expect(await refusal('en')).toMatchObject({ code: 'EXPRESSION_INVALID' });
    expect((await refusal('en')).message).toContain(english);
    expect((await refusal('de')).message).toContain(german);
  });
});
