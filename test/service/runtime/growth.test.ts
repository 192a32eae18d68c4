import { scaled } from '../../../sandbox/seed/scaled.ts';
import { countStatements, launchRuntime, MAPPINGS, type Statements } from '../../helpers/runtime/runtime.ts';

const seedOf = (iflows: number) => (host: string) => scaled(host, { iflows, factSheets: 4 * iflows });
// Even on a slow machine, no other run and no lease causes statements while a run is counted.
const leanix = { settleSeconds: 0.3, busySeconds: 1, sweepSeconds: 60, leaseSeconds: 180, perSecond: 30 };
const app = await launchRuntime({ seed: seedOf(1), config: { leanix } });
let statements: Statements;

beforeAll(async () => {
  statements = await countStatements();
});

/** The cost of each run for this many iFlows, from the first refresh on. */
async function costs(iflows: number) {
  await app.begin({ category: 'api', defaultTags: 'CPI-Managed', mappings: MAPPINGS }, seedOf(iflows));
  const list: { action: string; requests: number; mutations: number; statements: number }[] = [];
  for (const action of ['refresh', 'refresh', 'match', 'preview', 'syncAll', 'syncAll', 'match']) {
    app.sandbox.cpi.log.clear();
    statements.count = 0;
    const { result: run, requests } = await app.traffic(() => app.run(action));
    expect(run).toMatchObject({ status: 'completed', total: iflows });
    const { cpi, leanix } = app.sandbox;
    const all = requests + cpi.log.count(({ token }) => !token);
    const mutations = leanix.log.entries.reduce((sum, entry) => sum + entry.mutations, 0);
    list.push({ action, requests: all, mutations, statements: statements.count });
  }
  return list;
}

test('three times as many iFlows take three times as many requests, mutations and statements at most', async () => {
  const [some, more] = [await costs(500), await costs(1500)];
  expect(more.map(({ mutations }) => mutations >= 1500)).toEqual([false, false, false, false, true, false, false]);
  const worse = more.flatMap(({ action, ...cost }, index) =>
    (['requests', 'mutations', 'statements'] as const)
      .filter((what) => cost[what] > 3 * some[index]![what])
      .map((what) => `${what} of ${action}: ${some[index]![what]}, then ${cost[what]}`),
  );
  expect(worse).toEqual([]);
});
