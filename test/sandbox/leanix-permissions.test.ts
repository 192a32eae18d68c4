import { Workspace, type Json } from './leanix-client.ts';

const MTM = '/services/mtm/v1';
let leanix: Workspace;
let workspace: { id: string };
beforeEach(async () => {
  const users = [
    { email: 'ada@acme.example', firstName: 'Ada', role: 'ADMIN' as const, lastLoginDaysAgo: 3 },
    { email: 'bob@acme.example', firstName: 'Bob', role: 'MEMBER' as const },
    { email: 'cleo@acme.example', role: 'VIEWER' as const, status: 'INVITED' as const },
    { email: 'dan@acme.example', role: 'MEMBER' as const, status: 'ARCHIVED' as const },
    { email: 'eve@acme.example', role: 'MEMBER' as const, scimManaged: true },
  ];
  leanix = await Workspace.start({}, { users });
  workspace = { id: leanix.sandbox.state.workspace.id };
});
afterEach(() => leanix.stop());

const list = async (query = ''): Promise<Json> =>
  (await leanix.get(`${MTM}/workspaces/${workspace.id}/permissions?${query}`)).json();
const one = async (email: string): Promise<Json> => (await list(`email=${encodeURIComponent(email)}`)).data[0];
const set = async (email: string, role: unknown, status: unknown) =>
  leanix.postMTM('/permissions', { user: { id: (await one(email)).user.id }, workspace, role, status });
const invite = (email: string, role: string, { silent = true, host = 'user-1', message = '' } = {}) =>
  leanix.postMTM(`/idm/invite?silent=${silent}`, {
    host: { id: host },
    user: { email },
    workspace,
    permission: { role },
    message,
  });

describe('reading', () => {
  test('the workspace and its users', async () => {
    expect((await (await leanix.get(`${MTM}/workspaces/${workspace.id}`)).json()).data.name).toBe('AcmeEAM');
    expect((await leanix.get(`${MTM}/workspaces/another`)).status).toBe(404);
    expect((await (await leanix.get(`${MTM}/users/user-1`)).json()).data.technicalUser).toBe(true);
  });

  test('permissions come page by page, technical users on request', async () => {
    expect(await list()).toMatchObject({ status: 'OK', total: 5, data: { length: 5 } });
    const second = await list('includeTechnicalUsers=true&size=3&page=3');
    expect(second).toMatchObject({ total: 8, data: { length: 2 } });
    expect(second.data[1].user).toMatchObject({ userName: 'retired', technicalUser: true, email: null });
    leanix.sandbox.switches.permissionPageLimit = 2;
    expect(await list('size=100')).toMatchObject({ total: 5, data: { length: 2 } });
  });

  test('permissions may come in another order with each page', async () => {
    leanix.sandbox.switches.permissionOrder = 'changing';
    const listed = async () => (await list('size=100')).data.map(({ id }: Json) => id as string);
    const orders = [await listed(), await listed(), await listed(), await listed()];
    expect(new Set(orders.map((ids) => ids.join(' '))).size).toBeGreaterThan(1);
    expect(new Set(orders.map((ids) => ids.toSorted().join(' '))).size).toBe(1);
  });

  test('a part of an e-mail is enough to find permissions', async () => {
    expect((await list('email=acme.example')).total).toBe(5);
    expect((await list('email=b@acme.example')).total).toBe(1);
  });

  test('permissions are found by e-mail, status and text', async () => {
    const ada = await one('ADA@acme.example');
    expect(ada).toMatchObject({ role: 'ADMIN', status: 'ACTIVE', user: { firstName: 'Ada' } });
    expect(Date.now() - Date.parse(ada.lastLogin)).toBeGreaterThan(2.9 * 86_400_000);
    expect((await list('status=INVITED')).total).toBe(1);
    expect((await list('q=bob')).total).toBe(1);
    expect((await (await leanix.get(`${MTM}/permissions/${ada.id}`)).json()).data.user.email).toBe('ada@acme.example');
    expect((await leanix.get(`${MTM}/permissions/unknown`)).status).toBe(404);
  });

  test('numbers tell how many permissions there are of each status and role', async () => {
    const { data } = await (await leanix.get(`${MTM}/workspaces/${workspace.id}/permissions/stats`)).json();
    const active = data.find(({ key }: Json) => key === 'ACTIVE');
    expect(active.value).toBe('3');
    expect(active.roleDetails).toContainEqual({ permissionRole: 'MEMBER', count: 2 });
  });
});

describe('changing a permission', () => {
  test('role and status are stored, and the answer shows them', async () => {
    const answer = await set('bob@acme.example', 'ADMIN', 'ARCHIVED');
    expect(answer.status).toBe(200);
    expect((await answer.json()).data).toMatchObject({ role: 'ADMIN', status: 'ARCHIVED', active: false });
    expect(await one('bob@acme.example')).toMatchObject({ role: 'ADMIN', status: 'ARCHIVED' });
    expect((await set('dan@acme.example', 'MEMBER', 'ACTIVE')).status).toBe(200);
  });

  test('an invited user stays invited until the first login', async () => {
    expect((await set('cleo@acme.example', 'MEMBER', 'ACTIVE')).status).toBe(422);
    expect((await set('cleo@acme.example', 'MEMBER', 'INVITED')).status).toBe(200);
    expect(await one('cleo@acme.example')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
  });

  test.each([
    ['no role', { role: undefined }, 422],
    ['an unknown role', { role: 'OWNER' }, 400],
    ['an unknown status', { status: 'GONE' }, 400],
    ['an unknown user', { user: { id: 'nobody' } }, 404],
    ['another workspace', { workspace: { id: 'other' } }, 403],
  ])('%s is refused, and nothing is stored', async (_what, wrong, status) => {
    const { user } = await one('bob@acme.example');
    const body = { user: { id: user.id }, workspace, role: 'ADMIN', status: 'ACTIVE', ...wrong };
    const answer = await leanix.postMTM('/permissions', body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status: 'ERROR', data: null });
    expect((await one('bob@acme.example')).role).toBe('MEMBER');
  });

  test('what SCIM keeps is refused, and so is a token without the admin permission', async () => {
    expect((await set('eve@acme.example', 'VIEWER', 'ACTIVE')).status).toBe(409);
    await leanix.logOn('viewer-token');
    expect((await set('bob@acme.example', 'VIEWER', 'ACTIVE')).status).toBe(403);
  });

  test('an archived technical user gets no more tokens', async () => {
    const user = { id: 'user-2' };
    await leanix.postMTM('/permissions', { user, workspace, role: 'VIEWER', status: 'ARCHIVED' });
    expect((await leanix.logOn('viewer-token')).status).toBe(401);
  });
});

describe('inviting', () => {
  test('makes an invited user, with a mail or in silence', async () => {
    const answer = await (await invite('new@acme.example', 'VIEWER', { silent: false, message: 'Welcome' })).json();
    expect(answer).toMatchObject({ workspaceName: 'AcmeEAM', data: { email: 'new@acme.example' } });
    await invite('quiet@acme.example', 'MEMBER');
    const { state } = leanix.sandbox;
    expect(state.mails).toEqual([{ to: 'new@acme.example', message: 'Welcome' }]);
    expect(await one('quiet@acme.example')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
    expect((await one('quiet@acme.example')).invitedByUser.id).toBe('user-1');
  });

  test('changes the role of somebody who is there', async () => {
    await invite('bob@acme.example', 'ADMIN');
    expect(await one('bob@acme.example')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
    expect((await list()).total).toBe(5);
  });

  test.each([
    ['invites', 200, 'INVITED'],
    ['changesRole', 200, 'ARCHIVED'],
    ['refused', 422, 'ARCHIVED'],
  ] as const)('somebody who is archived: %s', async (inviteOfArchived, status, then) => {
    leanix.sandbox.switches.inviteOfArchived = inviteOfArchived;
    expect((await invite('dan@acme.example', 'VIEWER')).status).toBe(status);
    expect((await one('dan@acme.example')).status).toBe(then);
  });

  test('needs an address, a role, and the acting user as host', async () => {
    expect((await invite('no address', 'VIEWER')).status).toBe(422);
    expect((await invite('x@acme.example', 'OWNER')).status).toBe(400);
    expect((await invite('x@acme.example', 'VIEWER', { host: 'user-2' })).status).toBe(403);
    expect((await list()).total).toBe(5);
  });
});
