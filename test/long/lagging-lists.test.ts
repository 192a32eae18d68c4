import { expectJournals, expectNoneTwice, expectQuiet, runOf } from '../helpers/runtime/invariants.ts';
import { launchRuntime, MAPPINGS } from '../helpers/runtime/runtime.ts';
import { flows } from '../helpers/app/seeds.ts';

// Lists of LeanIX show a write only after five seconds, and the app waits a little longer before it reads them.
const COUNT = 20;
const app = await launchRuntime({
  seed: flows(COUNT, [{ type: 'Interface', name: 'Flow 1', documents: 'Flow_1' }]),
  config: { leanix: { batchSize: 10, settleSeconds: 6, busySeconds: 1, sweepSeconds: 0.5, perSecond: 30 } },
});
const { sandbox } = app;
const running = { sandbox, user: app.as('enterprise') };
const writing = { operation: 'mutation', body: /"validateOnly":false/ } as const;

beforeEach(async () => {
  await app.begin({ mappings: MAPPINGS });
  await runOf(running, 'refresh');
  // A workspace that allows two fact sheets with the same name, so it does not prevent duplicates.
  Object.assign(sandbox.leanix.switches, { listLagMs: 5000, uniqueFullName: false });
});

async function expectOneEach(): Promise<void> {
  await expectNoneTwice(running);
  expect(sandbox.leanix.state.factSheets.size).toBe(COUNT);
  await expectQuiet(running);
  await expectJournals(running);
}

test('answers that are lost after the commit make no second fact sheet while lists lag five seconds', async () => {
  sandbox.leanix.faults.add({ kind: 'lostAnswer', match: writing, times: 2 });
  const run = await runOf(running, 'syncAll');
  expect(run).toMatchObject({ status: 'completed', created: COUNT - 1, updated: 1, failed: 0 });
  await expectOneEach();
});

test.each(['retryFailed', 'createAllNew'])(
  '%s, right after an answer was lost for good, makes no second fact sheet either',
  async (action) => {
    const { faults } = sandbox.leanix;
    faults.add({ kind: 'lostAnswer', match: writing });
    faults.add({ kind: 'reset', times: 99, match: { operation: 'query', body: /externalIds|factSheet\(id/ } });
    const run = await runOf(running, 'syncAll');
    expect(run).toMatchObject({ status: 'failed', code: 'LEANIX_UNREACHABLE' });
    expect((await app.items(run)).some(({ code }) => code === 'OUTCOME_UNKNOWN')).toBe(true);
    faults.clear();
    await runOf(running, action === 'retryFailed' ? `SyncRuns(${run.ID})/RuntimeService.${action}` : action);
    await runOf(running, 'syncAll');
    await expectOneEach();
  },
);
