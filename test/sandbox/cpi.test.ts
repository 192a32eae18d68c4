import type { CPI } from '../../sandbox/cpi/server.ts';
import { clientOf, startTenant } from './cpi-client.ts';
import type { TenantClient } from './cpi-client.ts';

const order = 'O2C_SalesOrder_Create';
const invoice = 'O2C_Invoice_Send';
const employee = 'com.halvorsen.hr.employee.v1';
const runtime = 'IntegrationRuntimeArtifacts';
let cpi: CPI;
let client: TenantClient;

beforeEach(async () => {
  cpi = await startTenant();
  client = await clientOf(cpi);
});
afterEach(() => cpi.stop());

describe('the list of deployed artifacts', () => {
  test('has seven properties and a time in the form of OData V2', async () => {
    const { body } = await client.get(runtime);
    const { __metadata, ErrorInformation, ...properties } = body.d.results[0];
    expect(properties).toEqual({
      Id: order,
      Version: '1.2.0',
      Name: 'Sales Order Create',
      Type: 'INTEGRATION_FLOW',
      DeployedBy: 'ines.integration@halvorsen.example',
      DeployedOn: expect.stringMatching(/^\/Date\(\d+\)\/$/),
      Status: 'STARTED',
    });
    expect(__metadata.uri).toContain(':443/');
    expect(ErrorInformation.__deferred.uri).toContain(employee);
  });

  test.each([
    ['$top=2', [order, invoice]],
    ['$top=0', []],
    ['$skip=2', [employee]],
    ['$top=1&$skip=1', [invoice]],
    ['$orderby=Id', [invoice, order, employee]],
    ['$orderby=Version desc', [employee, order, invoice]],
    [`$filter=Id eq '${invoice}'`, [invoice]],
    ["$filter=Version eq '2.0.0' or Name eq 'Invoice Send'", [invoice, employee]],
  ])('understands %s', async (query, expected) => {
    expect(await client.list(`${runtime}?${query}`)).toEqual(expected);
  });

  test.each([
    "$filter=DeployedOn eq 'x'",
    "$filter=Id eq 'a' and Name eq 'b'",
    "$filter=(Id eq 'a')",
    "$filter=startswith(Id,'O2C')",
    '$orderby=Nothing',
    '$select=Description',
    '$top=many',
  ])('refuses %s', async (query) => {
    expect((await client.get(`${runtime}?${query}`)).status).toBe(400);
  });

  test('gives the selected properties only', async () => {
    const { body } = await client.get(`${runtime}?$select=Id,Status&$top=1`);
    expect(Object.keys(body.d.results[0])).toEqual(['__metadata', 'Id', 'Status']);
  });

  test('counts', async () => {
    expect((await client.get(`${runtime}/$count`)).body).toBe('3');
    expect((await client.get(`${runtime}/$count?$filter=Id eq 'none'`)).body).toBe('0');
  });
});

describe('one deployed artifact', () => {
  test.each([`('${order}')`, `(Id='${order}')`])('is found by %s', async (key) => {
    expect((await client.get(runtime + key)).body.d.Name).toBe('Sales Order Create');
  });

  test('is found by a key with quotes, slashes and signs that have to be encoded', async () => {
    const id = "it's 50% & more/less";
    cpi.deploy({ id });
    const key = encodeURIComponent(id.replaceAll("'", "''"));
    expect((await client.get(`${runtime}('${key}')`)).body.d.Id).toBe(id);
    expect(await client.list(`${runtime}?$filter=Id eq '${key}'`)).toEqual([id]);
  });

  test('is not found once it is undeployed', async () => {
    expect(cpi.undeploy(order)).toBe(true);
    const { status, body } = await client.get(`${runtime}('${order}')`);
    expect(status).toBe(404);
    expect(body.error).toEqual({
      code: 'Not Found',
      message: { lang: 'en', value: 'Requested entity could not be found.' },
    });
  });
});

describe('packages and what is in them', () => {
  test('have HTML descriptions and times as texts', async () => {
    const { body } = await client.get("IntegrationPackages('OrderToCash')");
    expect(body.d).toMatchObject({
      Description: '<p>Order to Cash&nbsp;of Halvorsen.</p>',
      ModifiedDate: expect.stringMatching(/^\d{13}$/),
      Mode: 'EDIT_ALLOWED',
    });
    expect(await client.list('IntegrationPackages?$top=1&$skip=1')).toEqual(['HireToRetire']);
  });

  test('are joined with what is deployed by the id', async () => {
    const { body } = await client.get("IntegrationPackages('OrderToCash')/IntegrationDesigntimeArtifacts");
    expect(body.d.results[0]).toMatchObject({ Id: order, PackageId: 'OrderToCash', Version: '1.2.0', Sender: '' });
    expect(await client.list("IntegrationPackages('OrderToCash')/ValueMappingDesigntimeArtifacts")).toEqual([]);
  });

  test('show an unsaved draft as version Active', async () => {
    Object.assign(cpi.state.designtime[0] ?? {}, { draft: true });
    const path = "IntegrationPackages('OrderToCash')/IntegrationDesigntimeArtifacts";
    expect(await client.list(path, 'Version')).toEqual(['Active', '1.0.3']);
  });

  test('a single artifact is read by id and version', async () => {
    const set = 'IntegrationDesigntimeArtifacts';
    expect((await client.get(`${set}(Id='${invoice}',Version='active')`)).body.d.PackageId).toBe('OrderToCash');
    expect((await client.get(`${set}(Id='${invoice}',Version='1.0.3')`)).status).toBe(200);
    expect((await client.get(`${set}(Id='${invoice}',Version='9.9.9')`)).status).toBe(404);
    expect((await client.get(`${set}('${invoice}')`)).status).toBe(400);
    expect((await client.get(`${set}(Id=${invoice})`)).body.error.message.value).toMatch(/^Invalid key predicate/);
  });

  test('change when a developer saves a version, and the tenant when it is deployed', async () => {
    const before = cpi.state.packages[0]?.modifiedDate ?? 0;
    cpi.saveVersion(order, '1.3.0');
    expect(cpi.state.packages[0]?.modifiedDate).toBeGreaterThan(before);
    expect((await client.get(`${runtime}('${order}')`)).body.d.Version).toBe('1.2.0');
    cpi.setVersion(order, '1.3.1');
    expect((await client.get(`${runtime}('${order}')`)).body.d.Version).toBe('1.3.1');
  });
});

test('an artifact in error starts again when it is deployed', async () => {
  cpi.setStatus(order, 'ERROR', 'It broke');
  expect((await client.get(`${runtime}('${order}')`)).body.d.Status).toBe('ERROR');
  cpi.deploy({ id: order });
  expect((await client.get(`${runtime}('${order}')`)).body.d.Status).toBe('STARTED');
  expect((await client.get(`${runtime}('${order}')/ErrorInformation/$value`, { accept: '*/*' })).status).toBe(204);
});

test('endpoints come with their addresses', async () => {
  const [version, description] = ['1.0.3', 'Sends invoices'];
  cpi.state.endpoints.push({
    name: invoice,
    address: '/invoice',
    version,
    description,
    lastUpdated: 0,
    protocol: 'SOAP',
  });
  const path = `ServiceEndpoints?$filter=Name eq '${invoice}'&$expand=EntryPoints,ApiDefinitions`;
  const [endpoint] = (await client.get(path)).body.d.results;
  expect(endpoint).toMatchObject({ Name: invoice, Id: `${invoice}$endpointAddress=/invoice`, Protocol: 'SOAP' });
  expect(endpoint.__metadata.uri).toContain('%24endpointAddress%3D');
  expect(endpoint.EntryPoints.results[0].Url).toMatch(/\/invoice$/);
  expect(endpoint.ApiDefinitions.results).toHaveLength(1);
});
