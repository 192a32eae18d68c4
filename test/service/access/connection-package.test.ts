import { tiny } from '../../../sandbox/seed/tiny.ts';
import { launchAccess } from '../../helpers/access/access.ts';

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
  expect((await imported(bundle)).body).toMatchObject({ created: 0, updated: 0, changes: [] });
  expect((await enterprise.post('access/importAll')).body.error.code).toBe('CONFIG_REQUIRED');
  expect((await enterprise.post('access/importAll', { config: second.ID })).body.error.code).toBe('NOT_CONFIGURED');
});

const ODD_ROWS = [
  { direction: 'constructor' },
  { direction: ['import'] },
  { target: 5 },
  { target: null },
  { expression: {} },
];

test.each<[unknown, string]>([
  ['no JSON', 'BUNDLE_INVALID'],
  [{ version: 2 }, 'BUNDLE_INVALID'],
  [[{ name: 'Test', apiToken: 'secret' }], 'BUNDLE_INVALID'],
  [[{ name: 'Test', maxRemoved: -1 }], 'BUNDLE_INVALID'],
  [[{ name: 'Test', instantProvisioning: 'yes' }], 'BUNDLE_INVALID'],
  [[{ name: '' }], 'NAME_REQUIRED'],
  [[{ name: 'Test', jobs: [{ kind: 'importAll', timeZone: 'Nowhere' }] }], 'TIME_ZONE_UNKNOWN'],
  [[{ name: 'Test', jobs: [{ kind: 'coffee' }] }], 'BUNDLE_INVALID'],
  [[{ name: 'Test', jobs: [{ kind: 'importAll' }, { kind: 'importAll', schedule: 'daily' }] }], 'JOB_DUPLICATE'],
  [
    [
      { name: 'New', maxRemoved: 1 },
      { name: ' New ', maxRemoved: 2 },
    ],
    'BUNDLE_INVALID',
  ],
  [
    [
      {
        name: 'Test',
        mappings: ['a', 'b'].map((expression) => ({ direction: 'import', target: 'email', expression })),
      },
    ],
    'EXPRESSION_DUPLICATE',
  ],
  ...ODD_ROWS.map((odd): [unknown, string] => {
    const mappings = [{ direction: 'import', target: 'email', expression: 'leanix.user.email', ...odd }];
    return [
      [{ name: 'Test', mappings }],
      'target' in odd && !odd.target ? 'EXPRESSION_TARGET_UNKNOWN' : 'BUNDLE_INVALID',
    ];
  }),
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
  const packageOf = (...configurations: object[]) =>
    JSON.stringify({ version: 1, 'leanix_access.json': { configurations } });
  const bundle = packageOf({ name: 'Test', jobs: [{ kind: 'importAll' }, { kind: 'importAll', everyHours: 1000 }] });
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

  test('is said with the name of the configuration, and what it has twice', async () => {
    const jobs = [{ kind: 'provision' }, { kind: 'catalog' }, { kind: 'provision', schedule: 'daily' }];
    const [job, name] = [packageOf({ name: 'North', jobs }), packageOf({ name: 'North' }, { name: 'North' })];
    expect(await said('en', job)).toContain('"North" has the job "provision" twice');
    expect(await said('de', job)).toContain('"North" hat den Job "provision" zweimal');
    expect(await said('en', name)).toContain('two connections are called "North"');
  });

  test.each([
    ['owner.email =', 'ends too early', 'endet zu früh'],
    ['(owner.email', '")" is missing at the end', 'am Ende fehlt ")"'],
    ['owner email', '"email" is not allowed there', '"email" ist dort nicht zulässig'],
    ['"owner', 'is not closed', 'ist nicht geschlossen'],
    ['$eval("1")', 'the function $eval is not supported', 'die Funktion $eval wird hier nicht unterstützt'],
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

describe('jobs of a package', () => {
  const withJobs = (name: string, ...jobs: object[]) => ({
    version: 1,
    'leanix_access.json': { configurations: [{ name, jobs }] },
  });
  const jobOf = async (name: string, kind: string) => {
    const [config] = await app.all(`access/Connections?$filter=name eq '${name}'`);
    const [job] = await app.all(`access/Jobs?$filter=config_ID eq ${config?.ID} and kind eq '${kind}'`);
    return job;
  };
  const daily = { kind: 'importAll', schedule: 'daily', atTime: '06:00', timeZone: 'Europe/Berlin' };

  test('stay off with a connection that is new, however often it is brought in, and keep their times', async () => {
    await app.start();
    const bundle = withJobs('North', daily);
    const { body: dry } = await imported(bundle, true);
    const held = 'Off until you switch it on under Jobs. Schedule in the file: Daily at 06:00 (Europe/Berlin)';
    expect(dry.changes).toEqual([{ name: 'North', element: 'job importAll', before: null, after: held }]);
    for (const expected of [{ created: 1 }, { created: 0, updated: 0, changes: [] }]) {
      expect((await imported(bundle)).body).toMatchObject(expected);
      expect(await jobOf('North', 'importAll')).toMatchObject({
        schedule: 'off',
        atTime: '06:00:00',
        timeZone: 'Europe/Berlin',
        nextRunAt: null,
      });
    }
  });

  test('are switched on with a connection that is complete, after this was shown', async () => {
    await app.start();
    const bundle = withJobs('Test', daily);
    expect((await imported(bundle, true)).body.changes).toEqual([
      { name: 'Test', element: 'job importAll', before: 'Off', after: 'Daily at 06:00 (Europe/Berlin)' },
    ]);
    await imported(bundle);
    expect(await jobOf('Test', 'importAll')).toMatchObject({ schedule: 'daily', nextRunAt: expect.any(String) });
    expect((await imported(bundle)).body).toMatchObject({ updated: 0, changes: [] });
  });

  test('keep what the package does not say of them', async () => {
    await app.start();
    await imported(withJobs('Test', daily));
    await imported(withJobs('Test', { kind: 'importAll', atTime: '07:30:00' }));
    expect(await jobOf('Test', 'importAll')).toMatchObject({
      schedule: 'daily',
      atTime: '07:30:00',
      timeZone: 'Europe/Berlin',
    });
  });

  test('are off, whatever they were elsewhere, with a configuration of the settings bundle', async () => {
    await app.start();
    const configurations = [{ name: 'South', leanixHost: app.sandbox.leanix.host }];
    const bundle = JSON.stringify({ version: 1, 'leanix_config.json': { configurations } });
    expect((await enterprise.post('settings/importSettings', { bundle })).status).toBe(200);
    expect(await jobOf('South', 'provision')).toMatchObject({ schedule: 'off', nextRunAt: null });
  });

  test.each([
    [{ schedule: 'hours', everyHours: 1 }, 'Every hour', 'Jede Stunde'],
    [{ schedule: 'hours', everyHours: 6 }, 'Every 6 hours', 'Alle 6 Stunden'],
    [{ schedule: 'daily', atTime: '23:59:30' }, 'Daily at 23:59:30 (UTC)', 'Täglich um 23:59:30 (UTC)'],
    [
      { schedule: 'weekly', weekday: 'friday', timeZone: 'Asia/Kolkata' },
      'Weekly on Friday at 02:00 (Asia/Kolkata)',
      'Wöchentlich am Freitag um 02:00 (Asia/Kolkata)',
    ],
    [{ atTime: '05:00:00' }, 'Off (24 h, Monday, 05:00, UTC)', 'Aus (24 h, Montag, 05:00, UTC)'],
  ])('%j is said in the language of the caller', async (job, english, german) => {
    await app.start();
    const bundle = JSON.stringify(withJobs('Test', { kind: 'importAll', ...job }));
    const said = async (language: string) => {
      const path = `access/importConnectionPackage?sap-locale=${language}`;
      return (await enterprise.post(path, { bundle, dryRun: true })).body.changes[0].after;
    };
    expect([await said('en'), await said('de')]).toEqual([english, german]);
  });
});

test('without rows, attributes are taken as LeanIX has them, and the preview says so', async () => {
  await app.start();
  const bundle = { version: 1, 'leanix_access.json': { configurations: [{ name: 'Test', mappings: [] }] } };
  const { body } = await imported(bundle);
  expect(body.changes).toMatchObject([{ element: 'mappings', after: expect.stringMatching(/^None: attributes as /) }]);
  expect((await app.all('access/AccessConfigs?$expand=mappings'))[0].mappings).toEqual([]);
  await app.job('importAll');
  expect(await app.account('carla.costa')).toMatchObject({ firstName: 'Carla', lastName: 'Costa' });
});

test('that there is no limit is said, of a new connection too', async () => {
  await app.start();
  const configurations = [
    { name: 'Test', maxRemoved: null },
    { name: 'North', maxRemoved: null },
  ];
  const { body } = await imported({ version: 1, 'leanix_access.json': { configurations } }, true);
  expect(body.changes).toEqual([
    { name: 'Test', element: 'maxRemoved', before: '5', after: 'No limit' },
    { name: 'North', element: 'maxRemoved', before: null, after: 'No limit' },
  ]);
});
