import cds from '@sap/cds';
import { emailOf } from '../../helpers/access/access.ts';
import { whileHeld } from '../../helpers/app/app.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';
import { because, launchProvisioning } from '../../helpers/access/provisioning.ts';

// Executed tasks, and the resulting state in LeanIX.

const app = await launchProvisioning();
const { imported, request, onTask, writes } = app;
const enterprise = app.as('enterprise');

describe('each operation, from the request to what LeanIX has in the end:', () => {
  test('create an account', async () => {
    await imported();
    const { status, body: task } = await request('olga.olsen', { firstName: 'Olga', lastName: 'Olsen', silent: true });
    expect(status).toBe(200);
    expect(task).toMatchObject({
      kind: 'createAccount',
      status: 'open',
      requester: 'enterprise',
      justification: 'New in the team',
      roleBefore: null,
      roleAfter: 'MEMBER',
      statusAfter: 'INVITED',
    });
    expect(app.user('olga.olsen')).toBeUndefined();
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ kind: 'provision', status: 'completed', created: 1, failed: 0 });
    expect(app.user('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED', firstName: 'Olga' });
    expect(app.sandbox.leanix.state.mails).toEqual([]);
    expect(await app.task(task.ID)).toMatchObject({
      status: 'done',
      roleResult: 'MEMBER',
      statusResult: 'INVITED',
      run_ID: run.ID,
      message: expect.stringContaining('INVITED'),
    });
    expect(await app.account('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED', state: 'active' });
  });

  test('an invitation goes out by mail unless it is silent', async () => {
    await imported();
    await request('pablo.paz');
    await app.job('runProvisioning');
    expect(app.sandbox.leanix.state.mails).toMatchObject([{ to: emailOf('pablo.paz') }]);
  });

  test('enable an account', async () => {
    await imported();
    const { body: task } = await app.onAccount('liam.lynch', 'enableAccount', { role: 'MEMBER', ...because });
    expect(task).toMatchObject({ statusBefore: 'ARCHIVED', statusAfter: 'ACTIVE', roleAfter: 'MEMBER' });
    await app.job('runProvisioning');
    expect(app.user('liam.lynch')).toMatchObject({ role: 'MEMBER', status: 'ACTIVE' });
    expect(await app.account('liam.lynch')).toMatchObject({ state: 'active', suspendedOn: null });
  });

  test('add access, which replaces the role before and keeps it as history', async () => {
    await imported();
    const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    await app.job('runProvisioning');
    expect(app.user('hugo.hermans')).toMatchObject({ role: 'MEMBER', status: 'ACTIVE' });
    expect(await app.task(task.ID)).toMatchObject({ roleBefore: 'VIEWER', roleAfter: 'MEMBER', roleResult: 'MEMBER' });
    const { assignments } = await app.account('hugo.hermans');
    expect(assignments).toHaveLength(2);
    expect(assignments.filter(({ validTo }: any) => !validTo)).toMatchObject([{ changedBy: 'task', task_ID: task.ID }]);
  });

  test('an invited account stays invited when its role changes', async () => {
    await imported();
    await app.onAccount('noah.nowak', 'addAccess', { role: 'MEMBER', ...because });
    await app.job('runProvisioning');
    expect(app.user('noah.nowak')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
  });

  test('remove access, which leaves the viewer', async () => {
    await imported();
    await app.onAccount('carla.costa', 'removeAccess', because);
    await app.job('runProvisioning');
    expect(app.user('carla.costa')).toMatchObject({ role: 'VIEWER', status: 'ACTIVE' });
  });

  test('remove an account, which archives it', async () => {
    await imported();
    await app.onAccount('carla.costa', 'removeAccount', because);
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'completed', removed: 1 });
    expect(app.user('carla.costa')).toMatchObject({ role: 'MEMBER', status: 'ARCHIVED' });
    const { state, assignments } = await app.account('carla.costa');
    expect([state, assignments.map(({ validTo }: any) => Boolean(validTo))]).toEqual(['suspended', [true]]);
  });

  test('with instant provisioning it is done at once', async () => {
    await imported({ ...NO_LIMITS, instantProvisioning: true });
    const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    let done = await app.task(task.ID);
    while (['open', 'running'].includes(done.status)) done = await app.task(task.ID);
    expect(done).toMatchObject({ status: 'done', roleResult: 'MEMBER' });
    const { body: run } = await enterprise.get(`access/JobRuns(${done.run_ID})`);
    expect(run).toMatchObject({ kind: 'provision', trigger: 'request', startedBy: 'enterprise' });
  });
});

test('nothing is sent where all has come to be as it should be', async () => {
  await imported();
  const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
  app.user('hugo.hermans')!.role = 'MEMBER';
  const run = await app.job('runProvisioning');
  expect(run).toMatchObject({ status: 'completed', unchanged: 1 });
  expect(await app.task(task.ID)).toMatchObject({ status: 'done', roleResult: 'MEMBER' });
  const { assignments } = await app.account('hugo.hermans');
  // Somebody else granted the role.
  expect(assignments.filter(({ validTo }: any) => !validTo)).toMatchObject([{ changedBy: 'import', task_ID: null }]);
  expect(writes()).toBe(0);
});

test('the last administrator stays: it is looked at again when tasks are carried out, and they are counted one after the other', async () => {
  await imported();
  await app.onAccount('bernd.brandt', 'removeAccess', because);
  await app.onAccount('erika.enterprise', 'removeAccount', because);
  await app.onAccount('astrid.architect', 'removeAccess', because);
  const run = await app.job('runProvisioning');
  expect(run).toMatchObject({ status: 'completedWithError', failed: 1 });
  const failed = (await app.all('access/ProvisioningTasks')).filter(({ status }) => status === 'failed');
  expect(failed).toMatchObject([{ code: 'LAST_ADMIN', email: emailOf('astrid.architect') }]);
  expect(app.user('astrid.architect')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
  expect(app.user('erika.enterprise')).toMatchObject({ status: 'ARCHIVED' });
});

describe('what has changed in LeanIX since the request is seen when a task is carried out:', () => {
  test.each([
    ['archived meanwhile', { status: 'ARCHIVED' as const }, 'ACCOUNT_SUSPENDED'],
    ['kept by SCIM meanwhile', { scimManaged: true }, 'ACCOUNT_MANAGED_ELSEWHERE'],
    ['a technical user meanwhile', { technical: true }, 'ACCOUNT_TECHNICAL'],
  ])('%s', async (_, values, code) => {
    await imported();
    const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    Object.assign(app.user('hugo.hermans')!, values);
    await app.job('runProvisioning');
    expect(await app.task(task.ID)).toMatchObject({ status: 'failed', code });
    expect(writes()).toBe(0);
  });
});

describe('who is gone from LeanIX', () => {
  const leave = (name: string) => {
    const { state } = app.sandbox.leanix;
    state.users = state.users.filter((user) => user !== app.user(name));
  };

  test.each(['carla.costa', 'liam.lynch'])('gets a new account, and can not be enabled: %s', async (name) => {
    await imported();
    leave(name);
    await app.job('importAll');
    expect(await app.account(name)).toMatchObject({ state: 'suspended', permissionId: null });
    const enabled = await app.onAccount(name, 'enableAccount', { role: 'MEMBER', ...because });
    expect([enabled.status, enabled.body.error.code]).toEqual([409, 'ACCOUNT_NOT_FOUND']);
    const { body: task } = await request(name, { role: 'VIEWER' });
    expect(task).toMatchObject({ roleBefore: null, roleAfter: 'VIEWER', statusAfter: 'INVITED' });
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
    expect(app.user(name)).toMatchObject({ role: 'VIEWER', status: 'INVITED' });
    expect(await app.task(task.ID)).toMatchObject({ status: 'done', statusResult: 'INVITED' });
  });

  test('and back with a new account is known by that one, not by the archived one of before', async () => {
    await imported();
    const { state } = app.sandbox.leanix;
    const again = (name: string, role: 'MEMBER') => {
      const ids = { id: `new user ${name}`, permissionId: `new permission ${name}` };
      state.users.push({ ...app.user('hugo.hermans')!, email: emailOf(name), role, status: 'ACTIVE', ...ids });
    };
    again('liam.lynch', 'MEMBER');
    await app.job('importAll');
    expect((await request('liam.lynch', { role: 'VIEWER' })).body.error.code).toBe('ACCOUNT_EXISTS');

    const { body: task } = await request('olga.olsen');
    const archived = { id: 'old', permissionId: 'old permission', status: 'ARCHIVED' as const };
    state.users.push({ ...app.user('hugo.hermans')!, email: emailOf('olga.olsen'), ...archived });
    again('olga.olsen', 'MEMBER');
    await app.job('runProvisioning');
    expect(await app.task(task.ID)).toMatchObject({ status: 'done', statusResult: 'ACTIVE' });
  });
});

describe('more tasks than the limit', () => {
  test('stop the job, until an enterprise admin confirms them', async () => {
    await imported({ maxRemoved: 1, maxRemovedPercent: null });
    await app.onAccount('carla.costa', 'removeAccount', because);
    await app.onAccount('dilan.demir', 'removeAccount', because);
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED', canConfirm: true });
    expect(writes()).toBe(0);
    const { body } = await enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, { reason: 'Both left' });
    expect(await app.jobEnded(body.ID as string)).toMatchObject({ status: 'completed', removed: 2 });
    expect(app.user('dilan.demir')).toMatchObject({ status: 'ARCHIVED' });
  });

  test('do not come about by what is requested while a run goes on with another worker: that is for the next one', async () => {
    await imported({ ...NO_LIMITS, maxRemoved: 2 });
    await app.onAccount('carla.costa', 'removeAccount', because);
    const { body: second } = await app.onAccount('dilan.demir', 'removeAccount', because);
    const match = { method: 'POST', path: '/mtm/v1/permissions' };
    const begin = async () => {
      const { body } = await enterprise.post('access/runProvisioning');
      while (!(await app.task(second.ID)).sentAt);
      await app.onAccount('greta.gustafsson', 'removeAccount', because);
      // As after the death of the process in the middle of the second task.
      const values = { leaseOwner: 'another process', leaseUntil: new Date().toISOString() };
      await cds.tx(() => UPDATE.entity('leanix.SyncRun').set(values).where({ ID: body.ID }));
      return body;
    };
    const run = await whileHeld(app.sandbox.leanix.faults, match, begin, 1);
    expect(await app.jobEnded(run.ID as string)).toMatchObject({ status: 'completed', total: 2, done: 2, removed: 2 });
    expect(app.user('greta.gustafsson')).toMatchObject({ status: 'ACTIVE' });
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', removed: 1 });
  });
});

test('where an attribute can not be mapped, the account keeps what is known of it', async () => {
  await imported();
  const before = await app.account('carla.costa');
  const expression = 'leanix.user.firstName = "Carla" ? $number("none") : "any"';
  await app.govern({ mappings: [{ direction: 'import', target: 'department', expression }] });
  await app.onAccount('carla.costa', 'removeAccess', because);
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', updated: 1 });
  const { email, displayName, department } = before;
  expect(department).toBe('Sales');
  expect(await app.account('carla.costa')).toMatchObject({ role: 'VIEWER', email, displayName, department });
});

test('a task that is being looked at is not canceled any more', async () => {
  await imported();
  const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
  app.user('hugo.hermans')!.role = 'MEMBER';
  let canceled: Promise<any> | undefined;
  const cancel = () => onTask(task.ID, 'cancel');
  const match = { method: 'GET', path: '/permissions' };
  app.sandbox.leanix.faults.add({ kind: 'delay', ms: 500, match, meanwhile: () => void (canceled = cancel()) });
  await app.job('runProvisioning');
  expect((await canceled).body.error?.code).toBe('TASK_NOT_OPEN');
  expect(await app.task(task.ID)).toMatchObject({ status: 'done' });
});
