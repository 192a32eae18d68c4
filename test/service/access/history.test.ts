import cds from '@sap/cds';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { whileHeld } from '../../helpers/app/app.ts';

// Changes of access, and of access settings, are recorded with user and reason.

const app = await launchAccess({ seed: tiny });
const enterprise = app.as('enterprise');
const because = { justification: 'New in the team' };
const entries = async (action: string): Promise<any[]> =>
  (await enterprise.get(`settings/AuditEntries?$filter=action eq '${action}'&$orderby=doneAt`)).body.value;
/** A time that is not reached during the test. */
const daily = { schedule: 'daily', atTime: new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 19) };
let ID: string;

beforeEach(async () => {
  ID = await app.start({ maxRemoved: 7 });
});

const own = async (action: string) => (await entries(action)).filter(({ config_ID }) => config_ID === ID);

test('settings and schedules, with the values of before and afterwards', async () => {
  await app.govern({ mappings: [{ direction: 'provision', target: 'role', expression: 'task.role' }] });
  const [job] = await app.all(`access/Jobs?$filter=kind eq 'importAll'`);
  await enterprise.patch(`access/Jobs(ID=${job.ID},IsActiveEntity=true)`, daily);
  const found = await own('changeAccess');
  expect(found.map(({ doneBy, subject, element, before, after }) => [doneBy, subject, element, before, after])).toEqual(
    [
      ['enterprise', 'Test', 'maxRemoved', '5', '7'],
      ['enterprise', 'Test', 'mappings', expect.stringContaining('import email'), 'provision role task.role'],
      ['enterprise', 'Test', 'job importAll', expect.stringMatching(/^off /), expect.stringMatching(/^daily /)],
    ],
  );
});

test('requests, and what becomes of them', async () => {
  await app.job('importAll');
  const { body: task } = await app.onAccount('carla.costa', 'removeAccess', because);
  await enterprise.post(`access/ProvisioningTasks(${task.ID})/AccessService.cancel`);
  const subject = emailOf('carla.costa');
  expect(await own('requestTask')).toMatchObject([
    { doneBy: 'enterprise', subject, element: 'removeAccess', before: 'MEMBER ACTIVE', after: 'VIEWER ACTIVE' },
  ]);
  expect(await own('cancelTask')).toMatchObject([{ doneBy: 'enterprise', subject, element: 'removeAccess' }]);
});

test("a run of a schedule, which is nobody else's", async () => {
  const [job] = await app.all(`access/Jobs?$filter=kind eq 'importAll'`);
  await enterprise.patch(`access/Jobs(ID=${job.ID},IsActiveEntity=true)`, daily);
  const nextRunAt = new Date(Date.now() - 60_000).toISOString();
  await cds.tx(() => UPDATE.entity('leanix.Job').set({ nextRunAt }).where({ ID: job.ID }));
  // After a run starts, the process looks for other due runs.
  const { body: refresh } = await enterprise.post('runtime/refresh');
  await app.ended(refresh.ID as string);
  let run: any;
  while (!run) [run] = await app.all(`access/JobRuns?$filter=job_ID eq ${job.ID}`);
  await app.jobEnded(run.ID as string);
  const started = (await own('startRun')).map(({ doneBy, element }) => [element, doneBy]);
  expect(Object.fromEntries(started)).toEqual({ refresh: 'enterprise', importAll: 'scheduler' });
  expect(run.startedBy).toBe('scheduler');
  expect(run.correlationId).not.toBe(refresh.correlationId);
});

test('a run that carries out a task after one of a schedule, which is theirs who asked for the task', async () => {
  await app.job('importAll');
  await app.govern({ instantProvisioning: true });
  const [job] = await app.all(`access/Jobs?$filter=kind eq 'importAll'`);
  await enterprise.patch(`access/Jobs(ID=${job.ID},IsActiveEntity=true)`, { schedule: 'daily' });
  const nextRunAt = new Date(Date.now() - 60_000).toISOString();
  const runs = (path: string) => app.all(`access/JobRuns?$filter=${path}`);
  const { body: task } = await whileHeld(app.sandbox.leanix.faults, { path: '/permissions' }, async () => {
    await cds.tx(() => UPDATE.entity('leanix.Job').set({ nextRunAt }).where({ ID: job.ID }));
    while (!(await runs(`job_ID eq ${job.ID}`)).length);
    return app.onAccount('carla.costa', 'removeAccess', because);
  });
  let provision: any;
  while (!provision) [provision] = await runs(`kind eq 'provision'`);
  expect(await app.jobEnded(provision.ID as string)).toMatchObject({ startedBy: 'enterprise', trigger: 'request' });
  expect(await app.all(`access/ProvisioningTasks?$filter=ID eq ${task.ID}`)).toMatchObject([{ status: 'done' }]);
  const started = (await own('startRun')).slice(-2).map(({ doneBy, element }) => [element, doneBy]);
  expect(started).toEqual([
    ['importAll', 'scheduler'],
    ['provision', 'enterprise'],
  ]);
});

test('a confirmation, with its reason', async () => {
  await app.job('importAll');
  await app.govern({ maxRemoved: 0 });
  await app.onAccount('carla.costa', 'removeAccount', because);
  const run = await app.job('runProvisioning');
  const { body } = await enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, { reason: 'She has left' });
  await app.jobEnded(body.ID as string);
  expect(await own('confirmRun')).toMatchObject([{ subject: run.ID, element: 'provision', after: 'She has left' }]);
});

test('whom an account belongs to', async () => {
  await app.govern({ peopleDestination: 'PEOPLE' });
  await app.job('importAll');
  const answer = await app.onAccount('carla.costa', 'uncorrelate');
  expect(answer).toMatchObject({ status: 200, body: { person_ID: null } });
  expect(await own('uncorrelate')).toMatchObject([
    { subject: emailOf('carla.costa'), before: emailOf('carla.costa'), after: null },
  ]);
});

test('what a connection package changes', async () => {
  const bundle = { version: 1, 'leanix_access.json': { configurations: [{ name: 'Test', dormantDays: 30 }] } };
  await enterprise.post('access/importConnectionPackage', { bundle: JSON.stringify(bundle) });
  expect((await own('changeAccess')).at(-1)).toMatchObject({ element: 'dormantDays', before: '90', after: '30' });
});
