import { readOnlyApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { launch } from '../../helpers/app/app.ts';
import { act, create, draft, everything, expectRefusal, newDraft, saved } from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');
const host = app.sandbox.leanix.host;
const { token } = app.sandbox.leanix.state.apiTokens[0]!;
const { destinations } = app.sandbox.btp.state;
const named = (name: string) => destinations.instance.find((one) => one['Name'] === name);
let count = 0;

const draftOf = (values: object = {}) =>
  newDraft(admin, { name: `Token ${count++}`, leanixHost: host, factSheetType: 'Interface', ...values });
const store = (ID: string, apiToken: unknown, more: object = {}) =>
  act(admin, draft(ID), 'storeApiToken', { apiToken, ...more });

test('a token is stored in a new destination of the instance, and works from then on', async () => {
  const ID = await draftOf({ leanixDestination: 'LEANIX_NEW' });
  expect((await act(admin, draft(ID), 'testConnection')).body.code).toBe('DESTINATION_MISSING');
  const answer = await store(ID, ` ${token} `);
  expect(answer).toEqual({ status: 204, body: null });
  expect(named('LEANIX_NEW')).toMatchObject({
    Type: 'HTTP',
    URL: app.sandbox.leanix.url,
    Authentication: 'OAuth2ClientCredentials',
    clientId: 'apitoken',
    clientSecret: token,
    tokenServiceURL: `${app.sandbox.leanix.url}/services/mtm/v1/oauth2/token`,
  });
  expect((await act(admin, draft(ID), 'testConnection')).body).toMatchObject({ ok: true, code: 'CONNECTED' });
});

test('a new token takes the place of the old one at once, in a draft and in what is saved', async () => {
  const ID = await draftOf({ leanixDestination: 'LEANIX_TURN' });
  await store(ID, token);
  expect((await act(admin, draft(ID), 'testConnection')).body.ok).toBe(true);
  await store(ID, readOnlyApiToken);
  expect((await act(admin, draft(ID), 'testConnection')).body.code).toBe('TOKEN_READ_ONLY');
  await act(admin, draft(ID), 'draftActivate');
  expect((await act(admin, saved(ID), 'storeApiToken', { apiToken: token })).status).toBe(204);
  expect((await act(admin, saved(ID), 'testConnection')).body.ok).toBe(true);
});

test('a destination with user and password stays one, and keeps its other properties', async () => {
  Object.assign(named('LEANIX_BASIC')!, { Description: 'made by the operator', 'URL.headers.x-team': 'ea' });
  const ID = await draftOf({ leanixDestination: 'LEANIX_BASIC' });
  await store(ID, readOnlyApiToken);
  expect(named('LEANIX_BASIC')).toMatchObject({
    Authentication: 'BasicAuthentication',
    User: 'apitoken',
    Password: readOnlyApiToken,
    Description: 'made by the operator',
    'URL.headers.x-team': 'ea',
  });
  expect(named('LEANIX_BASIC')).not.toHaveProperty('clientSecret');
  expect((await act(admin, draft(ID), 'testConnection')).body.code).toBe('TOKEN_READ_ONLY');
});

test('the token stays stored when the draft is discarded, and its end is kept when the draft is saved', async () => {
  const discarded = await draftOf({ leanixDestination: 'LEANIX_STAYS' });
  await store(discarded, token, { expiresOn: '2031-05-01' });
  await admin.delete(draft(discarded));
  expect(named('LEANIX_STAYS')).toMatchObject({ clientSecret: token });

  const ID = await draftOf({ leanixDestination: 'LEANIX_STAYS' });
  await store(ID, token, { expiresOn: '2031-05-01' });
  expect((await admin.get(draft(ID))).body.tokenExpiresOn).toBe('2031-05-01');
  await act(admin, draft(ID), 'draftActivate');
  expect((await admin.get(saved(ID))).body.tokenExpiresOn).toBe('2031-05-01');
});

test('a host that the destination does not lead to yet can be saved once its token is stored', async () => {
  const other = `localhost:${host.split(':')[1]}`;
  process.env['LEANIX_ALLOWED_HOSTS'] += `,${other}`;
  const ID = await draftOf({ leanixDestination: 'LEANIX_MOVES' });
  await store(ID, token);
  await admin.patch(draft(ID), { leanixHost: other });
  expectRefusal(await act(admin, draft(ID), 'draftActivate'), 400, 'HOST_MISMATCH');
  await store(ID, token);
  expect((await act(admin, draft(ID), 'draftActivate')).status).toBe(201);
});

describe('nothing is stored', () => {
  const untouched = async (work: () => Promise<unknown>) => {
    const before = JSON.stringify([destinations, await everything(app)]);
    await work();
    expect(JSON.stringify([destinations, await everything(app)])).toBe(before);
  };

  test.each([null, '', '   ', 'two words', 'line\nbreak', 'ümlaut', 'x'.repeat(4001)])(
    'of the token %j',
    async (text) => {
      const ID = await draftOf();
      await untouched(async () => expectRefusal(await store(ID, text), 400, 'TOKEN_REQUIRED'));
    },
  );

  test('without any parameter, or with one of the wrong kind', async () => {
    const ID = await draftOf();
    await untouched(async () => {
      expectRefusal(await act(admin, draft(ID), 'storeApiToken'), 400, 'TOKEN_REQUIRED');
      for (const body of [{ apiToken: 5 }, { apiToken: token, expiresOn: 'soon' }, { apiToken: token, other: 1 }]) {
        const { status } = await act(admin, draft(ID), 'storeApiToken', body);
        expect(status).toBe(400);
      }
    });
  });

  test('for a configuration without host, or with one that is not allowed', async () => {
    const noHost = await draftOf({ leanixHost: null });
    const evil = await draftOf({ leanixHost: 'leanix.net.evil.com' });
    const wrong = await draftOf({ leanixHost: 'https://a.leanix.net' });
    await untouched(async () => {
      expectRefusal(await store(noHost, token), 400, 'HOST_REQUIRED');
      expectRefusal(await store(evil, token), 400, 'HOST_NOT_ALLOWED');
      expectRefusal(await store(wrong, token), 400, 'HOST_INVALID');
    });
  });

  test('into a destination of another system or kind, or with a name that cannot be one', async () => {
    destinations.instance.push(
      {
        Name: 'ERP',
        Type: 'HTTP',
        URL: 'https://erp.example.com',
        Authentication: 'BasicAuthentication',
        Password: 'p',
      },
      { Name: 'CERT', Type: 'HTTP', URL: 'https://a.leanix.net', Authentication: 'ClientCertificateAuthentication' },
    );
    const erp = await draftOf({ leanixDestination: 'ERP' });
    const cert = await draftOf({ leanixDestination: 'CERT' });
    const path = await draftOf({ leanixDestination: '../ERP' });
    const none = await draftOf({ leanixDestination: null });
    await untouched(async () => {
      expectRefusal(await store(erp, token), 409, 'DESTINATION_NOT_LEANIX');
      expectRefusal(await store(cert, token), 409, 'DESTINATION_NOT_LEANIX');
      expectRefusal(await store(path, token), 400, 'DESTINATION_NAME_INVALID');
      expectRefusal(await store(none, token), 400, 'DESTINATION_NAME_INVALID');
    });
  });

  test('while the Destination service is out of order, and the answer says so', async () => {
    const ID = await draftOf();
    const match = { path: 'instanceDestinations' };
    app.sandbox.btp.faults.add({ kind: 'status', status: 503, times: 30, match });
    await untouched(async () => {
      expectRefusal(await store(ID, token), 502, 'DESTINATION_SERVICE_DOWN');
    });
    app.sandbox.btp.faults.clear();
  });
});

test('somebody else’s draft cannot be used to store or test a token', async () => {
  const ID = await draftOf();
  const other = app.as('enterprise');
  const before = JSON.stringify(destinations);
  expect((await act(other, draft(ID), 'storeApiToken', { apiToken: 'stolen' })).status).toBe(403);
  expect((await act(other, draft(ID), 'testConnection')).status).toBe(403);
  expect(JSON.stringify(destinations)).toBe(before);
});

test('an admin without the enterprise plan may configure everything', async () => {
  const ID = await create(admin, { name: 'By an admin', leanixHost: host, factSheetType: 'Interface' });
  expect((await act(admin, saved(ID), 'testConnection')).body.ok).toBe(true);
});
