import { setTimeout as sleep } from 'node:timers/promises';
import { startProduction, type Production } from '../../helpers/app/production.ts';

let production: Production;

const config = { leanix: { busySeconds: 1, sweepSeconds: 1 }, transport: { patience: 100 } };
beforeAll(async () => (production = await startProduction({}, config)));
afterAll(() => production.stop());

test('one correlation id leads from the click over the run and its log lines to LeanIX and Cloud Integration', async () => {
  const { app, sandbox } = production;
  const { ID } = (await call('GET', 'settings/LeanIXConfigs')).value[0];
  const values = { leanixHost: sandbox.leanix.host, factSheetType: 'Interface' };
  await call('PATCH', `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, values);
  const refreshed = await run('refresh');
  // Postponed, so that it continues without a request.
  sandbox.leanix.faults.add({ kind: '429', retryAfter: '5', match: { path: 'graphql' } });
  const synced = await run('syncAll', { 'x-correlation-id': 'click-sync' });

  expect(used(sandbox.cpi.log)).toEqual(new Set([refreshed.correlationId]));
  expect(used(sandbox.leanix.log)).toEqual(new Set([synced.correlationId]));
  const lines = linesWith(synced.ID).filter(({ logger }) => logger === 'leanix');
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(line).toMatchObject({ correlation_id: synced.correlationId });
  expect(app.output()).toContain('for caller click-sync');
});

test('the id is our own, whatever the caller sends, whose id is kept beside it', async () => {
  const ids: string[] = [];
  const headers = ['x-correlation-id', 'x-correlationid', 'x-request-id', 'x-vcap-request-id'];
  // One after the other: only one run at a time is allowed.
  for (const header of headers) {
    const { correlationId, callerId } = await run('refresh', { [header]: 'theirs' });
    expect(callerId).toBe('theirs');
    ids.push(correlationId);
  }
  expect(new Set(ids).size).toBe(4);
  expect(ids).toEqual(ids.map(() => expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)));
  const { value } = await call('GET', `settings/AuditEntries?$filter=callerId eq 'theirs' and element eq 'refresh'`);
  expect(value.map((entry: any) => entry.correlationId).sort()).toEqual(ids.sort());
});

test('in a batch too, whose parts cannot choose one either', async () => {
  const headers = { 'content-type': 'application/json', 'x-correlation-id': 'of-the-part' };
  const requests = [{ id: '1', method: 'POST', url: '/refresh', headers, body: {} }];
  const { responses } = await call('POST', 'runtime/$batch', { requests }, { 'x-correlation-id': 'of-the-batch' });
  const { ID, correlationId, callerId } = responses[0].body;
  expect([correlationId, callerId]).toEqual([answered, 'of-the-batch']);
  await ended(ID);
});

test('an id that is long, or looks like something else, is shortened to what ids have', async () => {
  const long = 'x'.repeat(400);
  expect(await run('refresh', { 'x-correlation-id': long })).toMatchObject({ callerId: 'x'.repeat(100) });
  const odd = '<b>carla@halvorsen.example</b> {path} "x"';
  expect(await run('refresh', { 'x-request-id': odd })).toMatchObject({ callerId: 'bcarlahalvorsen.example/bpathx' });
  expect(await run('refresh', { 'x-request-id': '@ <>' })).toMatchObject({ callerId: null });
  const lines = linesWith('bcarlahalvorsen.example/bpathx');
  expect(lines.length).toBeGreaterThan(0);
  expect(production.app.output()).not.toContain('carla@halvorsen');
});

/** The correlation ID of the last answer. */
let answered: string | null;

const used = (log: { entries: { correlationId?: string; token: boolean }[] }) =>
  new Set(log.entries.filter(({ token }) => !token).map(({ correlationId }) => correlationId));

/** Lines of the log with this text. */
const linesWith = (text: string): any[] =>
  production.app
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes(text))
    .map((line) => JSON.parse(line) as unknown);

async function run(action: string, headers: Record<string, string> = {}): Promise<any> {
  const started = await call('POST', `runtime/${action}`, {}, headers);
  expect(started).toMatchObject({ correlationId: answered });
  return ended(started.ID);
}

async function ended(runId: string): Promise<any> {
  for (;;) {
    const row = await call('GET', `runtime/SyncRuns(${runId})`);
    if (row.finishedAt) return row;
    await sleep(50);
  }
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<any> {
  const { app, sandbox } = production;
  const answer = await fetch(`${app.url}/odata/v4/${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await sandbox.btp.token('enterprise')}`,
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  answered = answer.headers.get('x-correlation-id');
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${text}`);
  return text ? JSON.parse(text) : null;
}
