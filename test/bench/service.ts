import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { basic, startApp, type AppProcess } from '../helpers/app/process.ts';
import { MEMORY_FLAGS } from '../../scripts/memory.ts';
import { MAPPINGS } from '../helpers/runtime/runtime.ts';
import type { Taken } from './probe.ts';
import type { RemoteSandbox } from './sandbox.ts';

/** The service in a separate process, measured from outside. */
export type Service = {
  url: string;
  /** Seconds from its start to its first answer. */
  coldStart: number;
  get(path: string): Promise<any>;
  /** Connects the only configuration with the sandbox. */
  configure(host: string): Promise<void>;
  /** Tests the connection, so that what Node.js loads and compiles for the first request is not part of a run. */
  warmUp(): Promise<void>;
  start(action: string): Promise<string>;
  /** Waits for the end of a run with this polling interval in milliseconds. @returns its row, and its seconds */
  ended(runId: string, every?: number): Promise<{ run: any; seconds: number }>;
  /** The resources of its process since the last call. */
  taken(): Promise<Taken>;
  stop(): Promise<void>;
};

const PROBE = pathToFileURL(join(import.meta.dirname, 'probe.ts')).href;
const authorization = basic('enterprise');

/**
 * Starts the service as in production, except for the users and the database, which is a file. Nothing receives
 * telemetry.
 * @param leanix settings of the service, see the README
 */
export async function startService(sandbox: RemoteSandbox, database: string, leanix: object = {}): Promise<Service> {
  const began = performance.now();
  const app = await startApp(
    { ...sandbox.env, NODE_ENV: 'production', NO_TELEMETRY: 'true', NODE_OPTIONS: `${MEMORY_FLAGS} --import=${PROBE}` },
    {
      requires: {
        auth: { kind: 'mocked', users: { enterprise: { password: 'enterprise', roles: ['EnterpriseAdmin'] } } },
        db: { kind: 'sqlite', credentials: { url: database } },
      },
      leanix,
    },
  );
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await app.request(method, `/odata/v4/${path}`, { authorization, body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await ask('GET', 'runtime/IFlows?$top=1');
  const coldStart = (performance.now() - began) / 1000;
  const probe = probeOf(app);
  const config = async () => {
    const [{ ID }] = (await ask('GET', 'settings/LeanIXConfigs?$select=ID')).value;
    return `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
  };
  return {
    url: app.url,
    coldStart,
    get: (path) => ask('GET', path),
    async configure(leanixHost) {
      await ask('PATCH', await config(), {
        ...{ leanixHost, factSheetType: 'Interface', category: 'api', defaultTags: 'CPI-Managed' },
        // A separate case reads models.
        readModels: false,
        mappings: MAPPINGS,
      });
    },
    warmUp: async () => ask('POST', `${await config()}/SettingsService.testConnection`, {}),
    start: async (action) => (await ask('POST', `runtime/${action}`, {})).ID,
    async ended(runId, every = 100) {
      for (;;) {
        const run = await ask('GET', `runtime/SyncRuns(${runId})`);
        if (!run.finishedAt) await sleep(every);
        else return { run, seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000 };
      }
    },
    taken: async () => (await (await fetch(probe)).json()) as Taken,
    stop: () => app.stop(),
  };
}

function probeOf(app: AppProcess): string {
  const port = /probe on port (\d+)/.exec(app.output())?.[1];
  if (!port) throw new Error(`The probe is not there:\n${app.output()}`);
  return `http://127.0.0.1:${port}`;
}
