import { setTimeout as sleep } from 'node:timers/promises';
import { whileHeld } from '../../helpers/app/app.ts';
import { startPair, type Pair } from '../../helpers/app/pair.ts';
import { startPostgres } from '../../helpers/app/postgres.ts';
import { flows } from '../../helpers/app/seeds.ts';

// Models are read by two instances of the built service.

const COUNT = 45;
const DATABASE = 'models';
const content = { path: /IntegrationDesigntimeArtifacts.*\/\$value/ };
const postgres = await startPostgres();
let pair: Pair;

beforeAll(async () => {
  if (!postgres) return;
  pair = await startPair(postgres, DATABASE, { seed: flows(COUNT) });
  const { body } = await pair.ask(0, 'GET', 'settings/LeanIXConfigs?$select=ID');
  const values = { leanixHost: pair.sandbox.leanix.host, factSheetType: 'Interface', readModels: false };
  const path = `settings/LeanIXConfigs(ID=${body.value[0].ID},IsActiveEntity=true)`;
  expect((await pair.ask(1, 'PATCH', path, values)).status).toBe(200);
  await pair.ended((await pair.ask(0, 'POST', 'runtime/refresh')).body.ID);
});

afterAll(async () => {
  await pair?.stop();
  await postgres?.stop();
});

async function forget(): Promise<void> {
  for (const table of ['IFlowModel', 'Channel', 'Call']) await pair.sql(`DELETE FROM leanix_${table}`);
  pair.sandbox.cpi.log.clear();
}

const requests = () => pair.sandbox.cpi.log.entries.filter(({ path }) => content.path.test(path)).length;

async function expectAllRead(runId: string): Promise<void> {
  const outcome = { status: 'completed', total: COUNT, done: COUNT, updated: COUNT, failed: 0 };
  expect(await pair.ended(runId)).toMatchObject(outcome);
  expect(await pair.sql(`SELECT iflow_ID FROM leanix_IFlowModel WHERE state = 'read'`)).toHaveLength(COUNT);
  const [{ n, distinct }] = await pair.sql(
    `SELECT count(*) AS n, count(DISTINCT iflow_ID || '/' || position) AS distinct FROM leanix_Channel`,
  );
  expect([Number(n), Number(distinct)]).toEqual([2 * COUNT, 2 * COUNT]);
  const { body: again } = await pair.ask(1, 'POST', 'runtime/analyze');
  expect(await pair.ended(again.ID)).toMatchObject({ status: 'completed', total: 0 });
}

const both = postgres ? describe : describe.skip;

both('two instances that read models', () => {
  beforeEach(forget);

  test('that are told to at the same moment start one run, and ask for each model once', async () => {
    const answers = await whileHeld(pair.sandbox.cpi.faults, content, () =>
      Promise.all([0, 1].map((index) => pair.ask(index, 'POST', 'runtime/analyze'))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    await expectAllRead(answers.find(({ status }) => status === 200)!.body.ID);
    expect(requests()).toBe(COUNT);
  });

  test('finish a run whose instance is killed, and read again only what was not stored', async () => {
    const { body: run } = await pair.ask(0, 'POST', 'runtime/analyze');
    while (requests() < 25) await sleep(5);
    const [first] = pair.workersOf(run.ID);
    await pair.instances[first!]!.kill();
    await expectAllRead(run.ID);
    // At most the chunk that was being read.
    expect(requests()).toBeLessThanOrEqual(COUNT + 20);
    await pair.start(first!);
  });

  test('go on when each is replaced while it works', async () => {
    const { body: run } = await pair.ask(0, 'POST', 'runtime/analyze');
    while (requests() < 5) await sleep(5);
    const [works] = pair.workersOf(run.ID);
    await pair.instances[works!]!.stop();
    await pair.expectStillRunning(run.ID);
    await pair.start(works!);
    await expectAllRead(run.ID);
  });
});
