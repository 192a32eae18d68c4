import { request } from 'node:http';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { listenAt, type Front } from '../../../scripts/local/front.ts';

// The local server serves only this computer and its own pages. The service behind it reports what it received.

let front: Front;
let service: Server;
let port: number;
const reached: { url: string; authorization: string | undefined }[] = [];

beforeAll(async () => {
  service = createServer((req, res) => {
    reached.push({ url: req.url!, authorization: req.headers.authorization });
    req.resume().on('end', () => res.end('served'));
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  front = await listenAt(0, 'a-password');
  ({ port } = front.server.address() as AddressInfo);
});
beforeEach(() => (reached.length = 0));
afterAll(() => {
  front.server.close();
  service.close();
});

const PATH = '/odata/v4/runtime/refresh';
const JSON_TYPE = { 'content-type': 'application/json' };

function send(method: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      let text = '';
      answer.on('data', (data: Buffer) => (text += data.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode!, text, headers: answer.headers }));
    });
    asked.on('error', reject).end(method === 'POST' ? '{}' : undefined);
  });
}

test('a page is there before the service is, and what is asked of the service is answered once it is there', async () => {
  const early = send('POST', PATH, JSON_TYPE);
  expect((await send('GET', '/launchpad/signin.html')).status).toBe(200);
  expect(reached).toEqual([]);
  front.open((service.address() as AddressInfo).port);
  expect(await early).toMatchObject({ status: 200, text: 'served' });
});

test('only this computer is listened to', () => {
  expect((front.server.address() as AddressInfo).address).toBe('127.0.0.1');
});

test.each(['evil.example', 'evil.example:4004', 'localhost.evil.example', '10.0.0.1:4004', '127.0.0.1.evil.example'])(
  'a request under the name %s is refused',
  async (host) => {
    expect(await send('GET', '/odata/v4/runtime/IFlows', { host })).toMatchObject({ status: 403 });
    expect(await send('GET', '/launchpad/signin.html', { host })).toMatchObject({ status: 403 });
    expect(reached).toEqual([]);
  },
);

test.each(['localhost', 'localhost:4004', '127.0.0.1:4004', '[::1]:4004'])('the name %s is its own', async (host) => {
  expect(await send('GET', '/odata/v4/runtime/IFlows', { host })).toMatchObject({ status: 200 });
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain;json'])(
  'a write that a foreign page can send as %s is refused',
  async (type) => {
    expect(await send('POST', PATH, { 'content-type': type })).toMatchObject({ status: 403 });
    expect(reached).toEqual([]);
  },
);

test('so is one without a content type', async () => {
  expect(await send('POST', PATH)).toMatchObject({ status: 403 });
  expect(reached).toEqual([]);
});

test('a foreign page is told nothing, not even whether it may ask', async () => {
  const origin = 'http://evil.example';
  const asking = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };
  for (const [method, headers] of [
    ['OPTIONS', asking],
    ['POST', { ...JSON_TYPE, origin }],
    ['GET', { origin: 'null' }],
  ] as const) {
    const answer = await send(method, PATH, headers);
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
  expect(reached).toEqual([]);
});

test.each(['application/json', 'multipart/mixed; boundary=batch'])(
  'a write as %s of an own page is passed on',
  async (type) => {
    const headers = { 'content-type': type, host: 'localhost:4004', origin: 'http://localhost:4004' };
    expect(await send('POST', PATH, headers)).toMatchObject({ status: 200 });
  },
);

test('where a password is set, the name of a user alone signs nobody in', async () => {
  const cookie = 'leanix-local-user=enterprise';
  await send('GET', '/odata/v4/runtime/Me', { cookie });
  expect(reached.pop()?.authorization).toBeUndefined();

  const opened = await send('GET', '/?key=a-password');
  expect(opened.status).toBe(302);
  const [key = ''] = (opened.headers['set-cookie'] as string[])[0]!.split(';');
  await send('GET', '/odata/v4/runtime/Me', { cookie: `${cookie}; ${key}` });
  expect(reached.pop()?.authorization).toBe(`Basic ${btoa('enterprise:a-password')}`);
});
