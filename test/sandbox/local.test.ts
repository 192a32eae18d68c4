import { request } from 'node:http';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';

// A page in a browser of this computer cannot reach the stand-ins.

let sandbox: Sandbox;
beforeAll(async () => (sandbox = await startSandbox({ seed: 'tiny' })));
afterAll(() => sandbox.stop());

type Sent = { method?: string; headers?: Record<string, string> };

const send = (url: string, { method = 'GET', headers = {} }: Sent = {}) =>
  new Promise<number>((resolve, reject) => {
    const asked = request(url, { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    asked.on('error', reject).end();
  });
const systems = ['btp', 'leanix', 'cpi'] as const;

test.each(systems)('%s listens on this computer only, and answers under its names', async (system) => {
  const { port, hostname } = new URL(sandbox[system].url);
  expect(hostname).toBe('127.0.0.1');
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    expect(await send(sandbox[system].url, { headers: { host } })).not.toBe(403);
  }
});

test.each(systems)('%s refuses requests under a foreign name, or from the page of another server', async (system) => {
  const { url, log } = sandbox[system];
  const before = log.entries.length;
  const { host: own } = new URL(url);
  for (const host of ['evil.example', `${own}.evil.example`, 'localhost.evil.example', '10.0.0.1', '127.0.0.1@evil']) {
    expect([host, await send(url, { headers: { host } })]).toEqual([host, 403]);
  }
  for (const origin of ['http://evil.example', 'null', 'http://localhost:1', `https://${own}`]) {
    expect([origin, await send(url, { method: 'POST', headers: { origin } })]).toEqual([origin, 403]);
  }
  expect(log.entries.length).toBe(before);
});

test('what a foreign page sends changes nothing', async () => {
  const [first] = sandbox.leanix.state.users;
  const path = `${sandbox.btp.url}/sandbox/reset`;
  expect(await send(path, { method: 'POST', headers: { origin: 'http://evil.example' } })).toBe(403);
  expect(sandbox.leanix.state.users[0]).toBe(first);
  expect(await send(path, { method: 'POST', headers: { origin: sandbox.btp.url } })).toBeLessThan(400);
  expect(sandbox.leanix.state.users[0]).not.toBe(first);
});
