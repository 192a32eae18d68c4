import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Sandbox } from '../../../sandbox/index.ts';
import { startApp, type AppProcess } from './process.ts';
import type { Credentials } from './postgres.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** The folder of the build: one for each of the parallel test workers. */
export const built = join(ROOT, 'gen', `worker-${process.env['JEST_WORKER_ID']}`);

/** The model from which the deployer creates the tables. */
export const deployed = join(built, 'pg', 'db', 'csn.json');

/** The same build as `npm run build`. */
export function build(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.ts', '--to', built], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout + stderr);
}

/** The environment that the platform provides for the service and its deployer. */
function bindings(sandbox: Sandbox, credentials: Credentials): Record<string, string> {
  const env = sandbox.env();
  const services = JSON.parse(env['VCAP_SERVICES']!) as object;
  const database = { name: 'database', label: 'postgresql-db', tags: ['postgresql'], credentials };
  return {
    ...env,
    VCAP_SERVICES: JSON.stringify({ ...services, 'postgresql-db': [database] }),
    NODE_ENV: 'production',
  };
}

/** Creates or upgrades the tables, as the deployer does. */
export async function deploy(sandbox: Sandbox, credentials: Credentials): Promise<void> {
  const env = { ...process.env, ...bindings(sandbox, credentials), NODE_OPTIONS: undefined, CDS_CONFIG: '{}' };
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/@sap/cds/bin/deploy.js')], {
    cwd: join(built, 'pg'),
    env,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The tables could not be deployed:\n${output}`);
}

/**
 * Starts an instance of the built service in production.
 * @param config further CAP configuration
 */
export async function startInstance(
  sandbox: Sandbox,
  credentials: Credentials,
  { config = {}, env = {} }: { config?: object; env?: Record<string, string> } = {},
): Promise<AppProcess> {
  const given = { ...bindings(sandbox, credentials), CDS_TYPESCRIPT: '', ...env };
  return startApp(given, config, join(built, 'srv'));
}
