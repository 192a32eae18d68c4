import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { emailOf } from '../../helpers/access/access.ts';
import { basic, startApp, type AppProcess } from '../../helpers/app/process.ts';
import { MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const RUNS = 280;
const FLOWS = 30;
/** Retention in seconds of journals, and of audit entries and access history. */
const KEPT = 2;
const DAYS = KEPT / 86_400;
const settings = {
  leanix: { journalDays: DAYS, auditDays: DAYS, cleanUpSeconds: 0.5, sweepSeconds: 1, perSecond: 30, pageSize: 20 },
  log: { levels: { '*': 'error', leanix: 'error', cds: 'info' } },
};

let folder: string;
let sandbox: Sandbox;
let app: AppProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leanix-soak-'));
  sandbox = await startSandbox({ seed: flows(FLOWS) });
  const probe = pathToFileURL(join(import.meta.dirname, '..', '..', 'helpers', 'app', 'memory-probe.js')).href;
  app = await startApp(
    { ...sandbox.env(), NODE_OPTIONS: `--import ${probe}`, cds_requires_db_credentials_url: join(folder, 'db.sqlite') },
    settings,
  );
  const { body } = await ask('GET', 'settings/LeanIXConfigs?$select=ID');
  await ask('PATCH', `settings/LeanIXConfigs(ID=${body.value[0].ID},IsActiveEntity=true)`, {
    leanixHost: sandbox.leanix.host,
    readModels: false,
    factSheetType: 'Interface',
    defaultTags: 'CPI-Managed',
    mappings: [...MAPPINGS, { iflowField: 'id', leanixPath: '/nope', position: 3 }],
  });
});

afterAll(async () => {
  await app?.kill();
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown) =>
  app.request(method, `/odata/v4/${path}`, { authorization: basic('enterprise'), body });

async function post(path: string, body: object = {}): Promise<any> {
  const { status, body: answer } = await ask('POST', path, body);
  if (status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Starts a run and waits until it has ended. */
async function run(path: string): Promise<any> {
  const { ID } = await post(path);
  const runs = path.startsWith('access') ? 'access/JobRuns' : 'runtime/SyncRuns';
  for (;;) {
    const { body: row } = await ask('GET', `${runs}(${ID})`);
    if (row.finishedAt) return row;
    await sleep(10);
  }
}

/** One round of daily work: 7 runs. */
async function day(n: number): Promise<void> {
  await run('runtime/refresh');
  await run('runtime/match');
  for (const { id } of sandbox.leanix.state.factSheets.values()) {
    sandbox.editFactSheet(id, { fields: { release: `edited ${n}` } });
  }
  const preview = await run('runtime/preview');
  const done = await run(n % 2 ? 'runtime/syncAll' : `runtime/SyncRuns(${preview.ID})/RuntimeService.apply`);
  expect(done).toMatchObject({ status: 'completed', failed: 0, created: n === 1 ? FLOWS : 0, done: FLOWS });
  await run('runtime/syncAll');
  await accessDay(n);
}

/** Imports the accounts and changes the role of one of them. */
async function accessDay(n: number): Promise<void> {
  expect(await run('access/importAll')).toMatchObject({ status: 'completed', failed: 0 });
  const { body } = await ask('GET', `access/Accounts?$filter=email eq '${emailOf('hugo.hermans')}'`);
  const request = { role: n % 2 ? 'MEMBER' : 'VIEWER', justification: `Changes on day ${n}` };
  await post(`access/Accounts(${body.value[0].ID})/AccessService.addAccess`, request);
  expect(await run('access/runProvisioning')).toMatchObject({ status: 'completed', total: 1, done: 1, updated: 1 });
}

/** Bytes of the heap in use after garbage collection. */
async function memory(): Promise<number> {
  const before = app.output().length;
  app.signal('SIGUSR2');
  for (;;) {
    const [, bytes] = /heap in use: (\d+)\n/.exec(app.output().slice(before)) ?? [];
    if (bytes) return Number(bytes);
    await sleep(20);
  }
}

/** The number of rows of each table. */
function rowCounts(): Record<string, number> {
  const database = new DatabaseSync(join(folder, 'db.sqlite'), { readOnly: true });
  const tables = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .all();
  const counts = tables.map(({ name }) => [
    name,
    database.prepare(`SELECT count(*) AS n FROM "${String(name)}"`).get()!['n'],
  ]);
  database.close();
  return Object.fromEntries(counts) as Record<string, number>;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/**
 * Expired rows are deleted after a clean-up. The last run of each kind is kept, and tasks that granted a current role.
 */
const left = { leanix_SyncRun: 7, leanix_AuditEntry: 0, leanix_ProvisioningTask: 1 };
const isTidy = (counts: Record<string, number>) => Object.entries(left).every(([name, n]) => counts[name]! <= n);

test(`over ${RUNS} runs neither the memory in use nor any table grows without end`, async () => {
  const used: number[] = [];
  const counts: Record<string, number>[] = [];
  for (let n = 1; n <= RUNS / 7; n++) {
    await day(n);
    used.push(await memory());
    if (n % 10 !== 0) continue;
    await sleep(KEPT * 1000);
    for (let tries = 0; tries < 300 && !isTidy(rowCounts()); tries++) await sleep(100);
    counts.push(rowCounts());
  }
  expect(counts[0]).toMatchObject({ ...left, leanix_SyncItem: 3 * FLOWS, leanix_IFlowLink: FLOWS });
  expect(counts.slice(1)).toEqual(Array.from({ length: 3 }, () => counts[0]));
  // Caches fill at first. There are 70 runs between the middles of the last two quarters: each may leave at most 20 kB.
  const [early, late] = [median(used.slice(20, 30)), median(used.slice(30))];
  expect(late - early).toBeLessThan(1_500_000);
});
