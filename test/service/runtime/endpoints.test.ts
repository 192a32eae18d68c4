import { launchRuntime } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const app = await launchRuntime({ seed: flows(2) });
const { sandbox } = app;
const address = { version: '1.0.0', description: 'Takes orders.', lastUpdated: Date.UTC(2026, 4, 4) };

async function endpoints(artifactId: string, options = '', user: 'viewer' | 'nobody' = 'viewer') {
  const { ID } = await app.iflow(artifactId);
  return app.as(user).get(`runtime/IFlows(${ID})/endpoints${options}`);
}

beforeEach(async () => {
  sandbox.cpi.faults.clear();
  await app.begin();
  sandbox.cpi.state.endpoints.push(
    { name: 'Flow_1', address: '/orders', protocol: 'SOAP', ...address },
    { name: 'Flow_1', address: '/orders/v2', protocol: 'REST', ...address },
    { name: 'Flow_10', address: '/other', protocol: 'REST', ...address },
  );
  await app.run('refresh');
  sandbox.cpi.log.clear();
});

test('everybody who may see an iFlow sees at which addresses it can be called', async () => {
  const { status, body } = await endpoints('Flow_1', '?$count=true');
  expect(status).toBe(200);
  expect(body['@odata.count']).toBe(2);
  expect(body.value).toMatchObject([
    {
      position: 0,
      name: 'Flow 1',
      protocol: 'SOAP',
      type: 'PROD',
      url: expect.stringMatching(/\/orders$/),
      lastUpdated: '2026-05-04T00:00:00.000Z',
      apiDefinitions: [{ name: 'WSDL', url: expect.stringMatching(/\?wsdl$/) }],
    },
    { position: 1, protocol: 'REST', url: expect.stringMatching(/\/orders\/v2$/), apiDefinitions: [] },
  ]);
  expect((await endpoints('Flow_1', '', 'nobody')).status).toBe(403);
});

test('they are read once a minute, and anew after a deployment, however many answers the tenant needs', async () => {
  sandbox.cpi.switches.pageCap = 1;
  expect((await endpoints('Flow_1')).body.value).toHaveLength(2);
  expect((await endpoints('Flow_1', '?$skip=1&$top=1')).body.value).toMatchObject([{ position: 1 }]);
  expect((await endpoints('Flow_1', '/$count')).body).toBe(2);
  expect(sandbox.cpi.log.count(({ path }) => path.includes('ServiceEndpoints'))).toBe(2);
  sandbox.cpi.state.endpoints = [];
  expect((await endpoints('Flow_1')).body.value).toHaveLength(2);
  sandbox.cpi.setVersion('Flow_1', '2.0.0');
  await app.run('refresh');
  expect((await endpoints('Flow_1')).body.value).toEqual([]);
});

test('a batch asks Cloud Integration about one iFlow', async () => {
  const [first, second] = [await app.iflow('Flow_1'), await app.iflow('Flow_2')];
  const read = (id: string, { ID }: { ID: string }) => ({ id, method: 'GET', url: `IFlows(${ID})/endpoints` });
  const requests = [read('1', first), read('2', first), read('3', second)];
  const { body } = await app.as('viewer').post('runtime/$batch', { requests });
  const statuses = body.responses.map(({ status }: { status: number }) => status);
  expect(statuses).toEqual([200, 200, 400]);
  expect(body.responses[2].body.error.code).toBe('ENDPOINTS_ONCE');
  expect((await endpoints('Flow_2')).status).toBe(200);
});

test('no address is an empty list; a tenant that cannot be read is an error that says what to do', async () => {
  expect(await endpoints('Flow_2')).toMatchObject({ status: 200, body: { value: [] } });
  sandbox.cpi.faults.add({ kind: 'status', status: 503, match: { path: 'ServiceEndpoints' }, times: 100 });
  const { status, body } = await endpoints('Flow_1');
  expect({ status, code: body.error.code }).toEqual({ status: 502, code: 'CPI_UNREACHABLE' });
  expect(body.error.message).toMatch(/try again later/);
});

test('a key without the role for monitoring is told which role it needs', async () => {
  sandbox.cpi.faults.add({ kind: 'status', status: 403, match: { path: 'ServiceEndpoints' }, times: 100 });
  expect(await endpoints('Flow_1')).toMatchObject({
    status: 502,
    body: { error: { code: 'CPI_ROLE_MISSING', message: expect.stringContaining('MonitoringDataRead') } },
  });
});

test('an iFlow that does not exist has no endpoints either', async () => {
  const { status } = await app.as('viewer').get('runtime/IFlows(11111111-2222-4333-8444-555555555555)/endpoints');
  expect(status).toBe(404);
});

test('endpoints cannot be asked for without an iFlow, nor along with many', async () => {
  expect((await app.as('viewer').get('runtime/Endpoints')).status).toBe(404);
  expect((await app.as('viewer').get('runtime/IFlows?$expand=endpoints')).status).toBe(400);
  expect((await app.as('viewer').get('runtime/IFlows?$top=1')).status).toBe(200);
});
