import type { CPI } from '../../sandbox/cpi/server.ts';
import { clientOf, startTenant } from './cpi-client.ts';
import type { TenantClient } from './cpi-client.ts';

const runtime = 'IntegrationRuntimeArtifacts';
const packages = 'IntegrationPackages';
const flows = "IntegrationPackages('OrderToCash')/IntegrationDesigntimeArtifacts";
let cpi: CPI;
let client: TenantClient;

beforeEach(async () => {
  cpi = await startTenant();
  client = await clientOf(cpi);
});
const { now } = Date;
afterEach(async () => {
  Date.now = now;
  await cpi.stop();
});

describe('access', () => {
  test('the token is given for a form, too', async () => {
    const [known] = cpi.state.clients;
    const form = { grant_type: 'client_credentials', client_id: known?.id ?? '', client_secret: known?.secret ?? '' };
    const answer = await fetch(cpi.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
    expect(await answer.json()).toMatchObject({ token_type: 'bearer', expires_in: 43_200 });
    const wrong = await fetch(cpi.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_secret: 'x' }),
    });
    expect(wrong.status).toBe(401);
  });

  test('without a token there is a web page, or nothing', async () => {
    const page = await client.get(runtime, { authorization: 'Bearer nonsense' });
    expect(page).toMatchObject({ status: 401, body: expect.stringContaining('<html>') });
    cpi.switches.unauthorized = 'empty';
    expect(await client.get(runtime, { authorization: 'Bearer nonsense' })).toMatchObject({ status: 401, body: '' });
  });

  test('a client without the role for packages may read what is deployed', async () => {
    const monitoring = await clientOf(cpi, 1);
    expect((await monitoring.get(runtime)).status).toBe(200);
    const { status, body } = await monitoring.get(packages);
    expect({ status, body }).toEqual({
      status: 403,
      body: { code: 'Forbidden', message: { lang: 'en', value: null } },
    });
  });

  test('a new role takes effect with the next token', async () => {
    const monitoring = await clientOf(cpi, 1);
    cpi.state.clients[1]?.roles.push('WorkspacePackagesRead');
    expect((await monitoring.get(packages)).status).toBe(403);
    expect((await (await clientOf(cpi, 1)).get(packages)).status).toBe(200);
  });

  test('a service key of the wrong plan leads to a host without API', async () => {
    cpi.switches.wrongPlan = true;
    expect(await client.get(runtime)).toMatchObject({ status: 404, body: expect.stringContaining('<html>') });
  });
});

describe('long lists', () => {
  beforeEach(() => {
    cpi.switches.pageCap = 2;
  });

  test('have a link to what comes next, relative to the service root', async () => {
    const { body } = await client.get(`${runtime}?$orderby=Id`);
    expect(body.d.__next).toBe(`${runtime}?$orderby=Id&$skiptoken=2`);
    const next = await client.get(body.d.__next);
    expect(next.body.d.results).toHaveLength(1);
    expect(next.body.d).not.toHaveProperty('__next');
  });

  test.each([
    ['absolute', /^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/Integ/],
    ['foreign', /^http:\/\/foreign\.invalid\//],
  ] as const)('can have an %s link', async (nextLink, expected) => {
    cpi.switches.nextLink = nextLink;
    expect((await client.get(runtime)).body.d.__next).toMatch(expected);
  });

  test('can be cut off without a word', async () => {
    cpi.switches.nextLink = 'none';
    const { d } = (await client.get(runtime)).body;
    expect([d.results.length, d.__next]).toEqual([2, undefined]);
  });

  test('count across $top', async () => {
    expect((await client.get(`${runtime}?$top=2`)).body.d.__next).toBeUndefined();
    expect((await client.get(`${runtime}?$top=3`)).body.d.__next).toContain('$top=1');
  });

  test('may ignore $skip', async () => {
    cpi.switches.ignoreSkip = true;
    expect(await client.list(`${runtime}?$top=1&$skip=1`)).toEqual(await client.list(`${runtime}?$top=1`));
  });
});

describe('options that are ignored or refused', () => {
  test('$inlinecount is ignored for what is deployed, unless the tenant knows it', async () => {
    expect((await client.get(`${runtime}?$inlinecount=allpages`)).body.d).not.toHaveProperty('__count');
    cpi.switches.inlineCount = true;
    expect((await client.get(`${runtime}?$inlinecount=allpages&$top=1`)).body.d.__count).toBe('3');
  });

  test.each(['$expand=IntegrationDesigntimeArtifacts', '$select=Id', '$inlinecount=allpages'])(
    '%s is not implemented for packages',
    async (option) => {
      expect((await client.get(`${packages}?${option}`)).status).toBe(501);
    },
  );

  test('below a package $top works and $skip is ignored', async () => {
    expect(await client.list(`${flows}?$top=1`)).toHaveLength(1);
    expect(await client.list(`${flows}?$skip=1`)).toHaveLength(2);
  });

  test.each([
    'IntegrationDesigntimeArtifacts',
    'ScriptCollectionDesigntimeArtifacts',
    'MessageProcessingLogs',
    '$metadata',
  ])('%s is not implemented', async (path) => {
    expect((await client.get(path)).status).toBe(501);
  });
});

describe('errors', () => {
  test('are XML unless JSON is asked for', async () => {
    const { status, body } = await client.get(`${runtime}('none')`, { accept: '*/*' });
    expect(status).toBe(404);
    expect(body).toContain('<code>Not Found</code>');
  });

  test('a broken package does not tell what is in it', async () => {
    Object.assign(cpi.state.packages[0] ?? {}, { broken: true });
    expect((await client.get(flows)).status).toBe(500);
    expect((await client.get(packages)).status).toBe(200);
  });

  test('more than ten design-time requests a second are too many', async () => {
    cpi.switches.designtimeRate = 10;
    // Stops the clock, so that everything happens within one second, even on a slow machine.
    const time = Date.now();
    Date.now = () => time;
    const all = () => Promise.all(Array.from({ length: 12 }, () => client.get(packages)));
    const refused = (await all()).filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.headers.get('retry-after')).toBeNull();
    cpi.switches.retryAfter = 'seconds';
    expect((await client.get(packages)).headers.get('retry-after')).toBe('1');
    cpi.switches.retryAfter = 'date';
    expect(Date.parse((await client.get(packages)).headers.get('retry-after') ?? '')).toBeGreaterThan(Date.now());
    expect((await client.get(runtime)).status).toBe(200);
  });

  test('faults strike as ordered', async () => {
    cpi.faults.add({ kind: '429', retryAfter: '3', match: { path: packages } });
    expect((await client.get(runtime)).status).toBe(200);
    const { status, headers } = await client.get(packages);
    expect([status, headers.get('retry-after')]).toEqual([429, '3']);
    expect((await client.get(packages)).status).toBe(200);
    expect(cpi.log.count({ token: false })).toBe(3);
  });
});

describe('the text of a runtime error', () => {
  const path = `${runtime}('O2C_Invoice_Send')/ErrorInformation`;

  test('is JSON that says it is XML', async () => {
    cpi.setStatus('O2C_Invoice_Send', 'ERROR', '{"message":"No credentials"}');
    const { status, headers, body } = await client.get(`${path}/$value`, { accept: '*/*' });
    expect([status, JSON.parse(body)]).toEqual([200, { message: 'No credentials' }]);
    expect(headers.get('content-type')).toContain('application/xml');
  });

  test('is refused in XML to whoever insists on JSON, unless the tenant is another', async () => {
    cpi.setStatus('O2C_Invoice_Send', 'ERROR', 'text');
    expect(await client.get(`${path}/$value`)).toMatchObject({ status: 406, body: expect.stringContaining('<error') });
    cpi.switches.errorTextRefusesJson = false;
    expect((await client.get(`${path}/$value`)).status).toBe(200);
  });

  test('is empty where there is no error, and has no address without $value', async () => {
    expect(await client.get(`${path}/$value`, { accept: '*/*' })).toMatchObject({ status: 204, body: '' });
    expect((await client.get(path)).status).toBe(404);
  });
});
