import cds from '@sap/cds';
import { assertOtherPerson } from '../../../srv/access/task-decisions.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';
import { launchProvisioning } from '../../helpers/access/provisioning.ts';

const app = await launchProvisioning();
const { imported, request, writes } = app;
const enterprise = app.as('enterprise');
const second = app.as('enterprise2');
const because = { justification: 'New in the team' };

type Person = typeof enterprise;

const onTask = (person: Person, ID: string, action: string, body: object = {}) =>
  person.post(`access/ProvisioningTasks(${ID})/AccessService.${action}`, body);
const confirm = (person: Person, ID: string) =>
  person.post(`access/JobRuns(${ID})/AccessService.confirm`, { reason: 'It is meant so' });
const codeOf = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];
const idle = async () => {
  while ((await app.all('access/JobRuns?$filter=isActive eq true')).length);
};

test('a task is carried out only after somebody else than its requester has approved it', async () => {
  await imported({ ...NO_LIMITS, fourEyes: true });
  const { body: task } = await request('olga.olsen');
  expect(task).toMatchObject({ status: 'open', canApprove: true, approvedBy: null, approvedAt: null });
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', code: 'TASKS_UNAPPROVED', done: 0 });
  expect(codeOf(await onTask(enterprise, task.ID, 'approve'))).toEqual([409, 'FOUR_EYES']);
  expect(await app.job('runProvisioning')).toMatchObject({ done: 0 });
  expect(writes()).toBe(0);

  const { body: approved } = await onTask(second, task.ID, 'approve');
  expect(approved).toMatchObject({ approvedBy: 'enterprise2', approvedAt: expect.any(String), canApprove: false });
  expect(codeOf(await onTask(second, task.ID, 'approve'))).toEqual([409, 'TASK_APPROVED']);
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
  expect(await app.task(task.ID)).toMatchObject({ status: 'done' });
  const deeds = await SELECT.from('leanix.AuditEntry').where({ action: 'approveTask' });
  expect(deeds).toMatchObject([{ doneBy: 'enterprise2', element: 'createAccount', before: 'enterprise' }]);
});

test('what is to be carried out at once waits for the approval, and is carried out then', async () => {
  await imported({ ...NO_LIMITS, fourEyes: true, instantProvisioning: true });
  const { body: task } = await request('olga.olsen');
  await idle();
  expect(await app.all(`access/JobRuns?$filter=kind eq 'provision'`)).toEqual([]);
  await onTask(second, task.ID, 'approve');
  await idle();
  expect(await app.task(task.ID)).toMatchObject({ status: 'done', approvedBy: 'enterprise2' });
  const runs = await app.all(`access/JobRuns?$filter=kind eq 'provision'`);
  expect(runs).toMatchObject([{ trigger: 'request', startedBy: 'enterprise' }]);
});

test('the action reject leaves the method of CAP with this name what it is', () => {
  type Handlers = { handlers: { before: unknown[] }; reject(event: string): unknown };
  const service = cds.services['AccessService'] as unknown as Handlers;
  const { length } = service.handlers.before;
  expect(service.reject('nothing that anybody asks for')).toBe(service);
  expect(service.handlers.before).toHaveLength(length + 1);
});

test('a task that is rejected ends, with the reason and who gave it', async () => {
  await imported({ ...NO_LIMITS, fourEyes: true });
  const { body: task } = await request('olga.olsen');
  expect(codeOf(await onTask(second, task.ID, 'reject', { reason: ' ' }))).toEqual([400, 'REASON_REQUIRED']);
  const { body: rejected } = await onTask(second, task.ID, 'reject', { reason: 'Nobody knows her' });
  expect(rejected).toMatchObject({ status: 'canceled', code: 'TASK_REJECTED', canApprove: false });
  expect(rejected.message).toContain('enterprise2 rejected the task: Nobody knows her');
  expect(codeOf(await onTask(second, task.ID, 'approve'))).toEqual([409, 'TASK_NOT_OPEN']);
  expect(codeOf(await onTask(second, task.ID, 'reject', { reason: 'Again' }))).toEqual([409, 'TASK_NOT_OPEN']);
  expect(await app.job('runProvisioning')).toMatchObject({ code: 'NO_TASKS' });
  expect((await request('olga.olsen')).status).toBe(200);
});

test('a task of before four eyes were switched on waits, and so does one that is tried again', async () => {
  await imported(NO_LIMITS);
  const { body: task } = await request('olga.olsen');
  await app.govern({ fourEyes: true });
  await app.job('runProvisioning');
  expect(await app.task(task.ID)).toMatchObject({ status: 'open', canApprove: true });
  await UPDATE.entity('leanix.ProvisioningTask').set({ status: 'failed', activeKey: null }).where({ ID: task.ID });
  expect((await onTask(enterprise, task.ID, 'retry')).body).toMatchObject({ status: 'open', canApprove: true });
  await app.job('runProvisioning');
  expect(writes()).toBe(0);
});

test('a stopped run is confirmed by somebody else than who asked', async () => {
  await imported({ ...NO_LIMITS, fourEyes: true, maxCreated: 1 });
  for (const name of ['olga.olsen', 'pablo.paz']) {
    const { body: task } = await request(name);
    await onTask(second, task.ID, 'approve');
  }
  const own = await app.job('runProvisioning');
  expect(own).toMatchObject({ code: 'THRESHOLD_EXCEEDED', startedBy: 'enterprise' });
  expect(codeOf(await confirm(enterprise, own.ID))).toEqual([409, 'FOUR_EYES']);

  // Neither the user who started it, nor the one who requested all of its tasks.
  const { body: other } = await second.post('access/runProvisioning', {});
  await app.jobEnded(other.ID);
  expect(codeOf(await confirm(second, other.ID))).toEqual([409, 'FOUR_EYES']);
  expect(codeOf(await confirm(enterprise, other.ID))).toEqual([409, 'FOUR_EYES']);

  const last = await app.job('runProvisioning');
  const { body } = await confirm(second, last.ID);
  expect(await app.jobEnded(body.ID)).toMatchObject({ status: 'completed', created: 2 });
});

test('expressions see who approved', async () => {
  const expression = 'approvers[0].id = "enterprise2" ? "Approved by " & approvers[0].id : "Not approved"';
  const mappings = [
    { direction: 'import', target: 'email', expression: 'leanix.user.email' },
    { direction: 'provision', target: 'message', expression },
  ];
  await imported({ ...NO_LIMITS, fourEyes: true, mappings });
  const { body: task } = await request('olga.olsen');
  await onTask(second, task.ID, 'approve');
  await app.job('runProvisioning');
  expect(app.sandbox.leanix.state.mails).toMatchObject([{ message: 'Approved by enterprise2' }]);
});

test('a token that names no user never approves', () => {
  const user = (id: string, ...roles: string[]) => new cds.User({ id, attr: {}, roles: ['EnterpriseAdmin', ...roles] });
  const attempt = (by: cds.User) => () => assertOtherPerson(by, ['Ada@x.example']);
  expect(attempt(user('bo@x.example'))).not.toThrow();
  for (const by of [user('ada@X.example'), user('system', 'system-user'), user('client', 'internal-user')]) {
    expect(attempt(by)).toThrow('FOUR_EYES');
  }
});

describe('limits count all runs of a day that nobody confirmed', () => {
  const give = (name: string, role: string) => app.onAccount(name, 'addAccess', { role, ...because });
  const run = () => app.job('runProvisioning');

  test.each<[string, string, object, string[], (name: string) => Promise<any>]>([
    ['roles given', 'roles would be granted', { maxRolesGiven: 1 }, ['hugo', 'greta'], (n) => give(n, 'MEMBER')],
    [
      'roles taken',
      'roles would be removed',
      { maxRolesTaken: 1 },
      ['carla', 'dilan'],
      (n) => app.onAccount(n, 'removeAccess', because),
    ],
    ['roles lowered', 'roles would be removed', { maxRolesTaken: 1 }, ['carla', 'dilan'], (n) => give(n, 'VIEWER')],
    ['administrators', 'would become administrators', { maxAdmins: 1 }, ['carla', 'dilan'], (n) => give(n, 'ADMIN')],
    [
      'accounts enabled',
      'accounts would be enabled',
      { maxEnabled: 1 },
      ['liam', 'carla'],
      (n) => app.onAccount(n, 'enableAccount', { role: 'VIEWER', ...because }),
    ],
  ])('%s', async (_, words, limit, names, ask) => {
    const users = app.sandbox.leanix.state;
    await app.start({ ...NO_LIMITS, ...limit });
    const [first, other] = names.map(
      (name) => users.users.find(({ email }) => email.startsWith(`${name}.`))!.email.split('@')[0]!,
    );
    if ('maxEnabled' in limit) app.user(other!)!.status = 'ARCHIVED';
    if ('maxRolesGiven' in limit) for (const name of [first, other]) app.user(name!)!.role = 'VIEWER';
    await app.job('importAll');
    expect((await ask(first!)).status).toBe(200);
    expect(await run()).toMatchObject({ status: 'completed', done: 1, failed: 0 });
    expect((await ask(other!)).status).toBe(200);
    const stopped = await run();
    expect(stopped).toMatchObject({ code: 'THRESHOLD_EXCEEDED', done: 0 });
    expect(stopped.message).toContain(words);
    expect(stopped.message).toContain('(executed in the last 24 hours: 1)');
    const { body } = await confirm(enterprise, stopped.ID);
    expect(await app.jobEnded(body.ID)).toMatchObject({ status: 'completed', done: 1, failed: 0 });
  });

  test('at first 5 % each, and two administrators', async () => {
    const ID = await app.start();
    const { body } = await enterprise.get(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)`);
    expect(body).toMatchObject({
      fourEyes: false,
      ...{ maxLeavers: null, maxRolesGiven: null, maxRolesTaken: null, maxEnabled: null, maxAdmins: 2 },
      ...{ maxLeaversPercent: 5, maxRolesGivenPercent: 5, maxRolesTakenPercent: 5, maxEnabledPercent: 5 },
      maxAdminsPercent: null,
    });
  });
});
