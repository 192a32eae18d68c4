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
