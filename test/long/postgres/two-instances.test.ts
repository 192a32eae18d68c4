import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { externalIdOf } from '../../../sandbox/seed/types.ts';
import { whileHeld, WRITING, type Answer } from '../../helpers/app.ts';
import { build, deploy, startInstance } from '../../helpers/built.ts';
import { startPostgres, type Credentials } from '../../helpers/postgres.ts';
import type { AppProcess } from '../../helpers/process.ts';
import { MAPPINGS } from '../../helpers/runtime.ts';
import { flows } from '../../helpers/seeds.ts';

const COUNT = 300;
const BATCH = 10;
const DATABASE = 'two_instances';
const config = {
  leanix: { batchSize: BATCH, leaseSeconds: 2, sweepSeconds: 0.3, settleSeconds: 0.5, perSecond: 30 },
  log: { levels: { leanix: 'info' } },
};

/** What people document by hand, for the tests about links. */
const MANUAL = Array.from({ length: 20 }, (_, n) => ({ type: 'Interface', name: `By hand ${n + 1}` }));

/** PostgreSQL stores neither NUL nor half of a character. */
const ODD = { Flow_2: { description: 'Moves\0 orders\ud800.' } };

const postgres = await startPostgres();
let credentials: Credentials;
let sandbox: Sandbox;
let configId: string;
/** The instances, as a platform numbers them. */
const instances: AppProcess[] = [];

beforeAll(async () => {
  if (!postgres) return;
  build();
  credentials = await postgres.create(DATABASE);
  sandbox = await startSandbox({ seed: flows(COUNT, MANUAL, ODD), leanix: { mutationLatencyMs: 250 } });
  await deploy(sandbox, credentials);
  await Promise.all([start(0), start(1)]);
  const { body } = await ask(0, 'GET', 'settings/LeanIXConfigs?$select=ID');
  configId = body.value[0].ID;
  const values = { leanixHost: sandbox.leanix.host, factSheetType: 'Interface', mappings: MAPPINGS };
  const path = `settings/LeanIXConfigs(ID=${configId},IsActiveEntity=true)`;
  expect((await ask(1, 'PATCH', path, values)).status).toBe(200);
  await ended((await ask(0, 'POST', 'runtime/refresh')).body.ID);
});

afterAll(async () => {
  await Promise.all(instances.map((instance) => instance.kill()));
  await sandbox?.stop();
  await postgres?.stop();
});

async function start(index: number): Promise<void> {
  instances[index] = await startInstance(sandbox, credentials, { config });
}

/** A request of an enterprise admin to one of the instances. */
async function ask(index: number, method: string, path: string, body?: unknown): Promise<Answer> {
  const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
  const data = body ?? (method === 'POST' ? {} : undefined);
  return instances[index]!.request(method, `/odata/v4/${path}`, { authorization, body: data });
}

const sql = (statement: string) => postgres!.sql(DATABASE, statement);

/** Waits until a run has ended, whoever works on it. */
async function ended(runId: string): Promise<any> {
  for (const until = Date.now() + 120_000; ; await sleep(50)) {
    const [run] = await sql(`SELECT * FROM leanix_SyncRun WHERE ID = '${runId}'`);
    if (run.finishedat) return run;
    if (Date.now() > until) throw new Error(`The run is stranded: ${JSON.stringify(run)}`);
  }
}

/** Waits until somebody has to wait for a lock. */
async function lockAwaited(): Promise<void> {
  while (!(await sql('SELECT pid FROM pg_locks WHERE NOT granted')).length) await sleep(20);
}

/** Waits until so many batches have arrived at LeanIX since the log was cleared. */
async function batches(count: number): Promise<void> {
  while (sandbox.leanix.log.count({ write: true }) < count) await sleep(2);
}

/** The instances that have taken the run up so far. */
const workersOf = (runId: string) =>
  instances.flatMap((instance, index) => (instance.output().includes(`${runId} of kind`) ? [index] : []));

async function expectStillRunning(runId: string): Promise<void> {
  const [run] = await sql(`SELECT finishedAt FROM leanix_SyncRun WHERE ID = '${runId}'`);
  expect(run.finishedat).toBeNull();
}

/** Somebody has edited all fact sheets, so that each has to be updated. */
function editAll(): void {
  for (const { id } of sandbox.leanix.state.factSheets.values()) {
    sandbox.editFactSheet(id, { fields: { release: 'wrong' } });
  }
  sandbox.leanix.log.clear();
}

/** Every item of the run has ended, once, and every iFlow has one fact sheet. */
async function expectAllDone(runId: string, action: 'create' | 'update'): Promise<void> {
  const run = await ended(runId);
  expect(run).toMatchObject({ status: 'completed', total: COUNT, done: COUNT, failed: 0, skipped: 0 });
  expect(run[`${action}d`]).toBe(COUNT);
  const items = await sql(`SELECT action, status, iflow_id FROM leanix_SyncItem WHERE run_ID = '${runId}'`);
  expect(items).toHaveLength(COUNT);
  expect(new Set(items.map((item) => item.iflow_id)).size).toBe(COUNT);
  for (const item of items) expect(item).toMatchObject({ status: 'done', action });
  const known = [...sandbox.leanix.state.factSheets.values()].flatMap(({ fields }) => {
    const { externalId } = (fields['externalId'] ?? {}) as { externalId?: string };
    return externalId ?? [];
  });
  const expected = Array.from({ length: COUNT }, (_, n) => externalIdOf(sandbox.cpi.host, `Flow_${n + 1}`));
  expect(known.sort()).toEqual(expected.sort());
  const links = await sql(`SELECT count(DISTINCT factSheetId) AS n FROM leanix_IFlowLink WHERE status = 'linked'`);
  expect(Number(links[0].n)).toBe(COUNT);
}

const both = postgres ? describe : describe.skip;

both('two instances on one PostgreSQL', () => {
  test('store a text without what PostgreSQL does not take', async () => {
    const [row] = await sql(`SELECT description FROM leanix_IFlow WHERE artifactId = 'Flow_2'`);
    expect(row.description).toBe('Moves orders\ufffd.');
  });

  test('that are told to sync at the same moment start one run', async () => {
    for (let round = 1; round <= 5; round++) {
      // The run has not ended when the other one is asked.
      const held = () => Promise.all([0, 1].map((index) => ask(index, 'POST', 'runtime/match')));
      const answers = await whileHeld(sandbox.leanix.faults, {}, held);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('RUN_ACTIVE');
      await ended(answers.find(({ status }) => status === 200)!.body.ID);
    }
    const [{ n }] = await sql(`SELECT count(*) AS n FROM leanix_SyncRun WHERE kind = 'match'`);
    expect(Number(n)).toBe(5);
  });

  test('give a fact sheet to one of two iFlows that two people link to it at the same moment', async () => {
    const iflows = await sql('SELECT ID FROM leanix_IFlow ORDER BY ID LIMIT 40');
    const link = (index: number, n: number, factSheetId: string) =>
      ask(index, 'POST', `runtime/IFlows(${iflows[n].id})/RuntimeService.link`, { factSheetId });
    const sheets = [...sandbox.leanix.state.factSheets.values()];
    for (const [n, { id }] of sheets.entries()) {
      const answers = await Promise.all([link(0, 2 * n, id), link(1, 2 * n + 1, id)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('FACT_SHEET_TAKEN');
    }
    const links = await sql('SELECT factSheetId FROM leanix_IFlowLink WHERE factSheetId IS NOT NULL');
    expect(links.map((row) => row.factsheetid).sort()).toEqual(sheets.map(({ id }) => id).sort());
    for (const { id } of iflows) await ask(0, 'POST', `runtime/IFlows(${id})/RuntimeService.unlink`);
  });

  test('start no run while a link is being stored that it would not know of', async () => {
    const [{ id: iflow }] = await sql(`SELECT ID FROM leanix_IFlow WHERE artifactId = 'Flow_1'`);
    const [sheet] = sandbox.leanix.state.factSheets.values();
    const slow = await postgres!.connect(DATABASE);
    await slow.query('BEGIN; LOCK TABLE leanix_IFlowLink IN EXCLUSIVE MODE');
    const linked = ask(0, 'POST', `runtime/IFlows(${iflow})/RuntimeService.link`, { factSheetId: sheet!.id });
    await lockAwaited();
    const started = ask(1, 'POST', 'runtime/createFactSheets', { iflows: [iflow] });
    // Long enough for a run to have read the links, if it had started.
    await sleep(1500);
    await slow.query('COMMIT');
    await slow.end();
    expect(await linked).toMatchObject({ status: 200, body: { linkStatus: 'linked', factSheetId: sheet!.id } });
    const run = await ended((await started).body.ID);
    expect(run).toMatchObject({ status: 'completed', created: 0, skipped: 1 });
    const [row] = await sql(`SELECT factSheetId FROM leanix_IFlowLink WHERE iflow_ID = '${iflow}'`);
    expect(row.factsheetid).toBe(sheet!.id);
    await ask(0, 'POST', `runtime/IFlows(${iflow})/RuntimeService.unlink`);
  });

  test('apply a preview once, even if the other one has just done so', async () => {
    const { body: preview } = await ask(0, 'POST', 'runtime/preview');
    expect(await ended(preview.ID)).toMatchObject({ status: 'completed', created: COUNT });
    const other = await postgres!.connect(DATABASE);
    await other.query(`BEGIN; SELECT ID FROM leanix_LeanIXConfig WHERE ID = '${configId}' FOR UPDATE`);
    const applied = ask(1, 'POST', `runtime/SyncRuns(${preview.ID})/RuntimeService.apply`);
    await lockAwaited();
    // The run of the other one ends before this one gets its turn.
    await other.query(`INSERT INTO leanix_SyncRun (ID, config_ID, kind, source_ID, status, leaseUntil)
      VALUES (gen_random_uuid(), '${configId}', 'apply', '${preview.ID}', 'completed', now())`);
    await other.query('COMMIT');
    await other.end();
    expect(await applied).toMatchObject({ status: 409, body: { error: { code: 'ALREADY_APPLIED' } } });
    expect(sandbox.leanix.state.factSheets.size).toBe(MANUAL.length);
  });

  test('start no run for a configuration that is being deleted', async () => {
    const { body } = await ask(0, 'POST', 'settings/LeanIXConfigs', { name: 'Deleted', IsActiveEntity: true });
    const slow = await postgres!.connect(DATABASE);
    await slow.query('BEGIN; LOCK TABLE leanix_IFlow IN EXCLUSIVE MODE');
    const deleted = ask(0, 'DELETE', `settings/LeanIXConfigs(ID=${body.ID},IsActiveEntity=true)`);
    await lockAwaited();
    const started = ask(1, 'POST', 'runtime/refresh', { config: body.ID });
    // Long enough for the run to be filed, if it were.
    await sleep(1000);
    await slow.query('COMMIT');
    await slow.end();
    expect((await deleted).status).toBe(204);
    expect(await started).toMatchObject({ status: 404, body: { error: { code: 'CONFIG_UNKNOWN' } } });
    expect(await sql(`SELECT ID FROM leanix_SyncRun WHERE config_ID = '${body.ID}'`)).toEqual([]);
  });

  test('finish a run whose instance is killed: every item ends once, and every iFlow has one fact sheet', async () => {
    for (const sheet of sandbox.leanix.state.factSheets.values()) {
      sandbox.editFactSheet(sheet.id, { status: 'ARCHIVED' });
    }
    sandbox.leanix.log.clear();
    const { body: run } = await ask(0, 'POST', 'runtime/syncAll');
    await batches(4);
    const [first] = workersOf(run.ID);
    // At any moment: while a batch is on its way, or while its outcome is being stored.
    await sleep(60);
    await instances[first!]!.kill();
    await batches(8);
    await expectStillRunning(run.ID);
    expect(workersOf(run.ID)).toContain(1 - first!);
    await start(first!);
    await expectAllDone(run.ID, 'create');
  });

  test('that are replaced one after the other lose no item and leave no run behind', async () => {
    editAll();
    const { body: run } = await ask(0, 'POST', 'runtime/syncAll');
    await batches(2);
    for (const index of [0, 1]) {
      await instances[index]!.stop();
      await expectStillRunning(run.ID);
      // However long that takes, the run has not ended when the next one is replaced.
      await whileHeld(sandbox.leanix.faults, WRITING, () => start(index));
    }
    await expectAllDone(run.ID, 'update');
  });

  test('survive a restart of the database, and so does the run', async () => {
    editAll();
    const { body: run } = await ask(1, 'POST', 'runtime/syncAll');
    await batches(5);
    await postgres!.restart();
    await expectStillRunning(run.ID);
    await expectAllDone(run.ID, 'update');
    for (const index of [0, 1]) expect((await ask(index, 'GET', 'runtime/IFlows?$top=1')).status).toBe(200);
    // Nothing is left to be done, so no item was lost on the way.
    const { body: again } = await ask(0, 'POST', 'runtime/syncAll');
    expect(await ended(again.ID)).toMatchObject({ status: 'completed', unchanged: COUNT, updated: 0, created: 0 });
  });
});
