import { emailOf } from '../../helpers/access/access.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';
import { because, launchProvisioning } from '../../helpers/access/provisioning.ts';

// Requests: the tasks that they create, and the planned changes.

const app = await launchProvisioning();
const { imported, request, onTask, writes } = app;
const enterprise = app.as('enterprise');

describe('no task is made', () => {
  beforeAll(() => imported());

  test.each([
    ['requestAccount', { email: 'no address' }, 400, 'EMAIL_INVALID'],
    ['requestAccount', { role: 'EMPEROR' }, 400, 'ROLE_INVALID'],
    ['requestAccount', { role: null }, 400, 'ROLE_INVALID'],
    ['requestAccount', { justification: ' ' }, 400, 'JUSTIFICATION_REQUIRED'],
    ['requestAccount', { email: 'Carla.Costa@halvorsen.example' }, 409, 'ACCOUNT_EXISTS'],
    ['requestAccount', { email: emailOf('liam.lynch') }, 409, 'ACCOUNT_SUSPENDED'],
  ])('for %s with %p', async (action, wrong, status, code) => {
    const body = { email: emailOf('olga.olsen'), role: 'MEMBER', ...because, ...wrong };
    const answer = await enterprise.post(`access/${action}`, body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(await app.all('access/ProvisioningTasks')).toEqual([]);
  });

  test.each([
    ['liam.lynch', 'addAccess', { role: 'MEMBER', ...because }, 409, 'ACCOUNT_SUSPENDED'],
    ['liam.lynch', 'removeAccess', because, 409, 'ACCOUNT_SUSPENDED'],
    ['katya.kovac', 'addAccess', { role: 'MEMBER', ...because }, 409, 'ACCOUNT_MANAGED_ELSEWHERE'],
    ['carla.costa', 'addAccess', { role: 'SYSTEM_WRITE', ...because }, 400, 'ROLE_INVALID'],
    ['carla.costa', 'removeAccount', {}, 400, 'JUSTIFICATION_REQUIRED'],
  ])('for %s: %s %p', async (name, action, body, status, code) => {
    const answer = await app.onAccount(name, action, body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(await app.all('access/ProvisioningTasks')).toEqual([]);
  });

  test.each([
    ['carla.costa', 'enableAccount', { role: 'MEMBER' }, 'ACCOUNT_ACTIVE', /is ACTIVE and/],
    ['noah.nowak', 'enableAccount', { role: 'VIEWER' }, 'ACCOUNT_ACTIVE', /is INVITED and/],
    ['hugo.hermans', 'removeAccess', {}, 'ACCOUNT_UNCHANGED', /is already ACTIVE with the role VIEWER/],
    ['hugo.hermans', 'addAccess', { role: 'viewer' }, 'ACCOUNT_UNCHANGED', /is already ACTIVE with the role VIEWER/],
    ['liam.lynch', 'removeAccount', {}, 'ACCOUNT_UNCHANGED', /is already ARCHIVED with the role \w+/],
  ])('where nothing would change, and the answer says what is: %s, %s %p', async (name, action, body, code, says) => {
    const answer = await app.onAccount(name, action, { ...body, ...because });
    expect([answer.status, answer.body.error.code]).toEqual([409, code]);
    expect(answer.body.error.message).toMatch(says);
    expect(answer.body.error.message).toContain(emailOf(name));
    expect(await app.all('access/ProvisioningTasks')).toEqual([]);
  });

  test('for the account whose API token this service uses', async () => {
    const [own] = (await app.all('access/Accounts')).filter((account) => account.own);
    const { status, body } = await enterprise.post(`access/Accounts(${own.ID})/AccessService.removeAccount`, because);
    expect([status, body.error.code]).toEqual([409, 'ACCOUNT_OWN']);
  });

  test('for other technical users: LeanIX documents changes of people only', async () => {
    const found = (await app.all('access/Accounts')).find(({ technical, own }) => technical && !own);
    for (const [action, body] of Object.entries({
      addAccess: { role: 'MEMBER', ...because },
      removeAccount: because,
    })) {
      const answer = await enterprise.post(`access/Accounts(${found.ID})/AccessService.${action}`, body);
      expect([answer.status, answer.body.error.code]).toEqual([409, 'ACCOUNT_TECHNICAL']);
    }
  });

  test('where permissions come from single sign-on', async () => {
    await app.govern({ managedElsewhere: true });
    expect((await request('olga.olsen')).body.error.code).toBe('ACCOUNT_MANAGED_ELSEWHERE');
    expect((await app.onAccount('carla.costa', 'removeAccount', because)).body.error.code).toBe(
      'ACCOUNT_MANAGED_ELSEWHERE',
    );
  });

  test('twice: an account has one open task', async () => {
    await imported();
    await app.onAccount('carla.costa', 'removeAccess', because);
    expect((await app.onAccount('carla.costa', 'removeAccount', because)).body.error.code).toBe('TASK_OPEN');
  });
});

test('the last administrator stays: a request is refused', async () => {
  await app.start(NO_LIMITS);
  for (const name of ['bernd.brandt', 'erika.enterprise']) app.user(name)!.role = 'MEMBER';
  await app.job('importAll');
  for (const [action, body] of Object.entries({
    removeAccount: because,
    addAccess: { role: 'VIEWER', ...because },
  })) {
    expect((await app.onAccount('astrid.architect', action, body)).body.error.code).toBe('LAST_ADMIN');
  }
});

test('the role can come from a condition', async () => {
  await app.start({
    ...NO_LIMITS,
    peopleDestination: 'PEOPLE',
    mappings: [
      { direction: 'import', target: 'email', expression: 'leanix.user.email' },
      { direction: 'provision', target: 'role', expression: 'owner.department = "Finance" ? "VIEWER" : task.role' },
      {
        direction: 'provision',
        target: 'message',
        expression: '"Requested by " & requester.id & ": " & request.justification',
      },
    ],
  });
  await app.job('importPeople');
  await request('quentin.quast', { role: 'ADMIN' });
  await app.job('runProvisioning');
  expect(app.user('quentin.quast')).toMatchObject({ role: 'VIEWER' });
  expect(app.sandbox.leanix.state.mails).toMatchObject([{ message: 'Requested by enterprise: New in the team' }]);
});

describe('the plan shows the role that the mapping gives', () => {
  const boss = 'request.justification = "boss" ? "ADMIN" : task.role';
  const mapRole = (expression: string) => [
    { direction: 'import', target: 'email', expression: 'leanix.user.email' },
    { direction: 'provision', target: 'role', expression },
  ];

  test('and this is what is sent', async () => {
    await imported({ ...NO_LIMITS, mappings: mapRole(boss) });
    const { body: task } = await request('olga.olsen', { role: 'VIEWER', justification: 'boss' });
    expect(task).toMatchObject({ role: 'VIEWER', roleAfter: 'ADMIN' });
    await app.job('runProvisioning');
    expect(app.user('olga.olsen')).toMatchObject({ role: 'ADMIN' });
  });

  test('or nothing is sent, where it would be another one by then', async () => {
    await imported({ ...NO_LIMITS, mappings: mapRole('task.role') });
    const { body: task } = await request('olga.olsen', { role: 'VIEWER', justification: 'boss' });
    expect(task).toMatchObject({ roleAfter: 'VIEWER' });
    await app.govern({ mappings: mapRole(boss) });
    await app.job('runProvisioning');
    const failed = await app.task(task.ID);
    expect(failed).toMatchObject({ status: 'failed', code: 'TASK_PLAN_STALE', roleAfter: 'VIEWER' });
    expect(failed.message).toContain('ADMIN');
    expect(writes()).toBe(0);
    expect((await request('olga.olsen', { role: 'VIEWER', justification: 'boss' })).body.roleAfter).toBe('ADMIN');
  });

  test('or the request is refused, where the account has that role already', async () => {
    await imported({ ...NO_LIMITS, mappings: mapRole('"VIEWER"') });
    const { status, body } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'ADMIN', ...because });
    expect([status, body.error.code]).toEqual([409, 'ACCOUNT_UNCHANGED']);
  });

  test('or the request is refused, where it gives none that there is', async () => {
    await imported({ ...NO_LIMITS, mappings: mapRole('"EMPEROR"') });
    const { status, body } = await request('olga.olsen');
    expect([status, body.error.code]).toEqual([409, 'ROLE_INVALID']);
    await app.govern({ mappings: mapRole('$number("none")') });
    expect((await request('olga.olsen')).body.error.code).toBe('EXPRESSION_FAILED');
  });
});

test('a task can be canceled until it is carried out', async () => {
  await imported();
  const { body: task } = await request('olga.olsen');
  const cancel = () => onTask(task.ID, 'cancel');
  expect((await cancel()).body).toMatchObject({ status: 'canceled' });
  expect((await cancel()).body.error.code).toBe('TASK_NOT_OPEN');
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', code: 'NO_TASKS' });
  expect(app.user('olga.olsen')).toBeUndefined();
  expect((await request('olga.olsen')).status).toBe(200);
});
