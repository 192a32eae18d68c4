import { scaled } from '../../../sandbox/seed/scaled.ts';
import { countStatements, launchRuntime, MAPPINGS, type Statements } from '../../helpers/runtime/runtime.ts';

const N = 1030;
const M = 2100;
// Even on a slow machine, no other run and no lease causes statements while a run is counted.
const leanix = { settleSeconds: 0.3, busySeconds: 1, sweepSeconds: 60, leaseSeconds: 180, perSecond: 30 };
const app = await launchRuntime({
  seed: (host) => scaled(host, { iflows: N, factSheets: M }),
  config: { leanix },
});
const pages = (count: number) => Math.ceil(count / 1000);

const ofType = (type: string) => [...app.sandbox.leanix.state.factSheets.values()].filter((one) => one.type === type);

/** Deploys one more iFlow, so that not everything is linked. */
async function oneMore(id: string): Promise<void> {
  app.sandbox.cpi.deploy({ id });
  await app.run('refresh');
}

let statements: Statements;

beforeAll(async () => {
  statements = await countStatements();
  await app.configure({ category: 'api', defaultTags: 'CPI-Managed', mappings: MAPPINGS });
  expect(await app.run('refresh')).toMatchObject({ status: 'completed', total: N });
});

const UNUSED = /allFactSheets.*\b(description|fullName|lxState|lifecycle|displayName)\b/;

/** The number of requests for fact sheets with parts that are not needed here. */
async function asking(work: () => Promise<unknown>): Promise<number> {
  const { faults } = app.sandbox.leanix;
  faults.add({ kind: 'delay', ms: 0, times: Infinity, match: { operation: 'query', body: UNUSED } });
  await work();
  const { length } = faults.hits;
  faults.clear();
  return length;
}

test('creating what is missing takes one request for 50 fact sheets', async () => {
  const { result: match, requests } = await app.traffic(() => app.run('match'));
  expect(requests).toBeLessThanOrEqual(pages(M) + 3);
  expect(match.requests).toBe(requests);

  const { result: run, ...seen } = await app.traffic(() => app.run('createAllNew'));
  const expected = (await app.items(run)).length;
  expect(run).toMatchObject({ status: 'completed', created: expected, done: expected, requests: seen.requests });
  expect(expected).toBeGreaterThan(400);
  expect(seen.writes).toBe(Math.ceil(expected / 50));
  expect(seen.requests).toBeLessThanOrEqual(pages(M) + 3 + Math.ceil(expected / 50) + 3);
});

test('only fields that a mapping needs are asked for', async () => {
  expect(await asking(() => app.run('match'))).toBe(0);
  expect(await asking(() => app.run('preview'))).toBe(0);
  await app.configure({
    mappings: [...MAPPINGS, { iflowField: 'description', leanixPath: '/description', position: 3 }],
  });
  expect(await asking(() => app.run('preview'))).toBeGreaterThan(0);
  await app.configure({ mappings: MAPPINGS });
});

test('once every iFlow is linked, the size of the workspace does not matter', async () => {
  for (const action of ['match', 'preview'] as const) {
    const { result: run, ...seen } = await app.traffic(() => app.run(action));
    expect(run).toMatchObject({ status: 'completed', requests: seen.requests });
    expect(seen.writes).toBe(0);
    expect(seen.requests).toBeLessThanOrEqual(pages(N) + 3);
  }
});

test('the second sync costs what the plan costs, and sends no mutation at all', async () => {
  await app.run('syncAll');
  const { result: run, ...seen } = await app.traffic(() => app.run('syncAll'));
  expect(run).toMatchObject({ status: 'completed', created: 0, updated: 0, unchanged: N, requests: seen.requests });
  expect(seen.mutations).toBe(0);
  expect(seen.requests).toBeLessThanOrEqual(pages(N) + 3);
});

test('a fact sheet that the token may not see any more costs no further requests, once that is known', async () => {
  const [hidden] = await app.iflows();
  app.sandbox.editFactSheet(hidden.factSheetId, { restricted: true });
  await app.run('match');
  for (const [action, result] of Object.entries({ match: {}, syncAll: { failed: 1, unchanged: N - 1 } })) {
    const { result: run, ...seen } = await app.traffic(() => app.run(action));
    expect(run).toMatchObject({ ...result, requests: seen.requests });
    expect(seen.requests).toBeLessThanOrEqual(pages(N) + 3);
  }
  app.sandbox.editFactSheet(hidden.factSheetId, { restricted: false });
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', unchanged: N });
});

test('Create All New with nothing to create tells the requests that it made', async () => {
  const { result: run, ...seen } = await app.traffic(() => app.run('createAllNew'));
  expect(run).toMatchObject({ status: 'completed', total: 0, created: 0, requests: seen.requests });
  expect(seen.mutations).toBe(0);
});

test('a run gives the database one statement for many iFlows', async () => {
  const perItem = async (action: string) => {
    statements.count = 0;
    await app.run(action);
    return statements.count / N;
  };
  for (const action of ['syncAll', 'refresh', 'match', 'preview']) expect(await perItem(action)).toBeLessThan(0.06);
  for (const { id } of app.sandbox.cpi.state.artifacts) app.sandbox.cpi.setVersion(id, '7.0.0');
  expect(await perItem('refresh')).toBeLessThan(0.25);
  // Each batch of 50 is marked before it is sent and ended afterwards.
  expect(await perItem('syncAll')).toBeLessThan(0.25);
  expect(statements.count).toBeGreaterThan(20);
});

test('a refresh stays within the rate that Cloud Integration allows a user', async () => {
  const { cpi } = app.sandbox;
  for (const { id } of cpi.state.artifacts) cpi.setVersion(id, '8.0.0');
  cpi.log.clear();
  await app.run('refresh');
  const times = cpi.log.entries.filter(({ path }) => path.includes('IntegrationPackages')).map(({ at }) => at);
  expect(times.length).toBeGreaterThan(20);
  const within = (from: number) => times.filter((at) => at >= from && at < from + 1000).length;
  expect(Math.max(...times.map(within))).toBeLessThanOrEqual(10);
  expect(cpi.log.count({ status: 429 })).toBe(0);
});

test('a preview never takes more than its budget: ambiguous names, mapped options and changes at once', async () => {
  const { state } = app.sandbox.leanix;
  await oneMore('Twice');
  for (const description of ['One.', 'Two.']) state.add({ type: 'Interface', name: 'Twice', description });
  await app.configure({ mappings: [...MAPPINGS, { iflowField: 'type', leanixPath: '/interfaceType', position: 3 }] });
  const total = () => ofType('Interface').filter(({ status }) => status === 'ACTIVE').length;
  const { result: match, ...matching } = await app.traffic(() => app.run('match'));
  expect(match.status).toBe('completed');
  expect(matching.requests).toBeLessThanOrEqual(pages(total()) + 3);
  for (const action of ['preview', 'syncAll', 'syncAll']) {
    const { result: run, ...seen } = await app.traffic(() => app.run(action));
    expect(run).toMatchObject({ status: 'completed', skipped: 1 });
    const applied = seen.writes ? Math.ceil(run.updated / 50) + 3 : 0;
    expect(seen.requests).toBeLessThanOrEqual(pages(total()) + 3 + applied);
    const { candidates } = await app.iflow('Twice');
    expect(candidates.map(({ description }: any) => description).sort()).toEqual(['One.', 'Two.']);
  }
  app.sandbox.cpi.undeploy('Twice');
  await app.configure({ mappings: MAPPINGS });
  await app.run('refresh');
});

test('links to fact sheets of another type cost one request for a thousand of them', async () => {
  await oneMore('Not_Documented');
  await app.configure({ factSheetType: 'DataObject' });
  const { result: run, ...seen } = await app.traffic(() => app.run('match'));
  expect(run).toMatchObject({ status: 'completed', requests: seen.requests });
  expect(seen.requests).toBeLessThanOrEqual(pages(ofType('DataObject').length) + 3 + pages(N));
  const { body } = await app.as('viewer').get(`runtime/IFlows/$count?$filter=linkStatus eq 'linked'`);
  expect(body).toBe(N);
});
