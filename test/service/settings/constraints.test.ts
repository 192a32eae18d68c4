import { launch, type Answer } from '../../helpers/app/app.ts';
import { act, create, draft, everything, expectRefusal, mappingsOf, saved } from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');
const sandboxHost = app.sandbox.leanix.host;
const long = (length: number) => 'x'.repeat(length);

const row = (iflowField: string | null, leanixPath: string | null, more = {}) => ({ iflowField, leanixPath, ...more });
const mapping = (...mappings: object[]) => ({ mappings });

const WRONG: [what: string, values: object, code: string][] = [
  ['no name', { name: null }, 'NAME_REQUIRED'],
  ['a blank name', { name: '   ' }, 'NAME_REQUIRED'],
  ['a name of 101 characters', { name: long(101) }, 'VALUE_TOO_LONG'],
  ['a name that is a number', { name: 5 }, 'VALUE_INVALID'],
  ['a description of 501 characters', { description: long(501) }, 'VALUE_TOO_LONG'],
  ['a category of 101 characters', { category: long(101) }, 'VALUE_TOO_LONG'],
  ['tags of 1001 characters', { defaultTags: long(1001) }, 'VALUE_TOO_LONG'],
  ['a date that is none', { tokenExpiresOn: '2025-02-30x' }, 'VALUE_INVALID'],
  ['a day of the year 0', { tokenExpiresOn: '0000-01-01' }, 'VALUE_INVALID'],
  ['a day that no month has', { tokenExpiresOn: '2025-02-30' }, 'VALUE_INVALID'],
  ['a host with https://', { leanixHost: 'https://your-company.leanix.net' }, 'HOST_INVALID'],
  ['a host with http://', { leanixHost: `http://${sandboxHost}` }, 'HOST_INVALID'],
  ['a host with a slash at its end', { leanixHost: 'your-company.leanix.net/' }, 'HOST_INVALID'],
  ['a host with a path', { leanixHost: 'your-company.leanix.net/Workspace' }, 'HOST_INVALID'],
  ['a host with a query', { leanixHost: 'your-company.leanix.net?x=1' }, 'HOST_INVALID'],
  ['a host with a user', { leanixHost: 'user@your-company.leanix.net' }, 'HOST_INVALID'],
  ['a host with another host as user', { leanixHost: 'a.leanix.net:443@evil.example' }, 'HOST_INVALID'],
  ['a host with white space inside', { leanixHost: 'your company.leanix.net' }, 'HOST_INVALID'],
  ['a host with a line break', { leanixHost: 'a.leanix.net\nb.leanix.net' }, 'HOST_INVALID'],
  ['a host with letters that look alike', { leanixHost: 'your-company.lеanix.net' }, 'HOST_INVALID'],
  ['a host in punycode', { leanixHost: 'xn--lanix-4of.leanix.net' }, 'HOST_INVALID'],
  ['a host with a dot at its end', { leanixHost: 'your-company.leanix.net.' }, 'HOST_INVALID'],
  ['a port out of range', { leanixHost: 'your-company.leanix.net:70000' }, 'HOST_INVALID'],
  ['an IPv6 address', { leanixHost: '[::1]' }, 'HOST_INVALID'],
  ['an address as one number', { leanixHost: '2130706433' }, 'HOST_INVALID'],
  ['a host that only ends alike', { leanixHost: 'evil-leanix.net' }, 'HOST_NOT_ALLOWED'],
  ['a host that only begins alike', { leanixHost: 'leanix.net.evil.com' }, 'HOST_NOT_ALLOWED'],
  ['the domain itself', { leanixHost: 'leanix.net' }, 'HOST_NOT_ALLOWED'],
  ['another port of an allowed host', { leanixHost: 'your-company.leanix.net:8443' }, 'HOST_NOT_ALLOWED'],
  ['another port on this machine', { leanixHost: '127.0.0.1:1' }, 'HOST_NOT_ALLOWED'],
  ['this machine by name', { leanixHost: 'localhost' }, 'HOST_NOT_ALLOWED'],
  ['the address of the cloud metadata', { leanixHost: '169.254.169.254' }, 'HOST_NOT_ALLOWED'],
  ['a host that the destination does not lead to', { leanixHost: 'your-company.leanix.net' }, 'HOST_MISMATCH'],
  ['a destination with a path in its name', { leanixDestination: '../LEANIX' }, 'DESTINATION_NAME_INVALID'],
  ['a destination with a blank', { cpiDestination: 'C PI' }, 'DESTINATION_NAME_INVALID'],
  ['a fact sheet type with blanks', { factSheetType: 'IT Component' }, 'TYPE_INVALID'],
  ['a fact sheet type with GraphQL in it', { factSheetType: 'X){id}' }, 'TYPE_INVALID'],
  ['artifact types that are none', { artifactTypes: 'INTEGRATION_FLOW;X' }, 'ARTIFACT_TYPES_INVALID'],
  ['an artifact type left out', { artifactTypes: 'INTEGRATION_FLOW,,X' }, 'ARTIFACT_TYPES_INVALID'],
  ['a mapping without field', mapping(row(null, '/alias')), 'MAPPING_INCOMPLETE'],
  ['a mapping without path', mapping(row('name', ' ')), 'MAPPING_INCOMPLETE'],
  ['a mapping of an unknown field', mapping(row('constructor', '/alias')), 'MAPPING_FIELD_UNKNOWN'],
  ['a mapping to a path without slash', mapping(row('name', 'alias')), 'MAPPING_PATH_INVALID'],
  ['a mapping to a path with a blank', mapping(row('name', '/my alias')), 'MAPPING_PATH_INVALID'],
  ['a mapping to the external id', mapping(row('id', '/externalId')), 'MAPPING_PATH_RESERVED'],
  ['a mapping into the external id', mapping(row('id', '/externalId/externalId')), 'MAPPING_PATH_RESERVED'],
  ['a path twice', mapping(row('id', '/alias'), row('name', '/alias')), 'MAPPING_PATH_DUPLICATE'],
  ['an unknown write mode', mapping(row('name', '/alias', { writeMode: 'never' })), 'ASSERT_ENUM'],
];

let before: unknown;
let ID: string;
beforeAll(async () => {
  ID = await create(admin, { name: 'Whole', leanixHost: sandboxHost, ...mapping(row('name', '/name')) });
});
beforeEach(async () => {
  before = await everything(app);
});

const refusedWith = async (answer: Promise<Answer>, code: string) => {
  expectRefusal(await answer, 400, code);
  expect(await everything(app)).toEqual(before);
};

describe('a new configuration is refused, and nothing is stored, with', () => {
  test.each(WRONG)('%s', async (_, values, code) => {
    await refusedWith(admin.post('settings/LeanIXConfigs', { name: 'New', ...values, IsActiveEntity: true }), code);
  });
});

describe('a change of a saved configuration is refused, and nothing is changed, with', () => {
  test.each(WRONG)('%s', (_, values, code) => refusedWith(admin.patch(saved(ID), values), code));
});

describe('an import is refused, and nothing is changed, with', () => {
  const bundled: Record<string, string> = {
    // A bundle checks the types of values itself.
    VALUE_TOO_LONG: 'BUNDLE_INVALID',
    VALUE_INVALID: 'BUNDLE_INVALID',
    ASSERT_ENUM: 'BUNDLE_INVALID',
  };
  test.each(WRONG)('%s', async (_, values, code) => {
    const configurations = [
      { name: 'Whole', category: 'new' },
      { name: 'New', ...values },
    ];
    const bundle = JSON.stringify({ version: 1, 'leanix_config.json': { configurations } });
    await refusedWith(admin.post('settings/importSettings', { bundle }), bundled[code] ?? code);
  });
});

describe('rows of a saved field mapping', () => {
  const rows = 'settings/FieldMappings';

  test('are refused one by one where they do not fit, and nothing is changed', async () => {
    const [first] = (await admin.get(mappingsOf(saved(ID)))).body.value;
    const path = `${saved(ID)}/mappings(ID=${first.ID},IsActiveEntity=true)`;
    await refusedWith(admin.patch(path, { iflowField: 'colour' }), 'MAPPING_FIELD_UNKNOWN');
    await refusedWith(admin.patch(path, { iflowField: null }), 'MAPPING_INCOMPLETE');
    await refusedWith(admin.patch(path, { leanixPath: 'name' }), 'MAPPING_PATH_INVALID');
    await refusedWith(admin.patch(path, { leanixPath: '/externalId' }), 'MAPPING_PATH_RESERVED');
    await refusedWith(admin.patch(path, { writeMode: 'never' }), 'ASSERT_ENUM');
    await refusedWith(admin.patch(path, { leanixPath: `/${long(255)}` }), 'VALUE_TOO_LONG');
    const add = (values: object) => admin.post(`${saved(ID)}/mappings`, { ...values, IsActiveEntity: true });
    await refusedWith(add(row('id', '/name')), 'MAPPING_PATH_DUPLICATE');
    await refusedWith(add(row('id', '/externalId')), 'MAPPING_PATH_RESERVED');
    await refusedWith(add(row('id', null)), 'MAPPING_INCOMPLETE');
    await refusedWith(add({ leanixPath: '/alias' }), 'MAPPING_INCOMPLETE');
  });

  test('can be written only through the configuration that they belong to', async () => {
    const [first] = (await admin.get(mappingsOf(saved(ID)))).body.value;
    const path = `${rows}(ID=${first.ID},IsActiveEntity=true)`;
    const body = { ...row('id', '/alias'), IsActiveEntity: true };
    for (const answer of [
      await admin.post(rows, body),
      await admin.post(rows, { ...body, config_ID: ID }),
      await admin.patch(path, { leanixPath: '/alias' }),
    ]) {
      expectRefusal(answer, 422, 'DRAFT_MODIFICATION_ONLY_VIA_ROOT');
    }
    expect(await everything(app)).toEqual(before);
  });

  test('are changed where they fit; /tags may be mapped several times', async () => {
    const own = await create(admin, { name: 'Rows', ...mapping(row('name', '/name')) });
    for (const field of ['Status', 'package_id']) {
      const answer = await admin.post(`${saved(own)}/mappings`, { ...row(field, '/tags'), IsActiveEntity: true });
      expect(answer.status).toBe(201);
    }
    const { value } = (await admin.get(`${saved(own)}/mappings`)).body;
    expect(value.map(({ leanixPath }: { leanixPath: string }) => leanixPath).sort()).toEqual([
      '/name',
      '/tags',
      '/tags',
    ]);
    const path = `${saved(own)}/mappings(ID=${value[0].ID},IsActiveEntity=true)`;
    expect((await admin.patch(path, { writeMode: 'onCreate' })).body).toMatchObject({ writeMode: 'onCreate' });
    expect((await admin.delete(`${saved(own)}`)).status).toBe(204);
  });
});

test('a host that the destination leads to since a moment ago is accepted', async () => {
  const destination = app.sandbox.btp.state.destinations.instance.find((one) => one['Name'] === 'LEANIX_BASIC')!;
  const own = await create(admin, {
    name: 'Moved',
    leanixDestination: 'LEANIX_BASIC',
    leanixHost: sandboxHost,
  });
  const { URL } = destination;
  destination['URL'] = 'https://your-company.leanix.net';
  expect((await admin.patch(saved(own), { leanixHost: 'your-company.leanix.net' })).status).toBe(200);
  destination['URL'] = URL!;
  await admin.delete(saved(own));
});

test('the name of another configuration is refused, however it is written', async () => {
  expectRefusal(await admin.post('settings/LeanIXConfigs', { name: 'Whole', IsActiveEntity: true }), 409, 'NAME_TAKEN');
  expectRefusal(
    await admin.post('settings/LeanIXConfigs', { name: ' Whole ', IsActiveEntity: true }),
    409,
    'NAME_TAKEN',
  );
  expect(await everything(app)).toEqual(before);
  const other = await create(admin, { name: 'Other' });
  expectRefusal(await admin.patch(saved(other), { name: 'Whole' }), 409, 'NAME_TAKEN');
  expect((await admin.patch(saved(other), { name: 'Other' })).status).toBe(200);
  await admin.delete(saved(other));
});

test('an ID that exists already is refused as such, for configurations and for rows of a mapping', async () => {
  const [first] = (await admin.get(mappingsOf(saved(ID)))).body.value;
  for (const name of ['Whole', 'New']) {
    const answer = await admin.post('settings/LeanIXConfigs', { ID, name, IsActiveEntity: true });
    expectRefusal(answer, 409, 'ID_TAKEN');
  }
  const taken = { ...row('id', '/alias'), ID: first.ID };
  expectRefusal(
    await admin.post('settings/LeanIXConfigs', { name: 'New', ...mapping(taken), IsActiveEntity: true }),
    409,
    'ID_TAKEN',
  );
  expect(await everything(app)).toEqual(before);
  const { body } = await admin.post('settings/LeanIXConfigs', { ID, name: 'Drafted' });
  expectRefusal(await act(admin, draft(body.ID), 'draftActivate'), 409, 'ID_TAKEN');
  await admin.delete(draft(body.ID));
  expect(await everything(app)).toEqual(before);
});

test('of two admins who take the same name at the same moment, one gets it', async () => {
  const body = { name: 'Raced', IsActiveEntity: true };
  const answers = await Promise.all(
    ['admin', 'enterprise', 'admin'].map((user) => app.as(user as 'admin').post('settings/LeanIXConfigs', body)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  for (const answer of answers) if (answer.status === 409) expectRefusal(answer, 409, 'NAME_TAKEN');
  const winner = answers.find(({ status }) => status === 201)!.body.ID;
  expect((await admin.delete(saved(winner))).status).toBe(204);
});

test('texts are stored without blanks around them, and blank ones as nothing', async () => {
  const own = await create(admin, {
    name: '  Trimmed  ',
    description: ' ',
    leanixHost: ' Your-Company.LeanIX.net:443 ',
    leanixDestination: ' NOT_THERE_YET ',
    factSheetType: ' Interface ',
    category: '  ',
    defaultTags: '',
    artifactTypes: 'integration_flow, VALUE_MAPPING,INTEGRATION_FLOW',
  });
  const { body } = await admin.get(saved(own));
  expect(body).toMatchObject({
    name: 'Trimmed',
    description: null,
    leanixHost: 'your-company.leanix.net',
    leanixDestination: 'NOT_THERE_YET',
    factSheetType: 'Interface',
    category: null,
    defaultTags: null,
    artifactTypes: 'INTEGRATION_FLOW,VALUE_MAPPING',
  });
  const { body: cleared } = await admin.patch(saved(own), { leanixHost: '', factSheetType: ' ', cpiDestination: '' });
  expect(cleared).toMatchObject({ leanixHost: null, factSheetType: null, cpiDestination: null });
  await admin.delete(saved(own));
});

test('the result of the connection test cannot be written by a client', async () => {
  const forged = { workspaceName: 'forged', connectionStatus: 'connected', lastTestedAt: '2025-01-01T00:00:00Z' };
  const untested = { workspaceName: null, connectionStatus: null, lastTestedAt: null };
  const own = await create(admin, { name: 'Forged', ...forged });
  expect((await admin.get(saved(own))).body).toMatchObject(untested);
  expect((await admin.patch(saved(own), forged)).body).toMatchObject(untested);
  const { body: made } = await admin.post('settings/LeanIXConfigs', { name: 'Forged draft', ...forged });
  expect(made).toMatchObject(untested);
  const path = `settings/LeanIXConfigs(ID=${made.ID},IsActiveEntity=false)`;
  expect((await admin.patch(path, forged)).body).toMatchObject(untested);
  expect((await admin.post(`${path}/SettingsService.draftActivate`)).body).toMatchObject(untested);
  await admin.delete(saved(own));
  await admin.delete(saved(made.ID));
});
