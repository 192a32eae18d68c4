import { setTimeout as sleep } from 'node:timers/promises';
import { expiredApiToken, readOnlyApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { launch, whileHeld } from '../../helpers/app/app.ts';
import { tooLong } from '../../helpers/app/columns.ts';
import { act, create, draft, expectHelpful, expectRefusal, newDraft, saved } from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');
const host = app.sandbox.leanix.host;
const { token } = app.sandbox.leanix.state.apiTokens[0]!;
const instance = () => app.sandbox.btp.state.destinations.instance;
let count = 0;

afterEach(() => app.sandbox.leanix.faults.clear());

/** Tests the connection of a new draft. */
const testOf = async (values: object, entered: object = {}) => {
  const ID = await newDraft(admin, {
    name: `Test ${count++}`,
    leanixHost: host,
    factSheetType: 'Interface',
    ...values,
  });
  return act(admin, draft(ID), 'testConnection', entered);
};

const expectFailure = async (answer: ReturnType<typeof testOf>, code: string, text: RegExp) => {
  const { status, body } = await answer;
  expect({ status, ok: body.ok, code: body.code }).toEqual({ status: 200, ok: false, code });
  expectHelpful(body.message, code);
  expect(body.message).toMatch(text);
};

const expectHint = async (answer: ReturnType<typeof testOf>, code: string, text: RegExp) => {
  const { status, body } = await answer;
  expect({ status, ok: body.ok, code: body.code }).toEqual({ status: 200, ok: true, code });
  expectHelpful(body.message, code);
  expect(body.message).toMatch(text);
};

describe('a connection that works', () => {
  test('tells workspace, role and fact sheet types, and that the token may write', async () => {
    const { status, body } = await testOf({});
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: true,
      code: 'CONNECTED',
      workspaceId: app.sandbox.leanix.state.workspace.id,
      workspaceName: 'halvorsen',
      role: 'ADMIN',
      factSheetTypes: expect.arrayContaining(['Application', 'DataObject', 'ITComponent', 'Interface']),
    });
    expectHelpful(body.message, 'CONNECTED');
  });

  test('is tested without writing anything in LeanIX', async () => {
    app.sandbox.leanix.log.clear();
    const before = JSON.stringify([...app.sandbox.leanix.state.factSheets.values()]);
    await testOf({});
    expect(app.sandbox.leanix.log.count({ write: true })).toBe(0);
    expect(JSON.stringify([...app.sandbox.leanix.state.factSheets.values()])).toBe(before);
  });

  test('is tested with a host and a token that are entered, before anything is saved', async () => {
    const { body } = await testOf({ leanixHost: null, leanixDestination: 'NONE_YET' }, { host, apiToken: token });
    expect(body).toMatchObject({ ok: true, code: 'CONNECTED' });
  });

  test('is the same whether its host is written in capital letters or with blanks around', async () => {
    const name = host.replace('127.0.0.1', 'localhost');
    process.env['LEANIX_ALLOWED_HOSTS'] += `,${name}`;
    const ID = await newDraft(admin, { name: 'Loud', leanixHost: ` ${name.toUpperCase()}` });
    const { body } = await act(admin, draft(ID), 'testConnection', { host: `${name} `, apiToken: token });
    expect(body.ok).toBe(true);
    expect((await admin.get(draft(ID))).body.connectionStatus).toBe('connected');
  });

  test('does not mark the configuration as connected when another host was tested', async () => {
    const ID = await newDraft(admin, { name: 'Elsewhere', leanixHost: 'your-company.leanix.net' });
    expect((await act(admin, draft(ID), 'testConnection', { host, apiToken: token })).body.ok).toBe(true);
    expect((await admin.get(draft(ID))).body).toMatchObject({ connectionStatus: null, workspaceName: null });
  });

  test('does not mark the configuration as connected when another host is entered while it is tested', async () => {
    const ID = await newDraft(admin, { name: 'Changed', leanixHost: host });
    const { leanix } = app.sandbox;
    leanix.log.clear();
    const { tested } = await whileHeld(leanix.faults, { path: 'dataModel' }, async () => {
      const tested = act(admin, draft(ID), 'testConnection');
      while (!leanix.log.entries.some(({ path }) => path.includes('dataModel'))) await sleep(10);
      await admin.patch(draft(ID), { leanixHost: 'your-company.leanix.net' });
      return { tested };
    });
    expect((await tested).body.ok).toBe(true);
    expect((await admin.get(draft(ID))).body).toMatchObject({ connectionStatus: null, workspaceName: null });
  });

  test('works with the other kind of destination, user and password', async () => {
    expect((await testOf({ leanixDestination: 'LEANIX_BASIC' })).body).toMatchObject({ ok: true, code: 'CONNECTED' });
  });
});

describe('the value helps', () => {
  const HELPS = ['FactSheetTypes', 'Categories', 'FieldPaths', 'Tags'];
  const helps = async (ID: string) => {
    const found: Record<string, any[]> = {};
    for (const help of HELPS) {
      found[help] = (await admin.get(`settings/${help}?$filter=config_ID eq ${ID}&$top=1000`)).body.value;
    }
    return found;
  };

  test('name a path once, also where the data model names what every fact sheet has', async () => {
    const { dataModel } = app.sandbox.leanix.state;
    const { fields } = dataModel.factSheets['Interface']!;
    app.sandbox.leanix.state.dataModel = {
      ...dataModel,
      factSheets: {
        ...dataModel.factSheets,
        Interface: { ...dataModel.factSheets['Interface']!, fields: { ...fields, description: { type: 'STRING' } } },
      },
    };
    const ID = await newDraft(admin, { name: 'Frank', leanixHost: host, factSheetType: 'Interface' });
    expect((await act(admin, draft(ID), 'testConnection')).body).toMatchObject({ ok: true, code: 'CONNECTED' });
    const found = (await helps(ID))['FieldPaths']!.filter(({ factSheetType }) => factSheetType === 'Interface');
    expect(found.filter(({ path }) => path === '/description')).toHaveLength(1);
    app.sandbox.leanix.state.dataModel = dataModel;
  });

  test('are filled by the test, for a draft that was never saved too, and outlive the save', async () => {
    const ID = await newDraft(admin, { name: 'Helped', leanixHost: host });
    expect(Object.values(await helps(ID)).flat()).toHaveLength(0);
    await act(admin, draft(ID), 'testConnection');
    const found = await helps(ID);
    expect(found['FactSheetTypes']).toContainEqual(
      expect.objectContaining({ name: 'Interface', hasExternalId: true, label: expect.any(String) }),
    );
    expect(found['Categories']!.length).toBeGreaterThan(0);
    expect(found['Categories']).toContainEqual(expect.objectContaining({ factSheetType: 'Interface', name: 'api' }));
    const paths = found['FieldPaths']!.filter(({ factSheetType }) => factSheetType === 'Interface').map(
      ({ path }) => path,
    );
    expect(paths).toEqual(expect.arrayContaining(['/name', '/description', '/displayName', '/tags', '/release']));
    expect(paths).not.toContain('/externalId');
    expect(found['Tags']).toContainEqual(expect.objectContaining({ name: 'CPI-Managed', tagGroup: 'Integration' }));
    expect(found['Tags']).toContainEqual(expect.objectContaining({ name: 'GDPR', tagGroup: null }));
    await act(admin, draft(ID), 'draftActivate');
    expect(await helps(ID)).toEqual(found);
    await act(admin, saved(ID), 'testConnection');
    expect(await helps(ID)).toEqual(found);
  });

  test('go with a draft that is discarded before it was ever saved', async () => {
    const ID = await newDraft(admin, { name: 'Thrown away', leanixHost: host });
    await act(admin, draft(ID), 'testConnection');
    expect((await admin.delete(draft(ID))).status).toBe(204);
    expect(Object.values(await helps(ID)).flat()).toHaveLength(0);
  });

  test('stay those of the configuration’s host when another host is tested', async () => {
    const ID = await newDraft(admin, { name: 'Own helps', leanixHost: 'your-company.leanix.net' });
    expect((await act(admin, draft(ID), 'testConnection', { host, apiToken: token })).body.ok).toBe(true);
    expect(Object.values(await helps(ID)).flat()).toHaveLength(0);
  });

  test('are filled by a host that is entered for the test while the configuration has none', async () => {
    const ID = await newDraft(admin, { name: 'No host yet' });
    expect((await act(admin, draft(ID), 'testConnection', { host, apiToken: token })).body.ok).toBe(true);
    expect((await helps(ID))['FactSheetTypes']).toContainEqual(expect.objectContaining({ name: 'Interface' }));
  });

  test.each([{ factSheetType: 'Robot' }, { factSheetType: 'Interface', defaultTags: 'Blue Moon' }])(
    'are filled where the workspace lacks what is configured, so that it can be corrected: %j',
    async (wrong) => {
      const ID = await newDraft(admin, { name: 'To correct', leanixHost: host, ...wrong });
      expect((await act(admin, draft(ID), 'testConnection')).body.ok).toBe(false);
      expect((await helps(ID))['FactSheetTypes']).toContainEqual(expect.objectContaining({ name: 'Interface' }));
    },
  );

  test('are cut where the workspace has texts that are too long to be kept, and so is its name', async () => {
    const { state } = app.sandbox.leanix;
    const before = { workspace: { ...state.workspace }, dataModel: structuredClone(state.dataModel) };
    const tag = state.tags.values().next().value!;
    const group = state.tagGroups.values().next().value!;
    const names = [tag.name, group.name];
    const long = 'x'.repeat(2000);
    tag.name = group.name = `Tag ${long}`;
    state.workspace.name = `Work ${long}`;
    state.dataModel.factSheets[`Type${long}`] = { fields: {} };
    state.dataModel.factSheets['T'.repeat(90)] = { fields: { ['f'.repeat(300)]: { type: `KIND ${long}` } } };
    state.dataModel.factSheets['Interface']!.fields['category']!.values!.push(`key ${long}`);
    const apiToken = 'sandbox0000TokenOfTheLongNames';
    state.apiTokens.push({ ...state.apiTokens[0]!, token: apiToken });
    const ID = await newDraft(admin, { name: 'Long', leanixHost: host });
    const { status, body } = await act(admin, draft(ID), 'testConnection', { apiToken });
    expect({ status, ok: body.ok }).toEqual({ status: 200, ok: true });
    expect(await tooLong()).toEqual([]);
    expect((await admin.get(draft(ID))).body.workspaceName).toMatch(/^Work x{250}$/);
    expect((await helps(ID))['FactSheetTypes']).toContainEqual(expect.objectContaining({ name: 'Interface' }));
    Object.assign(state, before);
    [tag.name, group.name] = names as [string, string];
    await admin.delete(draft(ID));
  });

  test('stay when the draft of a saved configuration is discarded', async () => {
    const ID = await create(admin, { name: 'Stays', leanixHost: host });
    await act(admin, saved(ID), 'testConnection');
    await act(admin, saved(ID), 'draftEdit');
    await admin.delete(draft(ID));
    expect((await helps(ID))['FactSheetTypes']!.length).toBeGreaterThan(0);
  });

  test('cannot be written by a client', async () => {
    for (const help of HELPS) {
      expect((await admin.post(`settings/${help}`, { config_ID: await app.configId() })).status).toBe(405);
    }
  });
});

describe('what was entered wrong is refused at once:', () => {
  test.each([`https://${host}`, `${host}/`, `http://${host}/x`, 'user@a.leanix.net', 'a b.leanix.net'])(
    'the host %s',
    async (wrong) => expectRefusal(await testOf({}, { host: wrong, apiToken: token }), 400, 'HOST_INVALID'),
  );

  test('a host with https:// in the draft', async () => {
    expectRefusal(await testOf({ leanixHost: `https://${host}` }), 400, 'HOST_INVALID');
  });

  test('a host that is not allowed: no token is sent there', async () => {
    const answer = await testOf({}, { host: 'leanix.net.evil.com', apiToken: token });
    expectRefusal(answer, 400, 'HOST_NOT_ALLOWED');
    expect(JSON.stringify(answer.body)).not.toContain(token);
  });

  test('no host', async () => expectRefusal(await testOf({ leanixHost: null }), 400, 'HOST_REQUIRED'));

  test('a host other than the destination’s, without a token for it', async () => {
    const answer = await testOf({}, { host: 'other.leanix.net' });
    expectRefusal(answer, 400, 'TOKEN_REQUIRED');
  });

  test('a configuration that does not exist', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const path of [draft(unknown), saved(unknown)]) {
      expect((await act(admin, path, 'testConnection')).status).toBe(404);
      expect((await act(admin, path, 'validateMapping')).status).toBe(404);
      expect((await act(admin, path, 'storeApiToken', { apiToken: 'x' })).status).toBe(404);
    }
  });
});

describe('a connection that fails says what to do:', () => {
  test('a wrong token', () =>
    expectFailure(testOf({}, { apiToken: 'wrong' }), 'LEANIX_TOKEN_INVALID', /Create a new one in LeanIX/));

  test('an expired token', () =>
    expectFailure(testOf({}, { apiToken: expiredApiToken }), 'LEANIX_TOKEN_INVALID', /expired/));

  test('a token that may only read', () =>
    expectFailure(testOf({}, { apiToken: readOnlyApiToken }), 'TOKEN_READ_ONLY', /read and write access/));

  test('LeanIX out of order', async () => {
    app.sandbox.leanix.faults.add({ kind: 'status', status: 503, times: 20 });
    await expectFailure(testOf({}, { apiToken: token }), 'LEANIX_UNREACHABLE', /try again later/);
  });

  test('LeanIX not answering at all', async () => {
    app.sandbox.leanix.faults.add({ kind: 'reset', times: 20 });
    await expectFailure(testOf({}), 'LEANIX_UNREACHABLE', /Check the host/);
  });

  test('a host that is no LeanIX workspace', async () => {
    app.sandbox.leanix.faults.add({ kind: 'html', times: 20 });
    await expectFailure(testOf({}, { apiToken: 'some-new-token' }), 'LEANIX_NOT_A_WORKSPACE', /host of your workspace/);
  });

  test('no such destination', () =>
    expectFailure(testOf({ leanixDestination: 'NOT_THERE' }), 'DESTINATION_MISSING', /Create it in the BTP cockpit/));

  test('a destination whose stored token is wrong', async () => {
    const Name = 'LEANIX_WRONG';
    const standard = instance().find((one) => one['Name'] === 'LEANIX_BASIC')!;
    instance().push({ ...standard, Name, Password: 'no longer valid' });
    await expectFailure(testOf({ leanixDestination: Name }), 'LEANIX_TOKEN_INVALID', /store it in the settings/);
  });

  test('the Destination service out of order', async () => {
    const match = { path: '/destination-configuration/' };
    app.sandbox.btp.faults.add({ kind: 'status', status: 503, times: 20, match });
    await expectFailure(testOf({ leanixDestination: 'FAULTY' }), 'DESTINATION_SERVICE_DOWN', /Try again later/);
    app.sandbox.btp.faults.clear();
  });

  test('a fact sheet type that the workspace lacks', () =>
    expectFailure(testOf({ factSheetType: 'Robot' }), 'FACT_SHEET_TYPE_UNKNOWN', /"Robot".*Application/));

  test('a default tag that the library lacks, by its name', () =>
    expectFailure(
      testOf({ defaultTags: 'CPI-Managed, Blue Moon' }),
      'DEFAULT_TAG_UNKNOWN',
      /field Default Tags .*"Blue Moon".*create the tag in LeanIX/,
    ));

  test('a default tag that is not allowed on the type', () =>
    expectFailure(testOf({ defaultTags: 'Rehost' }), 'DEFAULT_TAG_NOT_ALLOWED', /field Default Tags .*"Rehost"/));
});

describe('a category is compared with those of the type:', () => {
  test('one that the type does not have is named, with those that it has', () =>
    expectFailure(testOf({ category: 'apii' }), 'CATEGORY_UNKNOWN', /"apii".*Correct the category/));

  test('one for a type without categories', () =>
    expectFailure(testOf({ factSheetType: 'DataObject', category: 'api' }), 'CATEGORY_NOT_OF_TYPE', /"api".*Clear/));

  test('its key, whatever the case, will do', async () => {
    expect((await testOf({ category: 'API' })).body).toMatchObject({ ok: true, code: 'CONNECTED' });
  });
});

describe('what may be written is asked of LeanIX, without writing:', () => {
  const { switches, log } = app.sandbox.leanix;
  const usual = { ...switches };
  afterEach(() => void Object.assign(switches, usual));
  const row = (iflowField: string, leanixPath: string) => ({ iflowField, leanixPath });
  const begun = async () => {
    const ID = await app.configure({
      mappings: [row('name', '/name'), row('id', '/alias'), row('version', '/release')],
    });
    await app.run('refresh', { config: ID });
    await app.run('match', { config: ID });
    log.clear();
    return ID;
  };
  const tested = async (ID: string) => (await act(admin, saved(ID), 'testConnection')).body;

  test.each([true, false])(
    'a workspace that takes no change at the moment, in its words (with a path: %s)',
    async (path) => {
      Object.assign(switches, { refuseWrites: 'Workspace is in read-only mode', refusalPath: path });
      await expectFailure(testOf({}), 'WRITES_REFUSED', /Workspace is in read-only mode/);
    },
  );

  test('a field that is denied is named, and the rest may be written', async () => {
    const ID = await begun();
    switches.deniedFields = ['alias'];
    const body = await tested(ID);
    expect(body).toMatchObject({ ok: true, code: 'PATHS_DENIED' });
    expect(body.message).toContain('/alias (No permission: fact_sheet_fields:update:interface:alias)');
    expect(body.message).not.toContain('/release');
    expect(log.count({ write: true })).toBe(0);
  });

  test('a token that may update but not create, and one that may create but not update', async () => {
    const ID = await begun();
    switches.deniedMutations = ['createFactSheet'];
    expect(await tested(ID)).toMatchObject({ ok: true, code: 'CREATES_DENIED' });
    switches.deniedMutations = ['updateFactSheet'];
    expect(await tested(ID)).toMatchObject({ ok: true, code: 'UPDATES_DENIED' });
    switches.deniedMutations = ['createFactSheet', 'updateFactSheet'];
    expect(await tested(ID)).toMatchObject({ ok: false, code: 'TOKEN_READ_ONLY' });
    expect(log.count({ write: true })).toBe(0);
  });
});

describe('Cloud Integration is tested as well:', () => {
  afterEach(() => app.sandbox.cpi.faults.clear());

  test('its tenant is named where it can be read', async () => {
    const { cpi } = (await testOf({})).body;
    expect(cpi).toEqual({
      ok: true,
      code: 'CPI_CONNECTED',
      message: expect.any(String),
      tenantHost: app.sandbox.cpi.host,
    });
  });

  test.each([
    ['runtime', 'IntegrationRuntimeArtifacts'],
    ['design time', 'IntegrationPackages'],
  ])('a %s that may not be read fails the test, and the value helps are filled all the same', async (_, path) => {
    app.sandbox.cpi.faults.add({ kind: 'status', status: 403, times: 9, match: { path } });
    const ID = await newDraft(admin, { name: `Test ${count++}`, leanixHost: host, factSheetType: 'Interface' });
    const { body } = await act(admin, draft(ID), 'testConnection');
    expect(body).toMatchObject({ ok: false, code: 'CPI_ROLE_MISSING', cpi: { ok: false, code: 'CPI_ROLE_MISSING' } });
    expect(body.message).toBe(body.cpi.message);
    expect((await admin.get(draft(ID))).body.connectionStatus).toBe('failed');
    expect((await admin.get(`settings/Tags?$filter=config_ID eq ${ID}`)).body.value.length).toBeGreaterThan(0);
  });

  test('a destination that is missing, and none at all', async () => {
    const { body } = await testOf({ cpiDestination: 'NOT_THERE' });
    expect(body).toMatchObject({ ok: false, code: 'DESTINATION_MISSING', cpi: { ok: false, tenantHost: null } });
    const none = (await testOf({ cpiDestination: null })).body;
    expect(none).toMatchObject({ ok: false, code: 'CPI_DESTINATION_REQUIRED' });
  });

  test('where both fail, LeanIX comes first', async () => {
    app.sandbox.cpi.faults.add({ kind: 'status', status: 403, times: 9 });
    const { body } = await testOf({}, { apiToken: 'wrong' });
    expect(body).toMatchObject({ ok: false, code: 'LEANIX_TOKEN_INVALID', cpi: { code: 'CPI_ROLE_MISSING' } });
  });
});

describe('a connection that works may come with a hint:', () => {
  test('a type that has no category', () =>
    expectHint(testOf({ factSheetType: 'DataObject' }), 'TYPE_WITHOUT_CATEGORY', /DataObject have no category/));

  test('a token that sees no option of the category: what is typed is accepted', async () => {
    const { state } = app.sandbox.leanix;
    const before = state.dataModel;
    state.dataModel = structuredClone(before);
    state.dataModel.factSheets['Interface']!.fields['category']!.values = [];
    await expectHint(
      testOf({ category: 'anything' }),
      'CATEGORY_LIST_EMPTY',
      /Enter the category as text; it is accepted/,
    );
    state.dataModel = before;
  });

  test.each([
    ['the token is about to expire', 5, 'TOKEN_EXPIRES_SOON'],
    ['its date has passed', -5, 'TOKEN_DATE_PASSED'],
  ])('%s, with the date as people write it', (_, days, code) => {
    const day = new Date(Date.now() + days * 86_400_000);
    const written = day.toLocaleDateString('en', { dateStyle: 'medium', timeZone: 'UTC' });
    return expectHint(testOf({ tokenExpiresOn: day.toISOString().slice(0, 10) }), code, new RegExp(`on ${written}`));
  });

  test('nothing is said of a token that has a month to go', async () => {
    const tokenExpiresOn = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    expect((await testOf({ tokenExpiresOn })).body.code).toBe('CONNECTED');
  });
});
