import cds from '@sap/cds';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

// Runs that cannot continue as planned: stored changes do not count as failed, and no run ends too early.
const app = await launchRuntime({ seed: flows(3), config: { transport: { backoff: 10, patience: 500 } } });
const { sandbox } = app;
const writing = { operation: 'mutation', body: /"validateOnly":false/ } as const;
const validating = { operation: 'mutation', body: /"validateOnly":true/ } as const;

test('a LeanIX that asks to come back much later is obeyed: the run goes on then, and no item fails', async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  sandbox.leanix.faults.add({ kind: '429', retryAfter: '3', match: writing, times: 1 });
  const run = await app.run('createAllNew');
  expect(run).toMatchObject({ status: 'completed', created: 3, failed: 0, total: 3, done: 3 });
  expect(sandbox.leanix.state.factSheets.size).toBe(3);
});

test('a run that has waited often is not given up at the first trouble of the database', async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  let waited = 0;
  const meanwhile = () => void waited++;
  sandbox.leanix.faults.add({ kind: '429', retryAfter: '3', match: writing, times: 6, meanwhile });
  const db = await cds.connect.to('db');
  let broken = true;
  db.prepend(() =>
    db.on('READ', 'leanix.RefusedPath', (_req, next) => {
      if (waited < 6 || !broken) return next();
      broken = false;
      throw new Error('The database is being restarted');
    }),
  );
  expect(await app.run('createAllNew')).toMatchObject({ status: 'completed', created: 3, failed: 0 });
  expect({ waited, broken }).toEqual({ waited: 6, broken: false });
});

test('what was stored although its answer was lost is created, even if LeanIX refuses everything after it', async () => {
  await app.begin({ mappings: MAPPINGS }, flows(120));
  await app.run('refresh');
  sandbox.leanix.faults.add({ kind: 'lostAnswer', match: writing, times: 1 });
  const denied = { message: 'No access' };
  sandbox.leanix.faults.add({ kind: 'status', status: 403, match: writing, times: Infinity, after: 1, body: denied });
  const run = await app.run('createAllNew');
  sandbox.leanix.faults.clear();
  const stored = sandbox.leanix.state.factSheets.size;
  expect(stored).toBe(50);
  expect(run).toMatchObject({ status: 'failed', created: stored, total: 120, done: 120 });
  const items = await app.items(run);
  expect(items.filter(({ status }) => status === 'done')).toHaveLength(stored);
  expect((await app.iflows()).filter(({ linkStatus }) => linkStatus === 'linked')).toHaveLength(stored);
});

test('where LeanIX does not say which field it refuses, that field alone is found out and left out', async () => {
  const mappings = [...MAPPINGS, { iflowField: 'id', leanixPath: '/nope', position: 3 }];
  await app.begin({ mappings }, flows(3));
  await app.run('refresh');
  const unnamed = { data: null, errors: [{ message: 'Something in this request is wrong.' }] };
  sandbox.leanix.faults.add({ kind: 'status', status: 200, match: validating, times: 1, body: unnamed });
  const run = await app.run('createAllNew');
  expect(run).toMatchObject({ status: 'completed', created: 3, failed: 0 });
  for (const item of await app.items(run)) expect(item).toMatchObject({ status: 'done', code: 'PATH_REFUSED' });
});
