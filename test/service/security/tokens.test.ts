import { startSandbox } from '../../../sandbox/index.ts';
import { startApp, type AppProcess } from '../../helpers/process.ts';

// The app as it runs on BTP: tokens are signed by a UAA, and checked with its keys.

const sandbox = await startSandbox({ seed: 'tiny' });
const { btp } = sandbox;
let app: AppProcess;

beforeAll(async () => {
  app = await startApp(sandbox.env(), { requires: { auth: { kind: 'xsuaa' } } });
});
afterAll(async () => {
  await app.stop();
  await sandbox.stop();
});

const READ = ['GET', '/odata/v4/runtime/IFlows'] as const;
const SETTINGS = ['GET', '/odata/v4/settings/LeanIXConfigs'] as const;
const SYNC = ['POST', '/odata/v4/runtime/syncAll'] as const;

const ask = async ([method, path]: readonly [string, string], token: string | null) => {
  const authorization = token === null ? undefined : `Bearer ${token}`;
  const { status, body } = await app.request(method, path, { authorization, body: method === 'POST' ? {} : undefined });
  return { status, code: body?.error?.code };
};
const statuses = async (token: string | null) => {
  const answers = [];
  for (const one of [READ, SETTINGS, SYNC]) answers.push((await ask(one, token)).status);
  return answers;
};

test('the app checks real tokens, and mocked users are unknown to it', async () => {
  expect(app.output()).toMatch(/using auth strategy \{\s*kind: 'xsuaa'/);
  const { status } = await app.request('GET', READ[1], { authorization: `Basic ${btoa('admin:admin')}` });
  expect(status).toBe(401);
});

describe('a scope lets in to what it is for', () => {
  test.each([
    [['Viewer'], [200, 403, 403]],
    [['Admin'], [200, 200, 403]],
    [['EnterpriseAdmin'], [200, 200, 400]],
    [
      ['Viewer', 'Admin', 'EnterpriseAdmin'],
      [200, 200, 400],
    ],
    [[], [403, 403, 403]],
    [['Something'], [403, 403, 403]],
  ])('%j: read, settings, sync', async (scopes, expected) => {
    expect(await statuses(await btp.token('viewer', { scopes }))).toEqual(expected);
  });

  test('an admin is told that a sync needs the enterprise plan', async () => {
    expect(await ask(SYNC, await btp.token('admin'))).toEqual({ status: 403, code: 'ENTERPRISE_REQUIRED' });
    expect(await ask(SYNC, await btp.token('enterprise'))).toEqual({ status: 400, code: 'NOT_CONFIGURED' });
  });

  test('the scopes of another application let in to nothing', async () => {
    const claims = { scope: ['openid', 'other-app!t1.Viewer', 'other-app!t1.EnterpriseAdmin'] };
    expect(await statuses(await btp.token('enterprise', { claims }))).toEqual([403, 403, 403]);
  });
});

describe('without a token that is valid nobody gets in:', () => {
  const parts = async () => (await btp.token('enterprise')).split('.') as [string, string, string];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;

  test('none at all', async () => expect(await statuses(null)).toEqual([401, 401, 401]));

  test('something that is no token', async () => expect(await statuses('abc')).toEqual([401, 401, 401]));

  test('one that has expired', async () => {
    expect(await statuses(await btp.token('enterprise', { expiresIn: -3600 }))).toEqual([401, 401, 401]);
  });

  test('one for another application', async () => {
    const claims = {
      aud: ['sb-other!t1', 'other!t1'],
      azp: 'sb-other!t1',
      cid: 'sb-other!t1',
      client_id: 'sb-other!t1',
    };
    expect(await statuses(await btp.token('enterprise', { claims }))).toEqual([401, 401, 401]);
  });

  test('one that is not signed', async () => {
    const [head, payload] = await parts();
    const unsigned = encode({ ...decode(head), alg: 'none' });
    expect(await statuses(`${unsigned}.${payload}.`)).toEqual([401, 401, 401]);
  });

  test('one that was changed after it was signed', async () => {
    const [head, , signature] = await parts();
    const [, viewer] = (await btp.token('viewer')).split('.') as [string, string];
    const more = { ...decode(viewer), scope: [`${btp.state.xsappname}.EnterpriseAdmin`] };
    expect(await statuses(`${head}.${encode(more)}.${signature}`)).toEqual([401, 401, 401]);
  });

  test('one that another UAA has signed', async () => {
    const other = await startSandbox({ seed: 'tiny' });
    Object.assign(other.btp.state, { ...btp.state, signingKey: other.btp.state.signingKey });
    const foreign = await other.btp.token('enterprise');
    expect(await statuses(foreign)).toEqual([401, 401, 401]);
    await other.stop();
  });
});

test('what the app logs of refused tokens contains none of them', async () => {
  const token = await btp.token('enterprise', { expiresIn: -3600 });
  await statuses(token);
  expect(app.output()).not.toContain(token);
  expect(app.output()).not.toContain(token.split('.')[2]);
});

test('the health check needs no token', async () => {
  expect(await app.request('GET', '/health')).toEqual({ status: 200, body: { status: 'UP' } });
});
