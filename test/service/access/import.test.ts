import { crowd } from '../../../sandbox/seed/people.ts';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';

const transport = { backoff: 20, maxBackoff: 200, timeout: 3000, patience: 500 };
const app = await launchAccess({ seed: tiny, config: { transport } });
const enterprise = app.as('enterprise');

test('all accounts are imported with role, status and last login, and related to people', async () => {
  await app.start({ peopleDestination: 'PEOPLE' });
  const run = await app.job('importAll');
  expect(run).toMatchObject({ kind: 'importAll', status: 'completed', trigger: 'person' });
  const accounts = await app.all('access/Accounts');
  expect(accounts).toHaveLength(app.sandbox.leanix.state.users.length);
  expect(await app.account('carla.costa')).toMatchObject({
    firstName: 'Carla',
    lastName: 'Costa',
    displayName: 'Carla Costa',
    department: 'Sales',
    role: 'MEMBER',
    status: 'ACTIVE',
    state: 'active',
    technical: false,
    dormant: false,
    lastLogin: expect.stringMatching(/^20/),
    correlatedBy: 'email',
    person: { email: 'carla.costa@halvorsen.example', department: 'Sales' },
    assignments: [{ validTo: null, changedBy: 'import' }],
  });
  expect(await app.account('bernd.brandt')).toMatchObject({ dormant: true });
  expect(await app.account('katya.kovac')).toMatchObject({ managedElsewhere: true });
  expect(await app.account('liam.lynch')).toMatchObject({ status: 'ARCHIVED', state: 'suspended' });
  expect(accounts.filter(({ own }) => own)).toMatchObject([{ userName: 'integration', technical: true }]);
});

test('an import that goes on later counts each person, account and role once', async () => {
  await app.start({ peopleDestination: 'PEOPLE' });
  const match = { path: '/permissions' };
  app.sandbox.leanix.faults.add({ kind: '429', retryAfter: '2', match, times: 1 });
  const run = await app.job('importAll');
  const all = (await app.all('access/People')).length + 2 * (await app.all('access/Accounts')).length;
  expect(run).toMatchObject({ status: 'completed', total: all, done: all });
});

test('the roles of the workspace are entitlements; one that is gone becomes inactive', async () => {
  await app.start();
  const hugo = app.user('hugo.hermans')!;
  hugo.role = 'CONTACT';
  await app.job('importAll');
  const entitlements = async () =>
    Object.fromEntries((await app.all('access/Entitlements')).map(({ name, state }) => [name, state]));
  expect(await entitlements()).toEqual({ ADMIN: 'active', MEMBER: 'active', VIEWER: 'active', CONTACT: 'active' });
  hugo.role = 'VIEWER';
  await app.job('importAccess');
  expect(await entitlements()).toEqual({ ADMIN: 'active', MEMBER: 'active', VIEWER: 'active', CONTACT: 'inactive' });
  const { assignments } = await app.account('hugo.hermans');
  expect(assignments).toHaveLength(2);
  expect(assignments.filter(({ validTo }: any) => validTo === null)).toHaveLength(1);
});

test('500 accounts take five requests, and a second import changes nothing', async () => {
  await app.start({}, (host) => {
    const seed = tiny(host);
    const users = seed.leanix.users ?? [];
    return { ...seed, leanix: { ...seed.leanix, users: [...users, ...crowd(500 - users.length)] } };
  });
  const first = await app.job('importAll');
  // Each account with its role. Liam Lynch is archived and has none.
  expect(first).toMatchObject({ status: 'completed', done: 1000, created: 999, updated: 0, unchanged: 1 });
  expect(await app.all('access/Accounts')).toHaveLength(500);
  const second = await app.job('importAll');
  expect(second).toMatchObject({
    status: 'completed',
    requests: 5,
    created: 0,
    updated: 0,
    unchanged: 1000,
    removed: 0,
  });
});

test('a server that gives smaller pages is read to the end', async () => {
  await app.start({}, tiny);
  app.sandbox.leanix.switches.permissionPageLimit = 7;
  await app.job('importAccounts');
  expect(await app.all('access/Accounts')).toHaveLength(app.sandbox.leanix.state.users.length);
});

test('a server that lists accounts in another order with each page is read until all have come', async () => {
  await app.start();
  const { state, switches } = app.sandbox.leanix;
  Object.assign(switches, { permissionPageLimit: 7, permissionOrder: 'changing' });
  await app.job('importAll');
  expect(await app.all('access/Accounts')).toHaveLength(state.users.length);
  // Each account with its role.
  const unchanged = 2 * state.users.length;
  expect(await app.job('importAll')).toMatchObject({ status: 'completed', unchanged, removed: 0 });
});

test('accounts that are gone are suspended and never deleted; they come back', async () => {
  await app.start();
  await app.job('importAll');
  const { state } = app.sandbox.leanix;
  const carla = app.user('carla.costa')!;
  state.users = state.users.filter((user) => user !== carla);
  const run = await app.job('importAll');
  expect(run).toMatchObject({ status: 'completed', removed: 1 });
  expect(await app.account('carla.costa')).toMatchObject({
    state: 'suspended',
    suspendedOn: expect.any(String),
    assignments: [{ validTo: expect.any(String) }],
  });
  state.users.push(carla);
  await app.job('importAccounts');
  expect(await app.account('carla.costa')).toMatchObject({ state: 'active', suspendedOn: null });
});

test('who has no name in LeanIX goes by the e-mail', async () => {
  await app.start();
  Object.assign(app.user('carla.costa')!, { firstName: '', lastName: '' });
  await app.job('importAccounts');
  expect(await app.account('carla.costa')).toMatchObject({ displayName: emailOf('carla.costa') });
});

test('a role that has changed since is updated', async () => {
  await app.start();
  await app.job('importAll');
  app.user('hugo.hermans')!.role = 'MEMBER';
  const accounts = (await app.all('access/Accounts')).length;
  const run = await app.job('importAccess');
  expect(run).toMatchObject({ status: 'completed', created: 0, updated: 1, unchanged: accounts - 1 });
  expect(run.message).toContain('roles granted: 0, changed: 1');
  expect(await app.account('hugo.hermans')).toMatchObject({ role: 'MEMBER', status: 'ACTIVE' });
});

test.each(['importAccounts', 'importAccess', 'importAll'])(
  '%s: a workspace that lists nobody is a failed read, and all stay as they are',
  async (action) => {
    await app.start({ maxSuspended: null, maxSuspendedPercent: null });
    await app.job('importAll');
    const accounts = () => app.all('access/Accounts?$expand=assignments&$orderby=userId');
    const before = await accounts();
    const body = { status: 'OK', type: 'Permission', errors: [], total: 0, data: [] };
    const { faults } = app.sandbox.leanix;
    faults.add({ match: { method: 'GET', path: '/permissions' }, times: Infinity, kind: 'status', status: 200, body });
    const run = await app.job(action);
    faults.clear();
    expect(run).toMatchObject({ status: 'failed', code: 'ACCOUNTS_EMPTY', updated: 0, removed: 0 });
    expect(await accounts()).toEqual(before);
  },
);

test('a page that fails suspends nobody', async () => {
  await app.start();
  await app.job('importAccounts');
  app.sandbox.leanix.switches.permissionPageLimit = 5;
  app.sandbox.leanix.faults.add({ match: { path: 'page=3' }, times: 20, kind: 'status', status: 403 } as never);
  const run = await app.job('importAccounts');
  expect(run).toMatchObject({ status: 'failed', code: 'LEANIX_ADMIN_REQUIRED' });
  const suspended = (await app.all('access/Accounts')).filter(({ state }) => state === 'suspended');
  expect(suspended.map(({ email }) => email)).toEqual(['liam.lynch@halvorsen.example']);
});

describe('more suspended accounts than the limit', () => {
  test('stop the import, until an enterprise admin confirms them once', async () => {
    await app.start({ maxSuspended: 2, maxSuspendedPercent: null });
    await app.job('importAccounts');
    const { state } = app.sandbox.leanix;
    const gone = ['carla.costa', 'dilan.demir', 'greta.gustafsson'].map((name) => app.user(name));
    state.users = state.users.filter((user) => !gone.includes(user));
    const run = await app.job('importAccounts');
    expect(run).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED', canConfirm: true });
    expect(run.message).toContain('3 of 15 accounts');
    expect(await app.account('carla.costa')).toMatchObject({ state: 'active' });

    const confirm = (reason: string) => enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, { reason });
    expect((await confirm(' ')).body.error.code).toBe('REASON_REQUIRED');
    const confirmed = await confirm('They have left the company');
    expect(confirmed.status).toBe(200);
    const done = await app.jobEnded(confirmed.body.ID as string);
    expect(done).toMatchObject({ status: 'completed', removed: 3, confirmReason: 'They have left the company' });
    expect(await app.account('carla.costa')).toMatchObject({ state: 'suspended' });
    expect((await confirm('again')).body.error.code).toBe('ALREADY_CONFIRMED');
  });

  test('confirmed are as many as were shown, and no more', async () => {
    await app.start({ maxSuspended: 1, maxSuspendedPercent: null });
    await app.job('importAccounts');
    const { state } = app.sandbox.leanix;
    const remove = (...names: string[]) => {
      const gone = names.map((name) => app.user(name));
      state.users = state.users.filter((user) => !gone.includes(user));
    };
    remove('carla.costa', 'dilan.demir');
    const run = await app.job('importAccounts');
    remove('greta.gustafsson');
    const { body } = await enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, { reason: 'Two left' });
    expect(await app.jobEnded(body.ID as string)).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED' });
    expect(await app.account('carla.costa')).toMatchObject({ state: 'active' });
  });
});

describe('whom an account belongs to', () => {
  const person = async (name: string) => {
    const { body } = await enterprise.get(`access/People?$filter=email eq '${name}@halvorsen.example'`);
    return body.value[0];
  };

  test('can be changed, and taken back; later imports leave it so', async () => {
    await app.start({ peopleDestination: 'PEOPLE' });
    await app.job('importAll');
    const before = await app.account('carla.costa');
    const olga = await person('olga.olsen');
    const changed = await app.onAccount('carla.costa', 'correlate', { person: olga.ID });
    expect(changed.body).toMatchObject({ person_ID: olga.ID, correlatedBy: 'manual' });
    await app.job('importAll');
    expect(await app.account('carla.costa')).toMatchObject({ person_ID: olga.ID, correlatedBy: 'manual' });
    await app.onAccount('carla.costa', 'uncorrelate');
    await app.job('importAll');
    expect(await app.account('carla.costa')).toMatchObject({ person_ID: null, correlatedBy: 'none' });
    expect((await app.onAccount('carla.costa', 'uncorrelate')).body.error.code).toBe('NOT_CORRELATED');
    const found = await app.onAccount('carla.costa', 'correlate');
    expect(found.body).toMatchObject({ person_ID: before.person_ID, correlatedBy: 'email' });
  });

  test('people have their managers, and whoever leaves the directory becomes inactive', async () => {
    await app.start({ peopleDestination: 'PEOPLE' });
    await app.job('importPeople');
    const astrid = await person('astrid.architect');
    expect(await person('quentin.quast')).toMatchObject({ manager_ID: astrid.ID, department: 'Finance', active: true });
    const people = app.sandbox.btp.state.people;
    app.sandbox.btp.state.people = people.filter(({ lastName }) => lastName !== 'Quast');
    const run = await app.job('importPeople');
    app.sandbox.btp.state.people = people;
    expect(run).toMatchObject({ status: 'completed', removed: 1 });
    expect(await person('quentin.quast')).toMatchObject({ active: false });
  });

  test('a directory that suddenly lists nobody is a failed read, and everybody stays', async () => {
    await app.start({ peopleDestination: 'PEOPLE' });
    await app.job('importPeople');
    const { people } = app.sandbox.btp.state;
    app.sandbox.btp.state.people = [];
    const run = await app.job('importPeople');
    app.sandbox.btp.state.people = people;
    expect(run).toMatchObject({ status: 'failed', code: 'PEOPLE_EMPTY' });
    expect(await person('quentin.quast')).toMatchObject({ active: true });
  });
});

test('an expression that fails for a row names its target, and leaves that account as it is', async () => {
  await app.start();
  await app.job('importAccounts');
  const answer = await app.govern({
    mappings: [
      { direction: 'import', target: 'email', expression: 'leanix.user.email' },
      {
        direction: 'import',
        target: 'department',
        expression: 'leanix.user.firstName = "Carla" ? $number("none") : $uppercase(leanix.user.department & "")',
      },
    ],
  });
  expect(answer.status).toBe(200);
  const run = await app.job('importAccounts');
  expect(run).toMatchObject({ status: 'completedWithError', code: 'ROWS_FAILED', failed: 1 });
  expect(run.message).toContain('department');
  // A failed account does not count as unchanged.
  expect(run.created + run.updated + run.unchanged + run.failed).toBe(run.done);
  expect(await app.account('carla.costa')).toMatchObject({ department: 'Sales', state: 'active' });
  expect(await app.account('dilan.demir')).toMatchObject({ department: 'FINANCE' });
});
