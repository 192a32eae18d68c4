import cds from '@sap/cds';
import { startWorker, stopWorker } from '../../../srv/runs/worker.ts';
import { whileHeld } from '../../helpers/app/app.ts';
import { launchRuntime } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const app = await launchRuntime({ seed: flows(1) });

test('a run that is taken up while the process begins to stop is left to others at once, untouched', async () => {
  await app.begin();
  app.sandbox.cpi.log.clear();
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const isClaim = ({ UPDATE }: any) => UPDATE.data?.leaseOwner;
  let stopping: Promise<void> | undefined;
  cds.db.after('UPDATE', 'leanix.SyncRun', (_: unknown, req: cds.Request) => {
    if (!isClaim(req.query) || stopping) return;
    stopping = stopWorker();
    resolve(stopping);
  });
  const { body: filed } = await app.as('enterprise').post('runtime/refresh');
  await over;
  const run = await cds.run(SELECT.one.from('leanix.SyncRun').where({ ID: filed.ID }));
  expect(run).toMatchObject({ status: 'requested', attempts: 0 });
  expect(Date.parse(run.leaseUntil)).toBeLessThanOrEqual(Date.now());
  expect(app.sandbox.cpi.log.entries).toEqual([]);
  startWorker();
  expect(await app.ended(filed.ID)).toMatchObject({ status: 'completed', total: 1 });
});

test('a run that is handed over again and again is not given up', async () => {
  await app.begin();
  const { faults } = app.sandbox.cpi;
  const filed = await whileHeld(faults, {}, async () => {
    const { body: run } = await app.as('enterprise').post('runtime/refresh');
    for (let times = 1; times <= 12; times++) {
      while (faults.hits.length < times) await new Promise((resolve) => setTimeout(resolve, 10));
      await stopWorker();
      faults.hits.length = times;
      startWorker();
    }
    return run;
  });
  expect(await app.ended(filed.ID)).toMatchObject({ status: 'completed', total: 1 });
});
