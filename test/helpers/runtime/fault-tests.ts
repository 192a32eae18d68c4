import { expectJournals, expectNoneTwice, expectQuiet, runOf } from './invariants.ts';
import { COUNT, refreshFaults, syncFaults } from './faults.ts';
import { launchRuntime, MAPPINGS } from './runtime.ts';
import { strike, type RunFault } from '../runs/faults.ts';
import { flows } from '../app/seeds.ts';

/** Plays faults against the app, one test for each. To be awaited at the top of a test file, once. */
export async function playFaults(some: (all: RunFault[]) => RunFault[] = (all) => all): Promise<void> {
  const bystanders = ['Bystander 1', 'Bystander 2', 'Bystander 3', 'Bystander 4', 'Bystander 5', 'Bystander 6'];
  const app = await launchRuntime({
    seed: flows(COUNT, [
      { type: 'Interface', name: 'Flow 1', documents: 'Flow_1', tags: ['SOX'] },
      { type: 'Interface', name: 'Flow 2', documents: 'Flow_2' },
      ...bystanders.map((name) => ({ type: 'Interface', name })),
    ]),
    config: {
      // Two pages of fact sheets, three requests that write.
      leanix: { batchSize: 4, pageSize: 6, settleSeconds: 0.2, busySeconds: 0.3, sweepSeconds: 0.2, perSecond: 30 },
      transport: { backoff: 10, maxBackoff: 50, timeout: 500, patience: 20_000, tries: 3 },
    },
  });
  const { sandbox } = app;
  const { cpi } = sandbox;
  const running = { sandbox, user: app.as('enterprise') };

  test.each(some(syncFaults))('$name: every item ends once, and the next sync mends what is left', async (row) => {
    await app.begin({ mappings: MAPPINGS, defaultTags: 'CPI-Managed' });
    await runOf(running, 'refresh');
    const { state } = sandbox.leanix;
    const ofOthers = () => bystanders.map((name) => state.findByName(name));
    const [before, size] = [ofOthers(), state.factSheets.size];
    const run = await strike(sandbox, row, () => runOf(running, 'syncAll'));
    if (run.total === 0) expect(state.factSheets.size).toBe(size);

    expect(await runOf(running, 'syncAll')).toMatchObject({ status: 'completed', failed: 0 });
    await expectNoneTwice(running);
    expect(state.factSheets.size).toBe(COUNT + bystanders.length);
    expect(ofOthers()).toEqual(before);
    expect(state.tagNames(state.findByName('Flow 1')!.id)).toEqual(['SOX', 'CPI-Managed']);
    await expectQuiet(running);
    await expectJournals(running);
  });

  test.each(some(refreshFaults))('Cloud Integration that $name: what is known stays, and LeanIX too', async (row) => {
    await app.begin({ mappings: MAPPINGS });
    await runOf(running, 'refresh');
    await runOf(running, 'syncAll');
    const [before, sheets] = [await app.iflows(), app.snapshot()];
    await strike(sandbox, row, () => runOf(running, 'refresh'));
    expect(await app.iflows()).toEqual(before);

    expect(await runOf(running, 'refresh')).toMatchObject({ status: 'completed', total: COUNT });
    await expectQuiet(running);
    expect(app.changedSince(sheets)).toEqual([]);
  });

  test('a tenant that is empty because somebody says so: iFlows stay as undeployed, with their fact sheets', async () => {
    await app.begin({ mappings: MAPPINGS });
    await runOf(running, 'refresh');
    await runOf(running, 'syncAll');
    const sheets = app.snapshot();
    cpi.state.artifacts = [];
    expect(await runOf(running, 'refresh', { acceptEmpty: true })).toMatchObject({ status: 'completed' });
    const iflows = await app.iflows();
    expect(iflows).toHaveLength(COUNT);
    for (const iflow of iflows) expect(iflow).toMatchObject({ status: 'Undeployed', linkStatus: 'linked' });
    await expectQuiet(running);
    expect(app.changedSince(sheets)).toEqual([]);
  });
}
