import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { whileHeld, type Answer } from '../../helpers/app.ts';
import { build, deploy, startInstance } from '../../helpers/built.ts';
import { startPostgres } from '../../helpers/postgres.ts';
import type { AppProcess } from '../../helpers/process.ts';

// Accounts, tasks and jobs as they run in production: built, on PostgreSQL, with two instances.

const DATABASE = 'access';
const config = {
  leanix: { leaseSeconds: 2, sweepSeconds: 0.3, settleSeconds: 0.5, perSecond: 30 },
  log: { levels: { leanix: 'info' } },
};
const because = { justification: 'New in the team' };
const postgres = await startPostgres();
let sandbox: Sandbox;
let configId: string;
let instances: AppProcess[] = [];

beforeAll(async () => {
  if (!postgres) return;
  build();
  const credentials = await postgres.create(DATABASE);
  sandbox = await startSandbox({ seed: 'tiny' });
  await deploy(sandbox, credentials);
  const start = () => startInstance(sandbox, credentials, { config });
  instances.push(...(await Promise.all([start(), start()])));
  const { body } = await ask('GET', 'settings/LeanIXConfigs?$select=ID');
  ({ ID: configId } = body.value[0]);
  const host = { leanixHost: sandbox.leanix.host };
  expect((await ask('PATCH', `settings/LeanIXConfigs(ID=${configId},IsActiveEntity=true)`, host)).status).toBe(200);
  const people = { peopleDestination: 'PEOPLE', maxCreated: null, maxCreatedPercent: null };
  expect((await ask('PATCH', `access/AccessConfigs(ID=${configId},IsActiveEntity=true)`, people)).status).toBe(200);
});

afterAll(async () => {
  await Promise.all(instances.map((instance) => instance.kill()));
  await sandbox?.stop();
  await postgres?.stop();
});

/** A request of an enterprise admin, to one instance after the other. */
let asked = 0;
async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
  const data = body ?? (method === 'POST' ? {} : undefined);
  return instances[asked++ % instances.length]!.request(method, `/odata/v4/${path}`, { authorization, body: data });
}
const rows = async (path: string): Promise<any[]> => (await ask('GET', `access/${path}`)).body.value;
const ended = async (runId: string): Promise<any> => {
  for (;;) {
    const { body: found } = await ask('GET', `access/JobRuns(${runId})`);
    if (found.isActive === false) return found;
    await sleep(100);
  }
};
const run = async (action: string): Promise<any> => ended((await ask('POST', `access/${action}`)).body.ID as string);
const govern = (settings: object) => ask('PATCH', `access/AccessConfigs(ID=${configId},IsActiveEntity=true)`, settings);
const request = (name: string) =>
  ask('POST', 'access/requestAccount', { email: `${name}@halvorsen.example`, role: 'MEMBER', ...because });
/** The same of both instances, at the same time. */
const askBoth = (path: string) => Promise.all([ask('POST', path), ask('POST', path)]);

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
    expect(sandbox.leanix.state.mails).toHaveLength(1);
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
      await postgres!.sql(DATABASE, `UPDATE leanix_Job SET nextRunAt = '2026-01-01' WHERE ID = '${job.ID}'`);
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
      // The first run has not ended when the second one is asked for.
      const held = () => askBoth(`access/${path}`);
      const answers = await whileHeld(sandbox.leanix.faults, { path: '/mtm/v1/' }, held);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('RUN_ACTIVE');
      await ended(answers.find(({ status }) => status === 200)!.body.ID as string);
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
    const { permissionWrites, users } = sandbox.leanix.state;
    const written = permissionWrites.map(({ userId }) => users.find(({ id }) => id === userId)!.email);
    expect(written.filter((email) => email.startsWith('new.')).sort()).toEqual(tasks.map(({ email }) => email).sort());
  });

  test('the tasks of an instance that is killed are done by the other one, each of them once', async () => {
    const names = Array.from({ length: 6 }, (_, n) => `more.${n}`);
    for (const name of names) expect((await request(name)).status).toBe(200);
    const { log, faults, state } = sandbox.leanix;
    log.clear();
    // Two are done, and of the third one the answer is lost.
    const killed = async () => {
      const { body } = await ask('POST', 'access/runProvisioning');
      while (log.count({ write: true }) < 3) await sleep(5);
      const works = instances.filter((one) => one.output().includes(`Run ${body.ID} of kind provision starts`));
      expect(works).toHaveLength(1);
      await works[0]!.kill();
      instances = instances.filter((one) => one !== works[0]);
      return body;
    };
    const started = await whileHeld(faults, { write: true }, killed, 2);
    expect(await ended(started.ID as string)).toMatchObject({ status: 'completed', total: 6, done: 6, created: 6 });
    const tasks = await rows(`ProvisioningTasks?$filter=startswith(email,'more.')`);
    expect(tasks.map(({ status, statusResult }) => `${status} ${statusResult}`)).toEqual(
      names.map(() => 'done INVITED'),
    );
    const mails = state.mails.filter(({ to }) => to.startsWith('more.')).map(({ to }) => to);
    expect(mails.sort()).toEqual(tasks.map(({ email }) => email).sort());
  });
});
