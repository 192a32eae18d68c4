import cds from '@sap/cds';
import { launchAccess } from '../../helpers/access/access.ts';
import { PATIENT, whileHeld, WRITING } from '../../helpers/app/app.ts';
import { flows } from '../../helpers/app/seeds.ts';

// Two configurations of the same tenant, workspace and fact sheet type, with different mappings.

const COUNT = 3;
const app = await launchAccess({ seed: flows(COUNT), config: PATIENT });
const enterprise = app.as('enterprise');
const { sandbox } = app;
const named = (iflowField: string) => ({ mappings: [{ iflowField, leanixPath: '/name', position: 1 }] });

const start = async (path: string, config: string): Promise<string> => {
  const { status, body: run } = await enterprise.post(path, { config });
  expect(status).toBe(200);
  return run.ID;
};

/** Two configurations with iFlows. @returns their IDs */
async function begin(): Promise<[string, string]> {
  const first = await app.begin(named('name'));
  const values = { leanixHost: sandbox.leanix.host, factSheetType: 'Interface', readModels: false, ...named('id') };
  const created = await enterprise.post('settings/LeanIXConfigs', { name: 'Second', IsActiveEntity: true, ...values });
  expect(created.status).toBe(201);
  const second: string = created.body.ID;
  for (const config of [first, second]) {
    expect(await app.ended(await start('runtime/refresh', config))).toMatchObject({ status: 'completed' });
  }
  return [first, second];
}

/** Starts a sync, and waits until it has sent its writes. */
async function syncHeld(config: string): Promise<string> {
  const run = await start('runtime/syncAll', config);
  while (!sandbox.leanix.faults.hits.length) await new Promise((resolve) => setTimeout(resolve, 10));
  return run;
}

const toLeanIX = () => sandbox.leanix.log.count(({ token }) => !token);

test('two that sync at the same moment make one fact sheet for each iFlow: the second waits, and asks nothing', async () => {
  const [first, second] = await begin();
  const runs = await whileHeld(sandbox.leanix.faults, WRITING, async () => {
    const ahead = await syncHeld(first);
    const asked = toLeanIX();
    const behind = await start('runtime/syncAll', second);
    for (let message; !message;) ({ message } = (await enterprise.get(`runtime/SyncRuns(${behind})`)).body);
    expect(toLeanIX()).toBe(asked);
    const { body: waiting } = await enterprise.get(`runtime/SyncRuns(${behind})`);
    expect(waiting).toMatchObject({ status: 'running', message: expect.stringContaining('"Second" is waiting') });
    return [ahead, behind] as const;
  });
  expect(await app.ended(runs[0])).toMatchObject({ status: 'completed', created: COUNT });
  expect(await app.ended(runs[1])).toMatchObject({ status: 'completed', created: 0, updated: COUNT, message: null });
  expect(sandbox.leanix.state.factSheets.size).toBe(COUNT);
  // Waiting does not count as an attempt.
  expect(await cds.run(SELECT.one.from('leanix.SyncRun').columns('attempts').where({ ID: runs[1] }))).toEqual({
    attempts: 1,
  });
});

test('a preview and a change of access do not wait for a sync', async () => {
  const [first, second] = await begin();
  await app.job('importAll', { config: second });
  const wish = { role: 'ADMIN', justification: 'New in the team' };
  expect((await app.onAccount('carla.costa', 'addAccess', wish)).status).toBe(200);
  const ahead = await whileHeld(sandbox.leanix.faults, WRITING, async () => {
    const run = await syncHeld(first);
    expect(await app.ended(await start('runtime/preview', second))).toMatchObject({ status: 'completed' });
    expect(await app.job('runProvisioning', { config: second })).toMatchObject({ status: 'completed', updated: 1 });
    return run;
  });
  expect(await app.ended(ahead)).toMatchObject({ status: 'completed', created: COUNT });
});
