import { expectJournals, expectNoneTwice, expectQuiet, runOf, type Running } from '../helpers/runtime/invariants.ts';
import { playKills, type Scenario } from '../helpers/runs/kills.ts';
import { MAPPINGS } from '../helpers/runtime/runtime.ts';
import { flows } from '../helpers/app/seeds.ts';

const COUNT = 60;
const config = {
  leanix: { batchSize: 15, leaseSeconds: 1.5, sweepSeconds: 0.3, settleSeconds: 0.3, perSecond: 30 },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000 },
  log: { levels: { '*': 'error', cds: 'info', leanix: 'error', cpi: 'error' } },
};

/** Every third iFlow is documented: by external ID or by name. The others have no fact sheet yet. */
const seed = flows(
  COUNT,
  Array.from({ length: COUNT / 3 }, (_, n) => ({
    type: 'Interface',
    name: `Flow ${3 * n + 1}`,
    tags: ['SOX'],
    ...(n % 2 && { documents: `Flow_${3 * n + 1}` }),
  })),
);

async function configure(running: Running, configId: string): Promise<void> {
  await running.user.patch(`settings/LeanIXConfigs(ID=${configId},IsActiveEntity=true)`, {
    leanixHost: running.sandbox.leanix.host,
    readModels: false,
    factSheetType: 'Interface',
    defaultTags: 'CPI-Managed',
    mappings: MAPPINGS,
  });
  await runOf(running, 'refresh');
}

async function check(running: Running): Promise<void> {
  await expectJournals(running);
  await expectNoneTwice(running);
  await expectQuiet(running);
  expectDocumented(running);
}

/** One fact sheet for each iFlow, with our tag and those of others. */
function expectDocumented({ sandbox: { leanix } }: Running): void {
  const { state } = leanix;
  expect(state.factSheets.size).toBe(COUNT);
  for (const sheet of state.factSheets.values()) {
    const foreign = sheet.createdAt < '2025' ? ['SOX'] : [];
    expect(state.tagNames(sheet.id).sort()).toEqual(['CPI-Managed', ...foreign].sort());
  }
}

const whole = { status: 'completed', total: COUNT, done: COUNT, created: 40, updated: 20, failed: 0 };
const LINKS = ['IFlowLink', 'Candidate', 'SyncItemChange', 'SyncItem', 'SyncRun'];
const scenario = (kind: string, more: Partial<Scenario>): Scenario => ({
  name: kind,
  kind,
  system: 'leanix',
  around: ['request', 'commit'],
  tables: LINKS,
  prepare: () => Promise.resolve({ path: `runtime/${kind}` }),
  outcome: whole,
  check,
  ...more,
});

playKills({ seed, config, runs: 'runtime/SyncRuns', configure }, [
  scenario('sync', { prepare: () => Promise.resolve({ path: 'runtime/syncAll' }) }),
  scenario('preview', {
    around: ['commit'],
    check: async (running, { ID }) => {
      await expectJournals(running);
      await runOf(running, `SyncRuns(${ID})/RuntimeService.apply`);
      await check(running);
    },
  }),
  scenario('apply', {
    around: ['request'],
    prepare: async (running) => {
      const { ID } = await runOf(running, 'preview');
      return { path: `runtime/SyncRuns(${ID})/RuntimeService.apply` };
    },
  }),
  scenario('refresh', {
    system: 'cpi',
    around: ['commit'],
    tables: [...LINKS, 'DesignArtifact', 'DesignPackage', 'IFlow'],
    outcome: { status: 'completed', total: COUNT, done: COUNT },
    check: async (running) => {
      await expectJournals(running);
      await runOf(running, 'syncAll');
      await check(running);
    },
  }),
]);
