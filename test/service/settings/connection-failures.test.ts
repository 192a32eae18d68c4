import { expiredApiToken, readOnlyApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { launch } from '../../helpers/app/app.ts';
import { act, draft, newDraft, saved } from '../../helpers/settings/settings.ts';
import { connectionTests } from '../../helpers/settings/connection-test.ts';

const app = await launch();
const admin = app.as('admin');
const host = app.sandbox.leanix.host;
const { token } = app.sandbox.leanix.state.apiTokens[0]!;
const instance = () => app.sandbox.btp.state.destinations.instance;
const { testOf, expectFailure } = connectionTests(admin, host);

afterEach(() => app.sandbox.leanix.faults.clear());

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
    // The Destination service now gets a bearer from LeanIX.
    await testOf({});
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
    const ID = await newDraft(admin, { name: `Test of ${path}`, leanixHost: host, factSheetType: 'Interface' });
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
