import { setTimeout as sleep } from 'node:timers/promises';
import { patch, Workspace } from './leanix-client.ts';

let leanix: Workspace;
beforeEach(async () => (leanix = await Workspace.start()));
const { now } = Date;
afterEach(async () => {
  Date.now = now;
  await leanix.stop();
});

const count = '{ allTags { totalCount } }';
const rename = () => leanix.update('Orders', [patch('replace', '/name', 'Renamed')]);

describe('faults', () => {
  test('too many requests, with and without Retry-After', async () => {
    leanix.sandbox.faults.add({ kind: '429', retryAfter: '2' });
    leanix.sandbox.faults.add({ kind: '429' });
    const first = await leanix.post(count);
    expect([first.status, first.headers.get('Retry-After')]).toEqual([429, '2']);
    const second = await leanix.post(count);
    expect([second.status, second.headers.get('Retry-After')]).toEqual([429, null]);
    expect((await leanix.post(count)).status).toBe(200);
    expect(leanix.sandbox.faults.hits.map(({ kind }) => kind)).toEqual(['429', '429']);
  });

  test('any status, with any kind of body', async () => {
    leanix.sandbox.faults.add({ kind: 'status', status: 503, body: { message: 'busy' } });
    leanix.sandbox.faults.add({ kind: 'status', status: 500, body: '<?xml version="1.0"?><error/>' });
    leanix.sandbox.faults.add({ kind: 'status', status: 502 });
    leanix.sandbox.faults.add({ kind: 'html' });
    expect(await (await leanix.post(count)).json()).toEqual({ message: 'busy' });
    expect((await leanix.post(count)).headers.get('Content-Type')).toContain('application/xml');
    expect(await (await leanix.post(count)).text()).toBe('');
    const page = await leanix.post(count);
    expect([page.status, page.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  test('a broken connection does nothing, a lost answer has done its work', async () => {
    leanix.sandbox.faults.add({ kind: 'reset', match: { operation: 'mutation' } });
    await expect(rename()).rejects.toThrow();
    expect(leanix.stored('Renamed')).toBeUndefined();
    leanix.sandbox.faults.add({ kind: 'lostAnswer' });
    await expect(rename()).rejects.toThrow();
    expect(leanix.stored('Renamed')?.rev).toBe(1);
    expect(leanix.sandbox.log.entries.at(-1)).toMatchObject({ fault: 'lostAnswer', write: true });
    expect(leanix.sandbox.log.entries.at(-1)?.status).toBeUndefined();
  });

  test('half an answer has done its work', async () => {
    leanix.sandbox.faults.add({ kind: 'halfJson' });
    await expect(rename()).rejects.toThrow('JSON');
    expect(leanix.stored('Renamed')?.rev).toBe(1);
  });

  test('a request can hang or be late', async () => {
    leanix.sandbox.faults.add({ kind: 'hang' });
    await expect(leanix.post(count, {}, AbortSignal.timeout(50))).rejects.toThrow();
    leanix.sandbox.faults.add({ kind: 'delay', ms: 60 });
    const start = Date.now();
    expect((await leanix.post(count)).status).toBe(200);
    expect(Date.now() - start).toBeGreaterThanOrEqual(55);
  });

  test('a fault waits for its request, skips some and strikes some', async () => {
    leanix.sandbox.faults.add({ kind: 'html', match: { method: 'GET', path: '/dataModel' }, times: Infinity });
    leanix.sandbox.faults.add({ kind: '429', match: { operation: 'query', body: /allTags/ }, after: 1, times: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await leanix.post(count)).status);
    expect(statuses).toEqual([200, 429, 429, 200]);
    const model = await leanix.get('/services/pathfinder/v1/models/dataModel');
    expect(model.headers.get('Content-Type')).toContain('html');
    leanix.sandbox.faults.clear();
    expect((await (await leanix.get('/services/pathfinder/v1/models/dataModel')).json()).status).toBe('OK');
  });

  test('the token request can fail too', async () => {
    leanix.sandbox.faults.add({ kind: 'status', status: 503, match: { path: '/oauth2/token' } });
    expect((await leanix.logOn()).status).toBe(503);
  });
});

test('the log tells tokens, queries, mutations and writes apart', async () => {
  await leanix.post('query Tags { allTags { totalCount } }');
  await leanix.post(`mutation Batch {
    a: updateFactSheet(id: "${leanix.idOf('Orders')}", patches: []) { factSheet { id } }
    b: createTag(name: "T") { id } }`);
  await leanix.ask('mutation ($v: Boolean) { createTag(name: "T", validateOnly: $v) { id } }', { v: true });
  const { log } = leanix.sandbox;
  expect(log.count({ token: true })).toBe(1);
  expect(log.count((entry) => !entry.token)).toBe(3);
  expect(log.count({ operation: 'mutation', write: true })).toBe(1);
  expect(log.entries[1]).toMatchObject({ operation: 'query', operationName: 'Tags', status: 200, method: 'POST' });
  expect(log.entries[2]).toMatchObject({ operationName: 'Batch', mutations: 2, write: true });
  log.clear();
  expect(log.count()).toBe(0);
});

describe('limits and lags', () => {
  test('a user who asks too often has to wait', async () => {
    const limited = await Workspace.start({ rateLimit: { perSecond: 2 }, switches: { retryAfter: 'seconds' } });
    // Stops the clock, so that everything happens within one second, even on a slow machine.
    const time = Date.now();
    Date.now = () => time;
    const answers = [await limited.post(count), await limited.post(count), await limited.post(count)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(await answers[2]?.text()).toBe('USER_INTERVAL_REQUEST_LIMIT_EXCEEDED');
    expect(answers[2]?.headers.get('Retry-After')).toBe('1');
    limited.sandbox.switches.retryAfter = 'date';
    const date = (await limited.post(count)).headers.get('Retry-After') ?? '';
    expect(Date.parse(date)).toBeGreaterThan(Date.now());
    limited.sandbox.switches.retryAfter = 'none';
    expect((await limited.post(count)).headers.get('Retry-After')).toBeNull();
    await limited.stop();
  });

  test('lists may lag behind writes, a fact sheet read by its id does not', async () => {
    leanix.sandbox.switches.listLagMs = 60_000;
    await leanix.create('Late');
    await rename();
    expect(await leanix.names()).toEqual(['Orders', 'Invoices']);
    const byId = await leanix.ask(`{ factSheet(id: "${leanix.idOf('Renamed')}") { name } }`);
    expect(byId.data.factSheet.name).toBe('Renamed');
    leanix.sandbox.switches.listLagMs = 300;
    await sleep(350);
    expect(await leanix.names()).toEqual(['Renamed', 'Invoices', 'Late']);
  });

  test('answers can be slow, those of mutations slower', async () => {
    const slow = await Workspace.start({ latencyMs: 20, mutationLatencyMs: 60 });
    const start = Date.now();
    await slow.post(count);
    const afterQuery = Date.now();
    await slow.create('Slow');
    expect(afterQuery - start).toBeGreaterThanOrEqual(18);
    expect(Date.now() - afterQuery).toBeGreaterThanOrEqual(75);
    await slow.stop();
  });

  test('an answer can be held back for so long after its request, and for each mutation in it', async () => {
    const paced = await Workspace.start({ pace: { requestMs: 40, mutationMs: 30 } });
    const start = performance.now();
    await paced.post(count);
    const afterQuery = performance.now();
    await paced.ask('mutation { a: createTag(name: "One") { id } b: createTag(name: "Two") { id } }');
    expect(afterQuery - start).toBeGreaterThanOrEqual(38);
    expect(performance.now() - afterQuery).toBeGreaterThanOrEqual(98);
    await paced.stop();
  });
});
