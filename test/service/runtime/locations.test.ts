import { putDestination } from '../../../sandbox/btp/state.ts';
import { flows } from '../../helpers/app/seeds.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';

// The cloud runtime of a tenant and an Edge Integration Cell of the same tenant, with one connection each.

const app = await launchRuntime({ seed: flows(2) });
const enterprise = app.as('enterprise');
const { sandbox } = app;

/** Edge has one artifact with an ID that the cloud has too, and one other artifact. */
function deployOnEdge(): void {
  sandbox.cpi.deploy({ id: 'Flow_1', name: 'Flow 1 on edge', location: 'edge1' });
  sandbox.cpi.deploy({ id: 'Edge_1', name: 'Edge 1', location: 'edge1' });
}

/** The address of a connection's destination. */
function point(name: string, path: string): void {
  const { subaccount } = sandbox.btp.state.destinations;
  const cpi = subaccount.find(({ Name }) => Name === 'CPI')!;
  putDestination(sandbox.btp.state, 'subaccount', { ...cpi, Name: name, URL: `${sandbox.cpi.url}${path}` });
}

async function connect(name: string, cpiDestination: string): Promise<string> {
  const values = { leanixHost: sandbox.leanix.host, factSheetType: 'Interface', readModels: false, mappings: MAPPINGS };
  const created = await enterprise.post('settings/LeanIXConfigs', {
    name,
    cpiDestination,
    IsActiveEntity: true,
    ...values,
  });
  expect(created.status).toBe(201);
  return created.body.ID;
}

async function round(config: string) {
  await app.run('refresh', { config });
  return app.run('syncAll', { config });
}

const externalIds = () =>
  [...sandbox.leanix.state.factSheets.values()].map(
    ({ fields }) => (fields['externalId'] as { externalId: string } | undefined)?.externalId,
  );

test('a host and its location keep apart, and the second round of both is quiet', async () => {
  const cloud = await app.begin({ mappings: MAPPINGS });
  deployOnEdge();
  point('EDGE', '/location/edge1/api/v1');
  const edge = await connect('Edge', 'EDGE');
  expect(await round(cloud)).toMatchObject({ status: 'completed', created: 2 });
  expect(await round(edge)).toMatchObject({ status: 'completed', created: 2, updated: 0 });
  const { host } = sandbox.cpi;
  expect(externalIds().sort()).toEqual([
    `cpi:${host}/Flow_1`,
    `cpi:${host}/Flow_2`,
    `cpi:${host}/location/edge1/Edge_1`,
    `cpi:${host}/location/edge1/Flow_1`,
  ]);
  for (const config of [cloud, edge]) {
    const { result, mutations } = await app.traffic(() => round(config));
    expect(result).toMatchObject({ status: 'completed', created: 0, updated: 0, unchanged: 2 });
    expect(mutations).toBe(0);
  }
});

test('an external id from before is replaced once, and there is no second fact sheet', async () => {
  await app.begin();
  deployOnEdge();
  point('EDGE_TWO', '/location/edge1');
  const edge = await connect('Edge', 'EDGE_TWO');
  expect(await round(edge)).toMatchObject({ created: 2 });
  const { host } = sandbox.cpi;
  // As older versions wrote it.
  for (const { id } of [...sandbox.leanix.state.factSheets.values()]) {
    const artifact = sandbox.leanix.state.factSheets.get(id)!.name === 'Edge 1' ? 'Edge_1' : 'Flow_1';
    sandbox.editFactSheet(id, { fields: { externalId: { externalId: `cpi:${host}/${artifact}` } } });
  }
  expect(await round(edge)).toMatchObject({ status: 'completed', created: 0, updated: 2 });
  expect(externalIds().sort()).toEqual([`cpi:${host}/location/edge1/Edge_1`, `cpi:${host}/location/edge1/Flow_1`]);
  const { result, mutations } = await app.traffic(() => round(edge));
  expect(result).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  expect(mutations).toBe(0);
});
