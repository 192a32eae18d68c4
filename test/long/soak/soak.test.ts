import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { basic, startApp, type AppProcess } from '../../helpers/process.ts';
import { MAPPINGS } from '../../helpers/runtime.ts';
import { flows } from '../../helpers/seeds.ts';

const RUNS = 200;
const FLOWS = 30;
/** Seconds that journals are kept here. */
const KEPT = 2;
const settings = {
  leanix: { journalDays: KEPT / 86_400, cleanUpSeconds: 0.5, sweepSeconds: 1, perSecond: 30, pageSize: 20 },
  log: { levels: { '*': 'error', leanix: 'error', cds: 'info' } },
};

let folder: string;
let sandbox: Sandbox;
let app: AppProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leanix-soak-'));
  sandbox = await startSandbox({ seed: flows(FLOWS) });
  const probe = pathToFileURL(join(import.meta.dirname, '..', '..', 'helpers', 'memory-probe.js')).href;
  app = await startApp(
    { ...sandbox.env(), NODE_OPTIONS: `--import ${probe}`, cds_requires_db_credentials_url: join(folder, 'db.sqlite') },
    settings,
  );
  const { body } = await ask('GET', 'settings/LeanIXConfigs?$select=ID');
  await ask('PATCH', `settings/LeanIXConfigs(ID=${body.value[0].ID},IsActiveEntity=true)`, {
    leanixHost: sandbox.leanix.host,
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

async function run(path: string): Promise<any> {
  const { status, body } = await ask('POST', path, {});
  if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
  for (;;) {
    const { body: row } = await ask('GET', `runtime/SyncRuns(${body.ID})`);
    if (row.finishedAt) return row;
    await sleep(10);
  }
}

/** One round of what goes on day after day: 5 runs. */
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
}

/** Bytes of the heap in use once all garbage is gone. */
async function memory(): Promise<number> {
  const before = app.output().length;
  app.signal('SIGUSR2');
  for (;;) {
    const [, bytes] = /heap in use: (\d+)\n/.exec(app.output().slice(before)) ?? [];
    if (bytes) return Number(bytes);
    await sleep(20);
  }
}

/** How many rows each table has. */
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

test(`over ${RUNS} runs neither the memory in use nor any table grows without end, except for who started them`, async () => {
  const used: number[] = [];
  const counts: Record<string, number>[] = [];
  const audited: number[] = [];
  for (let n = 1; n <= RUNS / 5; n++) {
    await day(n);
    used.push(await memory());
    if (n % 10 !== 0) continue;
    // What has been over for long enough is gone after the next look; the last run of each kind stays.
    await sleep(KEPT * 1000);
    while (rowCounts()['leanix_SyncRun']! > 5) await sleep(100);
    const { leanix_AuditEntry: entries, ...others } = rowCounts();
    audited.push(entries!);
    counts.push(others);
  }
  expect(counts.slice(1)).toEqual(Array.from({ length: 3 }, () => counts[0]));
  // Who started a run is kept for good: one entry each, and nothing else.
  expect(audited.map((entries) => entries - audited[0]!)).toEqual([0, 50, 100, 150]);
  expect(counts[0]).toMatchObject({ leanix_SyncRun: 5, leanix_SyncItem: 3 * FLOWS, leanix_IFlowLink: FLOWS });
  // At first caches fill. Between the middles of the last two quarters lie 50 runs: each may leave 30 kB behind at most.
  const [early, late] = [median(used.slice(20, 30)), median(used.slice(30))];
  expect(late - early).toBeLessThan(1_500_000);
});
