import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCpiClient } from '../../../srv/cpi/client.ts';
import { forgetDestination } from '../../../srv/btp/destinations.ts';

type Reply = { status?: number; body: unknown; type?: string };

let server: Server;
let base: string;
let asked: { path: string; accept: string | undefined }[] = [];
let answer: (path: string, query: URLSearchParams) => Reply;
/** How many entries `$count` tells; null where the tenant does not count. */
let counted: number | null = null;

beforeAll(async () => {
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, base);
    asked.push({ path: decodeURIComponent(request.url!), accept: request.headers.accept });
    if (url.pathname.endsWith('/$count')) {
      response.writeHead(counted === null ? 501 : 200).end(counted === null ? '' : String(counted));
      return;
    }
    const {
      status = 200,
      body,
      type = 'application/json',
    } = answer(decodeURIComponent(url.pathname), url.searchParams);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': type }).end(status === 204 ? undefined : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** A client of the server above, whose destination's URL ends as given. */
function open(suffix = '', options: { signal?: AbortSignal } = {}) {
  asked = [];
  counted = null;
  forgetDestination('TENANT');
  process.env['destinations'] = JSON.stringify([{ name: 'TENANT', url: base + suffix }]);
  const perSecond = { designTime: 1000, runtime: 1000 };
  return createCpiClient({ destination: 'TENANT', perSecond, timing: { backoff: 1, tries: 2 }, ...options });
}

const list = (results: unknown[], next?: string): Reply => ({
  body: { d: { results, ...(next && { __next: next }) } },
});
const next = (token: number) => `IntegrationRuntimeArtifacts?$skiptoken=${token}`;
const artifacts = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => ({ Id: `A${from + n}` }));
const ids = (all: { id: string }[]) => all.map(({ id }) => id);

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
  answer = () => list([given, { Id: 'Bare' }, given]);
  const client = await open();
  counted = 2;
  expect(client.tenantHost).toBe(base.replace('http://', ''));
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
  expect(asked).toEqual([
    { path: '/api/v1/IntegrationRuntimeArtifacts?$top=500&$skip=0', accept: 'application/json' },
    { path: '/api/v1/IntegrationRuntimeArtifacts/$count', accept: '*/*' },
  ]);
  expect(client.requests).toBe(2);
});

test.each(['', '/', '/api/v1', '/api/v1/'])('the destination’s URL may end with %j', async (suffix) => {
  answer = () => list([]);
  const client = await open(suffix);
  expect(await client.packages()).toEqual([]);
  expect(asked.map(({ path }) => path)).toEqual(['/api/v1/IntegrationPackages?$top=500&$skip=0']);
});

test('a text that no database takes is read without what it does not take', async () => {
  answer = () => list([{ Id: 'Orders', Name: 'Or\0ders' }]);
  expect(await (await open()).runtimeArtifacts()).toMatchObject([{ id: 'Orders', name: 'Orders' }]);
});

describe('long lists', () => {
  test('are read with $skip until all are there that the tenant counts', async () => {
    answer = (_, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(0, 1203).slice(skip, skip + 500));
    };
    const client = await open();
    counted = 1203;
    expect(ids(await client.runtimeArtifacts())).toEqual(ids(artifacts(0, 1203).map(({ Id }) => ({ id: Id }))));
    expect(client.requests).toBe(4);
  });

  test.each([
    ['$count', 120],
    ['one more page, where the tenant does not count', null],
  ])('that the server cuts off at 50 without a link are proven by %s', async (_, number) => {
    answer = (_path, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(0, 120).slice(skip, skip + 50));
    };
    const client = await open();
    counted = number;
    expect(await client.runtimeArtifacts()).toHaveLength(120);
    // Three pages and the number; without one, a page that begins and ends with the last entry.
    expect(client.requests).toBe(number === null ? 5 : 4);
    expect(await client.packages()).toHaveLength(120);
  });

  test('that the server cuts off at an odd number are read on', async () => {
    answer = (_, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(0, 100).slice(skip, skip + 37));
    };
    const client = await open();
    counted = 100;
    expect(await client.runtimeArtifacts()).toHaveLength(100);
    counted = null;
    expect(await client.runtimeArtifacts()).toHaveLength(100);
    expect(await client.packages(['A0', 'A99'])).toHaveLength(100);
  });

  test('that have less in them than the tenant counts fail', async () => {
    answer = (_, query) => list(Number(query.get('$skip')) < 50 ? artifacts(0, 50) : []);
    const client = await open();
    counted = 120;
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({
      code: 'CPI_LIST_INCOMPLETE',
      args: [client.tenantHost, '50', '120'],
    });
    counted = 0;
    answer = () => list([]);
    expect(await client.runtimeArtifacts()).toEqual([]);
  });

  test('of which nothing tells whether they were cut off fail', async () => {
    answer = () => list(artifacts(0, 50));
    const client = await open();
    const args = [client.tenantHost, 'a list that may be cut off'];
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_ERROR', args });
    counted = 50;
    expect(await client.runtimeArtifacts()).toHaveLength(50);
  });

  test('of packages need no further page where all are there that were known', async () => {
    answer = () => list(artifacts(0, 3));
    const client = await open();
    expect(await client.packages(['A0', 'A2'])).toHaveLength(3);
    expect(client.requests).toBe(1);
  });

  test.each<[string, number, (all: { Id: string }[]) => { Id: string }[]]>([
    ['an artifact of the first page is undeployed', 1203, (all) => all.slice(1)],
    ['so many are undeployed that there is no second page', 502, (all) => all.slice(3)],
    ['an artifact of the last page is deployed again, and moves to the front', 1203, (all) => [all[1100]!, ...all]],
  ])('are read anew when %s meanwhile: nobody is passed over', async (_, count, change) => {
    const before = artifacts(0, count);
    const after = change(before);
    answer = (_path, query) => {
      const skip = Number(query.get('$skip'));
      return list((asked.length === 1 ? before : after).slice(skip, skip + 500));
    };
    const found = ids(await (await open()).runtimeArtifacts());
    expect(found.toSorted()).toEqual([...new Set(after.map(({ Id }) => Id))].sort());
  });

  test('that come in another order with each page are taken in one answer', async () => {
    const all = artifacts(0, 1203);
    answer = (_path, query) => {
      const skip = query.get('$skip');
      if (skip === null) return list(all);
      const order = asked.length % 2 ? all : all.toReversed();
      return list(order.slice(Number(skip), Number(skip) + 500));
    };
    expect(ids(await (await open()).runtimeArtifacts())).toEqual(ids(all.map(({ Id }) => ({ id: Id }))));
  });

  test('that do not stop to change fail: a part never passes for the whole', async () => {
    answer = (_path, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(asked.length, 1203).slice(skip, skip + 500));
    };
    const client = await open();
    const args = [client.tenantHost, 'a list that changes while it is read'];
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_ERROR', args });
  });

  test('follow links to the next page, however they are written', async () => {
    answer = (_, query) => {
      const token = query.get('$skiptoken');
      if (token === null) return list(artifacts(0, 3), 'IntegrationRuntimeArtifacts?$skiptoken=3');
      if (token === '3') return list(artifacts(3, 6), `${base}/api/v1/IntegrationRuntimeArtifacts?$skiptoken=6`);
      return list(artifacts(6, 7));
    };
    const client = await open();
    counted = 7;
    expect(await client.runtimeArtifacts()).toHaveLength(7);
    expect(client.requests).toBe(4);
  });

  test('a link to another host is refused: the token must not go there', async () => {
    answer = () => list(artifacts(0, 3), 'https://evil.example/api/v1/IntegrationRuntimeArtifacts?$skiptoken=3');
    const client = await open();
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({
      code: 'CPI_FOREIGN_NEXT',
      args: [client.tenantHost, 'https://evil.example/api/v1/IntegrationRuntimeArtifacts'],
    });
  });

  test.each<[string, (token: number) => Reply]>([
    ['to the page itself', (token) => list(artifacts(token, token + 3), next(token))],
    [
      'to the first page',
      (token) => list(artifacts(token, token + 3), token ? 'IntegrationRuntimeArtifacts?$top=500&$skip=0' : next(1)),
    ],
    ['to the same entries again and again', (token) => list(artifacts(0, 3), next(token + 1))],
    ['to the same entries, which then are all', (token) => list(artifacts(0, 3), token === 1 ? undefined : next(1))],
  ])('links that lead %s fail the list: a part never passes for the whole', async (_, page) => {
    answer = (_path, query) => page(Number(query.get('$skiptoken') ?? 0));
    const client = await open();
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({
      code: 'CPI_ERROR',
      args: [client.tenantHost, 'a list that goes on in a circle'],
    });
  });

  test('an entry that has no id fails the list: what is missing must not look undeployed', async () => {
    answer = () => list([{ Id: 'Orders' }, { Name: 'No id' }]);
    const client = await open();
    const problem = { code: 'CPI_ERROR', args: [client.tenantHost, 'an entry without Id'] };
    await expect(client.runtimeArtifacts()).rejects.toMatchObject(problem);
    await expect(client.packages()).rejects.toMatchObject(problem);
    await expect(client.designtimeArtifacts('Sales', 'IntegrationDesigntimeArtifacts')).rejects.toMatchObject(problem);
  });

  test('the artifacts of a package go on where a link says so, and fail where it leads nowhere', async () => {
    answer = (_, query) =>
      query.has('$skiptoken') ? list(artifacts(3, 5)) : list(artifacts(0, 3), 'IntegrationPackages?$skiptoken=3');
    const client = await open();
    const read = () => client.designtimeArtifacts('Sales', 'IntegrationDesigntimeArtifacts');
    expect(ids(await read())).toEqual(['A0', 'A1', 'A2', 'A3', 'A4']);
    answer = () => list(artifacts(0, 3), 'IntegrationPackages?$skiptoken=3');
    await expect(read()).rejects.toMatchObject({ code: 'CPI_ERROR' });
    answer = (_, query) =>
      list(artifacts(0, 3), query.has('$skiptoken') ? undefined : 'IntegrationPackages?$skiptoken=3');
    await expect(read()).rejects.toMatchObject({ code: 'CPI_ERROR' });
    answer = () => list(artifacts(0, 3), 'https://evil.example/api/v1/IntegrationPackages?$skiptoken=3');
    await expect(read()).rejects.toMatchObject({ code: 'CPI_FOREIGN_NEXT' });
  });

  test('where $skip is ignored the whole list is asked for', async () => {
    answer = (_, query) => list(query.has('$top') ? artifacts(0, 500) : artifacts(0, 800));
    const client = await open();
    counted = 800;
    expect(await client.runtimeArtifacts()).toHaveLength(800);
    expect(client.requests).toBe(4);
  });

  test('that are cut off at a round number without saying so are read on', async () => {
    answer = (_, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(0, 250).slice(skip, skip + 100));
    };
    const client = await open();
    expect(await client.runtimeArtifacts()).toHaveLength(250);
  });

  test('a page that fails fails the list: a part never passes for the whole', async () => {
    answer = (_, query) => (query.get('$skip') === '0' ? list(artifacts(0, 500)) : { status: 400, body: 'no' });
    const client = await open();
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({
      code: 'CPI_ERROR',
      args: [client.tenantHost, 'no'],
    });
    answer = () => ({ body: '<feed></feed>', type: 'application/xml' });
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_ERROR' });
  });
});

test('packages have real times, and their artifacts plain descriptions', async () => {
  answer = (path) =>
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
  expect(asked.at(-1)?.path).toBe("/api/v1/IntegrationPackages('Jo''s')/IntegrationDesigntimeArtifacts");
});

test('error texts are asked for with any Accept, and may be missing', async () => {
  answer = () => ({ body: { message: 'No credentials' }, type: 'application/xml' });
  const client = await open();
  expect(await client.errorText('Orders')).toBe('No credentials');
  expect(asked).toEqual([
    { path: "/api/v1/IntegrationRuntimeArtifacts('Orders')/ErrorInformation/$value", accept: '*/*' },
  ]);
  for (const status of [204, 404]) {
    answer = () => ({ status, body: '' });
    expect(await client.errorText('Orders')).toBeNull();
  }
});

test('endpoints of an iFlow, expanded with results around them or without', async () => {
  answer = () =>
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
  expect(asked[0]?.path).toBe("/api/v1/ServiceEndpoints?$expand=EntryPoints,ApiDefinitions&$filter=Name eq 'Orders'");
});

test('endpoints are read to the end of the list, and never told as none where the list cannot be read', async () => {
  const pages = [{ Id: 'a' }, { Id: 'b' }];
  answer = (_, query) =>
    query.has('$skiptoken') ? list([pages[1]]) : list([pages[0]], 'ServiceEndpoints?$expand=EntryPoints&$skiptoken=1');
  expect(ids(await (await open()).endpoints('x'))).toEqual(['a', 'b']);
  answer = () => ({ body: {} });
  await expect((await open()).endpoints('x')).rejects.toMatchObject({ code: 'CPI_ERROR' });
});

test('each part needs its own role, and the error names it', async () => {
  answer = () => ({ status: 403, body: '' });
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
  answer = () => ({ status: 401, body: '<html><body>Log in</body></html>', type: 'text/html' });
  const client = await open();
  await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_TOKEN_INVALID' });
  answer = () => ({ status: 500, body: '{"error":{"message":{"value":"Internal Server Error"}}}' });
  await expect(client.designtimeArtifacts('x', 'IntegrationDesigntimeArtifacts')).rejects.toMatchObject({
    code: 'CPI_ERROR',
    status: 500,
  });
});

test('a log-on page means the address of the web UI', async () => {
  answer = () => ({ body: '<!DOCTYPE html><html><body>Log on</body></html>', type: 'text/html' });
  const client = await open();
  const problem = { code: 'CPI_WEB_ADDRESS', args: [client.tenantHost] };
  await expect(client.runtimeArtifacts()).rejects.toMatchObject(problem);
  await expect(client.endpoints('Orders')).rejects.toMatchObject(problem);
});

test('what is called off stops', async () => {
  answer = () => list([]);
  const client = await open('', { signal: AbortSignal.abort() });
  await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CANCELED' });
  expect(asked).toEqual([]);
});
