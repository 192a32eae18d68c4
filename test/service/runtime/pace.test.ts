import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry } from '../../../sandbox/faults.ts';
import { PATIENT, whileHeld, WRITING } from '../../helpers/app/app.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const N = 120;
const app = await launchRuntime({
  seed: flows(N),
  leanix: { mutationLatencyMs: 60 },
  config: {
    leanix: { settleSeconds: 0.1, sweepSeconds: 1, leaseSeconds: 5, perSecond: 30, batchSize: 16, inFlight: 3 },
    ...PATIENT,
  },
});
const writes = () => app.sandbox.leanix.log.entries.filter(({ write }) => write);

beforeEach(async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  app.sandbox.leanix.log.clear();
});

/** The number of writes in progress when each of them arrived; an answer takes 60 ms. */
const underWay = (list: LogEntry[]) =>
  list.map(({ at }) => list.filter((other) => other.at <= at && other.at > at - 55).length);

test('as many requests are under way as the settings say, and each iFlow is created once', async () => {
  const started = await whileHeld(app.sandbox.leanix.faults, WRITING, async () => {
    const { body } = await app.as('enterprise').post('runtime/createAllNew');
    while (writes().length < 3) await sleep(5);
    // Long enough for another one to arrive.
    await sleep(300);
    expect(writes()).toHaveLength(3);
    return body;
  });
  expect(await app.ended(started.ID)).toMatchObject({ status: 'completed', created: N, failed: 0 });
  const sent = writes();
  expect(sent.map(({ mutations }) => mutations)).toEqual([16, 16, 16, 16, 16, 16, 16, 8]);
  expect(Math.max(...underWay(sent))).toBeLessThanOrEqual(3);
  expect(app.sandbox.leanix.state.factSheets.size).toBe(N);
});

test('after an answer that was lost, batches and requests under way are halved for the rest of the run', async () => {
  app.sandbox.leanix.faults.add({ kind: 'status', status: 503, match: WRITING });
  const run = await app.run('createAllNew');
  expect(run).toMatchObject({ status: 'completed', created: N, failed: 0 });
  const sent = writes();
  // Three were in progress when the first of them failed.
  const later = sent.slice(3);
  expect(Math.max(...later.map(({ mutations }) => mutations))).toBe(8);
  expect(Math.max(...underWay(later.slice(1)))).toBe(1);
  expect(app.sandbox.leanix.state.factSheets.size).toBe(N);
});
