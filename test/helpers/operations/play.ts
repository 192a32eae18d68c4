import type { Sandbox } from '../../../sandbox/index.ts';
import { access } from './access.ts';
import { definitionsOf, operationsOf, type Definitions, type Operation } from './operations.ts';
import { ENTERPRISE, VIEWERS, type Policy } from './policy.ts';
import { runtime } from './runtime.ts';
import { settings } from './settings.ts';
import { WRONG_TOKENS, withClaims } from './wrong-tokens.ts';

// Tests authorizations with real tokens. Operations come from the model, and the policy of each service says what is
// allowed. An entity or operation that no policy mentions fails the test.

const POLICY: Record<string, Policy> = { SettingsService: settings, RuntimeService: runtime, AccessService: access };

/** A service in production mode; `model` is its folder, or the compiled model. */
export type Guarded = { sandbox: Sandbox; url: string; model: string };

let sandbox: Sandbox;
let url: string;
let definitions: Definitions;
let operations: Record<string, Operation[]>;

/**
 * Tries every scope and every invalid token with every operation.
 * @param start is called once, before the tests
 */
export function playMatrix(start: () => Promise<Guarded>): void {
  beforeAll(async () => {
    const { model, ...guarded } = await start();
    ({ sandbox, url } = guarded);
    definitions = await definitionsOf(model);
    operations = Object.fromEntries(
      Object.entries(POLICY).map(([service, { path }]) => [service, operationsOf(definitions, service, path)]),
    );
  });
  playPolicy();
  playScopes();
  playWrongTokens();
}

/** Sends a request with a JSON body. @returns its status, and the code of its error */
async function send(method: string, path: string, authorization: string | undefined, body?: object) {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json');
  const { error } = (isJson && text ? JSON.parse(text) : {}) as { error?: { code?: string } };
  return { status: answer.status, code: error?.code ?? '' };
}

type Verdict = string;

/** The result of a request: refused for this user, refused for everybody, or allowed. */
async function ask({ method, path }: Operation, authorization: string | undefined): Promise<Verdict> {
  const body = method === 'GET' || method === 'DELETE' ? undefined : {};
  const { status, code } = await send(method, path, authorization, body);
  if (status === 401) return '401';
  // The draft of an earlier request exists, so this request was allowed.
  if (code.startsWith('DRAFT_')) return 'let in';
  if (status === 403) return `403 ${code}`;
  if (status === 405 || code === '405') return '405';
  return status >= 500 && status !== 501 ? `${status} ${code}` : 'let in';
}

/** Sends all requests, several in parallel. */
async function verdicts(all: Operation[], authorization: string | undefined) {
  const found: Record<string, Verdict> = {};
  for (let i = 0; i < all.length; i += 8) {
    const some = all.slice(i, i + 8);
    const answers = await Promise.all(some.map((one) => ask(one, authorization)));
    some.forEach(({ method, path }, n) => (found[`${method} ${path}`] = answers[n]!));
  }
  return found;
}

const each = (all: Operation[], of: (operation: Operation) => Verdict) =>
  Object.fromEntries(all.map((one) => [`${one.method} ${one.path}`, of(one)]));

/** The policy for a user with these scopes. */
function expected(service: string, scopes: readonly string[]) {
  const policy = POLICY[service]!;
  const has = (wanted: string[] | null) => wanted === null || wanted.some((scope) => scopes.includes(scope));
  return each(operations[service]!, ({ key, kind }) => {
    if (kind === 'metadata') return has(policy.metadata) ? 'let in' : '403 403';
    if (kind === 'operation') {
      if (has(policy.operations[key] ?? [])) return 'let in';
      return policy.operations[key] === ENTERPRISE ? '403 ENTERPRISE_REQUIRED' : '403 403';
    }
    if (kind === 'write' && policy.write) return has(policy.write) ? 'let in' : '403 ENTERPRISE_REQUIRED';
    return has(policy.read) ? 'let in' : '403 403';
  });
}

/** Writes to read-only entities are refused in different ways. */
function isWriteOfReadOnly(service: string, { key, kind, method, path }: Operation): boolean {
  const { writable, changeable = [] } = POLICY[service]!;
  // Discarding a draft is allowed.
  const isLasting =
    method === 'POST' || method === 'PUT' || (method === 'DELETE' && !path.includes('IsActiveEntity=false'));
  if (!isLasting && changeable.includes(key)) return false;
  return kind === 'write' && !writable.includes(key);
}

function playPolicy(): void {
  describe('the policy of this test', () => {
    test('mentions every service, entity and operation of the model, and nothing else', () => {
      const services = definitions.filter(([, { kind }]) => kind === 'service').map(([name]) => name);
      expect(services.sort()).toEqual(Object.keys(POLICY).sort());
      for (const [service, { operations: allowed, readable, writable, changeable = [] }] of Object.entries(POLICY)) {
        const found = (kind: string) =>
          [...new Set(operations[service]!.filter((one) => one.kind === kind).map(({ key }) => key))].sort();
        expect(found('read')).toEqual([...readable, ...writable, ...changeable].sort());
        expect(found('operation')).toEqual(Object.keys(allowed).sort());
        expect(operations[service]!.length).toBeGreaterThan(50);
      }
    });
  });
}

function playScopes(): void {
  describe('a scope lets in to what it is for, and to nothing else:', () => {
    test.each<[string[]]>([[[]], [['Viewer']], [['Admin']], [['EnterpriseAdmin']], [VIEWERS], [['Something']]])(
      '%j',
      async (scopes) => {
        const bearer = `Bearer ${await sandbox.btp.token('viewer', { scopes })}`;
        for (const [service, all] of Object.entries(operations)) {
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
        for (const [service, all] of Object.entries(operations)) {
          const some = all.filter((one) => one.kind !== 'write');
          const wanted = expected(service, []);
          expect(await verdicts(some, bearer)).toEqual(each(some, ({ method, path }) => wanted[`${method} ${path}`]!));
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
        const answer = await fetch(`${url}/odata/v4/${service}/$batch`, { method: 'POST', headers, body });
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
}

function playWrongTokens(): void {
  describe('nobody gets in anywhere', () => {
    test.each(WRONG_TOKENS)('%s', async (_, authorizationOf) => {
      const authorization = await authorizationOf(sandbox);
      for (const all of Object.values(operations)) {
        expect(await verdicts(all, authorization)).toEqual(each(all, () => '401'));
      }
      for (const { path } of Object.values(POLICY)) {
        const answer = await send('POST', `/odata/v4/${path}/$batch`, authorization, { requests: [] });
        expect(answer.status).toBe(401);
      }
    });

    test('the same token, as it was signed, does get in', async () => {
      expect((await send('GET', '/odata/v4/runtime/IFlows', await withClaims(sandbox, {}))).status).toBe(200);
    });
  });
}
