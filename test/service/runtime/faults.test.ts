import { externalIdOf } from '../../../sandbox/seed/types.ts';
import { revoke } from '../../helpers/runs/faults.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const seed = flows(120, [
  { type: 'Interface', name: 'Flow 1', documents: 'Flow_1' },
  { type: 'Interface', name: 'Flow 2', documents: 'Flow_2' },
]);
const app = await launchRuntime({ seed });
const { sandbox } = app;
const writing = { operation: 'mutation', body: /"validateOnly":false/ } as const;

async function refreshed(): Promise<void> {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
}

/** Every iFlow has exactly one fact sheet, with its external ID. */
function expectOneEach(): void {
  const ids = [...sandbox.leanix.state.factSheets.values()].map(
    ({ fields }) => (fields['externalId'] as { externalId: string } | undefined)?.externalId,
  );
  const expected = Array.from({ length: 120 }, (_, n) => externalIdOf(sandbox.cpi.host, `Flow_${n + 1}`));
  expect(ids.sort()).toEqual(expected.sort());
}

test('answers that are lost make no second fact sheet, even while lists lag behind', async () => {
  await refreshed();
  const { faults, switches } = sandbox.leanix;
  switches.listLagMs = 200;
  faults.add({ kind: 'lostAnswer', match: writing, times: 1 });
  faults.add({ kind: 'halfJson', match: writing, times: 1, after: 1 });
  faults.add({ kind: 'status', status: 503, match: writing, times: 1, after: 2 });
  const run = await app.run('syncAll');
  expect(faults.hits.map(({ kind }) => kind)).toEqual(['lostAnswer', 'halfJson', 'status']);
  expect(run).toMatchObject({ status: 'completed', total: 120, done: 120, created: 118, updated: 2, failed: 0 });
  expectOneEach();
  switches.listLagMs = 0;
  const { mutations } = await app.traffic(() => app.run('syncAll'));
  expect(mutations).toBe(0);
});

test('an item whose answer stays lost fails, and the next sync finds out', async () => {
  await refreshed();
  sandbox.leanix.faults.add({ kind: 'reset', match: writing, times: 50 });
  const run = await app.run('createFactSheets', { iflows: [(await app.iflow('Flow_9')).ID] });
  expect(run).toMatchObject({ status: 'completedWithError', failed: 1, created: 0 });
  expect(await app.itemOf(run, 'Flow_9')).toMatchObject({ code: 'OUTCOME_UNKNOWN', status: 'failed' });
  sandbox.leanix.faults.clear();
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', failed: 0 });
  expectOneEach();
});

test('somebody who edits the fact sheet between our read and our write loses nothing', async () => {
  await refreshed();
  const { leanix } = sandbox;
  const sheet = leanix.state.findByName('Flow 1')!;
  // Lists show an older state, so the sent revision is outdated.
  leanix.switches.listLagMs = 60_000;
  sandbox.editFactSheet(sheet.id, { description: 'Edited meanwhile.', tags: ['SOX'] });
  const run = await app.run('updateFactSheets', { iflows: [(await app.iflow('Flow_1')).ID] });
  // It was never matched before, so it is matched now.
  expect(run).toMatchObject({ status: 'completed', updated: 1, failed: 0 });
  expect(leanix.state.factSheets.get(sheet.id)).toMatchObject({
    description: 'Edited meanwhile.',
    fields: { release: '1.0.0' },
    rev: sheet.rev + 2,
  });
  expect(leanix.state.tagNames(sheet.id)).toEqual(['SOX']);
});

test('a bearer that is revoked in the middle of a run is renewed, and nothing fails', async () => {
  await refreshed();
  const { leanix } = sandbox;
  leanix.faults.add({ kind: 'delay', ms: 0, match: writing, after: 1, meanwhile: () => revoke(sandbox) });
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 118, updated: 2, failed: 0 });
  expect(leanix.log.count({ status: 401 })).toBeGreaterThan(0);
  expectOneEach();
});

test('while LeanIX is down a run fails and says so, creates nothing, and leaves the links alone', async () => {
  await refreshed();
  await app.run('match');
  const before = await app.iflows();
  for (const fault of [{ kind: 'reset' }, { kind: 'status', status: 502 }] as const) {
    sandbox.leanix.faults.add({ ...fault, match: { path: '/services/pathfinder' }, times: 1000 });
    for (const action of ['match', 'syncAll', 'createAllNew']) {
      const run = await app.run(action);
      expect(run).toMatchObject({ status: 'failed', code: 'LEANIX_UNREACHABLE', created: 0 });
      expect(run.message).toContain(sandbox.leanix.host);
      expect(run.requests).toBeGreaterThan(0);
    }
    sandbox.leanix.faults.clear();
  }
  expect(await app.iflows()).toEqual(before);
  expect(sandbox.leanix.state.factSheets.size).toBe(2);
});

test('LeanIX that goes down in the middle fails the rest of the items, which can be tried again', async () => {
  await refreshed();
  const { faults } = sandbox.leanix;
  // The first batch is stored. The outcome of the second one is unknown and can no longer be read.
  faults.add({ kind: 'reset', after: 1, times: 1000, match: writing });
  faults.add({ kind: 'reset', times: 1000, match: { operation: 'query', body: /externalIds|factSheet\(id/ } });
  const run = await app.run('syncAll');
  sandbox.leanix.faults.clear();
  expect(run).toMatchObject({ status: 'failed', code: 'LEANIX_UNREACHABLE', done: 120, failed: 70 });
  expect(run.created + run.updated).toBe(50);
  const { body } = await app.onRun(run.ID, 'retryFailed');
  expect(await app.ended(body.ID)).toMatchObject({ status: 'completed', failed: 0 });
  expectOneEach();
});
