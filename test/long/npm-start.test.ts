import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareUI5 } from '../../scripts/screens/ui5.ts';
import { userAt } from '../helpers/app/user.ts';

// The first command of the README.

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'leanix-npm-start-'));

beforeAll(() => prepareUI5((text) => process.stderr.write(text + '\n')), 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** A port below the ephemeral ones whose following ports for the sandbox are free as well. */
async function freePorts(): Promise<number> {
  for (let port = 21_000 + (process.pid % 500) * 20; ; port += 20) {
    const servers = [0, 10, 11, 12].map((offset) => createServer().listen(port + offset, '127.0.0.1'));
    const all = servers.map((server) => once(server, 'listening').then(() => (server.address() as AddressInfo).port));
    const found = await Promise.allSettled(all);
    for (const server of servers) server.close();
    if (found.every(({ status }) => status === 'fulfilled')) return port;
  }
}

/** Starts it, waits for the printed address, does something, and ends it like Ctrl+C. */
async function started(args: string[], work: (url: string) => Promise<void>): Promise<void> {
  const port = await freePorts();
  const child = spawn(process.execPath, ['scripts/start.ts', ...args], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), SANDBOX_FOLDER: folder, NODE_OPTIONS: '', APP_SETTINGS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const running = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
        if (output.includes('is running. Open')) resolve();
      });
    }
    child.on('exit', () => reject(new Error(output)));
  });
  try {
    await running;
    await work(`http://localhost:${port}`);
  } finally {
    child.kill('SIGINT');
    if (child.exitCode === null) await once(child, 'exit');
    // The service behind it may hold them a moment longer.
    for (const stream of [child.stdout, child.stderr]) stream.destroy();
  }
}

const value = async (url: string, path: string) => {
  const { status, body } = await userAt(() => url, 'enterprise').get(path);
  expect([path, status]).toEqual([path, 200]);
  return body.value as any[];
};

test('when the address is printed, the iFlows are there and matched', async () => {
  await started([], async (url) => {
    const runs = await value(url, `runtime/SyncRuns?$filter=kind ne 'analyze'&$orderby=startedAt`);
    expect(runs).toMatchObject([
      { kind: 'refresh', status: 'completed' },
      { kind: 'match', status: 'completed' },
    ]);
    const flows = await value(url, 'runtime/IFlows?$select=linkStatus');
    expect(flows.length).toBeGreaterThan(200);
    expect(new Set(flows.map(({ linkStatus }) => linkStatus))).toEqual(new Set(['linked', 'notLinked', 'ambiguous']));
    expect(await value(url, 'runtime/Connections')).toMatchObject([{ name: 'Default', configured: true }]);
  });
});

test('the second time, what was there is still there, and nothing is read again', async () => {
  await started([], async (url) => {
    const runs = await value(url, `runtime/SyncRuns?$filter=kind ne 'analyze'`);
    expect(runs.map(({ kind }) => kind).sort()).toEqual(['match', 'refresh']);
  });
});

test('with --empty, it begins with a connection that is not set up, and leaves the other one alone', async () => {
  await started(['--empty'], async (url) => {
    expect(await value(url, 'runtime/Connections')).toMatchObject([{ name: 'Default', configured: false }]);
    expect(await value(url, 'runtime/SyncRuns')).toEqual([]);
    expect(await value(url, 'runtime/IFlows')).toEqual([]);
  });
  await started([], async (url) => {
    expect(await value(url, 'runtime/Connections')).toMatchObject([{ name: 'Default', configured: true }]);
  });
});
