import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { users } from '../../../sandbox/btp/tokens.ts';
import { startProduction, type Production } from '../../helpers/app/production.ts';

// Traces contain no names: neither of users of the app nor of people in their requests.

/** Texts are unchanged in the requests of the protocol. */
let received = '';
const collector = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    if (req.url === '/v1/traces') received += Buffer.concat(chunks).toString();
    res.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});
let production: Production;

beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  production = await startProduction(
    {},
    { transport: { backoff: 5, maxBackoff: 20 } },
    {
      NO_TELEMETRY: undefined,
      cds_requires_telemetry_kind: 'telemetry-to-otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  );
  await useIt();
});
afterAll(async () => {
  await production?.stop();
  collector.closeAllConnections();
  collector.close();
});

async function ask(method: string, path: string, body?: object): Promise<{ status: number; body: any }> {
  const answer = await fetch(`${production.app.url}/odata/v4/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await production.sandbox.btp.token('enterprise')}`,
      'content-type': 'application/json',
      referer: 'https://launchpad.example/#accounts?email=carla.costa@halvorsen.example',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

async function ended() {
  while ((await ask('GET', 'access/JobRuns?$filter=isActive eq true')).body.value.length) await sleep(50);
}

async function useIt() {
  const { ID } = (await ask('GET', 'settings/LeanIXConfigs')).body.value[0];
  const saved = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
  await ask('PATCH', saved, { leanixHost: production.sandbox.leanix.host, factSheetType: 'Interface' });
  expect((await ask('POST', 'access/importAccounts', {})).status).toBe(200);
  await ended();
  const email = 'carla.costa@halvorsen.example';
  const query = `Accounts?$filter=email eq '${email}' and lastName eq 'Costa'&$search=dilan.demir`;
  expect((await ask('GET', `access/${encodeURI(query)}`)).status).toBe(200);
  await ask('GET', `access/${encodeURI(`Accounts?$filter=nothing eq '${email}'`)}`);
  await ask('GET', `access/TimeZones('${email}')`);
  const requests = [{ id: '0', method: 'GET', url: `/${query}` }];
  expect((await ask('POST', 'access/$batch', { requests })).status).toBe(200);
  const olga = { email: 'olga.olsen@halvorsen.example', role: 'MEMBER', justification: 'Olga Olsen is new' };
  expect((await ask('POST', 'access/requestAccount', olga)).status).toBe(200);
  await ask('POST', 'access/requestAccount', olga);
  expect((await ask('POST', 'access/runProvisioning', {})).status).toBe(200);
  await ended();
  for (let size = -1; size < received.length; await sleep(1500)) size = received.length;
}

test('spans of what came in, went out and was read are received', () => {
  for (const some of ['url.full', 'url.path', '/odata/v4/access', 'db.query.text', 'SELECT', 'http.request.method']) {
    expect([some, received.includes(some)]).toEqual([some, true]);
  }
  expect(received).toContain(production.sandbox.leanix.host.split(':')[1]);
  expect(production.sandbox.leanix.log.entries.some(({ path }) => /olga/.test(path) || /email/.test(path))).toBe(true);
});

test('nobody is named, and nothing is there that somebody asked for', () => {
  const words = [
    '$filter',
    '%24filter',
    '$search',
    'email=',
    'lastName eq',
    'url.query',
    'Costa',
    'dilan',
    'olga',
    'Olga',
  ];
  const own = Object.values(users).flatMap(({ email, givenName, familyName }) => [email, `${givenName} ${familyName}`]);
  const colleagues = production.sandbox.leanix.state.users.filter(({ technical }) => !technical);
  const others = colleagues.flatMap(({ firstName, lastName, email }) => [`${firstName} ${lastName}`, email]);
  // Some have no name.
  const names = others.filter((text) => text?.trim().length > 3);
  expect(names.length).toBeGreaterThan(20);
  const found = [...words, ...own, ...names].filter((text) => received.includes(text));
  expect(found.map((text) => received.slice(Math.max(0, received.indexOf(text) - 80)).slice(0, 200))).toEqual([]);
});
