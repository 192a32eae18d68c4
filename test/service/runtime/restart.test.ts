import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { externalIdOf } from '../../../sandbox/seed/types.ts';
import type { Answer } from '../../helpers/app/app.ts';
import { basic, startApp, type AppProcess } from '../../helpers/app/process.ts';
import { MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const COUNT = 120;
const settings = {
  leanix: { batchSize: 10, leaseSeconds: 2, sweepSeconds: 0.3, settleSeconds: 0.5, perSecond: 30 },
  log: { levels: { leanix: 'error', cpi: 'error' } },
};

let folder: string;
let sandbox: Sandbox;
let app: AppProcess;

const start = async () => {
  const database = join(folder, 'db.sqlite');
  app = await startApp({ ...sandbox.env(), cds_requires_db_credentials_url: database }, settings);
};
const request = (method: string, path: string, body?: unknown): Promise<Answer> =>
  app.request(method, `/odata/v4/${path}`, { authorization: basic('enterprise'), body });

const post = (path: string) => request('POST', path, {});

async function setDefaultTags(defaultTags: string | null): Promise<void> {
  const { body } = await request('GET', 'settings/LeanIXConfigs?$select=ID');
  const path = `settings/LeanIXConfigs(ID=${body.value[0].ID},IsActiveEntity=true)`;
  expect((await request('PATCH', path, { defaultTags })).status).toBe(200);
}

/** Waits until a run has ended. */
async function ended(runId: string): Promise<any> {
  for (;;) {
    const { body } = await request('GET', `runtime/SyncRuns(${runId})`);
    if (!['requested', 'running', 'cancelRequested'].includes(body.status)) return body;
    await sleep(50);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leanix-restart-'));
  sandbox = await startSandbox({ seed: flows(COUNT), leanix: { mutationLatencyMs: 60 } });
  await start();
  const { body } = await request('GET', 'settings/LeanIXConfigs?$select=ID');
  await request('PATCH', `settings/LeanIXConfigs(ID=${body.value[0].ID},IsActiveEntity=true)`, {
    leanixHost: sandbox.leanix.host,
    readModels: false,
    factSheetType: 'Interface',
    defaultTags: 'CPI-Managed',
    mappings: MAPPINGS,
  });
  const refresh = await post('runtime/refresh');
  expect(await ended(refresh.body.ID)).toMatchObject({ status: 'completed', total: COUNT });
});

afterAll(async () => {
  await app?.kill();
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Waits until this number of batches has arrived at LeanIX since the log was cleared. */
async function batches(count: number): Promise<void> {
  while (sandbox.leanix.log.count({ write: true }) < count) await sleep(2);
}

/** Changes a run while no service is running. */
function alter(runId: string, values: string): void {
  const database = new DatabaseSync(join(folder, 'db.sqlite'));
  database.prepare(`UPDATE leanix_SyncRun SET ${values} WHERE ID = ?`).run(runId);
  database.close();
}

async function expectAllDone(runId: string, kind: 'created' | 'updated'): Promise<void> {
  const run = await ended(runId);
  expect(run).toMatchObject({ status: 'completed', total: COUNT, done: COUNT, failed: 0, skipped: 0, [kind]: COUNT });
  // The calls of all processes that worked on it count, except those that a killed one could not record.
  expect(run.requests).toBeGreaterThan(COUNT / settings.leanix.batchSize);
  const { body } = await request('GET', `runtime/SyncItems?$filter=run_ID eq ${runId}`);
  expect(body.value).toHaveLength(COUNT);
  expect(new Set(body.value.map(({ iflow_ID }: any) => iflow_ID)).size).toBe(COUNT);
  for (const item of body.value) expect(item).toMatchObject({ status: 'done', action: kind.slice(0, -1) });

  const known = [...sandbox.leanix.state.factSheets.values()].map(
    ({ fields }) => (fields['externalId'] as { externalId: string }).externalId,
  );
  const expected = Array.from({ length: COUNT }, (_, n) => externalIdOf(sandbox.cpi.host, `Flow_${n + 1}`));
  expect(known.sort()).toEqual(expected.sort());
  const rows = (await request('GET', 'runtime/IFlows')).body.value;
  expect(new Set(rows.map(({ factSheetId }: any) => factSheetId)).size).toBe(COUNT);
}

test('a process that is killed while it creates fact sheets, and started again, finishes: one for each iFlow', async () => {
  sandbox.leanix.log.clear();
  const { body: run } = await post('runtime/syncAll');
  for (const count of [3, 7]) {
    await batches(count);
    // At any moment: while a batch is sent, or while its outcome is stored.
    await sleep(count * 8);
    await app.kill();
    await start();
    // Changed settings apply to the next run: this one continues with its own.
    if (count === 3) await setDefaultTags(null);
  }
  await expectAllDone(run.ID, 'created');
  const untagged = [...sandbox.leanix.state.factSheets.values()].filter(({ tags }) => tags.length !== 1);
  expect(untagged).toEqual([]);
  await setDefaultTags('CPI-Managed');
});

test('a process that is asked to stop hands its run over at once', async () => {
  for (const sheet of sandbox.leanix.state.factSheets.values()) {
    sandbox.editFactSheet(sheet.id, { fields: { release: 'wrong' } });
  }
  sandbox.leanix.log.clear();
  const { body: run } = await post('runtime/syncAll');
  await batches(4);
  await app.stop();
  await start();
  await expectAllDone(run.ID, 'updated');
  const before = new Map(sandbox.leanix.state.factSheets);
  const again = await post('runtime/syncAll');
  expect(await ended(again.body.ID)).toMatchObject({ status: 'completed', unchanged: COUNT });
  expect(new Map(sandbox.leanix.state.factSheets)).toEqual(before);
});

test('a process that is killed while it writes down its plan leaves nothing behind twice', async () => {
  for (const sheet of sandbox.leanix.state.factSheets.values()) {
    sandbox.editFactSheet(sheet.id, { fields: { release: 'wrong' } });
  }
  sandbox.leanix.log.clear();
  sandbox.leanix.faults.add({ kind: 'hang', match: { operation: 'mutation', body: /"validateOnly":false/ } });
  const { body: run } = await post('runtime/syncAll');
  await batches(1);
  await app.kill();
  // As if it had not yet recorded that all items are stored.
  alter(run.ID, 'prepared = 0, skipped = 7, done = 7');
  await start();
  await expectAllDone(run.ID, 'updated');
});

test('a run in which the process died again and again is given up, and takes no further one with it', async () => {
  for (const sheet of sandbox.leanix.state.factSheets.values()) {
    sandbox.editFactSheet(sheet.id, { fields: { release: 'wrong' } });
  }
  sandbox.leanix.log.clear();
  const { body: run } = await post('runtime/syncAll');
  await batches(4);
  await app.kill();
  alter(run.ID, 'attempts = 10');
  const written = sandbox.leanix.log.count({ write: true });
  await start();
  const end = await ended(run.ID);
  expect(end).toMatchObject({ status: 'failed', code: 'RUN_GIVEN_UP', total: COUNT, done: COUNT });
  expect(end.message).toContain('interrupted 10 times');
  expect(end.failed).toBeGreaterThan(0);
  expect(sandbox.leanix.log.count({ write: true })).toBe(written);
  const { body: again } = await post('runtime/syncAll');
  expect(await ended(again.ID)).toMatchObject({ status: 'completed', failed: 0, done: COUNT });
});

test('a run in which the process died twice at the same place waits for a person', async () => {
  for (const sheet of sandbox.leanix.state.factSheets.values()) {
    sandbox.editFactSheet(sheet.id, { fields: { release: 'wrong' } });
  }
  sandbox.leanix.log.clear();
  const { body: run } = await post('runtime/syncAll');
  await batches(2);
  await app.kill();
  const written = sandbox.leanix.log.count({ write: true });
  sandbox.leanix.faults.clear();
  // It dies again before it has written anything.
  sandbox.leanix.faults.add({ kind: 'hang', times: Infinity });
  await start();
  while (!sandbox.leanix.faults.hits.length) await sleep(20);
  await app.kill();
  sandbox.leanix.faults.clear();
  await start();
  const end = await ended(run.ID);
  expect(end).toMatchObject({ status: 'failed', code: 'RUN_GIVEN_UP', total: COUNT });
  expect(end.message).toContain('interrupted 2 times');
  expect(sandbox.leanix.log.count({ write: true })).toBe(written);
  expect(await ended((await post(`runtime/SyncRuns(${run.ID})/RuntimeService.retryFailed`)).body.ID)).toMatchObject({
    status: 'completed',
    failed: 0,
  });
});
