import { setTimeout as sleep } from 'node:timers/promises';
import cds from '@sap/cds';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { launchAccess } from '../../helpers/access/access.ts';

// The number of database statements does not grow with configurations, jobs and runs.

const app = await launchAccess({ seed: tiny, config: { leanix: { sweepSeconds: 600, cleanUpSeconds: 600 } } });
const enterprise = app.as('enterprise');
let statements = 0;

beforeAll(async () => {
  const db = await cds.connect.to('db');
  db.prepend(() =>
    // An entry of the audit log is independent of the request.
    db.before('*', ({ target }) => {
      if (target && target.name !== 'leanix.AuditEntry') statements++;
    }),
  );
});

/** Waits for the work of the service after a run, such as checking for the next one. */
async function idle(): Promise<void> {
  do {
    statements = 0;
    await sleep(500);
  } while (statements > 0);
}

async function counted(work: () => Promise<{ status: number; body: any }>): Promise<number> {
  await idle();
  statements = 0;
  const { status, body } = await work();
  expect([status, body?.error]).toEqual([expect.any(Number), undefined]);
  return statements;
}

const overview = () => enterprise.get('access/Overview');
const exportPackage = () => enterprise.get('access/exportConnectionPackage()');
const exported = async () => JSON.parse((await exportPackage()).body.value as string);
const importPackage = (bundle: object) =>
  enterprise.post('access/importConnectionPackage', { bundle: JSON.stringify(bundle) });

test('the overview and the package of many configurations take as many statements as those of one', async () => {
  const ID = await app.start();
  const one = {
    overview: await counted(overview),
    export: await counted(exportPackage),
    import: await counted(async () => importPackage(await exported())),
    change: await counted(() => app.govern({ dormantDays: 30 }, ID)),
  };
  expect(one.overview).toBeLessThanOrEqual(7);
  expect(one.export).toBe(1);
  expect(one.change).toBeLessThanOrEqual(8);

  const configurations = ['A', 'B', 'C'].map((name) => ({
    name,
    jobs: [{ kind: 'provision', schedule: 'hours', everyHours: 9 }],
  }));
  await importPackage({ version: 1, 'leanix_access.json': { configurations } });
  for (const { ID: job, config_ID } of await app.all(`access/Jobs?$filter=kind eq 'importAll'`)) {
    if (config_ID !== ID) continue;
    for (const fault of [false, true]) {
      if (fault)
        app.sandbox.leanix.faults.add({ match: { path: '/permissions' }, times: 20, kind: 'status', status: 403 });
      const { body: run } = await enterprise.post(`access/Jobs(ID=${job},IsActiveEntity=true)/AccessService.runNow`);
      await app.jobEnded(run.ID as string);
    }
  }
  expect((await overview()).body).toMatchObject({ failedJobs: 1 });
  expect({
    overview: await counted(overview),
    export: await counted(exportPackage),
    import: await counted(async () => importPackage(await exported())),
    change: await counted(() => app.govern({ dormantDays: 40 }, ID)),
  }).toEqual(one);
});

test('a job whose last run went well is not among the failed ones any more', async () => {
  app.sandbox.leanix.faults.clear();
  const [job] = (await app.all('access/JobRuns?$filter=job_ID ne null')).map(({ job_ID }) => job_ID as string);
  const { body: run } = await enterprise.post(`access/Jobs(ID=${job},IsActiveEntity=true)/AccessService.runNow`);
  await app.jobEnded(run.ID as string);
  expect((await overview()).body).toMatchObject({ failedJobs: 0 });
});
