import { join } from 'node:path';
import cds from '@sap/cds';
import type { Fault, FaultMatch, Faults } from '../../../sandbox/faults.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/index.ts';
import { committedChanges, found, later, type Changes } from './changes.ts';
import { reuseCompiled } from './compiled.ts';
import { ok, userAt, type Answer, type User } from './user.ts';

export type { Answer, User };

export type App = {
  sandbox: Sandbox;
  /** Wakes waiting tests to check again. */
  changes: Changes;
  /** Address of the running app. */
  url(): string;
  /** A mocked user, or an anonymous one without a name. */
  as(user?: 'viewer' | 'admin' | 'enterprise' | 'enterprise2' | 'nobody'): User;
  /** ID of the only configuration. */
  configId(): Promise<string>;
  /** Configures the connection to the sandbox, as an admin would. */
  configure(values?: object): Promise<string>;
  /** Starts a run by an action of the runtime service, and waits until it has ended. */
  run(action: string, body?: object): Promise<any>;
  /** Waits until a run has ended. @returns its row */
  ended(runId: string): Promise<any>;
  /** Starts a run by an action of the access service, and waits until it and its follow-up runs have ended. */
  job(action: string, body?: object): Promise<any>;
  /** Waits until a run of a job has ended. @returns its row */
  jobEnded(runId: string): Promise<any>;
  /** All rows of a collection, regardless of the page size. */
  all(path: string): Promise<any[]>;
};

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Short waits, for fast tests of failures. */
export const QUICK = {
  leanix: { settleSeconds: 0.3, busySeconds: 1, sweepSeconds: 1, leaseSeconds: 5, perSecond: 30 },
  log: { levels: { '*': 'error', cds: 'error', leanix: 'error', odata: 'silent' } },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000, patience: 20_000 },
};

/**
 * Starts a sandbox, and the app on it with an in-memory database. Await it once, at the top of a test file.
 * @param options.config further CAP configuration
 */
export async function launch(options: SandboxOptions & { config?: object } = {}): Promise<App> {
  const { config, ...rest } = options;
  const sandbox = await startSandbox({ seed: 'tiny', ...rest });
  Object.assign(process.env, sandbox.env(), { CDS_CONFIG: JSON.stringify({ ...QUICK, ...config }) });
  reuseCompiled();
  const changes = committedChanges();
  const server = cds.test(ROOT) as unknown as { url: string };
  afterAll(() => sandbox.stop());
  return appAt(sandbox, () => server.url, changes);
}

/**
 * Users and helpers for an app in any process.
 * @param changes when to check again
 */
export function appAt(sandbox: Sandbox, url: () => string, changes: Changes = later): App {
  const as = (user?: string) => userAt(url, user);
  const enterprise = as('enterprise');

  const ended = (runs: string, ID: string) =>
    found(changes, async () => {
      const { body: run } = await ok(enterprise.get(`${runs}(${ID})`));
      return run.isActive ? undefined : run;
    });

  const app: App = {
    sandbox,
    changes,
    url,
    as,
    async configId() {
      return (await enterprise.get('settings/LeanIXConfigs?$select=ID')).body.value[0].ID;
    },
    async configure(values = {}) {
      const ID = await app.configId();
      const connection = {
        leanixHost: sandbox.leanix.host,
        factSheetType: 'Interface',
        // Only tests about models have runs after each refresh.
        readModels: false,
        ...values,
      };
      await ok(enterprise.patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, connection));
      return ID;
    },
    async run(action, body = {}) {
      const { body: run } = await ok(enterprise.post(`runtime/${action}`, body));
      return app.ended(run.ID as string);
    },
    ended: (runId) => ended('runtime/SyncRuns', runId),
    async job(action, body = {}) {
      const { body: run } = await ok(enterprise.post(`access/${action}`, body));
      return app.jobEnded(run.ID as string);
    },
    jobEnded: (runId) => ended('access/JobRuns', runId),
    async all(path) {
      const rows: any[] = [];
      let next: string | undefined = path;
      while (next) {
        const { body }: Answer = await ok(enterprise.get(next));
        rows.push(...body.value);
        next = body['@odata.nextLink'] && `${path.slice(0, path.indexOf('/') + 1)}${body['@odata.nextLink']}`;
      }
      return rows;
    },
  };
  return app;
}

/** The requests that write to LeanIX. */
export const WRITING = { operation: 'mutation', body: /"validateOnly":false/ } as const satisfies FaultMatch;

/** Long timeouts, for tests that hold requests back. */
export const PATIENT = { transport: { backoff: 20, maxBackoff: 200, timeout: 60_000, patience: 60_000 } };

/**
 * Holds matching requests while `work` runs; they are answered afterwards, even on a slow machine.
 * @param after answers this number of requests at once
 */
export async function whileHeld<T>(
  faults: Faults,
  match: FaultMatch,
  work: () => Promise<T>,
  after: number = 0,
): Promise<T> {
  const { promise: until, resolve: release } = Promise.withResolvers<void>();
  const held: Fault = { kind: 'delay', ms: 0, times: Infinity, match, after, until };
  faults.add(held);
  try {
    return await work();
  } finally {
    held.times = 0;
    release();
  }
}
