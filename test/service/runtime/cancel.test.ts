import { setTimeout as sleep } from 'node:timers/promises';
import { scaled } from '../../../sandbox/seed/scaled.ts';
import { PATIENT, whileHeld, WRITING } from '../../helpers/app/app.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const seed = flows(120);
const app = await launchRuntime({ seed, config: PATIENT });
const { sandbox } = app;
const enterprise = app.as('enterprise');

beforeEach(async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
});

test('a run that is canceled ends after the batch under way; what was not written is skipped', async () => {
  const started = await whileHeld(sandbox.leanix.faults, WRITING, async () => {
    const { body } = await enterprise.post('runtime/createAllNew');
    expect(body).toMatchObject({ kind: 'create', status: 'requested', startedBy: 'enterprise', finishedAt: null });
    while (sandbox.leanix.log.count({ write: true }) < 1) await sleep(5);
    const { status, body: canceled } = await app.onRun(body.ID, 'cancel');
    expect(status).toBe(200);
    expect(canceled).toMatchObject({ ID: body.ID, status: 'cancelRequested' });
    return body;
  });

  const run = await app.ended(started.ID);
  expect(run).toMatchObject({ status: 'canceled', code: 'CANCELED', total: 120, done: 50, created: 50, skipped: 70 });
  expect(run).toMatchObject({ canResume: true, message: expect.stringContaining('Canceled after 50 of 120.') });
  expect(run.finishedAt).not.toBeNull();
  expect(sandbox.leanix.state.factSheets.size).toBe(50);
  const items = await app.items(run);
  expect(items.filter(({ status: of }) => of === 'done')).toHaveLength(50);
  const skipped = items.filter(({ status: of }) => of === 'skipped');
  expect(skipped).toHaveLength(70);
  for (const item of skipped) expect(item).toMatchObject({ code: 'CANCELED', factSheetId: null });

  const { status, body: rest } = await app.onRun(run.ID, 'resume');
  expect(status).toBe(200);
  expect(rest).toMatchObject({ kind: 'create', source_ID: run.ID, total: 70 });
  expect(await app.ended(rest.ID)).toMatchObject({ status: 'completed', total: 70, done: 70, created: 70 });
  expect(sandbox.leanix.state.factSheets.size).toBe(120);
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 0, unchanged: 120 });
  const refused = { status: 409, body: { error: { code: 'NOT_CANCELED' } } };
  expect(await app.onRun(rest.ID, 'resume')).toMatchObject(refused);
});

test('a preview that is being applied goes on as it was shown', async () => {
  const preview = await app.run('preview');
  const { body: applied } = await whileHeld(sandbox.leanix.faults, WRITING, async () => {
    const answer = await app.onRun(preview.ID, 'apply');
    while (sandbox.leanix.log.count({ write: true }) < 1) await sleep(5);
    await app.onRun(answer.body.ID, 'cancel');
    return answer;
  });
  expect(await app.ended(applied.ID)).toMatchObject({ status: 'canceled', created: 50 });
  // It was deployed again, so a create would now differ from the preview.
  sandbox.cpi.setVersion('Flow_99', '9.9.9');
  await app.run('refresh');
  const { body: rest } = await app.onRun(applied.ID, 'resume');
  const run = await app.ended(rest.ID);
  expect(run).toMatchObject({ kind: 'apply', source_ID: applied.ID, status: 'completedWithError', total: 70 });
  expect(run).toMatchObject({ created: 69, failed: 1 });
  expect(await app.itemOf(run, 'Flow_99')).toMatchObject({ status: 'failed', code: 'PLAN_STALE' });
});

test('what LeanIX stored although its answer was lost is not told as left out', async () => {
  const { promise: canceled, resolve: goOn } = Promise.withResolvers<void>();
  sandbox.leanix.faults.add({ kind: 'lostAnswer', match: WRITING, until: canceled });
  const { body: started } = await enterprise.post('runtime/createAllNew');
  while (sandbox.leanix.log.count({ write: true }) < 1) await sleep(5);
  await app.onRun(started.ID, 'cancel');
  goOn();
  expect(await app.ended(started.ID)).toMatchObject({ status: 'canceled', created: 50, skipped: 70, done: 50 });
  expect(sandbox.leanix.state.factSheets.size).toBe(50);
});

test('a refresh that is canceled stops reading packages, and what is known stays', async () => {
  await app.begin({}, (host) => scaled(host, { iflows: 1500, factSheets: 0 }));
  sandbox.cpi.log.clear();
  const { body: started } = await whileHeld(sandbox.cpi.faults, { path: 'IntegrationPackages(' }, async () => {
    const answer = await enterprise.post('runtime/refresh');
    while (sandbox.cpi.log.count(({ path }) => path.includes('IntegrationPackages(')) < 3) await sleep(5);
    await app.onRun(answer.body.ID, 'cancel');
    return answer;
  });
  expect(await app.ended(started.ID)).toMatchObject({ status: 'canceled' });
  const seen = sandbox.cpi.log.count();
  await sleep(400);
  expect(sandbox.cpi.log.count()).toBeLessThanOrEqual(seen + 3);
  expect(await app.iflows()).toEqual([]);
  await app.begin({}, seed);
});

test('a run that has ended cannot be canceled', async () => {
  const run = await app.run('match');
  expect(await app.onRun(run.ID, 'cancel')).toMatchObject({ status: 409, body: { error: { code: 'RUN_ENDED' } } });
  expect((await enterprise.get(`runtime/SyncRuns(${run.ID})`)).body).toMatchObject({ status: 'completed' });
});

test('a run can be canceled before anything has happened', async () => {
  const { body: started } = await whileHeld(sandbox.leanix.faults, { path: 'dataModel' }, async () => {
    const answer = await enterprise.post('runtime/syncAll');
    await app.onRun(answer.body.ID, 'cancel');
    return answer;
  });
  expect(await app.ended(started.ID)).toMatchObject({ status: 'canceled', created: 0, total: 0, done: 0 });
  expect(sandbox.leanix.state.factSheets.size).toBe(0);
  const { body: rest } = await app.onRun(started.ID, 'resume');
  expect(await app.ended(rest.ID)).toMatchObject({ kind: 'sync', status: 'completed', created: 120 });
});

test('one run at a time: whoever asks for another one is told to wait', async () => {
  const actions = ['createAllNew', 'createAllNew', 'match', 'refresh', 'preview'];
  const answers = await whileHeld(sandbox.leanix.faults, {}, () =>
    whileHeld(sandbox.cpi.faults, {}, () => Promise.all(actions.map((action) => enterprise.post(`runtime/${action}`)))),
  );
  const started = answers.filter(({ status }) => status === 200);
  expect(started).toHaveLength(1);
  for (const { status, body } of answers) {
    if (status !== 200) expect({ status, code: body.error.code }).toEqual({ status: 409, code: 'RUN_ACTIVE' });
  }
  const refused = answers.find(({ status }) => status === 409);
  expect(refused?.body.error.message).toMatch(/Wait until it ends, or cancel it/);
  await app.ended(started[0]!.body.ID);
  expect(await app.run('match')).toMatchObject({ status: 'completed' });
});

test('while a run is under way, links cannot be changed and the configuration cannot be deleted', async () => {
  await app.run('createAllNew');
  const row = await app.iflow('Flow_1');
  const active = { status: 409, body: { error: { code: 'RUN_ACTIVE' } } };
  const started = await whileHeld(sandbox.leanix.faults, { path: 'dataModel' }, async () => {
    const { body: run } = await enterprise.post('runtime/match');
    expect(await app.onIFlow('Flow_1', 'unlink')).toMatchObject(active);
    expect(await app.onIFlow('Flow_1', 'link', { factSheetId: row.factSheetId })).toMatchObject(active);
    expect(await app.onIFlow('Flow_1', 'updateFactSheet')).toMatchObject(active);
    expect(await enterprise.post('runtime/updateFactSheets', { iflows: [row.ID] })).toMatchObject(active);
    expect(await app.onRun(run.ID, 'retryFailed')).toMatchObject(active);
    const ID = await app.configId();
    expect(await enterprise.delete(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`)).toMatchObject(active);
    return run;
  });
  expect(await app.ended(started.ID)).toMatchObject({ status: 'completed' });
  expect(await app.iflow('Flow_1')).toEqual(row);
});
