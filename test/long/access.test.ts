import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { accessRows } from '../helpers/access/invariants.ts';
import { startApp, userOf, type AppProcess } from '../helpers/app/process.ts';

// Two instances that check for the same jobs and tasks.

const settings = {
  leanix: { leaseSeconds: 1.5, sweepSeconds: 0.3, settleSeconds: 0.3, perSecond: 30, alertDestination: 'ALERTS' },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000 },
  log: { levels: { '*': 'error', cds: 'info', leanix: 'error' } },
};

let folder: string;
let sandbox: Sandbox;
let app: AppProcess;

const start = () =>
  startApp({ ...sandbox.env(), cds_requires_db_credentials_url: join(folder, 'db.sqlite') }, settings);
const user = () => userOf(app, 'enterprise');
const rows = (path: string) => accessRows({ sandbox, user: user() }, path);
const sql = (statement: string) => {
  const db = new DatabaseSync(join(folder, 'db.sqlite'));
  db.exec('PRAGMA busy_timeout = 5000');
  db.exec(statement);
  db.close();
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leanix-access-'));
  sandbox = await startSandbox({ seed: 'tiny' });
  app = await start();
  const { body } = await user().get('settings/LeanIXConfigs?$select=ID');
  const { ID } = body.value[0];
  await user().patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, { leanixHost: sandbox.leanix.host });
});

afterAll(async () => {
  await app.stop();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
});

test('of two instances, one takes a slot', async () => {
  const other = await start();
  const [job] = await rows(`Jobs?$filter=kind eq 'importAll'`);
  await user().patch(`access/Jobs(ID=${job.ID},IsActiveEntity=true)`, { schedule: 'hours', everyHours: 1 });
  for (let slots = 1; slots <= 8; slots++) {
    // The next one comes in half an hour.
    const due = new Date(Date.now() - 30 * 60_000).toISOString();
    sql(`UPDATE leanix_Job SET nextRunAt = '${due}' WHERE ID = '${job.ID}'`);
    const runs = () => rows(`JobRuns?$filter=job_ID eq ${job.ID}`);
    while ((await runs()).filter(({ isActive }) => !isActive).length < slots) await sleep(100);
    await sleep(700);
    expect(await runs()).toHaveLength(slots);
  }
  await other.stop();
});

test('of two instances, one tells that tasks wait', async () => {
  const other = await start();
  const told = () => sandbox.btp.alerts.filter(({ eventType }) => eventType === 'leanix.task.waiting');
  for (let times = 1; times <= 8; times++) {
    const email = `olga.olsen.${times}@halvorsen.example`;
    const { body } = await user().post('access/requestAccount', { email, role: 'VIEWER', justification: 'Joins' });
    while (told().length < times) await sleep(50);
    await sleep(700);
    expect(told()).toHaveLength(times);
    await user().post(`access/ProvisioningTasks(${body.ID})/AccessService.cancel`);
  }
  await other.stop();
});
