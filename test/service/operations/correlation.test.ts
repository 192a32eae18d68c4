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
  await run('refresh', 'click-refresh');
  // Postponed, so that it is taken up without any request around it.
  sandbox.leanix.faults.add({ kind: '429', retryAfter: '5', match: { path: 'graphql' } });
  const synced = await run('syncAll', 'click-sync');

  const used = (log: { entries: { correlationId?: string; token: boolean; path: string }[] }) =>
    new Set(log.entries.filter(({ token }) => !token).map(({ correlationId }) => correlationId));
  expect(used(sandbox.cpi.log)).toEqual(new Set(['click-refresh']));
  expect(used(sandbox.leanix.log)).toEqual(new Set(['click-sync']));
  const lines = app
    .output()
    .split('\n')
    .filter((line) => line.includes(synced.ID) && line.includes('"logger":"leanix"'));
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ correlation_id: 'click-sync' });
});

test('an id that is too long, or cannot stand in a header, does no harm', async () => {
  const long = 'x'.repeat(400);
  expect((await run('refresh', long, 'x'.repeat(100))).status).toBe('completed');
  // Who did what is kept in a column of the same length.
  const { value } = await call('GET', `settings/AuditEntries?$orderby=doneAt&$filter=startswith(correlationId,'xxx')`);
  const kept = { action: 'startRun', correlationId: 'x'.repeat(100) };
  // The run that follows a refresh belongs to the same click.
  expect(value).toMatchObject([
    { ...kept, element: 'refresh' },
    { ...kept, element: 'analyze' },
  ]);
});

async function run(action: string, id: string, stored = id): Promise<any> {
  const started = await call('POST', `runtime/${action}`, {}, id);
  expect(started).toMatchObject({ correlationId: stored });
  for (;;) {
    const row = await call('GET', `runtime/SyncRuns(${started.ID})`);
    if (row.finishedAt) return row;
    await sleep(50);
  }
}

async function call(method: string, path: string, body?: unknown, id?: string): Promise<any> {
  const { app, sandbox } = production;
  const answer = await fetch(`${app.url}/odata/v4/${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await sandbox.btp.token('enterprise')}`,
      ...(id && { 'x-correlation-id': id }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${text}`);
  return text ? JSON.parse(text) : null;
}
