import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/index.ts';
import type { User } from './app.ts';
import type { Process } from '../runs/histories.ts';
import { startApp, userOf, type AppProcess } from './process.ts';

/** The app in a separate process that may end at any time, on a sandbox and a database file. */
export type Killable = {
  sandbox: Sandbox;
  /** The database file. */
  database: string;
  /** The current process. */
  app: () => AppProcess;
  process: Process;
  /** An enterprise admin. */
  user: () => User;
  /** Another one. */
  other: () => User;
  close: () => Promise<void>;
};

type Start = {
  seed: SandboxOptions['seed'];
  /** Further CAP configuration. */
  config: object;
  /** Further environment variables. @param folder is deleted at the end */
  env?: (folder: string) => Record<string, string>;
};

export async function openKillable({ seed, config, env = () => ({}) }: Start): Promise<Killable> {
  const folder = await mkdtemp(join(tmpdir(), 'leanix-killable-'));
  const database = join(folder, 'db.sqlite');
  const sandbox = await startSandbox({ seed });
  const variables = {
    ...sandbox.env(),
    cds_requires_db_credentials_url: database,
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    ...env(folder),
  };
  const start = () => startApp(variables, config);
  // The first process fills the compile cache, so that later ones start faster.
  await (await start()).stop();
  let app = await start();
  return {
    sandbox,
    database,
    app: () => app,
    user: () => userOf(app, 'enterprise'),
    other: () => userOf(app, 'enterprise2'),
    process: {
      end: () => app.end(),
      async restart() {
        await app.exited;
        app = await start();
      },
      async stop() {
        await app.stop();
        app = await start();
      },
    },
    async close() {
      await app.kill();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens one for a whole test file. Await it once, at its top. */
export async function launchKillable(start: Start) {
  const killable = await openKillable(start);
  const { sandbox, user, close } = killable;
  afterAll(close);
  return {
    ...killable,
    /**
     * Starts over with a new configuration and a fresh sandbox.
     * @returns the ID of the configuration
     */
    async begin(values: object): Promise<string> {
      const { body: open } = await user().get(`access/ProvisioningTasks?$select=ID&$filter=status eq 'open'`);
      for (const { ID } of open.value) await user().post(`access/ProvisioningTasks(${ID})/AccessService.cancel`);
      const { body: known } = await user().get('settings/LeanIXConfigs?$select=ID');
      for (const { ID } of known.value) {
        expect((await user().delete(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`)).status).toBe(204);
      }
      await sandbox.reset();
      const { status, body: created } = await user().post('settings/LeanIXConfigs', {
        name: 'Test',
        IsActiveEntity: true,
        leanixHost: sandbox.leanix.host,
        readModels: false,
        ...values,
      });
      expect(status).toBe(201);
      return created.ID;
    },
  };
}
