import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/index.ts';
import { startApp, type AppProcess } from './process.ts';

/** The app in production mode, with tokens of the sandbox's UAA, on a separate database file. */
export type Production = { sandbox: Sandbox; app: AppProcess; stop(): Promise<void> };

/**
 * @param config further CAP configuration
 * @param more further variables of its environment
 */
export async function startProduction(
  options: SandboxOptions = {},
  config: object = {},
  more: Record<string, string | undefined> = {},
): Promise<Production> {
  const folder = mkdtempSync(join(tmpdir(), 'leanix-production-'));
  const sandbox = await startSandbox({ seed: 'tiny', ...options });
  const env = {
    ...sandbox.env(),
    NODE_ENV: 'production',
    cds_requires_db_kind: 'sqlite',
    cds_requires_db_credentials_url: join(folder, 'db.sqlite'),
    ...more,
  };
  const app = await startApp(env, config);
  return {
    sandbox,
    app,
    async stop() {
      await app.stop();
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
