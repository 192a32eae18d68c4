import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { HEADER_FLAGS } from '../../../scripts/memory.ts';
import { send, userAt, type Answer, type User } from './user.ts';

/** The app in a separate process. */
export type AppProcess = {
  url: string;
  /** The output so far. */
  output(): string;
  /** Sends a request; `path` is below the app's address. */
  request(method: string, path: string, options?: { authorization?: string; body?: unknown }): Promise<Answer>;
  signal(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
  /** Kills it, like a crash. */
  kill(): Promise<void>;
  /** The same, without waiting for the end. */
  end(): void;
  /** Resolves when the process has ended. */
  exited: Promise<unknown>;
};

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Preloaded into the app: makes it use the compile cache. */
export const COMPILED = pathToFileURL(join(import.meta.dirname, 'preload-compiled.ts')).href;

export { basic } from './user.ts';

/**
 * Starts the app in a separate process, as `npm start` does.
 * @param env in addition to the required variables; `undefined` removes one
 * @param config further CAP configuration
 * @param folder of the app: the project itself, or its build
 */
export async function startApp(
  env: Record<string, string | undefined>,
  config: object = {},
  folder: string = ROOT,
): Promise<AppProcess> {
  const child = spawn(process.execPath, [HEADER_FLAGS, join(ROOT, 'node_modules/@sap/cds/bin/serve.js'), 'all'], {
    cwd: folder,
    env: {
      ...process.env,
      NODE_OPTIONS: folder === ROOT ? `--import=${COMPILED}` : undefined,
      APP_SETTINGS: undefined,
      CDS_TYPESCRIPT: 'true',
      PORT: '0',
      CDS_CONFIG: JSON.stringify(config),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const exited = once(child, 'exit');

  let url: string | undefined;
  for (const until = Date.now() + 90_000; !url; await sleep(50)) {
    url = /server listening on \{ url: '([^']+)'/.exec(output)?.[1];
    if (child.exitCode !== null || Date.now() > until) throw new Error(`The app did not start:\n${output}`);
  }
  const address = url;
  return {
    url: address,
    output: () => output,
    request: (method, path, options) => send(method, address + path, options),
    signal: (signal) => void child.kill(signal),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(late);
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    end: () => void child.kill('SIGKILL'),
    exited,
  };
}

/** A mocked user of an app in a separate process. Paths are below `/odata/v4`. */
export const userOf = (app: AppProcess, name: string): User => userAt(() => app.url, name);
