import cds from '@sap/cds';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { PATIENT, whileHeld } from '../../helpers/app/app.ts';

const WAITS = { settleSeconds: 0.3, busySeconds: 1, sweepSeconds: 0.2, leaseSeconds: 5, perSecond: 30 };
const app = await launchAccess({
  seed: tiny,
  config: { leanix: { ...WAITS, alertDestination: 'ALERTS' }, ...PATIENT },
});
const enterprise = app.as('enterprise');
const because = { justification: 'New in the team' };

const jobOf = async (kind: string) => {
  const { body } = await enterprise.get(`access/Jobs?$filter=kind eq '${kind}'&$expand=runs`);
  return body.value[0];
};
const plan = async (kind: string, schedule: object) => {
  const { ID } = await jobOf(kind);
  return enterprise.patch(`access/Jobs(ID=${ID},IsActiveEntity=true)`, schedule);
};
/** Every day half a day from now: that slot does not come while a test runs, at whatever time it does. */
const daily = { schedule: 'daily', atTime: new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 19) };
/** Makes a slot that is over, as if nobody had been there. */
const missed = async (kind: string, minutes: number) => {
  const { ID } = await jobOf(kind);
  const nextRunAt = new Date(Date.now() - minutes * 60_000).toISOString();
  await cds.tx(() => UPDATE.entity('leanix.Job').set({ nextRunAt }).where({ ID }));
};
const until = async <T>(read: () => Promise<T> | T, done: (value: T) => boolean): Promise<T> => {
  for (;;) {
    const value = await read();
    if (done(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
const hasEnded = ({ runs }: any) => runs.some(({ isActive }: any) => !isActive);

test('a filter offers the kinds of runs that its list can have', async () => {
  const kinds = async (service: string) =>
    (await enterprise.get(`${service}/RunKinds`)).body.value.map(({ code }: any) => code).sort();
  expect(await kinds('runtime')).toEqual(['apply', 'create', 'match', 'preview', 'refresh', 'sync', 'update']);
  expect(await kinds('access')).toEqual(['importAccess', 'importAccounts', 'importAll', 'importPeople', 'provision']);
});

test('jobs come with a configuration, and are switched off', async () => {
  await app.start();
  const jobs = await app.all('access/Jobs');
  expect(jobs.map(({ kind }) => kind).sort()).toEqual([
    'catalog',
    'importAccess',
    'importAccounts',
    'importAll',
    'importPeople',
    'provision',
  ]);
  expect(new Set(jobs.map(({ schedule, nextRunAt }) => `${schedule} ${nextRunAt}`))).toEqual(new Set(['off null']));
});

test('a schedule has its next slot, in its time zone', async () => {
  const before = Date.now();
  const { status, body } = await plan('importAll', { schedule: 'daily', atTime: '05:30:00', timeZone: 'Asia/Kolkata' });
  expect(status).toBe(200);
  // 05:30 in Kolkata is midnight in UTC, all year round.
  expect(body.nextRunAt).toMatch(/T00:00:00/);
  expect(Date.parse(body.nextRunAt as string)).toBeGreaterThan(before);
  expect((await plan('importAll', { schedule: 'off' })).body.nextRunAt).toBeNull();
});

test.each([
  [{ timeZone: 'Middle/Earth' }, 'TIME_ZONE_UNKNOWN'],
  [{ everyHours: 0 }, 'LIMIT_INVALID'],
  [{ everyHours: 1.5 }, 'VALUE_INVALID'],
  [{ atTime: '25:00:00' }, expect.stringMatching(/^(?:TIME|VALUE)_INVALID$/)],
  [{ weekday: 'someday' }, 'VALUE_INVALID'],
  [{ schedule: 'yearly' }, 'VALUE_INVALID'],
  [{ schedule: null }, 'VALUE_INVALID'],
])('a schedule with %p is refused', async (wrong, code) => {
  const before = await jobOf('importAll');
  const { status, body } = await plan('importAll', wrong);
  expect([status, body.error?.code]).toEqual([400, code]);
  expect(await jobOf('importAll')).toEqual(before);
});

test('a slot that was missed is caught up once, and the hours go on from there', async () => {
  await app.start();
  await plan('importAll', { schedule: 'hours', everyHours: 2 });
  await missed('importAll', 5 * 60);
  const job = await until(() => jobOf('importAll'), hasEnded);
  expect(job.runs).toMatchObject([{ kind: 'importAll', trigger: 'schedule', status: 'completed' }]);
  const next = Date.parse(job.nextRunAt as string) - Date.now();
  expect(next).toBeGreaterThan(0);
  expect(next).toBeLessThan(61 * 60_000);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect((await jobOf('importAll')).runs).toHaveLength(1);
});

test('of jobs that are due together, people come first, then accounts, then access', async () => {
  await app.start({ peopleDestination: 'PEOPLE' });
  const kinds = ['importAccess', 'importPeople', 'importAccounts'];
  for (const kind of kinds) await plan(kind, daily);
  await whileHeld(app.sandbox.btp.faults, { path: '/scim/' }, async () => {
    const tried: string[] = [];
    cds.db.before('UPDATE', 'leanix.Job', (req) => {
      const { data, where } = (req.query as any).UPDATE;
      if (data.nextRunAt) tried.push(JSON.stringify(where));
    });
    await cds.tx(() =>
      UPDATE.entity('leanix.Job')
        .set({ nextRunAt: new Date(Date.now() - 60_000).toISOString() })
        .where({ kind: { in: kinds } }),
    );
    const { ID: accounts } = await jobOf('importAccounts');
    const { ID: access } = await jobOf('importAccess');
    // Some looks for jobs that are due, while people are being read.
    await until(
      () => tried.filter((where) => where.includes(accounts)).length,
      (looks) => looks > 2,
    );
    // What comes last is not even tried: people could be through by then.
    expect(tried.filter((where) => where.includes(access))).toEqual([]);
  });
  for (const kind of kinds) await until(() => jobOf(kind), hasEnded);
  const runs = await app.all('access/JobRuns?$orderby=startedAt');
  expect(runs.map(({ kind }) => kind)).toEqual(['importPeople', 'importAccounts', 'importAccess']);
});

test('a slot that comes while the workspace is being worked on waits for its end, and the hours go on from the slot', async () => {
  await app.start();
  await plan('importAccounts', { schedule: 'hours', everyHours: 2 });
  const { body: other, slot } = await whileHeld(app.sandbox.leanix.faults, { path: '/permissions' }, async () => {
    const { body } = await enterprise.post('access/importAccess');
    await missed('importAccounts', 30);
    const { nextRunAt } = await jobOf('importAccounts');
    // Long enough for some looks for jobs that are due.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(await jobOf('importAccounts')).toMatchObject({ nextRunAt, lastRunAt: null, runs: [] });
    return { body, slot: nextRunAt };
  });
  await app.jobEnded(other.ID as string);
  const job = await until(() => jobOf('importAccounts'), hasEnded);
  expect(job.runs).toMatchObject([{ trigger: 'schedule', status: 'completed' }]);
  expect(Date.parse(job.nextRunAt as string)).toBe(Date.parse(slot as string) + 2 * 3_600_000);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect((await jobOf('importAccounts')).runs).toHaveLength(1);
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
  /** Lets the slot of a job come. @returns its last run */
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
  expect(events[0]!.subject).toBe('Changes of access to Test that are waiting: 1');
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

test('the overview counts what needs somebody', async () => {
  const ID = await app.start();
  await app.job('importAll');
  await app.onAccount('carla.costa', 'removeAccess', because);
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  await enterprise.patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, { tokenExpiresOn: soon });
  const { body } = await enterprise.get('access/Overview');
  expect(body).toMatchObject({
    openTasks: 1,
    failedTasks: 0,
    dormantAdmins: 1,
    tokensExpiring: 1,
    failedJobs: 0,
    isEnterpriseAdmin: true,
  });
  const { body: access } = await enterprise.get(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)`);
  expect(access).toMatchObject({ name: 'Test', tokenExpiresOn: soon, tokenCriticality: 2 });
  // The day may end meanwhile.
  expect(access.tokenText).toMatch(/\b(10|9) days/);
});

test('time zones can be searched', async () => {
  const { body } = await enterprise.get(`access/TimeZones?$search=berlin`);
  expect(body.value.map(({ name }: any) => name)).toEqual(['Europe/Berlin']);
  expect((await enterprise.get('access/TimeZones?$top=2&$count=true')).body['@odata.count']).toBeGreaterThan(300);
});

test('settings are changed in a draft too, and schedules', async () => {
  const ID = await app.start();
  const draft = `access/AccessConfigs(ID=${ID},IsActiveEntity=false)`;
  await enterprise.post(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)/AccessService.draftEdit`);
  expect((await enterprise.patch(draft, { maxRemoved: 1, peopleDestination: 'PEOPLE' })).status).toBe(200);
  const saved = await enterprise.post(`${draft}/AccessService.draftActivate`);
  expect(saved.body).toMatchObject({ maxRemoved: 1, peopleDestination: 'PEOPLE', name: 'Test' });
  const { body } = await enterprise.get(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)?$expand=mappings`);
  expect(body).toMatchObject({ maxRemoved: 1, maxCreated: 20, name: 'Test' });
  expect(body.mappings).toHaveLength(9);
  expect((await enterprise.get(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`)).body.name).toBe('Test');

  const { ID: jobId } = await jobOf('importAll');
  const job = `access/Jobs(ID=${jobId},IsActiveEntity=false)`;
  await enterprise.post(`access/Jobs(ID=${jobId},IsActiveEntity=true)/AccessService.draftEdit`);
  expect((await enterprise.patch(job, { schedule: 'weekly', weekday: 'friday', kind: 'provision' })).status).toBe(200);
  const planned = await enterprise.post(`${job}/AccessService.draftActivate`);
  expect(planned.body).toMatchObject({ schedule: 'weekly', kind: 'importAll' });
  expect(new Date(planned.body.nextRunAt as string).getUTCDay()).toBe(5);
});

test.each([
  [{ maxRemoved: -1 }, 'LIMIT_INVALID'],
  [{ maxRemovedPercent: 101 }, 'LIMIT_INVALID'],
  [{ dormantDays: null }, 'VALUE_INVALID'],
  [{ correlateBy: 'shoeSize' }, 'VALUE_INVALID'],
  [{ peopleDestination: 'no name' }, 'DESTINATION_NAME_INVALID'],
  [{ mappings: [{ direction: 'import', target: 'email', expression: 'a.' }] }, 'EXPRESSION_INVALID'],
  [{ mappings: [{ direction: 'import', target: 'role', expression: 'a' }] }, 'EXPRESSION_TARGET_UNKNOWN'],
  [{ mappings: [{ direction: 'valueOf', target: 'role', expression: 'a' }] }, 'EXPRESSION_TARGET_UNKNOWN'],
  [
    {
      mappings: [
        { direction: 'import', target: 'email', expression: 'a' },
        { direction: 'import', target: 'email', expression: 'b' },
      ],
    },
    'EXPRESSION_DUPLICATE',
  ],
])('settings with %p are refused', async (wrong, code) => {
  const { status, body } = await app.govern(wrong);
  expect([status, body.error?.code]).toEqual([400, code]);
});

test('a configuration takes its access with it when it is deleted', async () => {
  const ID = await app.start();
  await app.job('importAll');
  await enterprise.delete(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`);
  const entities = ['AccessConfig', 'AccessMapping', 'Account', 'Entitlement', 'Job'];
  for (const entity of entities) {
    const rows = await cds.tx(() => SELECT.from(`leanix.${entity}`));
    expect([entity, rows]).toEqual([entity, []]);
  }
});
