import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../sandbox/index.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/index.ts';
import { bodyOf } from './btp-client.ts';
import { findDestination } from '../../sandbox/btp/state.ts';

let folder: string;
let sandbox: Sandbox;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterEach(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

async function start(options: SandboxOptions = {}): Promise<void> {
  sandbox = await startSandbox({ seed: 'tiny', stateFile: join(folder, 'state.json'), ...options });
}

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.btp.url}/sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await bodyOf(response) };
}

describe('the state', () => {
  test('outlives a restart, and so do the ports', async () => {
    await start();
    const { btp, leanix, cpi } = sandbox;
    const token = await btp.token('viewer');
    cpi.setVersion('O2C_Invoice_Send', '1.0.4');
    const sheet = leanix.state.findByName('Invoice Send');
    sandbox.editFactSheet(sheet?.id ?? '', { name: 'Invoice' });
    await sandbox.stop();
    expect(await readdir(folder)).toEqual(['state.json']);

    await start();
    expect([sandbox.btp.url, sandbox.leanix.url, sandbox.cpi.url]).toEqual([btp.url, leanix.url, cpi.url]);
    expect(sandbox.env()).toEqual({ LEANIX_ALLOWED_HOSTS: leanix.host, VCAP_SERVICES: expect.any(String) });
    expect(sandbox.cpi.state.artifacts.find(({ id }) => id === 'O2C_Invoice_Send')?.version).toBe('1.0.4');
    expect(sandbox.leanix.state.factSheets.get(sheet?.id ?? '')?.name).toBe('Invoice');
    const keys = await bodyOf(await fetch(`${sandbox.btp.url}/token_keys`));
    const { kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    expect(keys.keys[0].kid).toBe(kid);
  });

  test('of users is kept without being stopped', async () => {
    await start();
    const [gone, changed] = sandbox.leanix.state.users;
    expect((await control('DELETE', `/leanix/users/${gone!.id}`)).status).toBe(204);
    expect((await control('PATCH', `/leanix/users/${changed!.id}`, { lastName: 'New' })).status).toBe(200);
    for (const method of ['DELETE', 'PATCH']) expect((await control(method, '/leanix/users/x', {})).status).toBe(404);
    const saved = async () => JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')).leanix.users as any[];
    while (!(await saved()).some(({ lastName }) => lastName === 'New')) await sleep(20);
    expect((await saved()).map(({ id }) => id)).toEqual(sandbox.leanix.state.users.map(({ id }) => id));
    expect((await saved()).map(({ id }) => id)).not.toContain(gone!.id);
  });

  test('follows the stand-ins to other ports', async () => {
    await start();
    const { leanix, btp } = sandbox;
    const stored = findDestination(btp.state, 'instance', 'LEANIX');
    Object.assign(stored ?? {}, { clientSecret: 'stored by the application' });
    await sandbox.stop();
    const other = await startSandbox({ seed: 'tiny' });
    const ports = { leanix: Number(new URL(other.leanix.url).port) };
    await other.stop();

    await start({ ports });
    expect(sandbox.leanix.url).not.toBe(leanix.url);
    expect(findDestination(sandbox.btp.state, 'instance', 'LEANIX')).toMatchObject({
      URL: sandbox.leanix.url,
      tokenServiceURL: `${sandbox.leanix.url}/services/mtm/v1/oauth2/token`,
      clientSecret: 'stored by the application',
    });
  });

  test('is in the file soon after a change', async () => {
    await start();
    sandbox.cpi.undeploy('O2C_Invoice_Send');
    const saved = async () => JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')).cpi.artifacts.length;
    while ((await saved()) !== 2) await sleep(100);
  });

  test('can be reset', async () => {
    await start();
    const { btp, cpi, leanix } = sandbox;
    cpi.undeploy('O2C_Invoice_Send');
    btp.state.destinations.instance = [];
    expect((await control('POST', '/reset')).status).toBe(204);
    expect(cpi.state.artifacts).toHaveLength(3);
    expect(sandbox.leanix.url).toBe(leanix.url);
    expect(sandbox.leanix.state.factSheets.size).toBe(4);
    expect(findDestination(btp.state, 'instance', 'LEANIX')).toBeDefined();
  });
});

test('destinations of your own win over those of the sandbox', async () => {
  const destinationsFile = join(folder, 'destinations.json');
  const own = {
    Name: 'LEANIX',
    Type: 'HTTP',
    URL: 'https://your-company.leanix.net',
    Authentication: 'NoAuthentication',
  };
  await writeFile(destinationsFile, JSON.stringify([own]));
  await start({ destinationsFile });
  expect(findDestination(sandbox.btp.state, 'instance', 'LEANIX')).toBeUndefined();
  expect(findDestination(sandbox.btp.state, 'subaccount', 'LEANIX')).toEqual(own);
});

test('a file with destinations that cannot be read is named', async () => {
  await start();
  const destinationsFile = join(folder, 'destinations.json');
  await writeFile(destinationsFile, '{"Name":');
  await expect(startSandbox({ destinationsFile })).rejects.toThrow(/destinations\.json is not valid JSON/);
  await writeFile(destinationsFile, '{"Name":"LEANIX"}');
  await expect(startSandbox({ destinationsFile })).rejects.toThrow(/must be an array/);
});

test('the sandbox begins with the company', async () => {
  await start({ seed: 'company' });
  expect(sandbox.cpi.state.artifacts.length).toBeGreaterThan(290);
  expect(sandbox.leanix.state.factSheets.size).toBe(1500);
});

describe('the control API', () => {
  beforeEach(() => start());

  test('says what is there', async () => {
    const { body } = await control('GET', '');
    expect(body).toMatchObject({ cpi: sandbox.cpi.url, help: { 'GET /sandbox': 'this list' } });
    expect((await control('GET', '/nothing')).status).toBe(404);
  });

  test('deploys, changes and undeploys', async () => {
    const status = { version: '1.2.1', status: 'ERROR', error: 'It broke' };
    expect((await control('POST', '/cpi/artifacts/O2C_SalesOrder_Create', status)).body).toMatchObject(status);
    expect((await control('POST', '/cpi/artifacts/New_Flow', { name: 'New Flow' })).body).toMatchObject({
      id: 'New_Flow',
      name: 'New Flow',
      status: 'STARTED',
    });
    expect((await control('DELETE', '/cpi/artifacts/New_Flow')).status).toBe(204);
    expect((await control('DELETE', '/cpi/artifacts/New_Flow')).status).toBe(404);
  });

  test('edits fact sheets as a colleague would', async () => {
    const sheets = (await control('GET', '/leanix/factSheets')).body;
    const { id, rev } = sheets.find(({ name }: { name: string }) => name === 'Invoice Send');
    const { body } = await control('PATCH', `/leanix/factSheets/${id}`, { status: 'ARCHIVED', tags: ['SOX'] });
    expect(body).toMatchObject({ id, status: 'ARCHIVED', tags: ['SOX'], rev: rev + 1 });
    expect((await control('GET', `/leanix/factSheets/${id}`)).body).toEqual(body);
    expect((await control('PATCH', '/leanix/factSheets/none', {})).status).toBe(404);
  });

  test('sets faults and switches, and shows the log', async () => {
    expect((await control('POST', '/cpi/faults', { kind: 'status', status: 503 })).status).toBe(204);
    expect((await fetch(`${sandbox.cpi.url}/api/v1/IntegrationPackages`)).status).toBe(503);
    await control('POST', '/cpi/faults', { kind: 'status', status: 503 });
    await control('DELETE', '/cpi/faults');
    expect((await fetch(`${sandbox.cpi.url}/api/v1/IntegrationPackages`)).status).toBe(401);
    expect((await control('GET', '/cpi/log')).body).toMatchObject([{ status: 503, fault: 'status' }, { status: 401 }]);
    await control('DELETE', '/cpi/log');
    expect((await control('GET', '/cpi/log')).body).toEqual([]);
    expect((await control('POST', '/cpi/switches', { pageCap: 7 })).body.pageCap).toBe(7);
    expect((await control('POST', '/cpi/switches', { unknown: true })).status).toBe(400);
    expect((await control('GET', '/leanix/switches')).status).toBe(200);
  });
});
