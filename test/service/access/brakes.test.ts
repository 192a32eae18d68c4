import { tiny } from '../../../sandbox/seed/tiny.ts';
import { PATIENT, whileHeld } from '../../helpers/app/app.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';

const app = await launchAccess({ seed: tiny, config: PATIENT });
const enterprise = app.as('enterprise');
const because = { justification: 'Has left the team' };
const writing = { method: 'POST', path: '/mtm/v1/permissions' };

describe('the last administrator stays', () => {
  test('when somebody demotes another one in LeanIX in the middle of the run', async () => {
    await app.start(NO_LIMITS);
    await app.job('importAll');
    await app.onAccount('bernd.brandt', 'removeAccess', because);
    await app.onAccount('erika.enterprise', 'removeAccount', because);
    const meanwhile = () => void (app.user('astrid.architect')!.role = 'MEMBER');
    app.sandbox.leanix.faults.add({ kind: 'delay', ms: 0, match: writing, meanwhile });
    expect(await app.job('runProvisioning')).toMatchObject({ updated: 1, removed: 0, failed: 1 });
    expect(app.user('erika.enterprise')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
  });

  test('when two configurations of one workspace each take one of the last two away', async () => {
    const first = await app.start(NO_LIMITS);
    const values = { leanixHost: app.sandbox.leanix.host, leanixDestination: 'LEANIX', factSheetType: 'Interface' };
    const { body: other } = await enterprise.post('settings/LeanIXConfigs', {
      name: 'Other',
      IsActiveEntity: true,
      ...values,
    });
    const ids = { 'astrid.architect': first, 'bernd.brandt': other.ID as string };
    app.user('erika.enterprise')!.role = 'MEMBER';
    for (const [name, config] of Object.entries(ids)) {
      await app.job('importAll', { config });
      const accounts = await app.all(`access/Accounts?$filter=config_ID eq ${config}`);
      const { ID } = accounts.find(({ email }) => email === emailOf(name));
      const { status } = await enterprise.post(`access/Accounts(${ID})/AccessService.removeAccount`, because);
      expect(status).toBe(200);
    }
    const runs: string[] = [];
    await whileHeld(app.sandbox.leanix.faults, writing, async () => {
      for (const config of Object.values(ids)) {
        runs.push((await enterprise.post('access/runProvisioning', { config })).body.ID);
      }
      let waits = [];
      while (!waits.length) {
        waits = (await app.all('access/JobRuns')).filter(({ isActive, message }) => isActive && message);
      }
      expect(waits[0].message).toContain('same workspace');
    });
    const ended = await Promise.all(runs.map((ID) => app.jobEnded(ID)));
    expect(ended.map(({ status }) => status).sort()).toEqual(['completed', 'completedWithError']);
    const left = app.sandbox.leanix.state.users.filter(
      ({ role, status, technical }) => role === 'ADMIN' && status === 'ACTIVE' && !technical,
    );
    expect(left).toHaveLength(1);
  });
});

test('a second configuration of a workspace does not double its limits', async () => {
  const first = await app.start({ ...NO_LIMITS, maxRolesTaken: 1 });
  const values = { leanixHost: app.sandbox.leanix.host, leanixDestination: 'LEANIX', factSheetType: 'Interface' };
  const second = { name: 'Second', IsActiveEntity: true, ...values };
  const { body: other } = await enterprise.post('settings/LeanIXConfigs', second);
  await app.govern({ ...NO_LIMITS, maxRolesTaken: 1 }, other.ID as string);
  const taken = async (config: string, name: string) => {
    await app.job('importAll', { config });
    const accounts = await app.all(`access/Accounts?$filter=config_ID eq ${config}`);
    const { ID } = accounts.find(({ email }) => email === emailOf(name));
    const asked = await enterprise.post(`access/Accounts(${ID})/AccessService.removeAccess`, because);
    expect(asked.status).toBe(200);
    return app.job('runProvisioning', { config });
  };
  expect(await taken(first, 'bernd.brandt')).toMatchObject({ status: 'completed', updated: 1 });
  expect(await taken(other.ID as string, 'carla.costa')).toMatchObject({
    status: 'failed',
    code: 'THRESHOLD_EXCEEDED',
    updated: 0,
  });
});

describe('a confirmation is for what was shown', () => {
  const confirm = (run: { ID: string }) =>
    enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, { reason: 'They have left' });
  const shown = async (run: { ID: string }, what: string) =>
    (await app.all(`access/JobRuns(${run.ID})/${what}`)).map(({ email }) => email).sort();
  const leave = (...names: string[]) => {
    const gone = names.map((name) => app.user(name));
    app.sandbox.leanix.state.users = app.sandbox.leanix.state.users.filter((user) => !gone.includes(user));
  };

  test('tasks: what was requested since waits for the next run, also in the place of one that was canceled', async () => {
    await app.start({ ...NO_LIMITS, maxRemoved: 1 });
    await app.job('importAll');
    const { body: first } = await app.onAccount('carla.costa', 'removeAccount', because);
    await app.onAccount('dilan.demir', 'removeAccount', because);
    await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
    const stopped = await app.job('runProvisioning');
    const names = ['carla.costa', 'dilan.demir', 'hugo.hermans'].map(emailOf);
    expect(await shown(stopped, 'tasks')).toEqual(names);

    await enterprise.post(`access/ProvisioningTasks(${first.ID})/AccessService.cancel`);
    const { body: later } = await app.onAccount('greta.gustafsson', 'removeAccount', because);
    await app.onAccount('carla.costa', 'addAccess', { role: 'ADMIN', ...because });
    const { body } = await confirm(stopped);
    expect(await app.jobEnded(body.ID)).toMatchObject({ status: 'completed', removed: 1, updated: 1 });
    expect(app.user('dilan.demir')).toMatchObject({ status: 'ARCHIVED' });
    expect(app.user('hugo.hermans')).toMatchObject({ role: 'MEMBER' });
    expect(app.user('greta.gustafsson')).toMatchObject({ status: 'ACTIVE' });
    expect(app.user('carla.costa')).toMatchObject({ role: 'MEMBER', status: 'ACTIVE' });
    expect(await app.task(later.ID)).toMatchObject({ status: 'open' });
  });

  test('accounts: an import stops again where others are gone than those, even if they are no more', async () => {
    await app.start({ maxSuspended: 1, maxSuspendedPercent: null });
    await app.job('importAccounts');
    const carla = app.user('carla.costa')!;
    leave('carla.costa', 'dilan.demir');
    const stopped = await app.job('importAccounts');
    expect(await shown(stopped, 'accounts')).toEqual(['carla.costa', 'dilan.demir'].map(emailOf));

    app.sandbox.leanix.state.users.push(carla);
    leave('greta.gustafsson');
    const { body } = await confirm(stopped);
    const again = await app.jobEnded(body.ID);
    expect(again).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED', canConfirm: true });
    expect(await app.account('dilan.demir')).toMatchObject({ state: 'active' });
    expect(await shown(again, 'accounts')).toEqual(['dilan.demir', 'greta.gustafsson'].map(emailOf));
    expect(await app.jobEnded((await confirm(again)).body.ID)).toMatchObject({ status: 'completed', removed: 2 });
  });

  test('only the last run of its kind can be confirmed', async () => {
    await app.start({ maxSuspended: 1, maxSuspendedPercent: null });
    await app.job('importAccounts');
    leave('carla.costa', 'dilan.demir');
    const first = await app.job('importAccounts');
    const last = await app.job('importAccounts');
    const { body } = await enterprise.get('access/Overview');
    expect(body).toMatchObject({ runsToConfirm: 1 });
    const canConfirm = (await app.all('access/JobRuns')).filter((run) => run.canConfirm);
    expect(canConfirm.map(({ ID }) => ID)).toEqual([last.ID]);
    const refused = await confirm(first);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'RUN_OUTDATED']);
    await app.jobEnded((await confirm(last)).body.ID);
    expect((await enterprise.get('access/Overview')).body).toMatchObject({ runsToConfirm: 0 });
    expect((await confirm(last)).body.error.code).toBe('ALREADY_CONFIRMED');
  });
});

test('what is carried out at once is counted for a day, with what a job would do', async () => {
  await app.start({ ...NO_LIMITS, maxRemoved: 2, instantProvisioning: true });
  await app.job('importAll');
  const remove = async (name: string) => {
    const { body: task } = await app.onAccount(name, 'removeAccount', because);
    for (;;) {
      const active = (await app.all('access/JobRuns')).some(({ isActive }) => isActive);
      if (!active) return app.task(task.ID);
    }
  };
  expect(await remove('carla.costa')).toMatchObject({ status: 'done' });
  expect(await remove('dilan.demir')).toMatchObject({ status: 'done' });
  const third = await remove('greta.gustafsson');
  expect(third).toMatchObject({ status: 'open' });
  const { body: stopped } = await enterprise.get(`access/JobRuns(${third.run_ID})`);
  expect(stopped).toMatchObject({ trigger: 'request', code: 'THRESHOLD_EXCEEDED', canConfirm: true });
  expect(stopped.message).toContain('executed immediately in the last 24 hours: 2');
  const job = await app.job('runProvisioning');
  expect(job).toMatchObject({ code: 'THRESHOLD_EXCEEDED' });
  const answer = await enterprise.post(`access/JobRuns(${job.ID})/AccessService.confirm`, { reason: 'Three left' });
  expect(await app.jobEnded(answer.body.ID)).toMatchObject({ status: 'completed', removed: 1 });

  // Confirmed accounts do not count, and neither do changes of the day before.
  const yesterday = new Date(Date.now() - 25 * 3_600_000).toISOString();
  await UPDATE.entity('leanix.SyncRun').set({ startedAt: yesterday }).where({ trigger: 'request' });
  expect(await remove('hugo.hermans')).toMatchObject({ status: 'done' });
});

test('a token of another workspace takes nobody for gone, and changes nobody there', async () => {
  await app.start(NO_LIMITS);
  const ID = await app.configure({ leanixDestination: 'LEANIX_BASIC' });
  await app.job('importAll');
  const { body: task } = await app.onAccount('carla.costa', 'removeAccess', because);
  const { leanix } = app.sandbox;
  const { workspace, users } = leanix.state;
  const move = async (to: object, people: typeof users) => {
    Object.assign(leanix.state, { workspace: { ...workspace, ...to }, users: people });
    leanix.rotateBearers();
    await enterprise.post(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)/SettingsService.testConnection`);
  };
  await move(
    { id: 'another workspace', name: 'other' },
    users.filter(({ technical }) => technical),
  );
  for (const action of ['importAll', 'importAccess', 'runProvisioning']) {
    expect(await app.job(action)).toMatchObject({ status: 'failed', code: 'WORKSPACE_CHANGED' });
  }
  expect(await app.account('carla.costa')).toMatchObject({ state: 'active' });
  expect(await app.task(task.ID)).toMatchObject({ status: 'open' });
  await move({}, users);
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', updated: 1 });
});
