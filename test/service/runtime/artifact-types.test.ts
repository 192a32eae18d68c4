import type { SeedMaker } from '../../../sandbox/seed/types.ts';
import { launchRuntime } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

/** Two iFlows, a value mapping with a design, and an API without one. */
const mixed: SeedMaker = (host) => {
  const seed = flows(4)(host);
  const [, , mapping, api] = seed.cpi.artifacts;
  Object.assign(mapping!, { id: 'Countries', name: 'Country Codes', type: 'VALUE_MAPPING' });
  Object.assign(api!, { id: 'Dealer_API', name: 'Dealer API', type: 'REST_API_PROVIDER' });
  Object.assign(seed.cpi.designtime[2]!, {
    id: 'Countries',
    set: 'ValueMappingDesigntimeArtifacts',
    description: 'Codes of all countries.',
  });
  return seed;
};

const app = await launchRuntime({ seed: mixed });
const ids = async () => (await app.iflows()).map(({ artifactId }) => artifactId as string).sort();

test('integration flows alone are taken in unless the configuration names other types', async () => {
  await app.configure();
  expect(await app.run('refresh')).toMatchObject({ status: 'completed', total: 2 });
  expect(await ids()).toEqual(['Flow_1', 'Flow_2']);
});

test('a value mapping comes with its package and description, and an API without', async () => {
  await app.configure({ artifactTypes: 'INTEGRATION_FLOW, VALUE_MAPPING, REST_API_PROVIDER' });
  expect(await app.run('refresh')).toMatchObject({ status: 'completed', total: 4 });
  expect(await app.iflow('Countries')).toMatchObject({
    type: 'VALUE_MAPPING',
    packageId: 'Package0001',
    description: 'Codes of all countries.',
  });
  expect(await app.iflow('Dealer_API')).toMatchObject({ type: 'REST_API_PROVIDER', packageId: null });
});

test('types have names for people, in their language; one that is not known stands for itself', async () => {
  app.sandbox.cpi.deploy({ id: 'Odd', type: 'SOMETHING_NEW' });
  await app.configure({ artifactTypes: 'INTEGRATION_FLOW, VALUE_MAPPING, REST_API_PROVIDER, SOMETHING_NEW' });
  await app.run('refresh');
  const types = async (language: string) => {
    const answer = await fetch(`${app.url()}/odata/v4/runtime/ArtifactTypes?$orderby=type`, {
      headers: { authorization: `Basic ${btoa('viewer:viewer')}`, 'accept-language': language },
    });
    const { value } = (await answer.json()) as { value: { name: string }[] };
    return value.map(({ name }) => name);
  };
  expect(await types('en')).toEqual(['Integration Flow', 'REST API', 'SOMETHING_NEW', 'Value Mapping']);
  expect(await types('de')).toEqual(['Integrationsflow', 'REST-API', 'SOMETHING_NEW', 'Werte-Mapping']);
  const { body } = await app.as('viewer').get(`runtime/IFlows?$expand=typeText&$filter=artifactId eq 'Countries'`);
  expect(body.value[0].typeText).toMatchObject({ name: 'Value Mapping' });
  app.sandbox.cpi.undeploy('Odd');
});

test('a type that is taken out of the configuration goes with the next refresh, except for what is linked', async () => {
  await app.run('match');
  expect(await app.run('createFactSheets', { iflows: [(await app.iflow('Countries')).ID] })).toMatchObject({
    created: 1,
  });
  await app.configure({ artifactTypes: 'INTEGRATION_FLOW' });
  await app.run('refresh');
  expect(await ids()).toEqual(['Countries', 'Flow_1', 'Flow_2']);
  expect((await app.iflow('Countries')).linkStatus).toBe('linked');

  await app.onIFlow('Countries', 'unlink');
  await app.run('refresh');
  expect(await ids()).toEqual(['Flow_1', 'Flow_2']);
});

test('a type that no artifact of the tenant has is taken for a slip of the pen: nothing is dropped', async () => {
  await app.configure({ artifactTypes: 'INTEGRATION_FLOW' });
  await app.run('refresh');
  const before = await app.iflows();
  await app.configure({ artifactTypes: 'INTEGRATION_FLOWS' });
  const run = await app.run('refresh');
  expect(run).toMatchObject({ status: 'failed', code: 'ARTIFACT_TYPES_EMPTY' });
  expect(run.message).toMatch(/INTEGRATION_FLOWS.*Available types: .*INTEGRATION_FLOW/);
  expect(await app.iflows()).toEqual(before);

  await app.configure({ artifactTypes: ' ' });
  expect(await app.run('refresh')).toMatchObject({ status: 'completed' });
});
