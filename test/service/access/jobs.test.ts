import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { PATIENT, whileHeld } from '../../helpers/app/app.ts';
import { because } from '../../helpers/access/provisioning.ts';
import { daily, hasEnded, jobsOf, until, WAITS } from '../../helpers/access/jobs.ts';

const app = await launchAccess({
  seed: tiny,
  config: { leanix: { ...WAITS, alertDestination: 'ALERTS' }, ...PATIENT },
});
const enterprise = app.as('enterprise');
const { jobOf, plan, missed } = jobsOf(enterprise);

test('a filter offers the kinds of runs that its list can have', async () => {
  const kinds = async (service: string) =>
    (await enterprise.get(`${service}/RunKinds`)).body.value.map(({ code }: any) => code).sort();
  expect(await kinds('runtime')).toEqual([
    'analyze',
    'apply',
    'create',
    'match',
    'preview',
    'refresh',
    'sync',
    'update',
  ]);
  expect(await kinds('access')).toEqual(['importAccess', 'importAccounts', 'importAll', 'importPeople', 'provision']);
});

test('the job of the catalogue reads the tenant and then syncs', async () => {
  await app.start();
  const { ID } = await jobOf('catalog');
  const { body: first } = await enterprise.post(`access/Jobs(ID=${ID},IsActiveEntity=true)/AccessService.runNow`);
  expect(first).toMatchObject({ kind: 'refresh', job_ID: ID });
  const { runs } = await until(
    () => jobOf('catalog'),
    ({ runs }) => runs.length === 2 && runs.every(({ isActive }: any) => !isActive),
  );
  const ends = runs.map(({ kind, status }: any) => `${kind} ${status}`).sort();
  expect(ends[0]).toBe('refresh completed');
  expect(ends[1]).toMatch(/^sync completed/);
});

describe('without a fact sheet type, the job of the catalogue', () => {
  beforeEach(async () => {
    const ID = await app.start();
    await enterprise.patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, { factSheetType: null });
  });

  test('is not run, and what is missing is named', async () => {
    const { ID } = await jobOf('catalog');
    const { status, body } = await enterprise.post(`access/Jobs(ID=${ID},IsActiveEntity=true)/AccessService.runNow`);
    expect([status, body.error.code]).toEqual([400, 'NOT_CONFIGURED']);
    expect(body.error.message).toContain('factSheetType');
    expect(await jobOf('catalog')).toMatchObject({ lastRunAt: null, runs: [] });
  });

  test('fails at its slot before it reads anything, and says the same', async () => {
    await plan('catalog', { schedule: 'daily' });
    await missed('catalog', 1);
    const { runs } = await until(() => jobOf('catalog'), hasEnded);
    expect(runs).toMatchObject([{ kind: 'refresh', status: 'failed', code: 'NOT_CONFIGURED', trigger: 'schedule' }]);
    expect(runs[0].message).toContain('factSheetType');
    expect(await app.all('runtime/IFlows')).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await jobOf('catalog')).runs).toHaveLength(1);
  });

  test('leaves a refresh that somebody asks for as it is', async () => {
    const { body } = await enterprise.post('runtime/refresh');
    expect(await app.ended(body.ID as string)).toMatchObject({ status: 'completed' });
  });
});

test('the provisioning job carries out what was requested', async () => {
  await app.start();
  await app.job('importAll');
  await app.onAccount('carla.costa', 'removeAccess', because);
  await plan('provision', daily);
  await missed('provision', 1);
  const job = await until(() => jobOf('provision'), hasEnded);
  expect(job.runs).toMatchObject([{ kind: 'provision', status: 'completed' }]);
  expect(app.user('carla.costa')).toMatchObject({ role: 'VIEWER' });
});

test('on schedules all is imported, and accounts are created, enabled, changed and removed', async () => {
  await app.start({ peopleDestination: 'PEOPLE', maxCreated: null, maxCreatedPercent: null });
  /** Moves the slot of a job to now. @returns its last run */
  const onSchedule = async (kind: string) => {
    const before = (await jobOf(kind)).runs.length;
    await plan(kind, daily);
    await missed(kind, 1);
    const { runs } = await until(
      () => jobOf(kind),
      ({ runs }) => runs.length > before && runs.every(({ isActive }: any) => !isActive),
    );
    return runs.sort((a: any, b: any) => (a.startedAt < b.startedAt ? 1 : -1))[0];
  };
  for (const kind of ['importPeople', 'importAccounts', 'importAccess']) {
    expect(await onSchedule(kind)).toMatchObject({ kind, trigger: 'schedule', status: 'completed' });
  }
  const olga = { email: emailOf('olga.olsen'), role: 'MEMBER', ...because };
  expect((await enterprise.post('access/requestAccount', olga)).status).toBe(200);
  for (const [name, action, role] of [
    ['liam.lynch', 'enableAccount', 'VIEWER'],
    ['hugo.hermans', 'addAccess', 'ADMIN'],
    ['dilan.demir', 'removeAccess'],
    ['carla.costa', 'removeAccount'],
  ] as const) {
    expect((await app.onAccount(name, action, { role, ...because })).status).toBe(200);
  }
  const run = await onSchedule('provision');
  expect(run).toMatchObject({ status: 'completed', trigger: 'schedule', created: 1, updated: 3, removed: 1 });
  expect(app.user('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
  expect(app.user('liam.lynch')).toMatchObject({ role: 'VIEWER', status: 'ACTIVE' });
  expect(app.user('hugo.hermans')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
  expect(app.user('dilan.demir')).toMatchObject({ role: 'VIEWER', status: 'ACTIVE' });
  expect(app.user('carla.costa')).toMatchObject({ role: 'MEMBER', status: 'ARCHIVED' });
  const tasks = await app.all('access/ProvisioningTasks');
  expect(tasks.map(({ status, run_ID }) => [status, run_ID])).toEqual(tasks.map(() => ['done', run.ID]));
  expect(await onSchedule('importAll')).toMatchObject({ status: 'completed', created: 0, updated: 0, removed: 0 });
});

test('somebody is told when a task waits, and when a job fails', async () => {
  await app.start();
  await app.job('importAll');
  const { alerts: events } = app.sandbox.btp;
  events.length = 0;
  await app.onAccount('carla.costa', 'removeAccess', because);
  await until(
    () => events.length,
    (count) => count > 0,
  );
  expect(events[0]).toMatchObject({ eventType: 'leanix.task.waiting', severity: 'NOTICE' });
  expect(events[0]!.subject).toBe('Open access tasks for Test: 1');
  expect(events[0]!.body).toContain(emailOf('carla.costa'));
  events.length = 0;
  app.sandbox.leanix.faults.add({ match: { path: '/permissions' }, times: 20, kind: 'status', status: 403 });
  await app.job('importAll');
  await until(
    () => events.length,
    (count) => count > 0,
  );
  expect(events).toMatchObject([
    {
      eventType: 'leanix.job.failed',
      severity: 'ERROR',
      category: 'EXCEPTION',
      tags: { kind: 'importAll', code: 'LEANIX_ADMIN_REQUIRED' },
    },
  ]);
});

test('runs of access stand beside those of the iFlows, and are not among them', async () => {
  await app.start();
  const access = await enterprise.post('access/importAll');
  const catalogue = await enterprise.post('runtime/refresh');
  expect([access.status, catalogue.status]).toEqual([200, 200]);
  await app.jobEnded(access.body.ID as string);
  await app.ended(catalogue.body.ID as string);
  expect((await app.all('runtime/SyncRuns')).map(({ kind }) => kind)).toEqual(['refresh']);
  expect((await app.all('access/JobRuns')).map(({ kind }) => kind)).toEqual(['importAll']);
});

test('a second run for the same workspace is refused while one is active', async () => {
  await app.start();
  const first = await whileHeld(app.sandbox.leanix.faults, { path: '/permissions' }, async () => {
    const answer = await enterprise.post('access/importAll');
    const second = await enterprise.post('access/runProvisioning');
    expect([second.status, second.body.error.code]).toEqual([409, 'RUN_ACTIVE']);
    return answer;
  });
  await app.jobEnded(first.body.ID as string);
});

test('a run can be canceled', async () => {
  await app.start();
  const { body: run } = await whileHeld(app.sandbox.leanix.faults, { path: '/permissions' }, async () => {
    const answer = await enterprise.post('access/importAll');
    expect((await enterprise.post(`access/JobRuns(${answer.body.ID})/AccessService.cancel`)).status).toBe(200);
    return answer;
  });
  expect(await app.jobEnded(run.ID as string)).toMatchObject({ status: 'canceled' });
  expect(await app.all('access/Accounts')).toEqual([]);
});
