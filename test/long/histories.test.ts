import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { historySeed, playHistories } from '../helpers/histories.ts';
import { startApp, userOf, type AppProcess } from '../helpers/process.ts';
import { OWN_TAG, World } from '../helpers/world.ts';

const settings = {
  leanix: { batchSize: 2, settleSeconds: 0.3, busySeconds: 0.3, sweepSeconds: 0.2, leaseSeconds: 1, perSecond: 30 },
  transport: { backoff: 10, maxBackoff: 50, timeout: 2000, patience: 20_000 },
  log: { levels: { '*': 'error', cds: 'info', leanix: 'error', cpi: 'error', odata: 'silent' } },
};

let folder: string;
let sandbox: Sandbox;
let app: AppProcess;
const user = () => userOf(app, 'enterprise');

async function start(): Promise<void> {
  const database = join(folder, 'db.sqlite');
  app = await startApp({ ...sandbox.env(), cds_requires_db_credentials_url: database }, settings);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leanix-histories-'));
  sandbox = await startSandbox({ seed: historySeed });
  await start();
});

afterAll(async () => {
  await app?.kill();
  await sandbox?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A new configuration, and the sandbox as it was in the beginning. @returns the ID of the configuration */
async function begin(values: object): Promise<string> {
  const { body: known } = await user().get('settings/LeanIXConfigs?$select=ID');
  for (const { ID } of known.value) {
    expect((await user().delete(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`)).status).toBe(204);
  }
  await sandbox.reset();
  const { status, body: created } = await user().post('settings/LeanIXConfigs', {
    name: 'Test',
    IsActiveEntity: true,
    leanixHost: sandbox.leanix.host,
    ...values,
  });
  expect(status).toBe(201);
  return created.ID;
}

test('whatever happens, and whenever the process is killed: nothing is lost, nothing is doubled', async () => {
  await playHistories({
    runs: 12,
    seconds: 120,
    steps: 16,
    withKills: true,
    async begin(setup) {
      const ID = await begin({ ...setup, defaultTags: OWN_TAG });
      const process = {
        end: () => app.end(),
        async restart() {
          await app.exited;
          await start();
        },
        async stop() {
          await app.stop();
          await start();
        },
      };
      const configure = (values: object) =>
        user().patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, values);
      return { world: new World(sandbox, user, setup), configure, process };
    },
  });
});
