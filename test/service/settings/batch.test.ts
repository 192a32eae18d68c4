import { setTimeout as sleep } from 'node:timers/promises';
import { launch, whileHeld } from '../../helpers/app/app.ts';
import { batch } from '../../helpers/app/batch.ts';
import { create, draft, expectRefusal, newDraft, saved } from '../../helpers/settings/settings.ts';

// UI5 sends all requests in $batch, and changes in change sets, which are one transaction.

const app = await launch();
const admin = app.as('admin');
const at = (path: string) => path.replace('settings/', '');
const patch = (ID: string, body: object) => ({ method: 'PATCH' as const, path: at(draft(ID)), body });
const action = (ID: string, name: string, body: object = {}) => ({
  method: 'POST' as const,
  path: `${at(draft(ID))}/SettingsService.${name}`,
  body,
});
const read = (ID: string) => ({ method: 'GET' as const, path: at(draft(ID)) });
const complete = (name: string) => ({ name, leanixHost: app.sandbox.leanix.host, factSheetType: 'Interface' });

test('a draft is made, changed, tested and saved', async () => {
  const [made] = await batch(app, 'admin', [[{ method: 'POST', path: 'LeanIXConfigs', body: {} }]]);
  expect(made?.status).toBe(201);
  const { ID } = made!.body;
  const [row] = await batch(app, 'admin', [
    [{ method: 'POST', path: `${at(draft(ID))}/mappings`, body: { iflowField: 'name', leanixPath: '/name' } }],
  ]);
  expect(row?.status).toBe(201);
  const changed = await batch(app, 'admin', [[patch(ID, complete('Batch 1'))], read(ID)]);
  expect(changed).toMatchObject([{ status: 200 }, { status: 200, body: { name: 'Batch 1' } }]);
  const tested = await batch(app, 'admin', [[action(ID, 'testConnection')], read(ID)]);
  expect(tested).toMatchObject([
    { status: 200, body: { ok: true, code: 'CONNECTED' } },
    { status: 200, body: { connectionStatus: 'connected', workspaceName: 'halvorsen' } },
  ]);
  const done = await batch(app, 'admin', [[action(ID, 'draftPrepare')], [action(ID, 'draftActivate')]]);
  expect(done).toMatchObject([{ status: 200 }, { status: 201, body: { name: 'Batch 1' } }]);
  expect((await admin.get(saved(ID))).body).toMatchObject({
    connectionStatus: 'connected',
    workspaceName: 'halvorsen',
  });
});

test.each(['testConnection', 'storeApiToken', 'validateMapping'])(
  '%s asks another system: beside another request in one change set it is refused, and nothing is changed',
  async (name) => {
    const ID = await newDraft(admin, complete('Batch 2'));
    const before = (await admin.get(draft(ID))).body;
    app.sandbox.leanix.log.clear();
    const body = name === 'storeApiToken' ? { apiToken: 'another' } : {};
    for (const parts of [
      [patch(ID, { category: 'x' }), action(ID, name, body)],
      [action(ID, name, body), patch(ID, { category: 'x' })],
      [action(ID, name, body), action(ID, name, body)],
      [read(ID), action(ID, name, body)],
    ]) {
      const [refused] = await batch(app, 'admin', [parts]);
      expectRefusal(refused!, 400, 'CHANGE_SET_SHARED');
    }
    expect((await admin.get(draft(ID))).body).toEqual(before);
    expect(app.sandbox.leanix.log.count()).toBe(0);
  },
);

test('the API token is stored, the connection tested and the draft saved, each in a change set', async () => {
  const ID = await newDraft(admin, complete('Batch 3'));
  const { token } = app.sandbox.leanix.state.apiTokens[0]!;
  const answers = await batch(app, 'admin', [
    [action(ID, 'storeApiToken', { apiToken: token, expiresOn: '2099-01-31' })],
    [action(ID, 'testConnection')],
    [action(ID, 'draftActivate')],
  ]);
  expect(answers).toMatchObject([{ status: 204 }, { status: 200, body: { ok: true } }, { status: 201 }]);
  expect((await admin.get(saved(ID))).body.tokenExpiresOn).toBe('2099-01-31');
});

test('what is saved without a draft fits in a change set, too', async () => {
  const a = await create(admin, { name: 'Batch 4' });
  const b = await create(admin, { name: 'Batch 5' });
  const change = (ID: string, body: object) => ({ method: 'PATCH' as const, path: at(saved(ID)), body });
  const both = await batch(app, 'admin', [[change(a, { category: 'x' }), change(b, { category: 'y' })]]);
  expect(both).toMatchObject([{ status: 200 }, { status: 200 }]);
  const [refused] = await batch(app, 'admin', [[change(a, { category: 'z' }), change(b, { leanixHost: 'a/b' })]]);
  expectRefusal(refused!, 400, 'HOST_INVALID');
  expect((await admin.get(saved(a))).body.category).toBe('x');
});

test('a save that is refused is refused in a batch, too', async () => {
  const ID = await newDraft(admin, { ...complete('Batch 6'), leanixHost: 'https://your-company.leanix.net/' });
  const [refused] = await batch(app, 'admin', [[action(ID, 'draftActivate')]]);
  expectRefusal(refused!, 400, 'HOST_INVALID');
  await admin.patch(draft(ID), { leanixHost: 'other.leanix.net' });
  const mismatch = await batch(app, 'admin', [[action(ID, 'draftPrepare')], [action(ID, 'draftActivate')]]);
  expectRefusal(mismatch[1]!, 400, 'HOST_MISMATCH');
  expect((await admin.get(saved(ID))).status).toBe(404);
});

test('somebody else is served while a connection test waits for LeanIX', async () => {
  const ID = await newDraft(admin, complete('Batch 7'));
  const { log, faults, host } = app.sandbox.leanix;
  const apiToken = 'sandbox0000AnotherWrongToken';
  let answered = false;
  log.clear();
  const { slow } = await whileHeld(faults, {}, async () => {
    const test = batch(app, 'admin', [
      [patch(ID, { category: 'y' })],
      [action(ID, 'testConnection', { apiToken, host })],
    ]).finally(() => (answered = true));
    while (!log.count()) await sleep(5);
    const config = saved(await app.configId());
    expect((await app.as('enterprise').patch(config, { description: 'quick' })).status).toBe(200);
    expect(answered).toBe(false);
    return { slow: test };
  });
  expect(await slow).toMatchObject([{ status: 200 }, { status: 200, body: { code: 'LEANIX_TOKEN_INVALID' } }]);
});
