import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { startApp, userOf, type AppProcess } from '../helpers/process.ts';

// Work on access whose process is killed at any moment, and two instances that look for the same jobs.

const settings = {
  leanix: { leaseSeconds: 1.5, sweepSeconds: 0.3, settleSeconds: 0.3, perSecond: 30 },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000 },
  log: { levels: { '*': 'error', cds: 'info', leanix: 'error' } },
};
const TABLES = ['Assignment', 'ProvisioningTask', 'Entitlement', 'Account', 'SyncRun'];
const because = { justification: 'New in the team' };
const emailOf = (name: string) => `${name}@halvorsen.example`;

let folder: string;
let sandbox: Sandbox;
let app: AppProcess;

const start = () =>
  startApp({ ...sandbox.env(), cds_requires_db_credentials_url: join(folder, 'db.sqlite') }, settings);
const user = () => userOf(app, 'enterprise');
const rows = async (path: string): Promise<any[]> => (await user().get(`access/${path}`)).body.value;
const sql = (...statements: string[]) => {
  const db = new DatabaseSync(join(folder, 'db.sqlite'));
  db.exec('PRAGMA busy_timeout = 5000');
  for (const statement of statements) db.exec(statement);
  db.close();
};
const endOf = async (ID: string): Promise<any> => {
  for (;;) {
    const { body } = await user().get(`access/JobRuns(${ID})`);
    if (body && body.isActive === false) return body;
    await sleep(100);
  }
};
const run = async (action: string) => endOf((await user().post(`access/${action}`, {})).body.ID as string);
const personOf = (name: string) => sandbox.leanix.state.users.find(({ email }) => email === emailOf(name));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leanix-access-'));
  sandbox = await startSandbox({ seed: 'tiny' });
  app = await start();
  const { body } = await user().get('settings/LeanIXConfigs?$select=ID');
  const { ID } = body.value[0];
  await user().patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, { leanixHost: sandbox.leanix.host });
  const unlimited = { maxCreated: null, maxCreatedPercent: null, maxRemoved: null, maxRemovedPercent: null };
  await user().patch(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)`, unlimited);
});

afterAll(async () => {
  await app.stop();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Accounts as they are in the beginning, and three tasks. */
async function beginAgain(): Promise<void> {
  await sandbox.reset();
  sql(...TABLES.map((table) => `DELETE FROM leanix_${table}`));
  expect(await run('importAll')).toMatchObject({ status: 'completed' });
  const idOf = async (name: string) => (await rows(`Accounts?$filter=email eq '${emailOf(name)}'`))[0].ID as string;
  const ask = async (name: string, action: string, body: object) => {
    const answer = await user().post(`access/Accounts(${await idOf(name)})/AccessService.${action}`, body);
    expect(answer.status).toBe(200);
  };
  await user().post('access/requestAccount', { email: emailOf('olga.olsen'), role: 'MEMBER', ...because });
  await ask('hugo.hermans', 'addAccess', { role: 'ADMIN', ...because });
  await ask('carla.costa', 'removeAccount', because);
  sandbox.leanix.log.clear();
}

async function expectProvisioned(): Promise<void> {
  expect(personOf('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
  expect(personOf('hugo.hermans')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
  expect(personOf('carla.costa')).toMatchObject({ role: 'MEMBER', status: 'ARCHIVED' });
  expect(sandbox.leanix.state.mails).toHaveLength(1);
  const tasks = await rows('ProvisioningTasks?$orderby=requestedAt');
  expect(tasks.map(({ status, roleResult, statusResult }) => `${status} ${roleResult} ${statusResult}`)).toEqual([
    'done MEMBER INVITED',
    'done ADMIN ACTIVE',
    'done MEMBER ARCHIVED',
  ]);
  const accounts = await rows('Accounts?$expand=assignments');
  for (const { email, state, assignments } of accounts) {
    const open = assignments.filter(({ validTo }: any) => validTo === null);
    expect([email, open.length]).toEqual([email, state === 'active' ? 1 : 0]);
  }
}

test('whenever the process dies around a request, the tasks are done by the next one, and nobody is invited twice', async () => {
  await beginAgain();
  expect(await run('runProvisioning')).toMatchObject({ status: 'completed', created: 1, updated: 1, removed: 1 });
  await expectProvisioned();
  const requests = sandbox.leanix.log.count({ token: false });
  expect(requests).toBe(9);
  for (let n = 1; n <= requests; n++) {
    for (const kind of ['reset', 'lostAnswer'] as const) {
      await beginAgain();
      const match = { path: /^(?!.*oauth2?\/token)/ };
      sandbox.leanix.faults.add({ kind, after: n - 1, match, meanwhile: () => app.end() });
      const { body } = await user().post('access/runProvisioning', {});
      await app.exited;
      sandbox.leanix.faults.clear();
      app = await start();
      expect(await endOf(body.ID as string)).toMatchObject({ status: 'completed', total: 3, done: 3, failed: 0 });
      await expectProvisioned();
    }
  }
});

test('an import whose process dies is done by the next one, and suspends nobody', async () => {
  await beginAgain();
  const before = await rows('Accounts?$select=email,state&$orderby=userId');
  for (const kind of ['reset', 'lostAnswer'] as const) {
    sandbox.leanix.faults.add({ kind, match: { path: '/permissions' }, meanwhile: () => app.end() });
    const { body } = await user().post('access/importAll', {});
    await app.exited;
    sandbox.leanix.faults.clear();
    app = await start();
    expect(await endOf(body.ID as string)).toMatchObject({ status: 'completed' });
    expect(await rows('Accounts?$select=email,state&$orderby=userId')).toEqual(before);
  }
});

test('of two instances, one takes a slot', async () => {
  const other = await start();
  const [job] = await rows(`Jobs?$filter=kind eq 'importAll'`);
  await user().patch(`access/Jobs(ID=${job.ID},IsActiveEntity=true)`, { schedule: 'hours', everyHours: 1 });
  for (let slots = 1; slots <= 8; slots++) {
    sql(`UPDATE leanix_Job SET nextRunAt = '2026-01-01T00:00:00.000Z' WHERE ID = '${job.ID}'`);
    const runs = () => rows(`JobRuns?$filter=job_ID eq ${job.ID}`);
    while ((await runs()).filter(({ isActive }) => !isActive).length < slots) await sleep(100);
    await sleep(700);
    expect(await runs()).toHaveLength(slots);
  }
  await other.stop();
});
