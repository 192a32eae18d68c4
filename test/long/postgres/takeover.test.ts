import { setTimeout as sleep } from 'node:timers/promises';
import { startPair, type Pair } from '../../helpers/app/pair.ts';
import { startPostgres } from '../../helpers/app/postgres.ts';
import { MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const COUNT = 300;
const BATCH = 10;
/** The phases between the death of a worker and the claim of another instance. */
const PROMISED_SECONDS = 15;

const postgres = await startPostgres();
let pair: Pair;

beforeAll(async () => {
  if (!postgres) return;
  const sandbox = { seed: flows(COUNT), leanix: { mutationLatencyMs: 400 } };
  // The default lease and sweep of the service.
  const parameters = { batchSize: BATCH, leaseSeconds: undefined, sweepSeconds: undefined };
  pair = await startPair(postgres, 'takeover', sandbox, parameters);
  const { body } = await pair.ask(0, 'GET', 'settings/LeanIXConfigs?$select=ID');
  const path = `settings/LeanIXConfigs(ID=${body.value[0].ID},IsActiveEntity=true)`;
  const values = { leanixHost: pair.sandbox.leanix.host, factSheetType: 'Interface', mappings: MAPPINGS };
  expect((await pair.ask(0, 'PATCH', path, values)).status).toBe(200);
  await pair.ended((await pair.ask(0, 'POST', 'runtime/refresh')).body.ID);
});

afterAll(async () => {
  await pair?.stop();
  await postgres?.stop();
});

/** Starts a sync of everything. @returns the run and the instance that works on it, after its first write */
async function begin(): Promise<{ run: string; worker: number }> {
  pair.sandbox.leanix.log.clear();
  const { body } = await pair.ask(0, 'POST', 'runtime/syncAll');
  await pair.writes(3);
  return { run: body.ID, worker: pair.workersOf(body.ID)[0]! };
}

async function expectWritten(run: string, outcome: object): Promise<void> {
  expect(await pair.ended(run)).toMatchObject({ status: 'completed', done: COUNT, failed: 0, ...outcome });
  const written = [...pair.sandbox.leanix.state.factSheets.values()].map(({ fields }) =>
    JSON.stringify(fields['externalId']),
  );
  expect(new Set(written).size).toBe(COUNT);
  expect(written).toHaveLength(COUNT);
}

const onPostgres = postgres ? describe : describe.skip;

onPostgres('a run with the lease that the service has by default', () => {
  test(`is claimed within ${PROMISED_SECONDS} s of a kill, and creates each fact sheet once`, async () => {
    const { run, worker } = await begin();
    await pair.instances[worker]!.kill();
    const killed = Date.now();
    while (!pair.workersOf(run).includes(1 - worker)) await sleep(50);
    expect((Date.now() - killed) / 1000).toBeLessThan(PROMISED_SECONDS);
    await pair.start(worker);
    await expectWritten(run, { created: COUNT });
  });

  test('writes each item once when its worker hangs for 10 s and comes back', async () => {
    for (const { id } of pair.sandbox.leanix.state.factSheets.values()) {
      pair.sandbox.editFactSheet(id, { fields: { release: 'wrong' } });
    }
    const { run, worker } = await begin();
    pair.instances[worker]!.signal('SIGSTOP');
    await sleep(10_000);
    pair.instances[worker]!.signal('SIGCONT');
    await expectWritten(run, { updated: COUNT });
    // A batch in progress is looked up, not sent again.
    expect(pair.sandbox.leanix.log.count({ write: true })).toBe(COUNT / BATCH);
  });
});
