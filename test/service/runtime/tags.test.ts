import { launchRuntime } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const seed = flows(3, [
  {
    type: 'Interface',
    name: 'Flow 1',
    documents: 'Flow_1',
    description: ' As  it was.\r\n',
    tags: ['SOX', 'EMEA', 'Productive'],
    fields: { alias: ' kept as it is ', frequency: 'daily', lifecycle: { plan: '2020-02-02' } },
  },
  { type: 'Interface', name: 'Flow 2', documents: 'Flow_2', tags: ['Stopped'] },
]);
const app = await launchRuntime({ seed });
const { sandbox } = app;
const mappings = [{ iflowField: 'Status', leanixPath: '/tags', position: 1 }];

const tagsOf = async (artifactId: string) =>
  sandbox.leanix.state.tagNames((await app.factSheetOf(artifactId)).id).sort();

async function synced(values: object): Promise<any> {
  await app.begin(values);
  await app.run('refresh');
  return app.run('syncAll');
}

async function setStatus(artifactId: string, status: string): Promise<any> {
  sandbox.cpi.setStatus(artifactId, status, status === 'ERROR' ? 'Broken.' : undefined);
  await app.run('refresh');
  return app.run('syncAll');
}

test('a mapped status puts on the tag of its name, and the tag follows the status', async () => {
  expect(await synced({ mappings, defaultTags: 'CPI-Managed' })).toMatchObject({ status: 'completed', failed: 0 });
  expect(await tagsOf('Flow_1')).toEqual(['CPI-Managed', 'EMEA', 'Productive', 'SOX', 'Started']);
  expect(await tagsOf('Flow_3')).toEqual(['CPI-Managed', 'Started']);

  for (const status of ['ERROR', 'STARTED', 'ERROR'])
    expect(await setStatus('Flow_1', status)).toMatchObject({ updated: 1 });
  expect(await tagsOf('Flow_1')).toEqual(['CPI-Managed', 'EMEA', 'Error', 'Productive', 'SOX']);
  const { mutations } = await app.traffic(() => app.run('syncAll'));
  expect(mutations).toBe(0);
});

test('a status that passes leaves the tag alone, and is no warning', async () => {
  await synced({ mappings });
  const before = await app.factSheetOf('Flow_1');
  for (const status of ['STOPPING', 'STARTING']) {
    const run = await setStatus('Flow_1', status);
    expect(run).toMatchObject({ status: 'completed', updated: 0, unchanged: 3 });
    expect(await app.itemOf(run, 'Flow_1')).toMatchObject({ action: 'none', code: null });
  }
  expect(await app.factSheetOf('Flow_1')).toEqual(before);
});

test('nothing else of the fact sheet changes with the tag, byte for byte', async () => {
  await synced({ mappings });
  const before = await app.factSheetOf('Flow_1');
  await setStatus('Flow_1', 'ERROR');
  const after = await app.factSheetOf('Flow_1');
  expect(after).toEqual({ ...before, tags: after.tags, rev: before.rev + 1, updatedAt: after.updatedAt });
  expect(after.description).toBe(' As  it was.\r\n');
  expect(after.fields['alias']).toBe(' kept as it is ');
});

test('a tag that somebody else put on stays, and has its place in a group for one tag only', async () => {
  const run = await synced({ mappings });
  expect(await tagsOf('Flow_2')).toEqual(['Stopped']);
  const item = await app.itemOf(run, 'Flow_2');
  expect(item).toMatchObject({ status: 'done', code: 'TAG_GROUP_TAKEN' });
  expect(item.message).toContain('the group "Runtime Status" allows only one tag and already has "Stopped"');
  sandbox.editFactSheet((await app.factSheetOf('Flow_1')).id, { tags: ['Started', 'APJ', 'Needs Review'] });
  await setStatus('Flow_1', 'ERROR');
  expect(await tagsOf('Flow_1')).toEqual(['APJ', 'Error', 'Needs Review']);
});

test('a status without a tag in the library is a warning, and nothing else suffers from it', async () => {
  await synced({ mappings: [...mappings, { iflowField: 'version', leanixPath: '/release', position: 2 }] });
  sandbox.cpi.setVersion('Flow_3', '4.0.0');
  const run = await setStatus('Flow_3', 'FAIL');
  expect(await app.itemOf(run, 'Flow_3')).toMatchObject({ status: 'done', code: 'TAG_UNKNOWN' });
  expect((await app.factSheetOf('Flow_3')).fields['release']).toBe('4.0.0');
});

test('a default tag that is taken out of the configuration is taken off, and only where we put it on', async () => {
  await synced({ defaultTags: 'SOX, CPI-Managed' });
  expect(await tagsOf('Flow_1')).toContain('CPI-Managed');
  await app.configure({ defaultTags: null });
  expect(await app.run('syncAll')).toMatchObject({ updated: 3 });
  expect(await tagsOf('Flow_1')).toEqual(['EMEA', 'Productive', 'SOX']);
  expect(await tagsOf('Flow_3')).toEqual([]);
});

test('a default tag that the library lacks is named, with its field, before anything is written', async () => {
  const before = app.snapshot();
  await app.begin({ defaultTags: 'CPI-Managed, No Such Tag' });
  await app.run('refresh');
  const { result: run, mutations } = await app.traffic(() => app.run('syncAll'));
  expect(run).toMatchObject({ status: 'failed', code: 'DEFAULT_TAG_UNKNOWN', created: 0, updated: 0 });
  expect(run.message).toMatch(/field Default Tags .*"No Such Tag"/);
  expect(mutations).toBe(0);
  expect(before.size).toBe(sandbox.leanix.state.factSheets.size + 1);
  expect((await app.iflow('Flow_3')).linkStatus).not.toBe('linked');
});
