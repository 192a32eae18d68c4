import connectivity from '@sap-cloud-sdk/connectivity';
import httpClient from '@sap-cloud-sdk/http-client';
import { startSandbox } from '../../sandbox/index.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { bodyOf, credentialsOf } from './btp-client.ts';

const environment = process.env.VCAP_SERVICES;
let sandbox: Sandbox;
let bearer: string;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 'tiny' });
  process.env.VCAP_SERVICES = sandbox.env().VCAP_SERVICES;
  const { clientid = '', clientsecret = '' } = credentialsOf(sandbox.btp, 'destination');
  const form = { grant_type: 'client_credentials', client_id: clientid, client_secret: clientsecret };
  const response = await fetch(`${sandbox.btp.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  bearer = (await bodyOf(response)).access_token;
});
afterAll(async () => {
  if (environment === undefined) delete process.env.VCAP_SERVICES;
  else process.env.VCAP_SERVICES = environment;
  await sandbox.stop();
});

async function call(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.btp.url}/destination-configuration/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await bodyOf(response) };
}
const find = async (name: string) => (await call('GET', `destinations/${name}`)).body;
const http = (Name: string, more: Record<string, string> = {}) => ({ Name, Type: 'HTTP', URL: 'http://x', ...more });

describe('the Cloud SDK', () => {
  test('gets a destination with a token', async () => {
    const destination = await connectivity.getDestination({ destinationName: 'CPI', useCache: false });
    expect(destination?.url).toBe(sandbox.cpi.url);
    expect(destination?.authTokens?.[0]?.error).toBeNull();
    expect(destination?.authTokens?.[0]?.http_header.value).toMatch(/^Bearer ./);
  });

  test.each(['LEANIX', 'LEANIX_BASIC'])('gets the destination %s', async (destinationName) => {
    const destination = await connectivity.getDestination({ destinationName, useCache: false });
    expect(destination?.url).toBe(sandbox.leanix.url);
  });

  test('calls the tenant', async () => {
    const url = '/api/v1/IntegrationRuntimeArtifacts';
    const response = await httpClient.executeHttpRequest({ destinationName: 'CPI' }, { method: 'get', url });
    expect(response.data.d.results).toHaveLength(3);
  });

  test('is told that a destination is missing', async () => {
    await expect(connectivity.getDestination({ destinationName: 'NONE', useCache: false })).resolves.toBeNull();
  });
});

describe('reading a destination', () => {
  test('needs a token of the destination binding', async () => {
    const url = `${sandbox.btp.url}/destination-configuration/v1/destinations/CPI`;
    expect((await fetch(url)).status).toBe(401);
    const headers = { authorization: `Bearer ${await sandbox.btp.token('admin')}` };
    expect((await fetch(url, { headers })).status).toBe(401);
  });

  test('gives its secrets and a token', async () => {
    const found = await find('CPI');
    expect(found.owner).toEqual({ SubaccountId: expect.any(String), InstanceId: null });
    expect(found.destinationConfiguration.clientSecret).toMatch(/\$[^$]*=$/);
    expect(found.authTokens).toEqual([expect.objectContaining({ type: 'Bearer', expires_in: expect.any(String) })]);
  });

  test('can leave the token out', async () => {
    const { body } = await call('GET', 'destinations/CPI?$skipTokenRetrieval=true');
    expect(body).not.toHaveProperty('authTokens');
  });

  test('says what is not there', async () => {
    const expected = { ErrorMessage: 'Configuration with the specified name was not found' };
    expect(await call('GET', 'destinations/NONE')).toEqual({ status: 404, body: expected });
  });

  test('fetches a token once as long as it is valid', async () => {
    await find('LEANIX');
    const before = sandbox.leanix.log.count({ token: true });
    const first = await find('LEANIX');
    expect((await find('LEANIX')).authTokens[0].value).toBe(first.authTokens[0].value);
    expect(sandbox.leanix.log.count({ token: true })).toBe(before);
  });

  test('says with status 200 why there is no token', async () => {
    const { destinationConfiguration } = await find('LEANIX');
    await call('POST', 'instanceDestinations', { ...destinationConfiguration, Name: 'WRONG', clientSecret: 'no' });
    await call('POST', 'instanceDestinations', {
      ...destinationConfiguration,
      Name: 'DEAF',
      tokenServiceURL: 'http://127.0.0.1:1/oauth/token',
    });
    const wrong = await call('GET', 'destinations/WRONG');
    expect(wrong.status).toBe(200);
    expect(wrong.body.authTokens).toEqual([
      expect.objectContaining({ type: '', value: '', error: expect.stringContaining('401') }),
    ]);
    expect((await find('DEAF')).authTokens[0].error).toContain('could not be reached');
  });
});

describe('writing destinations', () => {
  test('the instance level wins over the subaccount level', async () => {
    expect((await call('POST', 'subaccountDestinations', http('BOTH', { URL: 'http://subaccount' }))).status).toBe(201);
    expect((await call('POST', 'instanceDestinations', http('BOTH', { URL: 'http://instance' }))).status).toBe(201);
    expect((await find('BOTH')).destinationConfiguration.URL).toBe('http://instance');
    expect(await call('DELETE', 'instanceDestinations/BOTH')).toEqual({ status: 200, body: { Count: 1 } });
    expect((await find('BOTH')).destinationConfiguration.URL).toBe('http://subaccount');
  });

  test('a name can be taken once, and only what is there can be changed or deleted', async () => {
    await call('POST', 'instanceDestinations', http('ONCE'));
    expect((await call('POST', 'instanceDestinations', http('ONCE'))).status).toBe(409);
    expect(await call('PUT', 'instanceDestinations', http('ONCE', { URL: 'http://new' }))).toEqual({
      status: 200,
      body: { Count: 1 },
    });
    expect((await call('GET', 'instanceDestinations/ONCE')).body.URL).toBe('http://new');
    expect((await call('PUT', 'instanceDestinations', http('NEVER'))).status).toBe(404);
    expect((await call('DELETE', 'instanceDestinations/NEVER')).status).toBe(404);
    expect((await call('POST', 'instanceDestinations', { Name: 'no type' })).status).toBe(400);
  });

  test('an array has one result for each', async () => {
    const { status, body } = await call('POST', 'instanceDestinations', [http('NEW1'), http('LEANIX')]);
    expect(status).toBe(207);
    expect(body).toEqual([
      { name: 'NEW1', status: 201 },
      { name: 'LEANIX', status: 409, cause: expect.any(String) },
    ]);
    expect((await call('POST', 'instanceDestinations', [http('NEW2'), http('NEW3')])).status).toBe(201);
    const names = (await call('GET', 'instanceDestinations')).body.map(({ Name }: { Name: string }) => Name);
    expect(names).toEqual(expect.arrayContaining(['NEW1', 'NEW2', 'NEW3']));
  });
});
