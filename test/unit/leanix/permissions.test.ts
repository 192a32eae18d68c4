import { hash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import cds from '@sap/cds';
import { SignJWT } from 'jose';
import { OutcomeUnknown, type RemoteError } from '../../../srv/base/remote-error.ts';
import { openAccess, type AccessClient } from '../../../srv/leanix/access.ts';

// A server with scripted answers: the user management of LeanIX as its documentation describes it.

type Said = { status?: number; body?: unknown; text?: string };
type Asked = { method: string; path: string; query: URLSearchParams; body: any };

const WORKSPACE = 'bdba6d8e-0000-4000-8000-000000000001';
const timing = { timeout: 2000, patience: 2000, backoff: 5, maxBackoff: 20, tries: 2 };

let server: Server;
let asked: Asked[];
let answer: (request: Asked) => Said;
let principal: object;

const permission = (n: number, values: object = {}, user: object = {}) => ({
  id: `p${n}`,
  user: {
    id: `u${n}`,
    userName: `user${n}`,
    email: `user${n}@example.com`,
    role: 'ACCOUNTUSER',
    status: 'ACTIVE',
    technicalUser: false,
    scimManaged: false,
    ...user,
  },
  workspace: { id: WORKSPACE },
  role: 'MEMBER',
  status: 'ACTIVE',
  lastLogin: '2026-01-31T10:15:30.000+0000',
  ...values,
});
const envelope = (data: unknown, total = Array.isArray(data) ? data.length : 0) => ({
  body: { status: 'OK', type: 'Permission', errors: [], total, data },
});
const refusal = (status: number, message: string) => ({
  status,
  body: { status: 'ERROR', type: 'Permission', message, errors: [], total: 0, data: null },
});
const page = (all: unknown[], { query }: Asked, most = 100) => {
  const size = Math.min(most, Number(query.get('size')));
  const from = (Number(query.get('page')) - 1) * size;
  return envelope(all.slice(from, from + size), all.length);
};

beforeAll(async () => {
  cds.log('leanix', 'silent');
  server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk) => (text += chunk));
    req.on('end', () => void respond());
    const respond = async () => {
      const url = new URL(req.url!, 'http://x');
      if (url.pathname.endsWith('/oauth2/token')) {
        const key = new TextEncoder().encode('x'.repeat(32));
        const token = await new SignJWT({ principal }).setProtectedHeader({ alg: 'HS256' }).sign(key);
        return res.end(JSON.stringify({ access_token: token, expires_in: 3600 }));
      }
      const request = {
        method: req.method!,
        path: url.pathname,
        query: url.searchParams,
        body: text && JSON.parse(text),
      };
      asked.push(request);
      const { status = 200, body, text: said } = answer(request);
      res.writeHead(status, { 'content-type': said === undefined ? 'application/json' : 'text/html' });
      res.end(said ?? JSON.stringify(body));
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['LEANIX_ALLOWED_HOSTS'] = host();
});

beforeEach(() => {
  asked = [];
  principal = { id: 'me', permission: { workspaceId: WORKSPACE, role: 'ADMIN' } };
});

afterAll(() => {
  delete process.env['LEANIX_ALLOWED_HOSTS'];
  server.close();
});

const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
let tokens = 0;
const open = (): Promise<AccessClient> => openAccess({ host: host(), apiToken: `token${tokens++}` }, { timing });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: RemoteError) => error.code,
  );

test('500 permissions are read in five pages of 100, counted from 1', async () => {
  const all = Array.from({ length: 500 }, (_, n) => permission(n));
  answer = (request) => page(all, request);
  const client = await open();
  expect(await client.all()).toHaveLength(500);
  expect(client.requests).toBe(5);
  expect(asked.map(({ query }) => query.get('page'))).toEqual(['1', '2', '3', '4', '5']);
  expect(asked[0]).toMatchObject({ method: 'GET', path: `/services/mtm/v1/workspaces/${WORKSPACE}/permissions` });
  expect(asked[0]!.query.get('includeTechnicalUsers')).toBe('true');
});

test('a permission is read with its user, and a time as LeanIX writes it', async () => {
  answer = () => envelope([permission(1, { role: 'ADMIN' }, { technicalUser: true, email: null })]);
  expect(await (await open()).all()).toMatchObject([
    {
      id: 'p1',
      userId: 'u1',
      role: 'ADMIN',
      status: 'ACTIVE',
      email: null,
      technical: true,
      scimManaged: false,
      lastLogin: '2026-01-31T10:15:30.000Z',
    },
  ]);
});

test.each([
  ['2026-01-31T10:15:30', '2026-01-31T10:15:30.000Z'],
  [1769854530000, '2026-01-31T10:15:30.000Z'],
])('the last login %j is %s, in whatever time zone the service runs', async (lastLogin, iso) => {
  answer = () => envelope([permission(1, { lastLogin })]);
  expect(await (await open()).all()).toMatchObject([{ lastLogin: iso }]);
});

test('a status that LeanIX has come to know since is read as it is', async () => {
  answer = () => envelope([permission(1, { status: 'ASLEEP' })]);
  expect(await (await open()).all()).toMatchObject([{ status: 'ASLEEP' }]);
});

test('smaller pages than were asked for are put up with', async () => {
  const all = Array.from({ length: 7 }, (_, n) => permission(n));
  answer = (request) => page(all, request, 3);
  expect(await (await open()).all()).toHaveLength(7);
});

test('a list in another order each time is read until all have come, each once', async () => {
  const all = Array.from({ length: 250 }, (_, n) => permission(n));
  const order = ({ id }: { id: string }) => hash('sha1', `${asked.length} ${id}`);
  answer = (request) =>
    page(
      all.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)),
      request,
    );
  const found = await (await open()).all();
  expect(found.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
  expect(asked.length).toBeGreaterThan(3);
});

test('who has gone between two readings of a list is not taken for somebody who is there', async () => {
  const all = Array.from({ length: 150 }, (_, n) => permission(n));
  const now = [...all.slice(1), permission(150)];
  // The first reading misses one user; before the second, one leaves and another one joins.
  answer = (request) => page(asked.length > 2 ? now : asked.length === 2 ? all.with(149, all[0]!) : all, request);
  const found = await (await open()).all();
  expect(found.map(({ id }) => id).sort()).toEqual(now.map(({ id }) => id).sort());
});

test('a list that changes while it is read is read again, and given up where it does not stop', async () => {
  const all = Array.from({ length: 150 }, (_, n) => permission(n));
  // A user at the beginning has left before the second page is read, so one is missed.
  answer = (request) => page(asked.length === 2 ? all.slice(1) : all, request);
  expect(await (await open()).all()).toHaveLength(150);
  expect(asked).toHaveLength(4);
  answer = (request) => page(request.query.get('page') === '2' ? [...all.slice(0, 149), permission(3)] : all, request);
  expect(await codeOf((await open()).all())).toBe('PERMISSIONS_CHANGED');
  answer = (request) => ({
    body: { status: 'OK', total: 150, data: request.query.get('page') === '1' ? all.slice(50) : [] },
  });
  expect(await codeOf((await open()).all())).toBe('PERMISSIONS_CHANGED');
});

test.each<[string, Said, string]>([
  ['403', refusal(403, 'HTTP 403 Forbidden'), 'LEANIX_ADMIN_REQUIRED'],
  ['a web page', { text: '<html>Sign in</html>' }, 'LEANIX_NOT_A_WORKSPACE'],
  ['no list', envelope({ id: 'x' }), 'LEANIX_UNREADABLE'],
  ['no total', { body: { status: 'OK', data: [] } }, 'LEANIX_UNREADABLE'],
  ['something else than permissions', envelope([{ id: 'x' }]), 'LEANIX_UNREADABLE'],
  ['without a status', envelope([permission(1, { status: null })]), 'LEANIX_UNREADABLE'],
  ['400', refusal(400, 'Bad size'), 'LEANIX_ERROR'],
])('a list that is %s fails: nothing is concluded from it', async (_, said, code) => {
  answer = () => said;
  expect(await codeOf((await open()).all())).toBe(code);
});

test('somebody is found by the e-mail, however loosely LeanIX takes the filter', async () => {
  answer = () => envelope([permission(11), permission(1)]);
  const client = await open();
  expect(await client.byEmail('User1@Example.com')).toMatchObject({ id: 'p1' });
  expect(asked[0]!.query.get('email')).toBe('User1@Example.com');
  expect(await client.byEmail('user@example.com')).toBeNull();
});

test('a permission that is gone is none', async () => {
  answer = () => refusal(404, 'Permission not found');
  expect(await (await open()).byId('p1')).toBeNull();
  expect(asked[0]!.path).toBe(`/services/mtm/v1/workspaces/${WORKSPACE}/permissions/p1`);
});

const invitation = {
  email: 'new@example.com',
  firstName: 'New',
  lastName: null,
  role: 'MEMBER',
  message: null,
  silent: true,
};

test('an invitation names who acts, who is meant, the workspace and the role', async () => {
  answer = () => envelope({ id: 'u9' });
  await (await open()).invite(invitation);
  expect(asked).toMatchObject([{ method: 'POST', path: '/services/mtm/v1/idm/invite' }]);
  expect(asked[0]!.query.get('silent')).toBe('true');
  expect(asked[0]!.body).toEqual({
    host: { id: 'me' },
    user: { email: 'new@example.com', firstName: 'New' },
    workspace: { id: WORKSPACE },
    permission: { role: 'MEMBER' },
  });
});

test('a change of a permission has all four that LeanIX needs', async () => {
  answer = () => envelope(permission(1));
  await (await open()).set({ userId: 'u1', role: 'ADMIN', status: 'INVITED', raw: {} });
  expect(asked).toMatchObject([{ method: 'POST', path: '/services/mtm/v1/permissions' }]);
  expect(asked[0]!.body).toEqual({
    user: { id: 'u1' },
    workspace: { id: WORKSPACE },
    role: 'ADMIN',
    status: 'INVITED',
  });
});

test('custom roles and access control of a permission are sent along, as they were read', async () => {
  answer = () => envelope({});
  const raw = { role: 'MEMBER', customerRoles: 'AUDITOR', accessControlEntities: 'EMEA', count: 3 };
  await (await open()).set({ userId: 'u1', role: 'ADMIN', status: 'ACTIVE', raw });
  expect(asked[0]!.body).toMatchObject({ role: 'ADMIN', customerRoles: 'AUDITOR', accessControlEntities: 'EMEA' });
  expect(asked[0]!.body).not.toHaveProperty('count');
});

test('what LeanIX refuses is told in its own words', async () => {
  answer = () => refusal(422, 'Changing the status is not allowed.');
  const error: RemoteError = await (await open()).set({ userId: 'u1', role: 'ADMIN', status: 'ACTIVE', raw: {} }).then(
    () => fail('it was not refused'),
    (error: RemoteError) => error,
  );
  expect([error.code, error.args]).toEqual(['LEANIX_REFUSED', ['Changing the status is not allowed.']]);
  answer = () => refusal(403, 'HTTP 403 Forbidden');
  expect(await codeOf((await open()).invite(invitation))).toBe('LEANIX_ADMIN_REQUIRED');
});

test.each<[string, Said]>([
  ['503', { status: 503, body: {} }],
  ['cut off', { text: '{"status":"OK","da' }],
])('a write whose answer is %s may have been stored: it is sent once', async (_, said) => {
  answer = () => said;
  const client = await open();
  await expect(client.invite(invitation)).rejects.toBeInstanceOf(OutcomeUnknown);
  expect(asked).toHaveLength(1);
});

test('a token that does not say whose it is changes nothing', async () => {
  principal = { permission: { workspaceId: WORKSPACE } };
  expect(await codeOf(open())).toBe('TOKEN_NAMES_NOBODY');
  expect(asked).toEqual([]);
});
