import { externalIdOf } from '../../../sandbox/seed/types.ts';
import { launchRuntime } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const seed = flows(
  6,
  [
    { type: 'Interface', name: 'Flow 1', documents: 'Flow_1', tags: ['SOX'], fields: { alias: 'F1' } },
    { type: 'Interface', name: 'Flow 2', description: 'Written by people.', tags: ['EMEA', 'GDPR'] },
  ],
  { Flow_3: { version: '2.1.0' } },
);
const app = await launchRuntime({ seed });
const { sandbox } = app;

const mappings = [
  { iflowField: 'name', leanixPath: '/name', position: 1 },
  { iflowField: 'version', leanixPath: '/release', position: 2 },
  { iflowField: 'description', leanixPath: '/description', writeMode: 'onCreate', position: 3 },
  { iflowField: 'deployed_on', leanixPath: '/lifecycle/active', position: 4 },
];

/** Refreshed and matched, with nothing created yet. */
async function matched(values: object = {}): Promise<void> {
  await app.begin({ category: 'API', defaultTags: 'CPI-Managed, sap-integration', mappings, ...values });
  await app.run('refresh');
  await app.run('match');
}

test('Create All New documents every iFlow that is not linked, and the rows turn to linked', async () => {
  await matched();
  const run = await app.run('createAllNew');
  expect(run).toMatchObject({ kind: 'create', status: 'completed', total: 4, created: 4, updated: 0, failed: 0 });
  for (const row of await app.iflows()) expect(row).toMatchObject({ linkStatus: 'linked', criticality: 3 });

  const row = await app.iflow('Flow_3');
  const { leanix } = sandbox;
  expect(row.factSheetUrl).toBe(`${leanix.url}/halvorsen/factsheet/Interface/${row.factSheetId}`);
  expect(row.factSheetName).toBe('Flow 3');
  expect(Date.now() - Date.parse(row.lastSyncedAt)).toBeLessThan(60_000);
  const factSheet = await app.factSheetOf('Flow_3');
  expect(factSheet).toMatchObject({ type: 'Interface', name: 'Flow 3', description: 'Moves Flow 3.' });
  expect(factSheet.fields).toMatchObject({
    category: 'api',
    release: '2.1.0',
    lifecycle: { active: row.deployedOn.slice(0, 10) },
    externalId: { externalId: externalIdOf(sandbox.cpi.host, 'Flow_3') },
  });
  expect(leanix.state.tagNames(factSheet.id).sort()).toEqual(['CPI-Managed', 'SAP-Integration']);
  expect((await app.itemOf(run, 'Flow_3')).changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ path: '/name', before: null, after: 'Flow 3' }),
      expect.objectContaining({ path: '/release', before: null, after: '2.1.0' }),
      expect.objectContaining({ path: '/tags', before: null, after: 'CPI-Managed, SAP-Integration' }),
    ]),
  );
});

test('Sync All then updates those that were there before, and a second one writes nothing', async () => {
  const before = app.snapshot();
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 0, updated: 2, unchanged: 4 });
  expect(app.changedSince(before)).toHaveLength(2);
  const { result: second, ...seen } = await app.traffic(() => app.run('syncAll'));
  expect(second).toMatchObject({ status: 'completed', created: 0, updated: 0, unchanged: 6, total: 6 });
  expect(seen.mutations).toBe(0);
});

test('an iFlow that gets a new version has exactly that field of its own fact sheet updated', async () => {
  sandbox.cpi.setVersion('Flow_3', '2.2.0');
  await app.run('refresh');
  const before = app.snapshot();
  const run = await app.run('syncAll');
  expect(run).toMatchObject({ status: 'completed', created: 0, updated: 1, unchanged: 5 });
  const [changed, ...others] = app.changedSince(before);
  expect(others).toEqual([]);
  const old = before.get(changed!.id)!;
  expect(changed).toEqual({
    ...old,
    fields: { ...old.fields, release: '2.2.0', lifecycle: changed!.fields['lifecycle'] },
    rev: old.rev + 1,
    fullName: changed!.fullName,
    updatedAt: changed!.updatedAt,
  });
  const { changes } = await app.itemOf(run, 'Flow_3');
  expect(changes[0]).toMatchObject({ path: '/release', before: '2.1.0', after: '2.2.0' });
});

test('what other people wrote survives: text, tags and fields', async () => {
  const first = await app.factSheetOf('Flow_1');
  expect(first.fields['alias']).toBe('F1');
  expect(sandbox.leanix.state.tagNames(first.id).sort()).toEqual(['CPI-Managed', 'SAP-Integration', 'SOX']);
  const second = await app.factSheetOf('Flow_2');
  expect(second.description).toBe('Written by people.');
  expect(sandbox.leanix.state.tagNames(second.id).sort()).toEqual(['CPI-Managed', 'EMEA', 'GDPR', 'SAP-Integration']);
});

test('renaming on either side never makes a second fact sheet', async () => {
  await matched();
  await app.run('createAllNew');
  const ids = async () =>
    new Map((await app.iflows()).map((row): [string, string] => [row.artifactId, row.factSheetId]));
  const count = sandbox.leanix.state.factSheets.size;
  const linked = await ids();

  sandbox.cpi.deploy({ id: 'Flow_4', name: 'Orders to the new warehouse' });
  const { id } = await app.factSheetOf('Flow_5');
  sandbox.editFactSheet(id, { name: 'Called otherwise by an architect' });
  await app.run('refresh');
  await app.run('match');
  expect((await app.iflow('Flow_5')).factSheetName).toBe('Called otherwise by an architect');
  await app.run('syncAll');

  expect(sandbox.leanix.state.factSheets.size).toBe(count);
  expect(await ids()).toEqual(linked);
  expect((await app.factSheetOf('Flow_4')).name).toBe('Orders to the new warehouse');
  // The name is mapped with `always`, so the iFlow's own name counts.
  expect((await app.factSheetOf('Flow_5')).name).toBe('Flow 5');
});

test('a row that is mapped for creation only is left to people afterwards', async () => {
  await matched({ mappings: [{ iflowField: 'version', leanixPath: '/release', writeMode: 'onCreate', position: 1 }] });
  await app.run('syncAll');
  expect((await app.factSheetOf('Flow_3')).fields['release']).toBe('2.1.0');
  expect((await app.factSheetOf('Flow_1')).fields['release']).toBeUndefined();
  sandbox.cpi.setVersion('Flow_3', '3.0.0');
  await app.run('refresh');
  const { writes } = await app.traffic(() => app.run('syncAll'));
  expect(writes).toBe(0);
});

test('a type without an external id is served by the stored link and the name', async () => {
  await app.begin({ factSheetType: 'Objective', mappings: [{ iflowField: 'name', leanixPath: '/name', position: 1 }] });
  sandbox.leanix.state.add({ type: 'Objective', name: 'FLOW 2' });
  await app.run('refresh');
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 5, updated: 1, failed: 0 });
  expect(await app.iflow('Flow_2')).toMatchObject({ linkStatus: 'linked', matchedBy: 'name' });
  sandbox.editFactSheet((await app.factSheetOf('Flow_3')).id, { name: 'Renamed objective' });
  const { result: run } = await app.traffic(() => app.run('syncAll'));
  expect(run).toMatchObject({ status: 'completed', created: 0, updated: 1, unchanged: 5 });
  const objectives = [...sandbox.leanix.state.factSheets.values()].filter(({ type }) => type === 'Objective');
  expect(objectives).toHaveLength(6);
});

test('an undeployed iFlow is skipped, and its fact sheet stays as it is', async () => {
  await matched();
  await app.run('syncAll');
  sandbox.cpi.undeploy('Flow_1');
  await app.run('refresh');
  const before = app.snapshot();
  const run = await app.run('syncAll');
  expect(run).toMatchObject({ status: 'completed', skipped: 1, unchanged: 5 });
  expect(await app.itemOf(run, 'Flow_1')).toMatchObject({ status: 'skipped', code: 'UNDEPLOYED' });
  expect(app.changedSince(before)).toEqual([]);
  expect(await app.iflow('Flow_1')).toMatchObject({ status: 'Undeployed', linkStatus: 'linked' });
});

test.each([
  { nullErrorsKey: true, revOnNoop: true },
  { uniqueFullName: false, tagModeCreates: true },
])('workspaces differ in details (%p), and are served all the same', async (switches) => {
  await matched();
  Object.assign(sandbox.leanix.switches, switches);
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 4, updated: 2, failed: 0 });
  const { mutations } = await app.traffic(() => app.run('syncAll'));
  expect(mutations).toBe(0);
});
