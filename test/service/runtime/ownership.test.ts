import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

// Ownership: of fact sheets by iFlows, and of tags by people or this configuration.
const app = await launchRuntime({ seed: flows(3) });
const { sandbox } = app;

const tagsOf = async (artifactId: string) =>
  sandbox.leanix.state.tagNames((await app.factSheetOf(artifactId)).id).sort();

test('a tag that people took off, and later put on themselves, is theirs and stays', async () => {
  await app.begin({ mappings: MAPPINGS, defaultTags: 'CPI-Managed' });
  await app.run('refresh');
  await app.run('syncAll');
  const { id } = await app.factSheetOf('Flow_1');
  await app.configure({ defaultTags: null });
  sandbox.editFactSheet(id, { tags: [] });
  await app.run('syncAll');
  sandbox.editFactSheet(id, { tags: ['CPI-Managed'] });
  await app.run('syncAll');
  expect(await tagsOf('Flow_1')).toEqual(['CPI-Managed']);
});

test('a tag that somebody puts on while we write is theirs, even if we wanted to put it on as well', async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  await app.run('syncAll');
  const { id } = await app.factSheetOf('Flow_1');
  await app.configure({ defaultTags: 'CPI-Managed' });
  // A colleague edits the fact sheet after it was read, so our revision is outdated.
  sandbox.leanix.switches.listLagMs = 60_000;
  sandbox.editFactSheet(id, { tags: ['CPI-Managed'] });
  await app.run('syncAll');
  sandbox.leanix.switches.listLagMs = 0;
  await app.configure({ defaultTags: null });
  await app.run('syncAll');
  expect(await tagsOf('Flow_1')).toEqual(['CPI-Managed']);
});

test('the fact sheet of an iFlow that is no longer deployed is not given to another one of the same name', async () => {
  const documented = { type: 'Interface', name: 'Flow 1', fields: { externalId: { externalId: 'ERP-4711' } } };
  await app.begin({ mappings: MAPPINGS }, flows(3, [documented]));
  await app.run('refresh');
  await app.run('syncAll');
  const first = await app.iflow('Flow_1');
  expect(first.linkStatus).toBe('linked');
  sandbox.cpi.undeploy('Flow_1');
  sandbox.cpi.deploy({ id: 'Flow_1_copy', name: 'Flow 1' });
  await app.run('refresh');
  for (const action of ['match', 'preview']) {
    await app.run(action);
    expect(await app.iflow('Flow_1_copy')).toMatchObject({ linkStatus: 'notLinked', factSheetId: null });
    expect(await app.iflow('Flow_1')).toMatchObject({ status: 'Undeployed', factSheetId: first.factSheetId });
  }
});
