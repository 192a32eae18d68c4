import { scaled } from '../../../sandbox/seed/scaled.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime.ts';

const N = 1030;
const M = 2100;
const app = await launchRuntime({ seed: (host) => scaled(host, { iflows: N, factSheets: M }) });
const pages = (count: number) => Math.ceil(count / 1000);

const ofType = (type: string) => [...app.sandbox.leanix.state.factSheets.values()].filter((one) => one.type === type);

/** Deploys one more iFlow, so that not everything is linked. */
async function oneMore(id: string): Promise<void> {
  app.sandbox.cpi.deploy({ id });
  await app.run('refresh');
}

beforeAll(async () => {
  await app.configure({ category: 'api', defaultTags: 'CPI-Managed', mappings: MAPPINGS });
  expect(await app.run('refresh')).toMatchObject({ status: 'completed', total: N });
});

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

test('once every iFlow is linked, the size of the workspace does not matter', async () => {
  for (const action of ['match', 'preview'] as const) {
    const { result: run, ...seen } = await app.traffic(() => app.run(action));
    expect(run).toMatchObject({ status: 'completed', requests: seen.requests });
    expect(seen.writes).toBe(0);
    // A preview of changes also asks LeanIX whether it would take them.
    expect(seen.requests - seen.mutations).toBeLessThanOrEqual(pages(N) + 3);
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

test('links to fact sheets of another type cost one request for a thousand of them', async () => {
  await oneMore('Not_Documented');
  await app.configure({ factSheetType: 'DataObject' });
  const { result: run, ...seen } = await app.traffic(() => app.run('match'));
  expect(run).toMatchObject({ status: 'completed', requests: seen.requests });
  expect(seen.requests).toBeLessThanOrEqual(pages(ofType('DataObject').length) + 3 + pages(N));
  const { body } = await app.as('viewer').get(`runtime/IFlows/$count?$filter=linkStatus eq 'linked'`);
  expect(body).toBe(N);
});
