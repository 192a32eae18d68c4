import { setTimeout as sleep } from 'node:timers/promises';
import { launch, whileHeld } from '../../helpers/app/app.ts';
import { act, draft, expectHelpful, expectRefusal, newDraft, saved } from '../../helpers/settings/settings.ts';
import { connectionTests } from '../../helpers/settings/connection-test.ts';

const app = await launch();
const admin = app.as('admin');
const host = app.sandbox.leanix.host;
const { token } = app.sandbox.leanix.state.apiTokens[0]!;
const { testOf, expectFailure, expectHint } = connectionTests(admin, host);

afterEach(() => app.sandbox.leanix.faults.clear());

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

describe('a category is compared with those of the type:', () => {
  test('one that the type does not have is named, with those that it has', () =>
    expectFailure(testOf({ category: 'apii' }), 'CATEGORY_UNKNOWN', /"apii".*Correct the category/));

  test('one for a type without categories', () =>
    expectFailure(testOf({ factSheetType: 'DataObject', category: 'api' }), 'CATEGORY_NOT_OF_TYPE', /"api".*Clear/));

  test('its key, whatever the case, will do', async () => {
    expect((await testOf({ category: 'API' })).body).toMatchObject({ ok: true, code: 'CONNECTED' });
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
