import { createHmac, createPublicKey } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import type { AppProcess } from '../../helpers/process.ts';
import { startProduction, type Production } from '../../helpers/production.ts';
import { access } from './matrix/access.ts';
import { definitions, NOBODY, operationsOf, type Operation } from './matrix/operations.ts';
import { ENTERPRISE, VIEWERS, type Policy } from './matrix/policy.ts';
import { runtime } from './matrix/runtime.ts';
import { settings } from './matrix/settings.ts';

// Who may do what, with real tokens, for the app as it runs in production. Everything that can be asked for is taken
// from the model. What is allowed stands in the policy of its service, beside this: an entity or operation that is not
// mentioned there fails the test.

const POLICY: Record<string, Policy> = { SettingsService: settings, RuntimeService: runtime, AccessService: access };

const OPERATIONS = Object.fromEntries(
  Object.entries(POLICY).map(([service, { path }]) => [service, operationsOf(service, path)]),
);

let production: Production;
let sandbox: Sandbox;
let app: AppProcess;

beforeAll(async () => {
  production = await startProduction();
  ({ sandbox, app } = production);
});
afterAll(() => production.stop());

type Verdict = string;

/** What becomes of a request: refused because of who asks, refused for everybody, or let in. */
async function ask({ method, path }: Operation, authorization: string | undefined): Promise<Verdict> {
  const body = method === 'GET' || method === 'DELETE' ? undefined : {};
  const answer = await app.request(method, path, { authorization, body });
  const code = (answer.body as { error?: { code?: string } } | null)?.error?.code ?? '';
  if (answer.status === 401) return '401';
  // Somebody who came before has a draft: to be told so, one has to be let in.
  if (code.startsWith('DRAFT_')) return 'let in';
  if (answer.status === 403) return `403 ${code}`;
  if (answer.status === 405 || code === '405') return '405';
  return answer.status >= 500 && answer.status !== 501 ? `${answer.status} ${code}` : 'let in';
}

/** Asks for all of it, several at a time. */
async function verdicts(operations: Operation[], authorization: string | undefined) {
  const found: Record<string, Verdict> = {};
  for (let i = 0; i < operations.length; i += 8) {
    const some = operations.slice(i, i + 8);
    const answers = await Promise.all(some.map((one) => ask(one, authorization)));
    some.forEach(({ method, path }, n) => (found[`${method} ${path}`] = answers[n]!));
  }
  return found;
}

const each = (operations: Operation[], of: (operation: Operation) => Verdict) =>
  Object.fromEntries(operations.map((one) => [`${one.method} ${one.path}`, of(one)]));

/** What the policy says about somebody with these scopes. */
function expected(service: string, scopes: readonly string[]) {
  const policy = POLICY[service]!;
  const has = (wanted: string[] | null) => wanted === null || wanted.some((scope) => scopes.includes(scope));
  return each(OPERATIONS[service]!, ({ key, kind }) => {
    if (kind === 'metadata') return has(policy.metadata) ? 'let in' : '403 403';
    if (kind === 'operation') {
      if (has(policy.operations[key] ?? [])) return 'let in';
      return policy.operations[key] === ENTERPRISE ? '403 ENTERPRISE_REQUIRED' : '403 403';
    }
    if (kind === 'write' && policy.write) return has(policy.write) ? 'let in' : '403 ENTERPRISE_REQUIRED';
    return has(policy.read) ? 'let in' : '403 403';
  });
}

/** Writing what nobody may write is refused in whichever way comes first. */
function isWriteOfReadOnly(service: string, { key, kind, method, path }: Operation): boolean {
  const { writable, changeable = [] } = POLICY[service]!;
  // A draft may be discarded.
  const isLasting =
    method === 'POST' || method === 'PUT' || (method === 'DELETE' && !path.includes('IsActiveEntity=false'));
  if (!isLasting && changeable.includes(key)) return false;
  return kind === 'write' && !writable.includes(key);
}

describe('the policy of this test', () => {
  const services = definitions.filter(([, { kind }]) => kind === 'service').map(([name]) => name);

  test('mentions every service, entity and operation of the model, and nothing else', () => {
    expect(services.sort()).toEqual(Object.keys(POLICY).sort());
    for (const [service, { operations, readable, writable, changeable = [] }] of Object.entries(POLICY)) {
      const found = (kind: string) =>
        [...new Set(OPERATIONS[service]!.filter((one) => one.kind === kind).map(({ key }) => key))].sort();
      expect(found('read')).toEqual([...readable, ...writable, ...changeable].sort());
      expect(found('operation')).toEqual(Object.keys(operations).sort());
      expect(OPERATIONS[service]!.length).toBeGreaterThan(50);
    }
  });
});

describe('a scope lets in to what it is for, and to nothing else:', () => {
  test.each<[string[]]>([[[]], [['Viewer']], [['Admin']], [['EnterpriseAdmin']], [VIEWERS], [['Something']]])(
    '%j',
    async (scopes) => {
      const bearer = `Bearer ${await sandbox.btp.token('viewer', { scopes })}`;
      for (const [service, all] of Object.entries(OPERATIONS)) {
        const found = await verdicts(all, bearer);
        const wanted = expected(service, scopes);
        for (const one of all.filter((one) => isWriteOfReadOnly(service, one))) {
          const name = `${one.method} ${one.path}`;
          expect([name, found[name]]).toEqual([name, expect.stringMatching(/^40[35]/)]);
          wanted[name] = found[name]!;
        }
        expect(found).toEqual(wanted);
      }
    },
  );

  test('scopes of another application, and tokens of clients, have none of them', async () => {
    const claims = {
      scope: ['openid', 'other!t1.Viewer', 'other!t1.EnterpriseAdmin', `x.${sandbox.btp.state.xsappname}.Admin`],
    };
    const client = {
      ...claims,
      grant_type: 'client_credentials',
      scope: ['uaa.resource', 'internal-user', 'system-user'],
    };
    for (const other of [claims, client]) {
      const bearer = `Bearer ${await sandbox.btp.token('enterprise', { claims: other })}`;
      for (const [service, all] of Object.entries(OPERATIONS)) {
        const operations = all.filter((one) => one.kind !== 'write');
        const wanted = expected(service, []);
        expect(await verdicts(operations, bearer)).toEqual(
          each(operations, ({ method, path }) => wanted[`${method} ${path}`]!),
        );
      }
    }
  });

  test('in a batch as well, of both kinds', async () => {
    const part = 'POST syncAll HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}\r\n';
    const multipart = `--b\r\nContent-Type: application/http\r\n\r\nGET IFlows HTTP/1.1\r\n\r\n\r\n--b\r\nContent-Type: application/http\r\n\r\n${part}--b--\r\n`;
    const json = JSON.stringify({
      requests: [
        { id: '1', method: 'GET', url: '/IFlows' },
        { id: '2', method: 'POST', url: '/syncAll', headers: { 'content-type': 'application/json' }, body: {} },
      ],
    });
    const statuses = async (scopes: string[], service: string, type: string, body: string) => {
      const authorization = `Bearer ${await sandbox.btp.token('viewer', { scopes })}`;
      const headers = { authorization, 'content-type': type };
      const answer = await fetch(`${app.url}/odata/v4/${service}/$batch`, { method: 'POST', headers, body });
      const text = await answer.text();
      return answer.status === 200
        ? [...text.matchAll(/HTTP\/1\.1 (\d+)|"status":(\d+)/g)].map(([, one, other]) => Number(one ?? other))
        : [answer.status];
    };
    for (const [type, body] of [
      ['multipart/mixed; boundary=b', multipart],
      ['application/json', json],
    ] as const) {
      expect(new Set(await statuses([], 'runtime', type, body))).toEqual(new Set([403]));
      expect(await statuses(['Viewer'], 'runtime', type, body)).toEqual([200, 403]);
      expect(await statuses(['Admin'], 'runtime', type, body)).toEqual([200, 403]);
      expect(await statuses(['EnterpriseAdmin'], 'runtime', type, body)).toEqual([200, 400]);
      expect(await statuses(['Viewer'], 'settings', type, body)).toEqual([403]);
      expect(await statuses([], 'settings', type, body)).toEqual([403]);
    }
  });
});

describe('nobody gets in anywhere', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
  const parts = async () => (await sandbox.btp.token('enterprise')).split('.') as [string, string, string];
  const withClaims = async (claims: object, expiresIn?: number) =>
    `Bearer ${await sandbox.btp.token('enterprise', { claims: { ...claims }, expiresIn })}`;
  const other = 'sb-other!t1';
  const ours = () => ({ iss: `${sandbox.btp.url}/oauth/token` });

  const WRONG: [string, () => Promise<string | undefined>][] = [
    ['without a token', () => Promise.resolve(undefined)],
    ['with an empty one', () => Promise.resolve('Bearer ')],
    ['with something that is none', () => Promise.resolve('Bearer abc')],
    ['with the name and password of a local user', () => Promise.resolve(`Basic ${btoa('enterprise:enterprise')}`)],
    ['with a token that has expired', () => withClaims({}, -3600)],
    ['with one that is not valid yet', () => withClaims({ nbf: Math.floor(Date.now() / 1000) + 3600 })],
    ['with one for another application', () => withClaims({ aud: [other], azp: other, cid: other, client_id: other })],
    ['with one of another tenant', () => withClaims({ zid: NOBODY })],
    ['with one of no tenant', () => withClaims({ zid: undefined })],
    ['with one that is not signed', async () => `Bearer ${await unsigned()}`],
    ['with one that is signed with the public key', async () => `Bearer ${await signedWithPublicKey()}`],
    ['with one that was changed after it was signed', async () => `Bearer ${await changed()}`],
    ['with one of another issuer', async () => `Bearer ${await foreign()}`],
    ['with one that another UAA has signed in the name of ours', async () => `Bearer ${await foreign(ours())}`],
  ];

  async function unsigned() {
    const [head, payload] = await parts();
    return `${encode({ ...decode(head), alg: 'none' })}.${payload}.`;
  }

  async function signedWithPublicKey() {
    const [head, payload] = await parts();
    const key = createPublicKey({ key: sandbox.btp.state.signingKey.publicKey, format: 'jwk' });
    const text = `${encode({ ...decode(head), alg: 'HS256' })}.${payload}`;
    const secret = key.export({ type: 'spki', format: 'pem' });
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }

  async function changed() {
    const [head, payload, signature] = await parts();
    return `${head}.${encode({ ...decode(payload), sub: 'somebody-else' })}.${signature}`;
  }

  /** Of a UAA that says the same of everything but its name, and signs under the same key id. */
  async function foreign(claims: object = {}) {
    const another = await startSandbox({ seed: 'tiny' });
    Object.assign(another.btp.state, { ...sandbox.btp.state, signingKey: another.btp.state.signingKey });
    const token = await another.btp.token('enterprise', { claims: { ...claims } });
    await another.stop();
    return token;
  }

  test.each(WRONG)('%s', async (_, authorizationOf) => {
    const authorization = await authorizationOf();
    for (const operations of Object.values(OPERATIONS)) {
      expect(await verdicts(operations, authorization)).toEqual(each(operations, () => '401'));
    }
    for (const { path } of Object.values(POLICY)) {
      const answer = await app.request('POST', `/odata/v4/${path}/$batch`, { authorization, body: { requests: [] } });
      expect(answer.status).toBe(401);
    }
  });

  test('the same token, as it was signed, does get in', async () => {
    expect((await app.request('GET', '/odata/v4/runtime/IFlows', { authorization: await withClaims({}) })).status).toBe(
      200,
    );
  });
});

test('the health check needs no token, and says nothing else', async () => {
  expect(await app.request('GET', '/health')).toEqual({ status: 200, body: { status: 'UP' } });
});
