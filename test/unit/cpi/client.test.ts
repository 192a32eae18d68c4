import { ids, list, open, startTenant, tenant, tenantUrl } from './tenant.ts';

startTenant();

test('a deployed artifact is read as the monitor shows it', async () => {
  const given = {
    __metadata: { uri: 'https://acme.example:443/api/v1/X' },
    Id: 'Orders',
    Version: '1.0.3',
    Name: 'Order Replication',
    Type: 'INTEGRATION_FLOW',
    DeployedBy: 'jane',
    DeployedOn: '/Date(1521463557739)/',
    Status: 'STARTED',
    ErrorInformation: { __deferred: { uri: "https://x.example/IntegrationRuntimeArtifacts('Other')" } },
  };
  tenant.answer = () => list([given, { Id: 'Bare' }, given]);
  const client = await open();
  tenant.counted = 2;
  expect(client.tenantHost).toBe(tenantUrl.replace('http://', ''));
  expect(await client.runtimeArtifacts()).toEqual([
    {
      id: 'Orders',
      name: 'Order Replication',
      version: '1.0.3',
      type: 'INTEGRATION_FLOW',
      status: 'Started',
      deployedBy: 'jane',
      deployedOn: '2018-03-19T12:45:57.739Z',
    },
    { id: 'Bare', name: 'Bare', version: null, type: 'UNKNOWN', status: 'Unknown', deployedBy: null, deployedOn: null },
  ]);
  expect(tenant.asked).toEqual([
    { path: '/api/v1/IntegrationRuntimeArtifacts?$top=500&$skip=0', accept: 'application/json' },
    { path: '/api/v1/IntegrationRuntimeArtifacts/$count', accept: '*/*' },
  ]);
  expect(client.requests).toBe(2);
});

test.each(['', '/', '/api/v1', '/api/v1/'])('the destination’s URL may end with %j', async (suffix) => {
  tenant.answer = () => list([]);
  const client = await open(suffix);
  expect(await client.packages()).toEqual([]);
  expect(tenant.asked.map(({ path }) => path)).toEqual(['/api/v1/IntegrationPackages?$top=500&$skip=0']);
});

test('a text that no database takes is read without what it does not take', async () => {
  tenant.answer = () => list([{ Id: 'Orders', Name: 'Or\0ders' }]);
  expect(await (await open()).runtimeArtifacts()).toMatchObject([{ id: 'Orders', name: 'Orders' }]);
});

test('packages have real times, and their artifacts plain descriptions', async () => {
  tenant.answer = (path) =>
    path.endsWith('/IntegrationPackages')
      ? list([{ Id: 'Sales', Name: 'Sales', ModifiedDate: '1521116198486' }, { Id: 'Neo' }])
      : list([
          {
            Id: 'Orders',
            Version: 'Active',
            PackageId: 'Sales',
            Name: 'Order Replication',
            Description: '<p>Sends&nbsp;orders</p>',
            Sender: '',
            Receiver: 'ERP',
          },
        ]);
  const client = await open();
  expect(await client.packages()).toEqual([
    { id: 'Sales', name: 'Sales', modifiedAt: '2018-03-15T12:16:38.486Z' },
    { id: 'Neo', name: 'Neo', modifiedAt: null },
  ]);
  expect(await client.designtimeArtifacts("Jo's", 'IntegrationDesigntimeArtifacts')).toEqual([
    {
      id: 'Orders',
      packageId: "Jo's",
      kind: 'IntegrationDesigntimeArtifacts',
      version: 'Active',
      description: 'Sends orders',
      sender: null,
      receiver: 'ERP',
    },
  ]);
  expect(tenant.asked.at(-1)?.path).toBe("/api/v1/IntegrationPackages('Jo''s')/IntegrationDesigntimeArtifacts");
});

test('error texts are asked for with any Accept, and may be missing', async () => {
  tenant.answer = () => ({ body: { message: 'No credentials' }, type: 'application/xml' });
  const client = await open();
  expect(await client.errorText('Orders')).toBe('No credentials');
  expect(tenant.asked).toEqual([
    { path: "/api/v1/IntegrationRuntimeArtifacts('Orders')/ErrorInformation/$value", accept: '*/*' },
  ]);
  for (const status of [204, 404]) {
    tenant.answer = () => ({ status, body: '' });
    expect(await client.errorText('Orders')).toBeNull();
  }
});

test('endpoints of an iFlow, expanded with results around them or without', async () => {
  tenant.answer = () =>
    list([
      {
        Id: 'Orders$endpointAddress=x',
        Name: 'Orders',
        Protocol: 'REST',
        LastUpdated: '/Date(1521463557739)/',
        EntryPoints: { results: [{ Name: 'Call', Url: 'https://acme.example/http/x', Type: 'PROD' }] },
        ApiDefinitions: [{ Url: 'https://acme.example/def', Type: 'swagger' }],
      },
    ]);
  const client = await open();
  expect(await client.endpoints('Orders')).toMatchObject([
    {
      id: 'Orders$endpointAddress=x',
      protocol: 'REST',
      lastUpdated: '2018-03-19T12:45:57.739Z',
      entryPoints: [{ name: 'Call', url: 'https://acme.example/http/x', type: 'PROD' }],
      apiDefinitions: [{ name: 'swagger', url: 'https://acme.example/def' }],
    },
  ]);
  expect(tenant.asked[0]?.path).toBe(
    "/api/v1/ServiceEndpoints?$expand=EntryPoints,ApiDefinitions&$filter=Name eq 'Orders'",
  );
});

test('endpoints are read to the end of the list, and never told as none where the list cannot be read', async () => {
  const pages = [{ Id: 'a' }, { Id: 'b' }];
  tenant.answer = (_, query) =>
    query.has('$skiptoken') ? list([pages[1]]) : list([pages[0]], 'ServiceEndpoints?$expand=EntryPoints&$skiptoken=1');
  expect(ids(await (await open()).endpoints('x'))).toEqual(['a', 'b']);
  tenant.answer = () => ({ body: {} });
  await expect((await open()).endpoints('x')).rejects.toMatchObject({ code: 'CPI_ERROR' });
});

test('each part needs its own role, and the error names it', async () => {
  tenant.answer = () => ({ status: 403, body: '' });
  const client = await open();
  const role = (name: string) => ({ code: 'CPI_ROLE_MISSING', args: [client.tenantHost, name], status: 403 });
  await expect(client.runtimeArtifacts()).rejects.toMatchObject(role('MonitoringDataRead'));
  await expect(client.errorText('x')).rejects.toMatchObject(role('MonitoringDataRead'));
  await expect(client.endpoints('x')).rejects.toMatchObject(role('MonitoringDataRead'));
  await expect(client.packages()).rejects.toMatchObject(role('WorkspacePackagesRead'));
  await expect(client.designtimeArtifacts('x', 'IntegrationDesigntimeArtifacts')).rejects.toMatchObject(
    role('WorkspacePackagesRead'),
  );
});

test('a token that stays refused, and a package that cannot be read', async () => {
  tenant.answer = () => ({ status: 401, body: '<html><body>Log in</body></html>', type: 'text/html' });
  const client = await open();
  await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_TOKEN_INVALID' });
  tenant.answer = () => ({ status: 500, body: '{"error":{"message":{"value":"Internal Server Error"}}}' });
  await expect(client.designtimeArtifacts('x', 'IntegrationDesigntimeArtifacts')).rejects.toMatchObject({
    code: 'CPI_ERROR',
    status: 500,
  });
});

test('a log-on page means the address of the web UI', async () => {
  tenant.answer = () => ({ body: '<!DOCTYPE html><html><body>Log on</body></html>', type: 'text/html' });
  const client = await open();
  const problem = { code: 'CPI_WEB_ADDRESS', args: [client.tenantHost] };
  await expect(client.runtimeArtifacts()).rejects.toMatchObject(problem);
  await expect(client.endpoints('Orders')).rejects.toMatchObject(problem);
});

test('what is called off stops', async () => {
  tenant.answer = () => list([]);
  const client = await open('', { signal: AbortSignal.abort() });
  await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CANCELED' });
  expect(tenant.asked).toEqual([]);
});
