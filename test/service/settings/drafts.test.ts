import { readOnlyApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { launch } from '../../helpers/app/app.ts';
import {
  act,
  create,
  draft,
  everything,
  expectRefusal,
  mappingsOf,
  newDraft,
  saved,
} from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');

test('an admin fills in a connection step by step, tests it before saving, and saves it', async () => {
  const ID = await newDraft(admin);
  expect((await admin.get(draft(ID))).body).toMatchObject({ leanixDestination: 'LEANIX', cpiDestination: 'CPI' });
  await admin.patch(draft(ID), { name: 'Production' });
  await admin.patch(draft(ID), { leanixHost: app.sandbox.leanix.host });
  await admin.patch(draft(ID), { factSheetType: 'Interface', category: 'api' });
  for (const [position, iflowField] of ['name', 'version'].entries()) {
    const row = await admin.post(`${draft(ID)}/mappings`, {});
    expect(row.status).toBe(201);
    const leanixPath = iflowField === 'name' ? '/name' : '/release';
    const path = `settings/FieldMappings(ID=${row.body.ID},IsActiveEntity=false)`;
    expect((await admin.patch(path, { iflowField, leanixPath, position })).status).toBe(200);
  }
  const tested = await act(admin, draft(ID), 'testConnection');
  expect(tested).toMatchObject({ status: 200, body: { ok: true, code: 'CONNECTED', workspaceName: 'halvorsen' } });

  expect((await admin.get(saved(ID))).status).toBe(404);
  const activated = await act(admin, draft(ID), 'draftActivate');
  expect(activated).toMatchObject({ status: 201, body: { name: 'Production', IsActiveEntity: true } });
  expect((await admin.get(draft(ID))).status).toBe(404);
  const { body: config } = await admin.get(saved(ID));
  expect(config).toMatchObject({
    name: 'Production',
    leanixHost: app.sandbox.leanix.host,
    category: 'api',
    artifactTypes: 'INTEGRATION_FLOW',
    connectionStatus: 'connected',
    workspaceName: 'halvorsen',
    lastTestedAt: expect.stringMatching(/^20/),
  });
  expect((await admin.get(mappingsOf(saved(ID)))).body.value).toMatchObject([
    { iflowField: 'name', leanixPath: '/name', writeMode: 'always' },
    { iflowField: 'version', leanixPath: '/release', writeMode: 'always' },
  ]);
});

test('leaving the screen and coming back loses nothing of a draft', async () => {
  const ID = await create(admin, { name: 'Half done', mappings: [{ iflowField: 'name', leanixPath: '/name' }] });
  expect((await act(admin, saved(ID), 'draftEdit', { PreserveChanges: true })).status).toBe(201);
  await admin.patch(draft(ID), { description: 'written before lunch' });
  await admin.post(`${draft(ID)}/mappings`, { iflowField: 'id', leanixPath: '/alias', position: 9 });

  const list = await admin.get(`settings/LeanIXConfigs?$filter=IsActiveEntity eq false and ID eq ${ID}`);
  expect(list.body.value).toMatchObject([{ description: 'written before lunch', HasActiveEntity: true }]);
  expect((await act(admin, saved(ID), 'draftEdit', { PreserveChanges: true })).status).toBe(409);
  expect((await admin.get(saved(ID))).body.description).toBeNull();
  expect((await admin.get(mappingsOf(draft(ID)))).body.value).toHaveLength(2);

  expect((await act(admin, draft(ID), 'draftActivate')).status).toBe(200);
  expect((await admin.get(saved(ID))).body.description).toBe('written before lunch');
  expect((await admin.get(mappingsOf(saved(ID)))).body.value).toHaveLength(2);
});

test('a draft that is discarded leaves what was saved as it was', async () => {
  const ID = await create(admin, { name: 'Kept', mappings: [{ iflowField: 'name', leanixPath: '/name' }] });
  const before = await everything(app);
  await act(admin, saved(ID), 'draftEdit');
  expect((await admin.patch(draft(ID), { name: 'Other', leanixHost: 'other.leanix.net' })).status).toBe(200);
  await admin.post(`${draft(ID)}/mappings`, { iflowField: 'id', leanixPath: '/alias' });
  expect((await admin.delete(draft(ID))).status).toBe(204);
  expect(await everything(app)).toEqual(before);
});

test('another admin cannot change a draft that somebody is working on', async () => {
  const ID = await newDraft(admin, { name: 'Mine' });
  const other = app.as('enterprise');
  expect((await other.patch(draft(ID), { name: 'Theirs' })).status).toBe(403);
  expect((await act(other, draft(ID), 'draftActivate')).status).toBe(403);
  expect((await admin.get(draft(ID))).body.name).toBe('Mine');
});

test('who wants to change what somebody else is editing is told so, and what to do, in their language', async () => {
  const ID = await create(admin, { name: 'Shared' });
  await act(admin, saved(ID), 'draftEdit');
  const other = app.as('enterprise');
  const told = async (locale: string) => {
    const answers = await Promise.all([
      other.patch(`${draft(ID)}?sap-locale=${locale}`, { description: 'theirs' }),
      other.patch(`${saved(ID)}?sap-locale=${locale}`, { description: 'theirs' }),
      other.delete(`${saved(ID)}?sap-locale=${locale}`),
      act(other, saved(ID), `draftEdit?sap-locale=${locale}`),
    ]);
    return answers.map(({ body }) => body.error.message);
  };
  const locked = 'admin is editing this object. Wait until the draft is saved or discarded, then try again.';
  const drafted = 'This object is already being edited. Save or discard the draft first.';
  expect(await told('en')).toEqual([locked, drafted, locked, drafted]);
  const gesperrt = expect.stringMatching(/^admin bearbeitet dieses Objekt gerade\. Warten Sie/);
  const begonnen = expect.stringMatching(/^Dieses Objekt wird bereits bearbeitet\./);
  expect(await told('de')).toEqual([gesperrt, begonnen, gesperrt, begonnen]);
});

describe('a draft may be unfinished, but what is saved has to fit', () => {
  test.each([
    ['without a name', { leanixHost: null }, 'NAME_REQUIRED'],
    ['with a blank name', { name: '  ' }, 'NAME_REQUIRED'],
    ['with https:// before the host', { name: 'D1', leanixHost: 'https://your-company.leanix.net' }, 'HOST_INVALID'],
    ['with a host elsewhere', { name: 'D2', leanixHost: 'leanix.example.com' }, 'HOST_NOT_ALLOWED'],
    ['with a host that the destination does not reach', { name: 'D3', leanixHost: 'b.leanix.net' }, 'HOST_MISMATCH'],
    ['with a type that cannot be one', { name: 'D4', factSheetType: 'My Type!' }, 'TYPE_INVALID'],
    ['with artifact types that are none', { name: 'D5', artifactTypes: 'iflow!' }, 'ARTIFACT_TYPES_INVALID'],
    ['with a destination that cannot be one', { name: 'D6', cpiDestination: 'a b' }, 'DESTINATION_NAME_INVALID'],
  ])('%s', async (_, values, code) => {
    const before = await everything(app);
    const ID = await newDraft(admin);
    expect((await admin.patch(draft(ID), values)).status).toBe(200);
    expectRefusal(await act(admin, draft(ID), 'draftActivate'), 400, code);
    expect(await everything(app)).toEqual(before);
    expect((await admin.get(draft(ID))).body).toMatchObject(values);
  });

  test('with the name of another configuration', async () => {
    await create(admin, { name: 'Taken' });
    const ID = await newDraft(admin, { name: 'Taken' });
    expectRefusal(await act(admin, draft(ID), 'draftActivate'), 409, 'NAME_TAKEN');
  });

  test.each([
    ['an unknown iFlow field', [{ iflowField: 'colour', leanixPath: '/alias' }], 'MAPPING_FIELD_UNKNOWN'],
    ['a path without a slash', [{ iflowField: 'name', leanixPath: 'name' }], 'MAPPING_PATH_INVALID'],
    ['the external id', [{ iflowField: 'id', leanixPath: '/externalId' }], 'MAPPING_PATH_RESERVED'],
    [
      'one path twice',
      [
        { iflowField: 'name', leanixPath: '/alias' },
        { iflowField: 'id', leanixPath: '/alias' },
      ],
      'MAPPING_PATH_DUPLICATE',
    ],
  ])('with a mapping of %s', async (_, rows, code) => {
    const before = await everything(app);
    const ID = await newDraft(admin, { name: 'Mapped' });
    for (const row of rows) expect((await admin.post(`${draft(ID)}/mappings`, row)).status).toBe(201);
    expectRefusal(await act(admin, draft(ID), 'draftActivate'), 400, code);
    expect(await everything(app)).toEqual(before);
  });
});

describe('the result of the last connection test', () => {
  const tested = { connectionStatus: 'connected', workspaceName: 'halvorsen', lastTestedAt: expect.any(String) };
  const untested = { connectionStatus: null, workspaceName: null, lastTestedAt: null };

  const testedConfig = async (name: string) => {
    const ID = await create(admin, { name, leanixHost: app.sandbox.leanix.host, factSheetType: 'Interface' });
    expect((await act(admin, saved(ID), 'testConnection')).body.ok).toBe(true);
    expect((await admin.get(saved(ID))).body).toMatchObject(tested);
    return ID;
  };

  test('stays when something else is changed, in a draft and without one', async () => {
    const ID = await testedConfig('Tested 1');
    await act(admin, saved(ID), 'draftEdit');
    await admin.patch(draft(ID), { description: 'new' });
    expect((await act(admin, draft(ID), 'draftActivate')).status).toBe(200);
    expect((await admin.get(saved(ID))).body).toMatchObject(tested);
    await admin.patch(saved(ID), { category: 'x' });
    await admin.patch(saved(ID), { leanixHost: ` ${app.sandbox.leanix.host} ` });
    expect((await admin.get(saved(ID))).body).toMatchObject({ ...tested, leanixHost: app.sandbox.leanix.host });
  });

  test('holds for what is saved when a new host was entered in a draft and tested there', async () => {
    const ID = await create(admin, { name: 'Tested later' });
    await act(admin, saved(ID), 'draftEdit');
    await admin.patch(draft(ID), { leanixHost: app.sandbox.leanix.host });
    expect((await act(admin, draft(ID), 'testConnection')).body.ok).toBe(true);
    const { lastTestedAt } = (await admin.get(draft(ID))).body;
    expect((await act(admin, draft(ID), 'draftActivate')).status).toBe(200);
    expect((await admin.get(saved(ID))).body).toMatchObject({ ...tested, workspaceName: 'halvorsen', lastTestedAt });
  });

  test('is cleared when the host of a draft changes, and is still cleared after the save', async () => {
    const ID = await testedConfig('Tested 2');
    await act(admin, saved(ID), 'draftEdit');
    await admin.patch(draft(ID), { leanixHost: null });
    expect((await admin.get(draft(ID))).body).toMatchObject(untested);
    expect((await admin.get(saved(ID))).body).toMatchObject(tested);
    expect((await act(admin, draft(ID), 'draftActivate')).status).toBe(200);
    expect((await admin.get(saved(ID))).body).toMatchObject(untested);
  });

  test('is cleared when the saved host changes', async () => {
    const ID = await testedConfig('Tested 3');
    expect((await admin.patch(saved(ID), { leanixHost: null })).status).toBe(200);
    expect((await admin.get(saved(ID))).body).toMatchObject(untested);
  });

  test('is cleared when an import brings another host', async () => {
    const ID = await testedConfig('Tested 4');
    const bundle = { version: 1, 'leanix_config.json': { configurations: [{ name: 'Tested 4', leanixHost: null }] } };
    const answer = await admin.post('settings/importSettings', { bundle: JSON.stringify(bundle) });
    expect(answer).toMatchObject({ status: 200, body: { updated: 1 } });
    expect((await admin.get(saved(ID))).body).toMatchObject(untested);
  });

  test('is kept as failed when a token without write access is stored', async () => {
    const ID = await testedConfig('Tested 5');
    await act(admin, saved(ID), 'draftEdit');
    expect((await act(admin, draft(ID), 'storeApiToken', { apiToken: readOnlyApiToken })).status).toBe(204);
    expect((await act(admin, draft(ID), 'testConnection')).body).toMatchObject({ ok: false, code: 'TOKEN_READ_ONLY' });
    expect((await act(admin, draft(ID), 'draftActivate')).status).toBe(200);
    expect((await admin.get(saved(ID))).body.connectionStatus).toBe('failed');
  });
});
