import cds from '@sap/cds';
import { emailOf } from '../../helpers/access/access.ts';
import { whileHeld } from '../../helpers/app/app.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';
import { because, launchProvisioning } from '../../helpers/access/provisioning.ts';

// Failures during the execution of tasks.

const app = await launchProvisioning();
const { imported, request, onTask, writes, revokeAdmin } = app;
const enterprise = app.as('enterprise');

describe('what goes wrong on the way:', () => {
  const invite = { method: 'POST', path: '/idm/invite' };

  test('an answer that is lost is looked up, and the account is not invited twice', async () => {
    await imported();
    app.sandbox.leanix.faults.add({ match: invite, kind: 'lostAnswer' });
    const { body: task } = await request('olga.olsen');
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'completed', created: 1 });
    expect(await app.task(task.ID)).toMatchObject({ status: 'done', statusResult: 'INVITED' });
    expect(writes()).toBe(1);
    expect(app.sandbox.leanix.state.mails).toHaveLength(1);
  });

  test('a request that broke before anything was done is sent again', async () => {
    await imported();
    app.sandbox.leanix.faults.add({ match: { method: 'POST', path: '/permissions' }, kind: 'status', status: 503 });
    await app.onAccount('carla.costa', 'removeAccess', because);
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', updated: 1 });
    expect(app.user('carla.costa')).toMatchObject({ role: 'VIEWER' });
  });

  test('what LeanIX refuses fails that task with what it says, and the others are done', async () => {
    await imported();
    const body = { status: 'ERROR', message: 'Not today.', errors: [], data: null };
    app.sandbox.leanix.faults.add({ match: invite, kind: 'status', status: 422, body });
    const { body: first } = await request('olga.olsen');
    const { body: second } = await request('pablo.paz');
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completedWithError', created: 1, failed: 1 });
    expect(await app.task(first.ID)).toMatchObject({ status: 'failed', code: 'TASK_REFUSED' });
    const { message, sentAt } = await app.task(first.ID);
    expect(message).toContain('Not today.');
    expect(await app.task(second.ID)).toMatchObject({ status: 'done' });

    const retried = await onTask(first.ID, 'retry');
    expect(retried.body).toMatchObject({ status: 'open', code: null });
    await app.job('runProvisioning');
    const done = await app.task(first.ID);
    expect(done).toMatchObject({ status: 'done' });
    // A worker that takes over waits from the last request on.
    expect(done.sentAt > sentAt).toBe(true);
  });

  test('a run that goes on later counts each task once', async () => {
    await imported();
    const { body: gone } = await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    app.user('hugo.hermans')!.status = 'ARCHIVED';
    await request('olga.olsen');
    await request('pablo.paz');
    app.sandbox.leanix.faults.add({ kind: '429', retryAfter: '2', match: invite, after: 1, times: 1 });
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ total: 3, done: 3, created: 2, unchanged: 0, failed: 1 });
    // Failures before the pause still count.
    expect(await app.task(gone.ID)).toMatchObject({ status: 'failed' });
    const message = 'Tasks done: 2, failed: 1.\nEach failed task shows the reason and can be retried.';
    expect(run).toMatchObject({ status: 'completedWithError', message });
  });

  test('a token without the admin permission ends the run and leaves the tasks open', async () => {
    await imported();
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
      await imported();
      const first = await bad('carla.costa', answer);
      const { body: second } = await request('olga.olsen');
      expect(await app.job('runProvisioning')).toMatchObject({ status: 'completedWithError', created: 1, failed: 1 });
      const failed = await app.task(first.ID);
      expect(failed).toMatchObject({ status: 'failed', code: 'TASK_UNANSWERED', canRetry: true });
      expect(failed.message).toContain(emailOf('carla.costa'));
      expect(await app.task(second.ID)).toMatchObject({ status: 'done' });
    });

    test('again and again is not about them: the run ends, all stay open, and others go first next time', async () => {
      await imported();
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
    await imported();
    for (const name of ['olga.olsen', 'pablo.paz', 'quentin.quast', 'rosa.rossi']) await request(name);
    await revokeAdmin();
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'failed', code: 'LEANIX_ADMIN_REQUIRED' });
    const tasks = await app.all('access/ProvisioningTasks');
    expect(tasks.map(({ status }) => status)).toEqual(['open', 'open', 'open', 'open']);
  });

  test('who is made an administrator, as that was told to do, need not wait until the token of before ends', async () => {
    await imported();
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
  /** Moves this many hours into the past. */
  const age = async (ID: string, hours: number) => {
    const { sentAt } = await app.task(ID);
    const earlier = new Date(Date.parse(sentAt as string) - hours * 3_600_000).toISOString();
    await cds.tx(() => UPDATE.entity('leanix.ProvisioningTask').set({ sentAt: earlier }).where({ ID }));
  };

  const invited = async () => {
    await imported({ ...NO_LIMITS, maxCreated: 1 });
    app.sandbox.leanix.switches.invitationLagMs = Infinity;
    const { body: task } = await request('olga.olsen');
    const run = await app.job('runProvisioning');
    expect(run).toMatchObject({ status: 'completed', total: 1, done: 1, created: 0, failed: 0, skipped: 1 });
    expect(run.message).toContain('lists the account: 1.');
    expect(await app.task(task.ID)).toMatchObject({ status: 'open', code: 'ACCOUNT_PENDING', canCancel: false });
    return task.ID as string;
  };

  test('is looked up by the next runs, and not invited again', async () => {
    const ID = await invited();
    await age(ID, 23);
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', skipped: 1 });
    app.sandbox.leanix.switches.invitationLagMs = 0;
    // It was counted when it was sent, so another one is allowed.
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
    await onTask(ID, 'retry');
    expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
    expect(app.sandbox.leanix.state.mails).toHaveLength(2);
  });
});

test('a task whose answer was lost is not canceled any more, since LeanIX may have done it', async () => {
  await imported();
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
  const cancel = await onTask(task.ID, 'cancel');
  expect([cancel.status, cancel.body.error?.code]).toEqual([409, 'TASK_SENT']);
  expect(cancel.body.error.message).toContain(emailOf('olga.olsen'));

  faults.clear();
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
  expect(await app.task(task.ID)).toMatchObject({ status: 'done' });
  expect(writes()).toBe(1);
});

test('a task is canceled that LeanIX did not take, or refused', async () => {
  await imported();
  const { body: task } = await request('olga.olsen');
  const cancel = () => onTask(task.ID, 'cancel');
  const invite = { method: 'POST', path: '/idm/invite' };
  const { faults } = app.sandbox.leanix;
  faults.add({ match: invite, kind: 'status', status: 422, body: { status: 'ERROR', message: 'No.', data: null } });
  await app.job('runProvisioning');
  await onTask(task.ID, 'retry');
  expect(await app.task(task.ID)).toMatchObject({ status: 'open', canCancel: true, sentAt: null });

  await revokeAdmin();
  expect(await app.job('runProvisioning')).toMatchObject({ code: 'LEANIX_ADMIN_REQUIRED' });
  expect(await app.task(task.ID)).toMatchObject({ status: 'open', canCancel: true, sentAt: null });
  expect((await cancel()).body).toMatchObject({ status: 'canceled' });
});

test('a task is open again whose process died, when nobody is to go on with its run', async () => {
  await imported();
  const { body: task } = await request('olga.olsen');
  const run = await whileHeld(app.sandbox.leanix.faults, { path: '/idm/invite' }, async () => {
    const { body } = await enterprise.post('access/runProvisioning');
    while (!(await app.task(task.ID)).sentAt);
    // As if another process had worked on the run and died, and a user had canceled it.
    const leaseUntil = new Date().toISOString();
    const values = { leaseOwner: 'another process', leaseUntil, status: 'cancelRequested' };
    await cds.tx(() => UPDATE.entity('leanix.SyncRun').set(values).where({ ID: body.ID }));
    return app.jobEnded(body.ID as string);
  });
  expect(run).toMatchObject({ status: 'canceled' });
  expect(await app.task(task.ID)).toMatchObject({ status: 'open', canCancel: false });
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
  expect(app.sandbox.leanix.state.mails).toHaveLength(1);
});
