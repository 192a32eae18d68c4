import { flows } from '../helpers/app/seeds.ts';
import { expectModels } from '../helpers/runtime/analyze.ts';
import { runOf, type Running } from '../helpers/runtime/invariants.ts';
import { playKills } from '../helpers/runs/kills.ts';

// The process that reads models is killed, around each request to Cloud Integration and each commit.

const COUNT = 9;
const config = {
  leanix: { leaseSeconds: 1.5, sweepSeconds: 0.3, settleSeconds: 0.3 },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000 },
  log: { levels: { '*': 'error', cds: 'info', leanix: 'error', cpi: 'error' } },
};

async function configure(running: Running, configId: string): Promise<void> {
  await running.user.patch(`settings/LeanIXConfigs(ID=${configId},IsActiveEntity=true)`, {
    leanixHost: running.sandbox.leanix.host,
    readModels: false,
    factSheetType: 'Interface',
  });
  await runOf(running, 'refresh');
}

playKills({ seed: flows(COUNT), config, runs: 'runtime/SyncRuns', configure }, [
  {
    name: 'reading of models',
    kind: 'analyze',
    system: 'cpi',
    around: ['request', 'commit'],
    tables: ['IFlowModel', 'Channel', 'Call', 'SyncRun'],
    prepare: () => Promise.resolve({ path: 'runtime/analyze' }),
    outcome: { status: 'completed', total: COUNT, done: COUNT, updated: COUNT, failed: 0 },
    check: (running) => expectModels(running, COUNT),
  },
]);
