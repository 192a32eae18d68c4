import cds from '@sap/cds';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access.ts';

const transport = { backoff: 20, maxBackoff: 200, timeout: 3000, patience: 500 };
const app = await launchAccess({ seed: tiny, config: { transport } });
const enterprise = app.as('enterprise');
const WIDE = { maxCreated: null, maxCreatedPercent: null, maxRemoved: null, maxRemovedPercent: null };
const because = { justification: 'New in the team' };

const request = async (name: string, more: object = {}) =>
  enterprise.post('access/requestAccount', { email: emailOf(name), role: 'MEMBER', ...because, ...more });

/** Starts with imported accounts. */
const begin = async (settings: object = WIDE) => {
  await app.start(settings);
  await app.job('importAll');
};
const writes = () =>
  app.sandbox.leanix.log.count(
    ({ method, path }) => method === 'POST' && /idm\/invite|mtm\/v1\/permissions/.test(path),
  );

/** Takes the admin permission from the user of the API token. @returns what gives it back */
const revokeAdmin = async () => {
  await app.configure({ leanixDestination: 'LEANIX_BASIC' });
  const { apiTokens, users } = app.sandbox.leanix.state;
  const token = apiTokens.find(({ role }) => role === 'ADMIN')!;
  const user = users.find(({ id }) => id === token.userId)!;
  const give = (role: 'ADMIN' | 'MEMBER') => {
    token.role = user.role = role;
    app.sandbox.leanix.rotateBearers();
  };
  give('MEMBER');
  return () => give('ADMIN');
};

describe('each operation, from the request to what LeanIX has in the end:', () => {
  test('create an account', async () => {
    await begin();
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
    await begin();
    await request('pablo.paz');
    await app.job('runProvisioning');
    expect(app.sandbox.leanix.state.mails).toMatchObject([{ to: emailOf('pablo.paz') }]);
  });

  test('enable an account', async () => {
    await begin();
    const { body: task } = await app.onAccount('liam.lynch', 'enableAccount', { role: 'MEMBER', ...because });
    expect(task).toMatchObject({ statusBefore: 'ARCHIVED', statusAfter: 'ACTIVE', roleAfter: 'MEMBER' });
    await app.job('runProvisioning');
    expect(app.user('liam.lynch')).toMatchObject({ role: 'MEMBER', status: 'ACTIVE' });
    expect(await app.account('liam.lynch')).toMatchObject({ state: 'active', suspendedOn: null });
  });

  test('add access, which replaces the role before and keeps it as history', async () => {
    await begin();
    const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    await app.job('runProvisioning');
    expect(app.user('hugo.hermans')).toMatchObject({ role: 'MEMBER', status: 'ACTIVE' });
    expect(await app.task(task.ID)).toMatchObject({ roleBefore: 'VIEWER', roleAfter: 'MEMBER', roleResult: 'MEMBER' });
    const { assignments } = await app.account('hugo.hermans');
    expect(assignments).toHaveLength(2);
    expect(assignments.filter(({ validTo }: any) => !validTo)).toMatchObject([{ changedBy: 'task', task_ID: task.ID }]);
  });

  test('an invited account stays invited when its role changes', async () => {
    await begin();
    await app.onAccount('noah.nowak', 'addAccess', { role: 'MEMBER', ...because });
    await app.job('runProvisioning');
    expect(app.user('noah.nowak')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
  });

  test('remove access, which leaves the viewer', async () => {
    await begin();
    await app.onAccount('carla.costa', 'removeAccess', because);
    await app.job('runProvisioning');
    expect(app.user('carla.costa')).toMatchObject({ role: 'VIEWER', status: 'ACTIVE' });
  });

  test('remove an account, which archives it', async () => {
    await begin();
    await app.onAccount('carla.costa', 'removeAccount', because);
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'completed', removed: 1 });
    expect(app.user('carla.costa')).toMatchObject({ role: 'MEMBER', status: 'ARCHIVED' });
    const { state, assignments } = await app.account('carla.costa');
    expect([state, assignments.map(({ validTo }: any) => Boolean(validTo))]).toEqual(['suspended', [true]]);
  });

  test('with instant provisioning it is done at once', async () => {
    await begin({ ...WIDE, instantProvisioning: true });
    const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    let done = await app.task(task.ID);
    while (['open', 'running'].includes(done.status)) done = await app.task(task.ID);
    expect(done).toMatchObject({ status: 'done', roleResult: 'MEMBER' });
    const { body: run } = await enterprise.get(`access/JobRuns(${done.run_ID})`);
    expect(run).toMatchObject({ kind: 'provision', trigger: 'request', startedBy: 'enterprise' });
  });
});

describe('nothing is sent', () => {
  test('where all is as it should be', async () => {
    await begin();
    const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    app.user('hugo.hermans')!.role = 'MEMBER';
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'completed', unchanged: 1 });
    expect(await app.task(task.ID)).toMatchObject({ status: 'done', roleResult: 'MEMBER' });
    expect(writes()).toBe(0);
  });

  test.each([
    ['requestAccount', { email: 'no address' }, 400, 'EMAIL_INVALID'],
    ['requestAccount', { role: 'EMPEROR' }, 400, 'ROLE_INVALID'],
    ['requestAccount', { role: null }, 400, 'ROLE_INVALID'],
    ['requestAccount', { justification: ' ' }, 400, 'JUSTIFICATION_REQUIRED'],
    ['requestAccount', { email: 'Carla.Costa@halvorsen.example' }, 409, 'ACCOUNT_EXISTS'],
    ['requestAccount', { email: emailOf('liam.lynch') }, 409, 'ACCOUNT_SUSPENDED'],
  ])('for %s with %p', async (action, wrong, status, code) => {
    if (code === 'EMAIL_INVALID') await begin();
    const body = { email: emailOf('olga.olsen'), role: 'MEMBER', ...because, ...wrong };
    const answer = await enterprise.post(`access/${action}`, body);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(await app.all('access/ProvisioningTasks')).toEqual([]);
  });

  test.each([
    ['carla.costa', 'enableAccount', { role: 'MEMBER', ...because }, 409, 'ACCOUNT_ACTIVE'],
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
    await begin();
    await app.onAccount('carla.costa', 'removeAccess', because);
    expect((await app.onAccount('carla.costa', 'removeAccount', because)).body.error.code).toBe('TASK_OPEN');
  });
});

describe('the last administrator stays:', () => {
  const others = ['bernd.brandt', 'erika.enterprise'];

  test('a request is refused', async () => {
    await app.start(WIDE);
    for (const name of others) app.user(name)!.role = 'MEMBER';
    await app.job('importAll');
    for (const [action, body] of Object.entries({
      removeAccount: because,
      addAccess: { role: 'VIEWER', ...because },
    })) {
      expect((await app.onAccount('astrid.architect', action, body)).body.error.code).toBe('LAST_ADMIN');
    }
  });

  test('it is looked at again when the tasks are carried out, and they are counted one after the other', async () => {
    await begin();
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
});

describe('what has changed in LeanIX since the request is seen when a task is carried out:', () => {
  test.each([
    ['archived meanwhile', { status: 'ARCHIVED' as const }, 'ACCOUNT_SUSPENDED'],
    ['kept by SCIM meanwhile', { scimManaged: true }, 'ACCOUNT_MANAGED_ELSEWHERE'],
    ['a technical user meanwhile', { technical: true }, 'ACCOUNT_TECHNICAL'],
  ])('%s', async (_, values, code) => {
    await begin();
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
    await begin();
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
    await begin();
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
    await begin({ maxRemoved: 1, maxRemovedPercent: null });
    await app.onAccount('carla.costa', 'removeAccount', because);
    await app.onAccount('dilan.demir', 'removeAccount', because);
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED', canConfirm: true });
    expect(writes()).toBe(0);
    const { body } = await enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, { reason: 'Both left' });
    expect(await app.jobEnded(body.ID as string)).toMatchObject({ status: 'completed', removed: 2 });
    expect(app.user('dilan.demir')).toMatchObject({ status: 'ARCHIVED' });
  });
});

describe('what goes wrong on the way:', () => {
  const invite = { method: 'POST', path: '/idm/invite' };

  test('an answer that is lost is looked up, and the account is not invited twice', async () => {
    await begin();
    app.sandbox.leanix.faults.add({ match: invite, kind: 'lostAnswer' });
    const { body: task } = await request('olga.olsen');
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'completed', created: 1 });
    expect(await app.task(task.ID)).toMatchObject({ status: 'done', statusResult: 'INVITED' });
    expect(writes()).toBe(1);
    expect(app.sandbox.leanix.state.mails).toHaveLength(1);
  });

  test('a request that broke before anything was done is sent again', async () => {
    await begin();
    app.sandbox.leanix.faults.add({ match: { method: 'POST', path: '/permissions' }, kind: 'status', status: 503 });
    await app.onAccount('carla.costa', 'removeAccess', because);
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', updated: 1 });
    expect(app.user('carla.costa')).toMatchObject({ role: 'VIEWER' });
  });

  test('what LeanIX refuses fails that task with what it says, and the others are done', async () => {
    await begin();
    const body = { status: 'ERROR', message: 'Not today.', errors: [], data: null };
    app.sandbox.leanix.faults.add({ match: invite, kind: 'status', status: 422, body });
    const { body: first } = await request('olga.olsen');
    const { body: second } = await request('pablo.paz');
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completedWithError', created: 1, failed: 1 });
    expect(await app.task(first.ID)).toMatchObject({ status: 'failed', code: 'TASK_REFUSED' });
    const { message, sentAt } = await app.task(first.ID);
    expect(message).toContain('Not today.');
    expect(await app.task(second.ID)).toMatchObject({ status: 'done' });

    const retried = await enterprise.post(`access/ProvisioningTasks(${first.ID})/AccessService.retry`);
    expect(retried.body).toMatchObject({ status: 'open', code: null });
    await app.job('runProvisioning');
    const done = await app.task(first.ID);
    expect(done).toMatchObject({ status: 'done' });
    // Who takes over waits from the last time on that it was sent.
    expect(done.sentAt > sentAt).toBe(true);
  });

  test('a run that goes on later counts each task once', async () => {
    await begin();
    const { body: gone } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    app.user('hugo.hermans')!.status = 'ARCHIVED';
    await request('olga.olsen');
    await request('pablo.paz');
    app.sandbox.leanix.faults.add({ kind: '429', retryAfter: '2', match: invite, after: 1, times: 1 });
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ total: 3, done: 3, created: 2, unchanged: 0, failed: 1 });
    // What failed before the pause is not forgotten.
    expect(await app.task(gone.ID)).toMatchObject({ status: 'failed' });
    expect(run).toMatchObject({ status: 'completedWithError', message: 'Tasks of this run: 2 done, 1 failed.' });
  });

  test('a token without the admin permission ends the run and leaves the tasks open', async () => {
    await begin();
    const { body: task } = await request('olga.olsen');
    const restore = await revokeAdmin();
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'failed', code: 'LEANIX_ADMIN_REQUIRED' });
    expect(await app.task(task.ID)).toMatchObject({ status: 'open' });
    restore();
    await app.job('runProvisioning');
    expect(await app.task(task.ID)).toMatchObject({ status: 'done' });
  });

  describe('an answer that is about one permission', () => {
    const bad = async (name: string, answer: object) => {
      const { permissionId } = app.user(name)!;
      app.sandbox.leanix.faults.add({ match: { path: permissionId }, times: Infinity, ...answer } as never);
      const { body: task } = await app.onAccount(name, 'addAccess', { role: 'ADMIN', ...because });
      return task;
    };

    test.each([
      ['403', { kind: 'status', status: 403, body: { status: 'ERROR', message: 'Not this one.', data: null } }],
      ['400', { kind: 'status', status: 400, body: { status: 'ERROR', message: 'Not this one.', data: null } }],
      ['half an answer', { kind: 'halfJson' }],
      ['a web page', { kind: 'html' }],
    ])('fails that task, and the others are done: %s', async (_, answer) => {
      await begin();
      const first = await bad('carla.costa', answer);
      const { body: second } = await request('olga.olsen');
      expect(await app.job('runProvisioning')).toMatchObject({ status: 'completedWithError', created: 1, failed: 1 });
      const failed = await app.task(first.ID);
      expect(failed).toMatchObject({ status: 'failed', code: 'TASK_UNANSWERED', canRetry: true });
      expect(failed.message).toContain(emailOf('carla.costa'));
      expect(await app.task(second.ID)).toMatchObject({ status: 'done' });
    });

    test('again and again is not about them: the run ends, all stay open, and others go first next time', async () => {
      await begin();
      for (const name of ['carla.costa', 'dilan.demir', 'greta.gustafsson']) await bad(name, { kind: 'halfJson' });
      const stopped = await app.job('runProvisioning');
      expect(stopped).toMatchObject({ status: 'failed', code: 'LEANIX_UNREADABLE', failed: 0 });
      const { body: later } = await request('olga.olsen');
      expect(await app.job('runProvisioning')).toMatchObject({ status: 'failed', created: 1, failed: 0 });
      expect(await app.task(later.ID)).toMatchObject({ status: 'done' });
      app.sandbox.leanix.faults.clear();
      expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', updated: 3 });
    });
  });

  test('a right that was revoked burns no task, however many wait', async () => {
    await begin();
    for (const name of ['olga.olsen', 'pablo.paz', 'quentin.quast', 'rosa.rossi']) await request(name);
    await revokeAdmin();
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'failed', code: 'LEANIX_ADMIN_REQUIRED' });
    const tasks = await app.all('access/ProvisioningTasks');
    expect(tasks.map(({ status }) => status)).toEqual(['open', 'open', 'open', 'open']);
  });

  test('who is made an administrator, as that was told to do, need not wait until the token of before ends', async () => {
    await begin();
    await app.configure({ leanixDestination: 'LEANIX_BASIC' });
    const owner = app.sandbox.leanix.state.apiTokens.find(({ role }) => role === 'ADMIN')!;
    const { body: task } = await request('olga.olsen');
    owner.role = 'MEMBER';
    app.sandbox.leanix.rotateBearers();
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'failed', code: 'LEANIX_ADMIN_REQUIRED' });
    owner.role = 'ADMIN';
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
    expect(await app.task(task.ID)).toMatchObject({ status: 'done' });
  });
});

describe('an account that LeanIX has invited and does not list yet', () => {
  /** As if that had been so many hours earlier. */
  const age = async (ID: string, hours: number) => {
    const { sentAt } = await app.task(ID);
    const earlier = new Date(Date.parse(sentAt as string) - hours * 3_600_000).toISOString();
    await cds.tx(() => UPDATE.entity('leanix.ProvisioningTask').set({ sentAt: earlier }).where({ ID }));
  };

  const invited = async () => {
    await begin({ ...WIDE, maxCreated: 1 });
    app.sandbox.leanix.switches.invitationLagMs = Infinity;
    const { body: task } = await request('olga.olsen');
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'completed', total: 1, done: 1, created: 0, failed: 0, skipped: 1 });
    expect(run.message).toContain('lists the account: 1');
    expect(await app.task(task.ID)).toMatchObject({ status: 'open', code: 'ACCOUNT_PENDING', canCancel: false });
    return task.ID as string;
  };

  test('is looked up by the next runs, and not invited again', async () => {
    const ID = await invited();
    await age(ID, 23);
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', skipped: 1 });
    app.sandbox.leanix.switches.invitationLagMs = 0;
    // It was counted when it was sent, so there is room for another one.
    await request('pablo.paz');
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 2 });
    expect(await app.task(ID)).toMatchObject({ status: 'done', code: null, statusResult: 'INVITED' });
    expect(await app.account('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
    expect(app.sandbox.leanix.state.mails.map(({ to }) => to)).toEqual([emailOf('olga.olsen'), emailOf('pablo.paz')]);
  });

  test('fails after a day, so that somebody looks what became of it; trying again invites again', async () => {
    const ID = await invited();
    await age(ID, 25);
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completedWithError', failed: 1 });
    const failed = await app.task(ID);
    expect(failed).toMatchObject({ status: 'failed', code: 'ACCOUNT_NOT_LISTED', canRetry: true });
    expect(failed.message).toContain(emailOf('olga.olsen'));
    app.sandbox.leanix.switches.invitationLagMs = 0;
    const { users } = app.sandbox.leanix.state;
    app.sandbox.leanix.state.users = users.filter(({ email }) => email !== emailOf('olga.olsen'));
    await enterprise.post(`access/ProvisioningTasks(${ID})/AccessService.retry`);
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
    expect(app.sandbox.leanix.state.mails).toHaveLength(2);
  });
});

test('the role can come from a condition', async () => {
  await app.start({
    ...WIDE,
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
    await begin({ ...WIDE, mappings: mapRole(boss) });
    const { body: task } = await request('olga.olsen', { role: 'VIEWER', justification: 'boss' });
    expect(task).toMatchObject({ role: 'VIEWER', roleAfter: 'ADMIN' });
    await app.job('runProvisioning');
    expect(app.user('olga.olsen')).toMatchObject({ role: 'ADMIN' });
  });

  test('or nothing is sent, where it would be another one by then', async () => {
    await begin({ ...WIDE, mappings: mapRole('task.role') });
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

  test('or the request is refused, where it gives none that there is', async () => {
    await begin({ ...WIDE, mappings: mapRole('"EMPEROR"') });
    const { status, body } = await request('olga.olsen');
    expect([status, body.error.code]).toEqual([409, 'ROLE_INVALID']);
    await app.govern({ mappings: mapRole('$number("none")') });
    expect((await request('olga.olsen')).body.error.code).toBe('EXPRESSION_FAILED');
  });
});

test('a task can be canceled until it is carried out', async () => {
  await begin();
  const { body: task } = await request('olga.olsen');
  const cancel = () => enterprise.post(`access/ProvisioningTasks(${task.ID})/AccessService.cancel`);
  expect((await cancel()).body).toMatchObject({ status: 'canceled' });
  expect((await cancel()).body.error.code).toBe('TASK_NOT_OPEN');
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', code: 'NO_TASKS' });
  expect(app.user('olga.olsen')).toBeUndefined();
  expect((await request('olga.olsen')).status).toBe(200);
});

test('a task whose answer was lost is not canceled any more, since LeanIX may have done it', async () => {
  await begin();
  const { body: task } = await request('olga.olsen');
  const { faults } = app.sandbox.leanix;
  faults.add({ match: { method: 'POST', path: '/idm/invite' }, kind: 'lostAnswer' });
  faults.add({
    match: { method: 'GET', path: '/permissions' },
    kind: 'status',
    status: 403,
    after: 1,
    times: Infinity,
  });
  const run = await app.job('runProvisioning');
  expect(run).toMatchObject({ status: 'failed', code: 'LEANIX_ADMIN_REQUIRED' });
  expect(await app.task(task.ID)).toMatchObject({ status: 'open', canCancel: false, sentAt: expect.any(String) });
  const cancel = await enterprise.post(`access/ProvisioningTasks(${task.ID})/AccessService.cancel`);
  expect([cancel.status, cancel.body.error?.code]).toEqual([409, 'TASK_SENT']);
  expect(cancel.body.error.message).toContain(emailOf('olga.olsen'));

  faults.clear();
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
  expect(await app.task(task.ID)).toMatchObject({ status: 'done' });
  expect(writes()).toBe(1);
});

test('a task is canceled that LeanIX did not take, or refused', async () => {
  await begin();
  const { body: task } = await request('olga.olsen');
  const cancel = () => enterprise.post(`access/ProvisioningTasks(${task.ID})/AccessService.cancel`);
  const invite = { method: 'POST', path: '/idm/invite' };
  const { faults } = app.sandbox.leanix;
  faults.add({ match: invite, kind: 'status', status: 422, body: { status: 'ERROR', message: 'No.', data: null } });
  await app.job('runProvisioning');
  await enterprise.post(`access/ProvisioningTasks(${task.ID})/AccessService.retry`);
  expect(await app.task(task.ID)).toMatchObject({ status: 'open', canCancel: true, sentAt: null });

  await revokeAdmin();
  expect(await app.job('runProvisioning')).toMatchObject({ code: 'LEANIX_ADMIN_REQUIRED' });
  expect(await app.task(task.ID)).toMatchObject({ status: 'open', canCancel: true, sentAt: null });
  expect((await cancel()).body).toMatchObject({ status: 'canceled' });
});

test('a task that is being looked at is not canceled any more', async () => {
  await begin();
  const { body: task } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
  app.user('hugo.hermans')!.role = 'MEMBER';
  let canceled: Promise<any> | undefined;
  const cancel = () => enterprise.post(`access/ProvisioningTasks(${task.ID})/AccessService.cancel`);
  const match = { method: 'GET', path: '/permissions' };
  app.sandbox.leanix.faults.add({ kind: 'delay', ms: 500, match, meanwhile: () => void (canceled = cancel()) });
  await app.job('runProvisioning');
  expect((await canceled).body.error?.code).toBe('TASK_NOT_OPEN');
  expect(await app.task(task.ID)).toMatchObject({ status: 'done' });
});
