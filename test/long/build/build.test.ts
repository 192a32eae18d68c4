import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { playMatrix } from '../../helpers/operations/play.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const built = join(root, 'gen', 'srv');
const folder = mkdtempSync(join(tmpdir(), 'leanix-build-'));
let sandbox: Sandbox;
let service: ChildProcess;
let url: string;
let output = '';
/** A folder beside the build, like those of other tests. */
let other: string;

beforeAll(async () => {
  mkdirSync(join(built, '..'), { recursive: true });
  other = mkdtempSync(join(built, '..', 'other-'));
  const { status, stdout, stderr } = spawnSync('node', ['scripts/build.ts'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout + stderr);
  sandbox = await startSandbox({ seed: 'tiny' });
  service = start('db.sqlite');
  for (const stream of [service.stdout, service.stderr]) stream?.on('data', (data: Buffer) => (output += String(data)));
  url = await listening(service);
}, 400_000);

afterAll(async () => {
  endGroup(service);
  await sandbox.stop();
  for (const made of [folder, other]) rmSync(made, { recursive: true, force: true });
});

test('a build replaces its own folders, and leaves what others have built beside them', () => {
  expect(existsSync(other)).toBe(true);
});

test('the built service starts in production on the file it is given, and works with real tokens', async () => {
  const health = await fetch(`${url}/health`);
  expect(await health.json()).toEqual({ status: 'UP' });

  const anonymous = await fetch(`${url}/odata/v4/runtime/IFlows`);
  expect(anonymous.status).toBe(401);

  const started = await ask('runtime/refresh', 'POST');
  expect(started).toMatchObject({ kind: 'refresh', startedBy: expect.any(String) });
  await until(async () => (await ask(`runtime/SyncRuns(${started.ID})`)).status === 'completed');
  expect((await ask('runtime/IFlows')).value).toHaveLength(3);
  // In a worker thread, whose file is part of the build.
  const unread = async () => (await ask(`runtime/IFlows?$filter=modelState ne 'read'&$expand=channels`)).value;
  await until(async () => (await unread()).length === 0);
});

test.each([
  ['xsuaa', 'signing in'],
  ['destination', 'reaching LeanIX and Cloud Integration'],
  ['postgresql-db', 'settings and runs'],
])('without a binding of %s it does not start, and says so in one line', (label, use) => {
  const database = { hostname: '127.0.0.1', port: '1', dbname: 'none', username: 'none', password: 'none' };
  const bindings: Record<string, unknown> = {
    ...sandbox.btp.vcapServices(),
    'postgresql-db': [{ name: 'db', label: 'postgresql-db', tags: [], credentials: database }],
  };
  delete bindings[label];
  const env = { ...process.env, NODE_ENV: 'production', CDS_CONFIG: '{}', CDS_TYPESCRIPT: '', PORT: '0' };
  const { status, stdout, stderr } = spawnSync('node', ['srv/start.js'], {
    cwd: built,
    encoding: 'utf8',
    env: { ...env, VCAP_SERVICES: JSON.stringify(bindings) },
  });
  expect(status).toBe(1);
  const lines = (stdout + stderr).split('\n').filter((line) => /"level":"(?:error|warn)"|Error/.test(line));
  expect(lines).toEqual([expect.stringContaining('not bound to a service instance of')]);
  expect(lines[0]).toContain(label);
  expect(lines[0]).toContain(use);
});

test('it sends metrics where an endpoint is named, and otherwise loads nothing for it', async () => {
  const received: string[] = [];
  const collector = createServer((req, res) => {
    req.on('data', (data: Buffer) => received.push(`${req.url} ${data.toString('latin1')}`));
    req.on('end', () => res.end());
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  const telemetry = { requires: { telemetry: { metrics: { config: { exportIntervalMillis: 500 } } } } };
  const observed = start('observed.sqlite', {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    CDS_CONFIG: JSON.stringify(telemetry),
  });
  try {
    const own = await listening(observed);
    const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    await fetch(`${own}/odata/v4/runtime/refresh`, { method: 'POST', headers, body: '{}' });
    const has = (metric: string) => received.some((body) => body.startsWith('/v1/metrics') && body.includes(metric));
    await until(() => Promise.resolve(['leanix.runs.active', 'leanix.remote.requests', 'completed'].every(has)));
  } finally {
    endGroup(observed);
    collector.closeAllConnections();
    collector.close();
  }
  expect(output).not.toMatch(/telemetry|opentelemetry/i);
});

test('every service has its compiled handlers', async () => {
  const model = JSON.parse(readFileSync(join(built, 'srv', 'csn.json'), 'utf8')) as {
    definitions: Record<string, { kind: string; actions?: object; '@path'?: string }>;
  };
  const services = Object.entries(model.definitions).filter(([, { kind }]) => kind === 'service');
  expect(services.map(([name]) => name).sort()).toEqual(['AccessService', 'RuntimeService', 'SettingsService']);
  // An operation without a handler is answered 501.
  expect((await answer('settings/exportSettings()')).status).toBe(200);
  expect((await answer('runtime/match', 'POST')).status).toBe(400);
  expect((await answer('access/exportConnectionPackage()')).status).toBe(200);
});

test('nothing but the services and the health check is served', async () => {
  const paths = [
    '/',
    '/launchpad/index.html',
    '/runtime/webapp/manifest.json',
    '/package.json',
    '/.cdsrc.json',
    '/srv/csn.json',
    '/%2e%2e/package.json',
    '/odata/v4',
    '/odata/v4/db/leanix.AuditEntry',
    '/odata/v2/runtime/IFlows',
    '/rest/runtime/IFlows',
    '/hcql/runtime',
    '/$fiori-preview/RuntimeService/IFlows',
    '/metrics',
  ];
  const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
  for (const path of paths) {
    for (const method of ['GET', 'POST']) {
      const { status } = await fetch(url + path, { method, headers: { authorization } });
      expect({ method, path, status }).toEqual({ method, path, status: 404 });
    }
  }
  expect(await (await fetch(`${url}/health`, { method: 'POST' })).text()).not.toContain('UP');
});

test('nothing of the sandbox, the tests or the sources is shipped', () => {
  const files = globSync('**/*', { cwd: built, exclude: (name) => name === 'node_modules' });
  expect(files.filter((file) => /sandbox|test|\.ts$/.test(file) && !file.endsWith('.d.ts'))).toEqual(
    files.filter((file) => file.endsWith('connection-test.js')),
  );
  // Local users could sign in wherever NODE_ENV is not set.
  const { requires }: any = JSON.parse(readFileSync(join(built, '.cdsrc.json'), 'utf8'));
  expect(requires).toMatchObject({ auth: { kind: 'xsuaa' }, db: { kind: 'postgres' } });
  expect(JSON.stringify(requires)).not.toMatch(/mocked|password/);
  const config = readFileSync(join(built, 'package.json'), 'utf8');
  expect(JSON.parse(config)).not.toHaveProperty('devDependencies');
});

test('SIGTERM to npm start ends the service too', async () => {
  const stopped = start('stopped.sqlite');
  try {
    const own = await listening(stopped);
    stopped.kill('SIGTERM');
    await until(() =>
      fetch(`${own}/health`).then(
        () => false,
        () => true,
      ),
    );
  } finally {
    endGroup(stopped);
  }
});

describe('with real tokens', () => {
  let guarded: ChildProcess;
  afterAll(() => endGroup(guarded));

  playMatrix(async () => {
    // Allowed requests write, so this uses a separate database.
    guarded = start('guarded.sqlite');
    return { sandbox, url: await listening(guarded), model: join(built, 'srv', 'csn.json') };
  });
});

/** Ends npm and all processes that it has started. */
function endGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Starts the build on a separate database file. */
function start(file: string, env: Record<string, string> = {}): ChildProcess {
  return spawn('npm', ['start'], {
    cwd: built,
    detached: true,
    env: {
      ...process.env,
      ...sandbox.env(),
      NODE_ENV: 'production',
      NO_TELEMETRY: undefined,
      CDS_CONFIG: '{}',
      CDS_TYPESCRIPT: '',
      PORT: '0',
      cds_requires_db_kind: 'sqlite',
      cds_requires_db_credentials_url: join(folder, file),
      ...env,
    },
  });
}

async function answer(path: string, method = 'GET') {
  const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  return fetch(`${url}/odata/v4/${path}`, { method, headers, ...(method === 'POST' && { body: '{}' }) });
}

async function ask(path: string, method = 'GET'): Promise<any> {
  return (await answer(path, method)).json();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

/** The address that the service prints after its start. */
async function listening(process: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (data: Buffer) => {
      output += data.toString();
      const [, port] = /listening on \{ url: 'http:\/\/localhost:(\d+)'/.exec(output) ?? [];
      if (port) resolve(`http://localhost:${port}`);
    };
    process.stdout?.on('data', read);
    process.stderr?.on('data', read);
    process.on('exit', () => reject(new Error(`The built service did not start:\n${output}`)));
  });
}
