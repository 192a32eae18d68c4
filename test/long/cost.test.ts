import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRemoteSandbox, type RemoteSandbox } from '../bench/sandbox.ts';
import { startService, type Service } from '../bench/service.ts';
import { basic } from '../helpers/app/process.ts';

// 10,000 iFlows and runs of 5,000 items: no request blocks other users, and memory stays small.

const MB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'leanix-cost-'));
const runs = Array.from({ length: 10 }, () => randomUUID());
let sandbox: RemoteSandbox;
let service: Service;

beforeAll(async () => {
  const file = join(folder, 'db.sqlite');
  sandbox = await startRemoteSandbox({ iflows: 1, factSheets: 1 }, { requestMs: 10, mutationMs: 1 });
  const before = await startService(sandbox, file);
  await before.stop();
  fill(file);
  service = await startService(sandbox, file);
});
afterAll(async () => {
  await service.stop();
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

function fill(file: string) {
  const db = new DatabaseSync(file);
  const insert = (table: string, row: Record<string, string | number>) => {
    const names = Object.keys(row);
    db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`).run(
      ...Object.values(row),
    );
  };
  const { ID: config_ID } = db.prepare('SELECT ID FROM leanix_LeanIXConfig').get() as { ID: string };
  const at = '2026-11-01T00:00:00.000Z';
  db.exec('BEGIN');
  const iflows = Array.from({ length: 10_000 }, (_, n) => {
    const ID = randomUUID();
    const texts = { name: `Invoice ${n} to France`, description: `Sends invoice ${n}. `.repeat(20), status: 'Started' };
    const place = { packageId: `P${n % 50}`, packageName: `Package ${n % 50}`, type: 'INTEGRATION_FLOW' };
    insert('leanix_IFlow', { ID, config_ID, artifactId: `Invoice_${n}`, version: '1.0.0', ...texts, ...place });
    return ID;
  });
  for (const run_ID of runs) {
    const run = { kind: 'sync', status: 'completed', startedAt: at, finishedAt: at, leaseUntil: at };
    insert('leanix_SyncRun', { ID: run_ID, config_ID, ...run });
    for (let position = 0; position < 5000; position++) {
      const item_ID = randomUUID();
      const item = { name: `Invoice ${position}`, action: 'update', status: 'done' };
      insert('leanix_SyncItem', { ID: item_ID, run_ID, iflow_ID: iflows[position]!, position, ...item });
      const values = { path: '/description', before: 'before '.repeat(40), after: 'after '.repeat(40) };
      for (let n = 0; n < 2; n++) insert('leanix_SyncItemChange', { item_ID, position: n, ...values });
    }
  }
  db.exec('COMMIT');
  db.close();
}

const headers = { authorization: basic('enterprise'), 'content-type': 'application/json' };
const at = (path: string) => `${service.url}/odata/v4/runtime/${path}`;

/** Checks the health of the service while something else runs. @returns the number of answers */
async function whileWatched<T>(work: () => Promise<T>): Promise<{ result: T; answers: number }> {
  let answers = 0;
  const over = { is: false };
  const watch = (async () => {
    while (!over.is) {
      expect((await fetch(`${service.url}/health`)).status).toBe(200);
      answers += 1;
      await sleep(20);
    }
  })();
  const result = await work();
  over.is = true;
  await watch;
  return { result, answers };
}

const contains = (times: number) =>
  Array.from({ length: times }, (_, n) => `contains(description,'x${n}')`).join(' or ');

test.each([
  ['everything below runs', 'SyncRuns?$expand=items', 400],
  ['everything below items', 'SyncRuns?$expand=items($expand=changes)', 400],
  ['back to the runs', 'SyncItems?$expand=run($expand=items($expand=run($expand=items)))', 400],
  ['a join with itself', 'SyncRuns?$apply=groupby((items/run/items/name))', 400],
  ['a join over both', 'IFlows?$apply=groupby((history/run/items/name))', 400],
  ['as much as one request gets', `SyncRuns(${runs[0]})?$expand=items($top=5000;$expand=changes($top=2))`, 200],
  ['as many lists as fit', 'IFlows?$expand=history,typeText,statusText,linkStatusText', 200],
  ['all texts of a page', 'SyncItemChanges?$expand=item($expand=iflow,run)', 200],
  ['the result of a long filter', `IFlows?$count=true&$filter=${contains(20)}`, 200],
  ['a filter without end', `IFlows?$count=true&$filter=${contains(21)}`, 400],
  ['what is in the lists', "IFlows?$count=true&$filter=history/any(h:contains(h/name,'nothing'))", 200],
  ['a search of many words', `IFlows?$count=true&$search=${'invoice NOT zzz '.repeat(10)}`, 200],
  ['an order by everything', 'SyncItems?$skip=40000&$orderby=run/startedBy,name desc,iflow/name', 200],
  ['groups', 'SyncItems?$apply=groupby((iflow/name,run/ID),aggregate($count as n))', 200],
  ['three of them', `SyncItems?$apply=concat(${Array(3).fill('groupby((iflow/name,run/ID))').join()})`, 200],
])('%s', async (_what, path, expected) => {
  await service.taken();
  const answer = await fetch(at(path), { headers });
  await answer.arrayBuffer();
  const { peakMemory, cpu } = await service.taken();
  expect(answer.status).toBe(expected);
  // Processor time, in milliseconds. The health is checked afterwards.
  expect(cpu).toBeLessThan(1000);
  expect(peakMemory / MB).toBeLessThan(350);
});

test('batches of a hundred reads, several at once', async () => {
  await service.taken();
  const urls = [
    '/IFlows',
    '/SyncItemChanges',
    '/SyncItems?$expand=changes,iflow',
    `/SyncRuns(${runs[1]})?$expand=items`,
  ];
  const requests = Array.from({ length: 100 }, (_, n) => ({ id: `${n}`, method: 'GET', url: urls[n % 4] }));
  const { result, answers } = await whileWatched(() =>
    Promise.all(
      Array.from({ length: 4 }, async () => {
        const answer = await fetch(at('$batch'), { method: 'POST', headers, body: JSON.stringify({ requests }) });
        return (await answer.text()).match(/"code":"QUERY_TOO_LARGE"/g)?.length ?? 0;
      }),
    ),
  );
  const { peakMemory } = await service.taken();
  for (const refused of result) expect(refused).toBeGreaterThan(50);
  expect(answers).toBeGreaterThan(20);
  expect(peakMemory / MB).toBeLessThan(350);
});
