import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { build, deploy, startInstance } from '../../helpers/app/built.ts';
import { startPostgres, type Credentials } from '../../helpers/app/postgres.ts';
import type { AppProcess } from '../../helpers/app/process.ts';

// Changes and their audit entries are stored together or not at all, on the production database too, even if the app is
// killed at any time.

const postgres = await startPostgres();
const whereThereIsOne = postgres ? test : test.skip;
let credentials: Credentials;
let sandbox: Sandbox;
let app: AppProcess;

beforeAll(async () => {
  if (!postgres) return;
  build();
  credentials = await postgres.create('audit');
  sandbox = await startSandbox({ seed: 'tiny' });
  await deploy(sandbox, credentials);
  app = await startInstance(sandbox, credentials);
});

afterAll(async () => {
  await app?.kill();
  await sandbox?.stop();
  await postgres?.stop();
});

async function ask(method: string, path: string, body?: object) {
  const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
  return app.request(method, `/odata/v4/${path}`, { authorization, body });
}

whereThereIsOne('a draft that is saved adds its changes to the history', async () => {
  const { ID } = (await ask('GET', 'settings/LeanIXConfigs')).body.value[0];
  const saved = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
  const draft = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=false)`;
  await ask('POST', `${saved}/SettingsService.draftEdit`, {});
  await ask('PATCH', draft, { leanixHost: sandbox.leanix.host, factSheetType: 'Interface' });
  await ask('POST', `${draft}/mappings`, { iflowField: 'name', leanixPath: '/name' });
  expect((await ask('POST', `${draft}/SettingsService.draftActivate`, {})).status).toBe(200);
  const { body } = await ask('GET', `${saved}/changes?$expand=elementText`);
  expect(body.value).toHaveLength(3);
  expect(body.value).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        element: 'leanixHost',
        after: sandbox.leanix.host,
        doneBy: expect.stringContaining('@'),
      }),
      expect.objectContaining({ element: 'mappings', before: null, after: 'name → /name (always)' }),
      expect.objectContaining({ elementText: expect.objectContaining({ name: 'Fact Sheet Type' }) }),
    ]),
  );
});

whereThereIsOne('what two instances refuse in the same minute is one entry, with how often in all', async () => {
  const other = await startInstance(sandbox, credentials);
  const authorization = `Bearer ${await sandbox.btp.token('viewer')}`;
  const path = '/odata/v4/runtime/syncAll';
  const asked = Array.from({ length: 60 }, (_, n) =>
    (n % 2 ? app : other).request('POST', path, { authorization, body: {} }),
  );
  expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([403]));
  const entries = () => postgres!.sql('audit', `SELECT times FROM leanix_auditentry WHERE action = 'refused'`);
  const total = async () => (await entries()).reduce((sum, { times }) => sum + Number(times), 0);
  while ((await total()) < 60) await sleep(50);
  expect(await total()).toBe(60);
  // The minute may change during the test.
  expect((await entries()).length).toBeLessThanOrEqual(2);
  await other.stop();
});

whereThereIsOne('each run and change has its entry, and each entry its run, whenever the app was killed', async () => {
  for (let round = 0; round < 8; round++) {
    const { ID } = (await ask('GET', 'settings/LeanIXConfigs')).body.value[0];
    const path = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
    const asked = [ask('POST', 'runtime/refresh', {}), ask('PATCH', path, { description: `Round ${round}` })];
    const answered = Promise.allSettled(asked);
    await sleep(round * 6);
    await app.kill();
    await answered;
    app = await startInstance(sandbox, credentials, { config: { leanix: { leaseSeconds: 1, sweepSeconds: 0.2 } } });
    while ((await ask('GET', 'runtime/SyncRuns?$filter=isActive eq true')).body.value.length) await sleep(100);
  }
  const runs = await postgres!.sql('audit', 'SELECT id FROM leanix_syncrun');
  const started = await postgres!.sql('audit', `SELECT subject FROM leanix_auditentry WHERE action = 'startRun'`);
  expect(started.map(({ subject }) => subject as string).sort()).toEqual(runs.map(({ id }) => id as string).sort());
  const [{ description }] = await postgres!.sql('audit', 'SELECT description FROM leanix_leanixconfig');
  const written = await postgres!.sql(
    'audit',
    `SELECT before, after FROM leanix_auditentry WHERE element = 'description' ORDER BY doneat`,
  );
  // Each change starts from the result of the previous one.
  const steps = written as { before: string | null; after: string | null }[];
  expect([null, ...steps.map(({ after }) => after)]).toEqual([...steps.map(({ before }) => before), description]);
});
