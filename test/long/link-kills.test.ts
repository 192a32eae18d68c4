import { externalIdOf } from '../../sandbox/seed/types.ts';
import {
  expectJournals,
  expectNoneTwice,
  expectQuiet,
  externalIdIn,
  rowsOf,
  runOf,
} from '../helpers/runtime/invariants.ts';
import { momentsIn, openLane, type Lane, type Moment } from '../helpers/app/lane.ts';
import { flows } from '../helpers/app/seeds.ts';

// A link is written to LeanIX first and then to the database. The process may die in between.

let lane: Lane;
beforeAll(async () => {
  lane = await openLane({
    seed: flows(2, [
      { type: 'Interface', name: 'Flow 1', documents: 'Flow_1' },
      { type: 'Interface', name: 'Another' },
    ]),
    config: {
      leanix: { leaseSeconds: 1.5, sweepSeconds: 0.3, settleSeconds: 0.3, perSecond: 30 },
      transport: { backoff: 20, maxBackoff: 200, timeout: 3000 },
      log: { levels: { '*': 'error', cds: 'info', leanix: 'error', cpi: 'error' } },
    },
    async configure(running, configId) {
      await running.user.patch(`settings/LeanIXConfigs(ID=${configId},IsActiveEntity=true)`, {
        leanixHost: running.sandbox.leanix.host,
        readModels: false,
        factSheetType: 'Interface',
        defaultTags: 'CPI-Managed',
        // Each fact sheet keeps its name, since LeanIX refuses duplicate names.
        mappings: [{ iflowField: 'version', leanixPath: '/release', position: 1 }],
      });
      await runOf(running, 'refresh');
    },
  });
});
afterAll(() => lane.close());

const iflow = async () => (await rowsOf(lane.running, `IFlows?$filter=artifactId eq 'Flow_1'`))[0];
const sheet = (name: string) => [...lane.sandbox.leanix.state.factSheets.values()].find((one) => one.name === name)!;
/** The fact sheets with the external ID of Flow 1. */
const carriers = () => {
  const { leanix, cpi } = lane.sandbox;
  const own = externalIdOf(cpi.host, 'Flow_1');
  return [...leanix.state.factSheets.values()].filter((one) => externalIdIn(one) === own).map(({ id }) => id);
};

/** Flow 1 has its fact sheet, Flow 2 a new one. */
async function beginAgain(): Promise<void> {
  await lane.sandbox.reset();
  lane.forget('IFlowLink', 'Candidate', 'SyncItemChange', 'SyncItem', 'SyncRun');
  await runOf(lane.running, 'syncAll');
  lane.countAnew('leanix');
}

const decide = async (action: string) => {
  const { ID } = await iflow();
  const body = action === 'link' ? { factSheetId: sheet('Another').id } : {};
  return lane.running.user.post(`runtime/IFlows(${ID})/RuntimeService.${action}`, body);
};

/** No iFlow and no fact sheet is duplicated, and a sync has nothing to do. */
async function expectWhole(factSheetId: string | null): Promise<void> {
  expect(carriers()).toEqual(factSheetId ? [factSheetId] : []);
  expect(lane.sandbox.leanix.state.factSheets.size).toBe(3);
  await expectNoneTwice(lane.running);
  await expectQuiet(lane.running);
  await expectJournals(lane.running);
}

async function killAt(action: string, moment: Moment): Promise<void> {
  await beginAgain();
  const before = sheet('Flow 1').id;
  const wanted = action === 'link' ? sheet('Another').id : null;
  lane.killAt('leanix', moment);
  await decide(action).catch(() => undefined);
  await lane.restart('leanix');

  // It was done completely or not at all.
  const { factSheetId } = await iflow();
  expect([before, wanted]).toContain(factSheetId);
  await runOf(lane.running, 'match');
  expect((await iflow()).factSheetId).toBe(factSheetId);
  // LeanIX refuses a second fact sheet with the name of the first one.
  await runOf(lane.running, 'syncAll');
  await expectWhole(factSheetId);

  if (factSheetId === wanted) return;
  expect((await decide(action)).status).toBe(200);
  await runOf(lane.running, 'syncAll');
  await expectWhole(wanted);
}

test.each(['link', 'unlink'])(
  'whenever the process dies during %s, the next sync heals it, nothing is doubled, and it can be asked for again',
  async (action) => {
    await beginAgain();
    expect((await decide(action)).status).toBe(200);
    const moments = momentsIn(lane.counted('leanix'), ['request', 'commit']);
    // At least three reads and a write, each with a before and an after, and a commit.
    expect(moments.length).toBeGreaterThanOrEqual(8);
    for (const moment of moments) {
      await killAt(action, moment).catch((error: Error) => {
        error.message = `Killed ${moment.moment} ${moment.of} ${moment.n}: ${error.message}`;
        throw error;
      });
    }
  },
);
