import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const seed = flows(
  5,
  [
    { type: 'Interface', name: 'Flow 1', documents: 'Flow_1', fields: { release: '0.9.0' } },
    { type: 'Interface', name: 'Flow 2', documents: 'Flow_2', fields: { release: '1.0.0' } },
    { type: 'Interface', name: 'flow 3' },
    { type: 'Interface', name: 'Flow 5', fields: { release: 'a' } },
    { type: 'Interface', name: 'Flow 5', fields: { release: 'b' } },
  ],
  { Flow_4: { version: '2.0.0' } },
);
const app = await launchRuntime({ seed });
const { sandbox } = app;
const statuses = async (run: { ID: string }) =>
  Object.fromEntries(
    (await app.items(run)).map(({ artifactId, action, status }) => [artifactId, `${action} ${status}`]),
  );

async function previewed(): Promise<any> {
  await app.begin({ mappings: MAPPINGS, category: 'api' });
  await app.run('refresh');
  return app.run('preview');
}

const apply = async (preview: { ID: string }) => {
  const { status, body } = await app.onRun(preview.ID, 'apply');
  if (status !== 200) throw new Error(JSON.stringify(body));
  expect(body).toMatchObject({ kind: 'apply', source_ID: preview.ID, status: 'requested' });
  return app.ended(body.ID);
};

test('a preview shows what would change, before and after, and writes nothing', async () => {
  await app.begin({ mappings: MAPPINGS, category: 'api' });
  await app.run('refresh');
  const before = app.snapshot();
  const { result: run, ...seen } = await app.traffic(() => app.run('preview'));
  expect(seen.writes).toBe(0);
  expect(app.changedSince(before)).toEqual([]);
  expect(run).toMatchObject({
    kind: 'preview',
    status: 'completed',
    total: 5,
    done: 5,
    created: 1,
    updated: 3,
    skipped: 1,
  });
  expect(await statuses(run)).toEqual({
    Flow_1: 'update planned',
    Flow_2: 'update planned',
    Flow_3: 'update planned',
    Flow_4: 'create planned',
    Flow_5: 'none skipped',
  });
  const { changes } = await app.itemOf(run, 'Flow_1');
  expect(changes.map(({ path, before: from, after: to }: any) => [path, from, to])).toEqual([
    ['/release', '0.9.0', '1.0.0'],
    ['/category', null, expect.stringMatching(/api/i)],
  ]);
  for (const { lastSyncedAt } of await app.iflows()) expect(lastSyncedAt).toBeNull();
});

test('a preview of what is up to date says so, and does not count as a sync', async () => {
  await app.run('syncAll');
  const before = await app.iflows();
  expect(await app.run('preview')).toMatchObject({ created: 0, updated: 0, unchanged: 4, skipped: 1 });
  expect(await app.iflows()).toEqual(before);
});

test('applying it does exactly what it showed, once', async () => {
  const preview = await previewed();
  const { result: run, ...seen } = await app.traffic(() => apply(preview));
  expect(run).toMatchObject({ status: 'completed', total: 4, done: 4, created: 1, updated: 3, failed: 0, skipped: 0 });
  expect(seen.writes).toBe(1);
  const shown = (await app.items(preview)).filter(({ status }) => status === 'planned');
  for (const item of await app.items(run)) {
    const same = shown.find(({ artifactId }) => artifactId === item.artifactId);
    const visible = (list: any[]) => list.map(({ path, before, after }) => ({ path, before, after }));
    expect(item).toMatchObject({ action: same.action, status: 'done' });
    expect(visible(item.changes)).toEqual(visible(same.changes));
  }
  expect((await app.factSheetOf('Flow_4')).fields['release']).toBe('2.0.0');
  expect(await app.onRun(preview.ID, 'apply')).toMatchObject({
    status: 409,
    body: { error: { code: 'ALREADY_APPLIED' } },
  });
  expect(await app.run('preview')).toMatchObject({ unchanged: 4, created: 0, updated: 0 });
});

test('what has changed since, so that it would need another change, is left alone and named', async () => {
  const preview = await previewed();
  const { state } = sandbox.leanix;
  const stale = state.findByName('Flow 1')!;
  const edited = sandbox.editFactSheet(stale.id, { fields: { release: '0.9.9' } });
  // An edit of fields that this service does not own makes no difference.
  const other = sandbox.editFactSheet(state.findByName('Flow 2')!.id, { description: 'By a colleague.' });
  // Another user wrote what the preview was about to write.
  sandbox.editFactSheet(state.findByName('flow 3')!.id, {
    name: 'Flow 3',
    fields: { release: '1.0.0', category: 'api', externalId: { externalId: `cpi:${sandbox.cpi.host}/Flow_3` } },
  });
  // And another user created the fact sheet.
  const double = state.add({ type: 'Interface', name: 'Flow 4' });

  const run = await apply(preview);
  expect(run).toMatchObject({ status: 'completedWithError', created: 0, updated: 1, unchanged: 1, failed: 2 });
  expect(await statuses(run)).toEqual({
    Flow_1: 'update failed',
    Flow_2: 'update done',
    Flow_3: 'none done',
    Flow_4: 'update failed',
  });
  for (const id of ['Flow_1', 'Flow_4']) {
    const item = await app.itemOf(run, id);
    expect(item.code).toBe('PLAN_STALE');
    expect(item.message).toContain(`"${item.name}" has changed since the preview`);
  }
  expect(state.factSheets.get(stale.id)).toEqual(edited);
  expect(state.factSheets.get(double.id)).toEqual(double);
  expect(state.factSheets.get(other.id)).toMatchObject({ description: 'By a colleague.', fields: { category: 'api' } });
});

test('a preview that shows nothing to do can be applied, and does nothing', async () => {
  await previewed();
  await app.run('syncAll');
  const preview = await app.run('preview');
  const { result: run, mutations } = await app.traffic(() => apply(preview));
  expect(run).toMatchObject({ status: 'completed', total: 0, done: 0 });
  expect(mutations).toBe(0);
});

test('only a preview can be applied, and only a complete one', async () => {
  await previewed();
  const sync = await app.run('syncAll');
  const refused = { status: 409, body: { error: { code: 'NOT_A_PREVIEW' } } };
  expect(await app.onRun(sync.ID, 'apply')).toMatchObject(refused);
  sandbox.leanix.faults.add({ kind: 'reset', match: { path: 'graphql' }, times: 50 });
  const failed = await app.run('preview');
  expect(failed.status).toBe('failed');
  expect(await app.onRun(failed.ID, 'apply')).toMatchObject(refused);
  expect(await app.onRun(failed.ID, 'retryFailed')).toMatchObject({ body: { error: { code: 'NOTHING_FAILED' } } });
});
