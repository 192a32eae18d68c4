import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const WRONG = ['Flow_17', 'Flow_77', 'Flow_155'];
/** Fact sheets that the API does not show, but whose full names are taken. */
const hidden = WRONG.map((id) => ({
  type: 'Interface',
  name: id.replace('_', ' '),
  fields: { release: '1.0.0' },
  restricted: true,
}));
const app = await launchRuntime({ seed: flows(200, hidden) });
const { sandbox } = app;

const answers = [
  { errorDataShape: 'null', allErrors: false, oldErrorShape: false },
  { errorDataShape: 'aliasNull', allErrors: false, oldErrorShape: true },
  { errorDataShape: 'null', allErrors: true, oldErrorShape: false },
  { errorDataShape: 'aliasNull', allErrors: true, oldErrorShape: false },
] as const;

test.each(answers)('three wrong items among 200 fail alone, however LeanIX words its answer (%p)', async (switches) => {
  await app.begin({ mappings: MAPPINGS });
  Object.assign(sandbox.leanix.switches, switches);
  await app.run('refresh');
  const { result: run, ...seen } = await app.traffic(() => app.run('createAllNew'));
  expect(run).toMatchObject({ status: 'completedWithError', total: 200, done: 200, created: 197, failed: 3 });
  expect(run.requests).toBe(seen.requests);

  const failed = (await app.items(run)).filter(({ status }) => status === 'failed');
  expect(failed.map(({ artifactId }) => artifactId).sort()).toEqual([...WRONG].sort());
  for (const item of failed) {
    expect(item).toMatchObject({ action: 'create', code: 'CONSTRAINT_VIOLATION', factSheetId: null });
    expect(item.message).toContain(`"${item.name}" was not written`);
    expect(item.message).toMatch(/Fact Sheet with full name '.*' and type 'Interface' already exists\./);
    expect((await app.iflow(item.artifactId)).linkStatus).toBe('notLinked');
  }
  expect(sandbox.leanix.state.factSheets.size).toBe(200);
  const externalIds = [...sandbox.leanix.state.factSheets.values()].map(({ fields }) =>
    JSON.stringify(fields['externalId']),
  );
  expect(new Set(externalIds).size).toBe(198);
});

test('what failed is tried again as a run of its own, for exactly those items', async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  const run = await app.run('createAllNew');
  for (const sheet of sandbox.leanix.state.factSheets.values()) {
    if (sheet.restricted) sandbox.editFactSheet(sheet.id, { fields: { release: 'secret' } });
  }
  const { status, body } = await app.onRun(run.ID, 'retryFailed');
  expect(status).toBe(200);
  expect(body).toMatchObject({ kind: 'create', source_ID: run.ID, status: 'requested', startedBy: 'enterprise' });
  const retried = await app.ended(body.ID);
  expect(retried).toMatchObject({ status: 'completed', total: 3, created: 3, failed: 0 });
  expect((await app.items(retried)).map(({ artifactId }) => artifactId).sort()).toEqual([...WRONG].sort());
  for (const id of WRONG) expect((await app.iflow(id)).linkStatus).toBe('linked');

  const again = await app.onRun(retried.ID, 'retryFailed');
  expect(again).toMatchObject({ status: 409, body: { error: { code: 'NOTHING_FAILED' } } });
});

test('a value that a select field does not have is left out with a warning, and the rest is written', async () => {
  await app.begin(
    { mappings: [...MAPPINGS, { iflowField: 'description', leanixPath: '/frequency', position: 3 }] },
    flows(3, [], { Flow_1: { description: 'daily' }, Flow_2: { description: 'Weekly' } }),
  );
  await app.run('refresh');
  const run = await app.run('createAllNew');
  expect(run).toMatchObject({ status: 'completed', created: 3, failed: 0 });
  const frequency = async (id: string) => (await app.factSheetOf(id)).fields['frequency'];
  expect(await frequency('Flow_1')).toBe('daily');
  expect(await frequency('Flow_2')).toBe('weekly');
  expect(await frequency('Flow_3')).toBeUndefined();
  const item = await app.itemOf(run, 'Flow_3');
  expect(item).toMatchObject({ status: 'done', code: 'VALUE_NOT_AN_OPTION' });
  expect(item.message).toContain('/frequency has no option "Moves Flow 3."');
});

test('a category that the workspace does not have is left out with what LeanIX says', async () => {
  await app.begin({ mappings: MAPPINGS, category: 'made up' }, flows(2));
  await app.run('refresh');
  const run = await app.run('createAllNew');
  expect(run).toMatchObject({ status: 'completed', created: 2 });
  const [item] = await app.items(run);
  expect(item).toMatchObject({ status: 'done', code: 'PATH_REFUSED' });
  expect(item.message).toContain("The value 'made up' is invalid for path '/category'");

  await app.configure({ category: 'api' });
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', updated: 2 });
  expect((await app.factSheetOf('Flow_1')).fields['category']).toBe('api');
});

test('two iFlows of one name: one fact sheet is created, and the other item says why not', async () => {
  await app.begin({ mappings: MAPPINGS }, flows(2, [], { Flow_2: { name: 'Flow 1' } }));
  await app.run('refresh');
  const run = await app.run('createAllNew');
  expect(run).toMatchObject({ status: 'completedWithError', created: 1, failed: 1 });
  expect(sandbox.leanix.state.factSheets.size).toBe(1);
});

test('a name that is taken is the trouble of one item: the names of all others are still written', async () => {
  await app.begin({ mappings: MAPPINGS }, flows(2));
  await app.run('refresh');
  await app.run('syncAll');
  sandbox.cpi.deploy({ id: 'Flow_1', name: 'Flow 2' });
  await app.run('refresh');
  const run = await app.run('syncAll');
  expect(await app.itemOf(run, 'Flow_1')).toMatchObject({ status: 'failed', code: 'CONSTRAINT_VIOLATION' });

  sandbox.cpi.deploy({ id: 'Flow_2', name: 'Flow 3' });
  await app.run('refresh');
  await app.run('syncAll');
  expect((await app.factSheetOf('Flow_2')).name).toBe('Flow 3');
  // Items that were refused because of the other one get the name with the next sync at the latest.
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', failed: 0 });
  expect((await app.factSheetOf('Flow_1')).name).toBe('Flow 2');
});
