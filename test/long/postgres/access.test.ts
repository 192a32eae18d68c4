import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import type { Answer } from '../../helpers/app.ts';
import { build, deploy, startInstance } from '../../helpers/built.ts';
import { startPostgres } from '../../helpers/postgres.ts';
import type { AppProcess } from '../../helpers/process.ts';

// Accounts, tasks and jobs as they run in production: built, on PostgreSQL, with two instances.

const DATABASE = 'access';
const config = { leanix: { leaseSeconds: 2, sweepSeconds: 0.3, settleSeconds: 0.5, perSecond: 30 } };
const postgres = await startPostgres();
let sandbox: Sandbox;
const instances: AppProcess[] = [];

beforeAll(async () => {
  if (!postgres) return;
  build();
  const credentials = await postgres.create(DATABASE);
  sandbox = await startSandbox({ seed: 'tiny' });
  await deploy(sandbox, credentials);
  const start = () => startInstance(sandbox, credentials, { config });
  instances.push(...(await Promise.all([start(), start()])));
  const { body } = await ask('GET', 'settings/LeanIXConfigs?$select=ID');
  const { ID } = body.value[0];
  const host = { leanixHost: sandbox.leanix.host };
  expect((await ask('PATCH', `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, host)).status).toBe(200);
  const people = { peopleDestination: 'PEOPLE' };
  expect((await ask('PATCH', `access/AccessConfigs(ID=${ID},IsActiveEntity=true)`, people)).status).toBe(200);
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
  return instances[asked++ % 2]!.request(method, `/odata/v4/${path}`, { authorization, body: data });
}
const rows = async (path: string): Promise<any[]> => (await ask('GET', `access/${path}`)).body.value;
const run = async (action: string): Promise<any> => {
  const { body } = await ask('POST', `access/${action}`);
  for (;;) {
    const { body: found } = await ask('GET', `access/JobRuns(${body.ID})`);
    if (found.isActive === false) return found;
    await sleep(100);
  }
};

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
    const body = { email: 'olga.olsen@halvorsen.example', role: 'MEMBER', justification: 'New in the team' };
    const both = await Promise.all([1, 2].map(() => ask('POST', 'access/requestAccount', body)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)!.body.error.code).toBe('TASK_OPEN');
    expect(await run('runProvisioning')).toMatchObject({ status: 'completed', created: 1 });
    expect(sandbox.leanix.state.mails).toHaveLength(1);
    expect(await rows('ProvisioningTasks')).toMatchObject([{ status: 'done', statusResult: 'INVITED' }]);
  });

  test('one of the two instances takes a slot', async () => {
    const [job] = await rows(`Jobs?$filter=kind eq 'importAccounts'`);
    const schedule = { schedule: 'daily', atTime: '03:00:00', timeZone: 'Europe/Berlin' };
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
});
