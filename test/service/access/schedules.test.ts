import cds from '@sap/cds';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { launchAccess } from '../../helpers/access/access.ts';
import { PATIENT, whileHeld } from '../../helpers/app/app.ts';
import { daily, hasEnded, jobsOf, until, WAITS } from '../../helpers/access/jobs.ts';

const app = await launchAccess({
  seed: tiny,
  config: { leanix: WAITS, ...PATIENT },
});
const enterprise = app.as('enterprise');
const { jobOf, plan, missed } = jobsOf(enterprise);

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
  // 05:30 in Kolkata is midnight in UTC, all year.
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
    // Looks for due jobs several times, while people are being read.
    await until(
      () => tried.filter((where) => where.includes(accounts)).length,
      (looks) => looks > 2,
    );
    // The last one is not even tried, since people could be read by then.
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
    // Long enough to look for due jobs several times.
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
