import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultMatch } from '../../../sandbox/faults.ts';
import { emailOf } from '../../helpers/access/access.ts';
import { whileHeld, type Answer } from '../../helpers/app/app.ts';
import { startPair, type Pair } from '../../helpers/app/pair.ts';
import { startPostgres } from '../../helpers/app/postgres.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';

// Accounts, tasks and jobs in production: built, on PostgreSQL, with two instances.

const DATABASE = 'access';
const because = { justification: 'New in the team' };
const postgres = await startPostgres();
let pair: Pair;
let configId: string;

beforeAll(async () => {
  if (!postgres) return;
  pair = await startPair(postgres, DATABASE, { seed: 'tiny' });
  const { body } = await ask('GET', 'settings/LeanIXConfigs?$select=ID');
  ({ ID: configId } = body.value[0]);
  const host = { leanixHost: pair.sandbox.leanix.host };
  expect((await ask('PATCH', `settings/LeanIXConfigs(ID=${configId},IsActiveEntity=true)`, host)).status).toBe(200);
  const people = { ...NO_LIMITS, peopleDestination: 'PEOPLE' };
  expect((await ask('PATCH', `access/AccessConfigs(ID=${configId},IsActiveEntity=true)`, people)).status).toBe(200);
});

afterAll(async () => {
  await pair?.stop();
  await postgres?.stop();
});

/** A request of an enterprise admin, alternating between the instances. */
let asked = 0;
const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
  pair.ask(asked++ % 2, method, path, body);
const rows = async (path: string): Promise<any[]> => (await ask('GET', `access/${path}`)).body.value;
const run = async (action: string): Promise<any> =>
  pair.ended((await ask('POST', `access/${action}`)).body.ID as string);
const govern = (settings: object) => ask('PATCH', `access/AccessConfigs(ID=${configId},IsActiveEntity=true)`, settings);
const request = (name: string) =>
  ask('POST', 'access/requestAccount', { email: emailOf(name), role: 'MEMBER', ...because });
/** The same request to both instances at the same time. */
const askBoth = (path: string) => Promise.all([ask('POST', path), ask('POST', path)]);

/** Tasks of a run that must last until something has happened to the service. */
const COUNT = 20;

/** A task cannot start before its permission is read, nor end before it is read back. */
const READING: FaultMatch = { method: 'GET', path: '/mtm/v1/permissions' };

/** LeanIX changes permissions slowly. */
function beSlow(): void {
  pair.sandbox.leanix.faults.clear();
  pair.sandbox.leanix.faults.add({ kind: 'delay', ms: 250, times: Infinity, match: { write: true } });
}

/** Counts writes from now on. */
function watch(): void {
  const { log, state } = pair.sandbox.leanix;
  log.clear();
  state.permissionWrites.length = 0;
  state.mails.length = 0;
}

/** Requests an account for this number of people. @returns their e-mail addresses */
async function invite(group: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, n) => `${group}.${n}`);
  for (const name of names) expect((await request(name)).status).toBe(200);
  return names.map(emailOf);
}

/** The request for each of these people, all of them invited, was sent to LeanIX once, and its task has ended once. */
async function expectEachOnce(runId: string, counter: 'created' | 'updated', emails: string[]): Promise<void> {
  const count = emails.length;
  const ended = await pair.ended(runId);
  expect(ended).toMatchObject({ status: 'completed', total: count, done: count, [counter]: count });
  const { log, state } = pair.sandbox.leanix;
  expect(log.count({ write: true })).toBe(count);
  const written = state.permissionWrites.map(({ userId }) => state.users.find(({ id }) => id === userId)!.email);
  expect(written.sort()).toEqual(emails.toSorted());
  expect(state.mails.map(({ to }) => to).sort()).toEqual(counter === 'created' ? emails.toSorted() : []);
  const tasks = await rows(`ProvisioningTasks?$filter=run_ID eq ${runId}`);
  expect(tasks.map(({ email }) => email).sort()).toEqual(emails.toSorted());
  for (const task of tasks) {
    expect(task).toMatchObject({ status: 'done', statusResult: 'INVITED', roleResult: task.roleAfter });
  }
  expect(await rows('JobRuns?$filter=isActive eq true')).toEqual([]);
  expect(await rows(`ProvisioningTasks?$filter=status in ('open','running')`)).toEqual([]);
}

(postgres ? describe : describe.skip)('on PostgreSQL', () => {
  test('all is imported, and what is dormant or managed elsewhere can be asked for', async () => {
    expect(await run('importAll')).toMatchObject({ status: 'completed' });
    expect(await run('importAll')).toMatchObject({ status: 'completed', updated: 0, removed: 0 });
    const emails = async (filter: string) => (await rows(`Accounts?$filter=${filter}`)).map(({ email }) => email);
    expect(await emails(`dormant eq true and role eq 'ADMIN'`)).toEqual(['bernd.brandt@halvorsen.example']);
    expect(await emails('managedElsewhere eq true')).toHaveLength(2);
    expect((await ask('GET', 'access/Overview')).body).toMatchObject({
      dormantAdmins: 1,
      openTasks: 0,
      runsToConfirm: 0,
    });
  });

  test('a task is carried out once', async () => {
    const both = await Promise.all([request('olga.olsen'), request('olga.olsen')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)!.body.error.code).toBe('TASK_OPEN');
    expect(await run('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
    expect(pair.sandbox.leanix.state.mails).toHaveLength(1);
    expect(await rows('ProvisioningTasks')).toMatchObject([{ status: 'done', statusResult: 'INVITED' }]);
  });

  test('one of the two instances takes a slot', async () => {
    const [job] = await rows(`Jobs?$filter=kind eq 'importAccounts'`);
    // The next one comes in half a day.
    const atTime = new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 19);
    const schedule = { schedule: 'daily', atTime };
    const planned = await ask('PATCH', `access/Jobs(ID=${job.ID},IsActiveEntity=true)`, schedule);
    expect(planned.body).toMatchObject({ schedule: 'daily', nextRunAt: expect.any(String) });
    for (let slots = 1; slots <= 5; slots++) {
      await pair.sql(`UPDATE leanix_Job SET nextRunAt = '2026-01-01' WHERE ID = '${job.ID}'`);
      const runs = () => rows(`JobRuns?$filter=job_ID eq ${job.ID}`);
      while ((await runs()).filter(({ isActive }) => !isActive).length < slots) await sleep(100);
      await sleep(700);
      expect(await runs()).toHaveLength(slots);
    }
  });

  test('both are told to do the same at the same time: one of them does it', async () => {
    const [job] = await rows(`Jobs?$filter=kind eq 'importAll'`);
    const before = (await rows('JobRuns')).length;
    expect((await request('pablo.paz')).status).toBe(200);
    for (const path of [
      'importAll',
      'runProvisioning',
      `Jobs(ID=${job.ID},IsActiveEntity=true)/AccessService.runNow`,
    ]) {
      // The first run has not ended when the second one is requested.
      const held = () => askBoth(`access/${path}`);
      const answers = await whileHeld(pair.sandbox.leanix.faults, { path: '/mtm/v1/' }, held);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('RUN_ACTIVE');
      await pair.ended(answers.find(({ status }) => status === 200)!.body.ID as string);
    }
    expect(await rows('JobRuns')).toHaveLength(before + 3);
  });

  test('both take requests that are carried out at once, each of them once', async () => {
    await govern({ instantProvisioning: true });
    const names = Array.from({ length: 6 }, (_, n) => `new.${n}`);
    const answers = await Promise.all(names.map(request));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    const open = () => rows(`ProvisioningTasks?$filter=status in ('open','running')`);
    while ((await open()).length) await sleep(100);
    await govern({ instantProvisioning: false });
    const tasks = await rows(`ProvisioningTasks?$filter=startswith(email,'new.')`);
    expect(tasks.map(({ status }) => status)).toEqual(names.map(() => 'done'));
    const { permissionWrites, users } = pair.sandbox.leanix.state;
    const written = permissionWrites.map(({ userId }) => users.find(({ id }) => id === userId)!.email);
    expect(written.filter((email) => email.startsWith('new.')).sort()).toEqual(tasks.map(({ email }) => email).sort());
  });

  test('the tasks of an instance that is killed are done by the other one, each of them once', async () => {
    const emails = await invite('more', 6);
    watch();
    // Two are done; the answer for the third one is lost.
    const killed = async () => {
      const { body } = await ask('POST', 'access/runProvisioning');
      await pair.writes(3);
      const [works, ...others] = pair.workersOf(body.ID as string);
      expect(others).toEqual([]);
      await pair.instances[works!]!.kill();
      return { ID: body.ID as string, works: works! };
    };
    const { ID, works } = await whileHeld(pair.sandbox.leanix.faults, { write: true }, killed, 2);
    await pair.ended(ID);
    await pair.start(works);
    await expectEachOnce(ID, 'created', emails);
  });

  test('instances that are replaced one after the other lose no task, and leave no run behind', async () => {
    const emails = await invite('joins', COUNT);
    watch();
    beSlow();
    const { body } = await ask('POST', 'access/runProvisioning');
    await pair.writes(3);
    await pair.replaceEach(body.ID as string, READING);
    await expectEachOnce(body.ID as string, 'created', emails);
  });

  test('neither does a restart of the database, and the service recovers', async () => {
    const accounts = await rows(`Accounts?$filter=startswith(email,'joins.')`);
    expect(accounts).toHaveLength(COUNT);
    for (const { ID } of accounts) {
      expect((await ask('POST', `access/Accounts(${ID})/AccessService.removeAccess`, because)).status).toBe(200);
    }
    watch();
    // So that the database is needed all the time, even while it is down.
    pair.sandbox.leanix.faults.clear();
    const { body } = await ask('POST', 'access/runProvisioning');
    await pair.writes(3);
    await postgres!.restart();
    await pair.expectStillRunning(body.ID as string);
    const emails = accounts.map(({ email }) => email as string);
    await expectEachOnce(body.ID as string, 'updated', emails);
    for (const index of [0, 1]) expect((await pair.ask(index, 'GET', 'access/Accounts?$top=1')).status).toBe(200);
    // Nothing is left to do, so no task was lost.
    expect(await run('runProvisioning')).toMatchObject({ status: 'completed', code: 'NO_TASKS', done: 0 });
  });
});
