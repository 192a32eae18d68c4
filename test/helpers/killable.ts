import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import type { User } from './app.ts';
import type { Process } from './play.ts';
import { startApp, userOf } from './process.ts';

/** The app in a process of its own, which may end at any time, on a sandbox and a database file. */
export type Killable = {
  sandbox: Sandbox;
  process: Process;
  /** An enterprise admin. */
  user: () => User;
  /** A new configuration, and the sandbox as it was in the beginning. @returns the ID of the configuration */
  begin(values: object): Promise<string>;
};

/** Starts it. To be awaited at the top of a test file, once. @param config further CAP configuration */
export async function launchKillable(seed: SandboxOptions['seed'], config: object): Promise<Killable> {
  const folder = await mkdtemp(join(tmpdir(), 'leanix-killable-'));
  const sandbox = await startSandbox({ seed });
  const env = {
    ...sandbox.env(),
    cds_requires_db_credentials_url: join(folder, 'db.sqlite'),
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };
  const start = () => startApp(env, config);
  let app = await start();
  afterAll(async () => {
    await app.kill();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const user = () => userOf(app, 'enterprise');
  return {
    sandbox,
    user,
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
    async begin(values) {
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
    },
  };
}
