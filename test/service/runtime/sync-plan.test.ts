import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const seed = flows(5, [
  { type: 'Interface', name: 'Flow 1' },
  { type: 'Interface', name: 'Flow 1' },
  { type: 'Interface', name: 'Flow 2', documents: 'Flow_2', fields: { release: '0.9.0' } },
  { type: 'Interface', name: 'Flow 3', documents: 'Flow_3' },
]);
const app = await launchRuntime({ seed });
const { sandbox } = app;

async function syncPlan(artifactId: string, user: 'enterprise' | 'admin' = 'enterprise') {
  const { ID } = await app.iflow(artifactId);
  return app.as(user).get(`runtime/IFlows(${ID})/RuntimeService.syncPlan()`);
}

beforeEach(async () => {
  sandbox.leanix.faults.clear();
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  await app.run('match');
});

test('a linked iFlow shows each field that a sync would change, before and after, and the sync does just that', async () => {
  const [sheets, runs] = [app.snapshot(), await app.all('runtime/SyncRuns')];
  const { result, ...seen } = await app.traffic(() => syncPlan('Flow_2'));
  expect(result.status).toBe(200);
  expect(result.body).toMatchObject({
    action: 'update',
    status: 'planned',
    code: null,
    changes: [{ path: '/release', before: '0.9.0', after: '1.0.0' }],
  });
  // Nothing was written in LeanIX or here, with few requests.
  expect(seen).toMatchObject({ mutations: 0, writes: 0 });
  expect(seen.requests).toBeLessThanOrEqual(4);
  expect(app.changedSince(sheets)).toEqual([]);
  expect(await app.all('runtime/SyncRuns')).toEqual(runs);

  const { ID } = await app.iflow('Flow_2');
  const run = await app.run('updateFactSheets', { iflows: [ID] });
  expect((await app.itemOf(run, 'Flow_2')).changes).toMatchObject(result.body.changes);
  expect((await syncPlan('Flow_2')).body).toMatchObject({ action: 'none', status: 'done', changes: [] });
});

test('an iFlow without a fact sheet shows what would be created', async () => {
  const { result, ...seen } = await app.traffic(() => syncPlan('Flow_4'));
  expect(result.body).toMatchObject({ action: 'create', status: 'planned' });
  expect(result.body.changes).toContainEqual({ path: '/name', before: null, after: 'Flow 4' });
  expect(seen.requests).toBeLessThanOrEqual(4);
  expect((await app.iflow('Flow_4')).linkStatus).toBe('notLinked');
});

test('who has to decide or to do something first is told so', async () => {
  expect((await syncPlan('Flow_1')).body).toMatchObject({
    action: 'none',
    status: 'skipped',
    code: 'AMBIGUOUS',
    message: '"Flow 1" matches 2 fact sheets. Choose one of them, then sync again.',
    changes: [],
  });
  sandbox.cpi.undeploy('Flow_3');
  sandbox.cpi.deploy({ id: 'Flow_9', name: 'Flow 9' });
  await app.run('refresh');
  expect((await syncPlan('Flow_3')).body).toMatchObject({ status: 'skipped', code: 'UNDEPLOYED' });
  expect((await syncPlan('Flow_9')).body).toMatchObject({ status: 'skipped', code: 'NOT_MATCHED' });
});

test('a fact sheet that was archived or hidden since the last match is not taken for an absent one', async () => {
  const { id } = await app.factSheetOf('Flow_2');
  sandbox.editFactSheet(id, { restricted: true });
  expect((await syncPlan('Flow_2')).body).toMatchObject({ status: 'failed', code: 'FACT_SHEET_NOT_VISIBLE' });
  sandbox.editFactSheet(id, { restricted: false, status: 'ARCHIVED' });
  const { result, ...seen } = await app.traffic(() => syncPlan('Flow_2'));
  expect(result.body).toMatchObject({ status: 'skipped', code: 'FACT_SHEET_ARCHIVED', changes: [] });
  expect(seen.requests).toBeLessThanOrEqual(4);
});

test('messages come in the language of the reader', async () => {
  const { ID } = await app.iflow('Flow_1');
  const answer = await fetch(`${app.url()}/odata/v4/runtime/IFlows(${ID})/RuntimeService.syncPlan()`, {
    headers: { authorization: `Basic ${btoa('enterprise:enterprise')}`, 'accept-language': 'de' },
  });
  expect(((await answer.json()) as { message: string }).message).toMatch(/passt zu 2 Fact Sheets/);
});

test('what goes wrong in LeanIX or in the settings is told with what to do', async () => {
  sandbox.leanix.faults.add({ kind: 'status', status: 503, times: 100 });
  expect(await syncPlan('Flow_2')).toMatchObject({ status: 502, body: { error: { code: 'LEANIX_UNREACHABLE' } } });
  sandbox.leanix.faults.clear();
  await app.configure({ defaultTags: 'No such tag' });
  expect(await syncPlan('Flow_2')).toMatchObject({ status: 409, body: { error: { code: 'DEFAULT_TAG_UNKNOWN' } } });
  await app.configure({ factSheetType: null });
  expect(await syncPlan('Flow_2')).toMatchObject({ status: 400, body: { error: { code: 'NOT_CONFIGURED' } } });
});

test('it belongs to the enterprise plan', async () => {
  expect(await syncPlan('Flow_2', 'admin')).toMatchObject({
    status: 403,
    body: { error: { code: 'ENTERPRISE_REQUIRED' } },
  });
});
