import { setTimeout as sleep } from 'node:timers/promises';
import { externalIdOf } from '../../../sandbox/seed/types.ts';
import { whileHeld, WRITING } from '../../helpers/app/app.ts';
import { startPair, type Pair } from '../../helpers/app/pair.ts';
import { startPostgres } from '../../helpers/app/postgres.ts';
import { MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const COUNT = 300;
const BATCH = 10;
const DATABASE = 'two_instances';

/** Fact sheets that people maintain by hand, for the tests about links. */
const MANUAL = Array.from({ length: 20 }, (_, n) => ({ type: 'Interface', name: `By hand ${n + 1}` }));

/** PostgreSQL stores neither NUL nor half a character. */
const ODD = { Flow_2: { description: 'Moves\0 orders\ud800.' } };

const postgres = await startPostgres();
let pair: Pair;
let configId: string;

beforeAll(async () => {
  if (!postgres) return;
  const options = { seed: flows(COUNT, MANUAL, ODD), leanix: { mutationLatencyMs: 250 } };
  pair = await startPair(postgres, DATABASE, options, { batchSize: BATCH });
  const { body } = await pair.ask(0, 'GET', 'settings/LeanIXConfigs?$select=ID');
  configId = body.value[0].ID;
  const values = {
    leanixHost: pair.sandbox.leanix.host,
    factSheetType: 'Interface',
    readModels: false,
    mappings: MAPPINGS,
  };
  const path = `settings/LeanIXConfigs(ID=${configId},IsActiveEntity=true)`;
  expect((await pair.ask(1, 'PATCH', path, values)).status).toBe(200);
  await pair.ended((await pair.ask(0, 'POST', 'runtime/refresh')).body.ID);
});

afterAll(async () => {
  await pair?.stop();
  await postgres?.stop();
});

/** Waits until a statement waits for a lock. */
async function lockAwaited(): Promise<void> {
  while (!(await pair.sql('SELECT pid FROM pg_locks WHERE NOT granted')).length) await sleep(20);
}

/** Another user edits all fact sheets, so each must be updated. */
function editAll(): void {
  for (const { id } of pair.sandbox.leanix.state.factSheets.values()) {
    pair.sandbox.editFactSheet(id, { fields: { release: 'wrong' } });
  }
  pair.sandbox.leanix.log.clear();
}

/** Every item of the run has ended once, and every iFlow has one fact sheet. */
async function expectAllDone(runId: string, action: 'create' | 'update'): Promise<void> {
  const run = await pair.ended(runId);
  expect(run).toMatchObject({ status: 'completed', total: COUNT, done: COUNT, failed: 0, skipped: 0 });
  expect(run[`${action}d`]).toBe(COUNT);
  const items = await pair.sql(`SELECT action, status, iflow_id FROM leanix_SyncItem WHERE run_ID = '${runId}'`);
  expect(items).toHaveLength(COUNT);
  expect(new Set(items.map((item) => item.iflow_id)).size).toBe(COUNT);
  for (const item of items) expect(item).toMatchObject({ status: 'done', action });
  const known = [...pair.sandbox.leanix.state.factSheets.values()].flatMap(({ fields }) => {
    const { externalId } = (fields['externalId'] ?? {}) as { externalId?: string };
    return externalId ?? [];
  });
  const expected = Array.from({ length: COUNT }, (_, n) => externalIdOf(pair.sandbox.cpi.host, `Flow_${n + 1}`));
  expect(known.sort()).toEqual(expected.sort());
  const links = await pair.sql(`SELECT count(DISTINCT factSheetId) AS n FROM leanix_IFlowLink WHERE status = 'linked'`);
  expect(Number(links[0].n)).toBe(COUNT);
}

const both = postgres ? describe : describe.skip;

both('two instances on one PostgreSQL', () => {
  test('store a text without what PostgreSQL does not take', async () => {
    const [row] = await pair.sql(`SELECT description FROM leanix_IFlow WHERE artifactId = 'Flow_2'`);
    expect(row.description).toBe('Moves orders\ufffd.');
  });

  test('that are told to sync at the same moment start one run', async () => {
    for (let round = 1; round <= 5; round++) {
      // The run has not ended when the other instance gets its request.
      const held = () => Promise.all([0, 1].map((index) => pair.ask(index, 'POST', 'runtime/match')));
      const answers = await whileHeld(pair.sandbox.leanix.faults, {}, held);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('RUN_ACTIVE');
      await pair.ended(answers.find(({ status }) => status === 200)!.body.ID);
    }
    const [{ n }] = await pair.sql(`SELECT count(*) AS n FROM leanix_SyncRun WHERE kind = 'match'`);
    expect(Number(n)).toBe(5);
  });

  test('give a fact sheet to one of two iFlows that two people link to it at the same moment', async () => {
    const iflows = await pair.sql('SELECT ID FROM leanix_IFlow ORDER BY ID LIMIT 40');
    const link = (index: number, n: number, factSheetId: string) =>
      pair.ask(index, 'POST', `runtime/IFlows(${iflows[n].id})/RuntimeService.link`, { factSheetId });
    const sheets = [...pair.sandbox.leanix.state.factSheets.values()];
    for (const [n, { id }] of sheets.entries()) {
      const answers = await Promise.all([link(0, 2 * n, id), link(1, 2 * n + 1, id)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.error.code).toBe('FACT_SHEET_TAKEN');
    }
    const links = await pair.sql('SELECT factSheetId FROM leanix_IFlowLink WHERE factSheetId IS NOT NULL');
    expect(links.map((row) => row.factsheetid).sort()).toEqual(sheets.map(({ id }) => id).sort());
    for (const { id } of iflows) await pair.ask(0, 'POST', `runtime/IFlows(${id})/RuntimeService.unlink`);
  });

  test('start no run while a link is being stored that it would not know of', async () => {
    const [{ id: iflow }] = await pair.sql(`SELECT ID FROM leanix_IFlow WHERE artifactId = 'Flow_1'`);
    const [sheet] = pair.sandbox.leanix.state.factSheets.values();
    const slow = await postgres!.connect(DATABASE);
    await slow.query('BEGIN; LOCK TABLE leanix_IFlowLink IN EXCLUSIVE MODE');
    const linked = pair.ask(0, 'POST', `runtime/IFlows(${iflow})/RuntimeService.link`, { factSheetId: sheet!.id });
    await lockAwaited();
    const started = pair.ask(1, 'POST', 'runtime/createFactSheets', { iflows: [iflow] });
    // Long enough for a run to have read the links, if it had started.
    await sleep(1500);
    await slow.query('COMMIT');
    await slow.end();
    expect(await linked).toMatchObject({ status: 200, body: { linkStatus: 'linked', factSheetId: sheet!.id } });
    const run = await pair.ended((await started).body.ID);
    expect(run).toMatchObject({ status: 'completed', created: 0, skipped: 1 });
    const [row] = await pair.sql(`SELECT factSheetId FROM leanix_IFlowLink WHERE iflow_ID = '${iflow}'`);
    expect(row.factsheetid).toBe(sheet!.id);
    await pair.ask(0, 'POST', `runtime/IFlows(${iflow})/RuntimeService.unlink`);
  });

  test('apply a preview once, even if the other one has just done so', async () => {
    const { body: preview } = await pair.ask(0, 'POST', 'runtime/preview');
    expect(await pair.ended(preview.ID)).toMatchObject({ status: 'completed', created: COUNT });
    const other = await postgres!.connect(DATABASE);
    await other.query(`BEGIN; SELECT ID FROM leanix_LeanIXConfig WHERE ID = '${configId}' FOR UPDATE`);
    const applied = pair.ask(1, 'POST', `runtime/SyncRuns(${preview.ID})/RuntimeService.apply`);
    await lockAwaited();
    // The run of the other instance ends before this one gets its turn.
    await other.query(`INSERT INTO leanix_SyncRun (ID, config_ID, kind, source_ID, status, leaseUntil)
      VALUES (gen_random_uuid(), '${configId}', 'apply', '${preview.ID}', 'completed', now())`);
    await other.query('COMMIT');
    await other.end();
    expect(await applied).toMatchObject({ status: 409, body: { error: { code: 'ALREADY_APPLIED' } } });
    expect(pair.sandbox.leanix.state.factSheets.size).toBe(MANUAL.length);
  });

  test('start no run for a configuration that is being deleted', async () => {
    const { body } = await pair.ask(0, 'POST', 'settings/LeanIXConfigs', { name: 'Deleted', IsActiveEntity: true });
    const slow = await postgres!.connect(DATABASE);
    await slow.query('BEGIN; LOCK TABLE leanix_IFlow IN EXCLUSIVE MODE');
    const deleted = pair.ask(0, 'DELETE', `settings/LeanIXConfigs(ID=${body.ID},IsActiveEntity=true)`);
    await lockAwaited();
    const started = pair.ask(1, 'POST', 'runtime/refresh', { config: body.ID });
    // Long enough for the run to be created.
    await sleep(1000);
    await slow.query('COMMIT');
    await slow.end();
    expect((await deleted).status).toBe(204);
    expect(await started).toMatchObject({ status: 404, body: { error: { code: 'CONFIG_UNKNOWN' } } });
    expect(await pair.sql(`SELECT ID FROM leanix_SyncRun WHERE config_ID = '${body.ID}'`)).toEqual([]);
  });

  test('finish a run whose instance is killed: every item ends once, and every iFlow has one fact sheet', async () => {
    for (const sheet of pair.sandbox.leanix.state.factSheets.values()) {
      pair.sandbox.editFactSheet(sheet.id, { status: 'ARCHIVED' });
    }
    pair.sandbox.leanix.log.clear();
    const { body: run } = await pair.ask(0, 'POST', 'runtime/syncAll');
    await pair.writes(4);
    const [first] = pair.workersOf(run.ID);
    // At any moment: while a batch is sent, or while its outcome is stored.
    await sleep(60);
    await pair.instances[first!]!.kill();
    await pair.writes(8);
    await pair.expectStillRunning(run.ID);
    expect(pair.workersOf(run.ID)).toContain(1 - first!);
    await pair.start(first!);
    await expectAllDone(run.ID, 'create');
  });

  test('finish a run whose instance hangs for longer than its lease and comes back: no item is written twice', async () => {
    editAll();
    const { body: run } = await pair.ask(0, 'POST', 'runtime/syncAll');
    await pair.writes(4);
    const [first] = pair.workersOf(run.ID);
    pair.instances[first!]!.signal('SIGSTOP');
    const before = pair.sandbox.leanix.log.count({ write: true });
    while (!pair.workersOf(run.ID).includes(1 - first!)) await sleep(50);
    await pair.writes(before + 4);
    pair.instances[first!]!.signal('SIGCONT');
    await expectAllDone(run.ID, 'update');
    // Each item once, except the batch in progress, which was looked up.
    const written = [...pair.sandbox.leanix.state.factSheets.values()].filter(({ status }) => status === 'ACTIVE');
    expect(written.filter(({ fields }) => fields['release'] === 'wrong')).toEqual([]);
    expect(pair.sandbox.leanix.log.count({ write: true })).toBe(COUNT / BATCH);
    const [{ deaths }] = await pair.sql(`SELECT deaths FROM leanix_SyncRun WHERE ID = '${run.ID}'`);
    expect(Number(deaths)).toBe(1);
  });

  test('that are replaced one after the other lose no item and leave no run behind', async () => {
    editAll();
    const { body: run } = await pair.ask(0, 'POST', 'runtime/syncAll');
    await pair.writes(2);
    await pair.replaceEach(run.ID, WRITING);
    await expectAllDone(run.ID, 'update');
  });

  test('survive a restart of the database, and so does the run', async () => {
    editAll();
    const { body: run } = await pair.ask(1, 'POST', 'runtime/syncAll');
    await pair.writes(5);
    await postgres!.restart();
    await pair.expectStillRunning(run.ID);
    await expectAllDone(run.ID, 'update');
    for (const index of [0, 1]) expect((await pair.ask(index, 'GET', 'runtime/IFlows?$top=1')).status).toBe(200);
    // Nothing is left to do, so no item was lost.
    const { body: again } = await pair.ask(0, 'POST', 'runtime/syncAll');
    expect(await pair.ended(again.ID)).toMatchObject({ status: 'completed', unchanged: COUNT, updated: 0, created: 0 });
  });
});
