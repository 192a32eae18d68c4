import { putDestination } from '../../../sandbox/btp/state.ts';
import { scaled } from '../../../sandbox/seed/scaled.ts';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { readOnlyApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';

const app = await launchRuntime({ seed: tiny });
const { sandbox } = app;

async function begun(values: object = {}): Promise<Map<string, unknown>> {
  await app.begin({ mappings: MAPPINGS, ...values });
  await app.run('refresh');
  return app.snapshot();
}

test('a page of fact sheets that cannot be read fails the run, and nothing is created from it', async () => {
  await app.begin({ mappings: MAPPINGS }, (host) => scaled(host, { iflows: 4, factSheets: 1100 }));
  await app.run('refresh');
  const before = app.snapshot();
  for (const action of ['match', 'createAllNew', 'syncAll']) {
    sandbox.leanix.faults.add({ kind: 'status', status: 500, match: { body: /"page_after"/ }, times: 20 });
    const { result: run, writes } = await app.traffic(() => app.run(action));
    expect(run).toMatchObject({ status: 'failed', code: 'LEANIX_ERROR', created: 0 });
    expect(sandbox.leanix.faults.hits.length).toBeGreaterThan(0);
    expect(writes).toBe(0);
    sandbox.leanix.faults.clear();
  }
  expect(app.changedSince(before)).toEqual([]);
  expect((await app.iflows()).map(({ linkStatus }) => linkStatus)).toEqual(Array(4).fill('unknown'));
  await app.begin({}, tiny);
});

test('a list that ends in half an answer, or in a web page, is no list', async () => {
  const before = await begun();
  for (const kind of ['halfJson', 'html'] as const) {
    sandbox.leanix.faults.add({ kind, match: { body: /allFactSheets/ }, times: 20 });
    const run = await app.run('syncAll');
    expect(run).toMatchObject({ status: 'failed', created: 0 });
    expect(run.message).not.toMatch(/[<>]/);
    sandbox.leanix.faults.clear();
  }
  expect(app.changedSince(before as never)).toEqual([]);
});

test('a token that may only read matches, and a sync says what its user lacks', async () => {
  const before = await begun();
  const { leanix, btp } = sandbox;
  const destination = btp.state.destinations.instance.find(({ Name }) => Name === 'LEANIX')!;
  putDestination(btp.state, 'instance', { ...destination, clientSecret: readOnlyApiToken });
  btp.forgetTokens();
  leanix.rotateBearers();
  expect(await app.run('match')).toMatchObject({ status: 'completed' });
  const run = await app.run('syncAll');
  expect(run).toMatchObject({ status: 'failed', code: 'TOKEN_READ_ONLY', created: 0, updated: 0, failed: 0 });
  expect(run.message).toContain('read and write access');
  expect(app.changedSince(before as never)).toEqual([]);
});

test('a destination with user and password (the API token) works just as well', async () => {
  await begun({ leanixDestination: 'LEANIX_BASIC' });
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 1, updated: 2, failed: 0 });
  sandbox.leanix.rotateBearers();
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', unchanged: 3 });
});

test.each([
  ['a destination that is missing', { leanixDestination: 'NOWHERE' }, 'DESTINATION_MISSING', '"NOWHERE"'],
  [
    'a fact sheet type that the workspace lacks',
    { factSheetType: 'Applikation' },
    'FACT_SHEET_TYPE_UNKNOWN',
    'Interface',
  ],
])('%s is named', async (_what, values, code, text) => {
  await begun();
  const ID = await app.configId();
  await app.configure(values);
  const before = app.snapshot();
  const run = await app.run('syncAll', { config: ID });
  expect(run).toMatchObject({ status: 'failed', code, created: 0 });
  expect(run.message).toContain(text);
  expect(app.changedSince(before)).toEqual([]);
});

test('a revoked or wrong API token is told as such', async () => {
  await begun();
  sandbox.leanix.state.apiTokens = [];
  sandbox.leanix.rotateBearers();
  sandbox.btp.forgetTokens();
  const run = await app.run('syncAll');
  expect(run).toMatchObject({ status: 'failed', code: 'LEANIX_TOKEN_INVALID' });
  expect(run.message).toContain('Create a new one');
});

test('Cloud Integration that is down fails the refresh, and what is known stays', async () => {
  await begun();
  const before = await app.iflows();
  sandbox.cpi.faults.add({ kind: 'reset', match: { path: 'IntegrationRuntimeArtifacts' }, times: 100 });
  expect(await app.run('refresh')).toMatchObject({ status: 'failed', code: 'CPI_UNREACHABLE' });
  sandbox.cpi.faults.clear();
  sandbox.cpi.switches.wrongPlan = true;
  const run = await app.run('refresh');
  expect(run.status).toBe('failed');
  expect(await app.iflows()).toEqual(before);
});
