import { join } from 'node:path';
import cds from '@sap/cds';
import type { Fault, FaultMatch, Faults } from '../../../sandbox/faults.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/index.ts';
import { committedChanges, found, later, type Changes } from './changes.ts';
import { reuseCompiled } from './compiled.ts';

/** The answer of a service: its status, and its body as it came. */
export type Answer = { status: number; body: any };

/** What a user does over HTTP. Paths are below `/odata/v4`. */
export type User = {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
};

export type App = {
  sandbox: Sandbox;
  /** When to look again, for those who wait for runs and tasks. */
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
  /** All rows of a collection, whatever the page size. */
  all(path: string): Promise<any[]>;
};

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Parameters that make waiting short, so that tests about failures are fast. */
export const QUICK = {
  leanix: { settleSeconds: 0.3, busySeconds: 1, sweepSeconds: 1, leaseSeconds: 5, perSecond: 30 },
  log: { levels: { '*': 'error', cds: 'error', leanix: 'error', odata: 'silent' } },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000, patience: 20_000 },
};

/**
 * Starts a sandbox, and the app on it with an in-memory database. To be awaited at the top of a test file, once.
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
 * What users do with an app that runs on a sandbox, wherever it runs.
 * @param changes when to look again, for those who wait
 */
export function appAt(sandbox: Sandbox, url: () => string, changes: Changes = later): App {
  const request = async (user: string | undefined, method: string, path: string, body?: unknown): Promise<Answer> => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (user) headers['authorization'] = `Basic ${Buffer.from(`${user}:${user}`).toString('base64')}`;
    const answer = await fetch(`${url()}/odata/v4/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: parse(text) };
  };
  const as = (user?: string): User => ({
    get: (path) => request(user, 'GET', path),
    post: (path, body = {}) => request(user, 'POST', path, body),
    patch: (path, body) => request(user, 'PATCH', path, body),
    delete: (path) => request(user, 'DELETE', path),
  });
  const enterprise = as('enterprise');

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
      const answer = await enterprise.patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, {
        leanixHost: sandbox.leanix.host,
        factSheetType: 'Interface',
        // Only tests about models have runs that follow each refresh.
        readModels: false,
        ...values,
      });
      if (answer.status !== 200) throw new Error(`Not configured: ${JSON.stringify(answer.body)}`);
      return ID;
    },
    async run(action, body = {}) {
      const { status, body: run } = await enterprise.post(`runtime/${action}`, body);
      if (status !== 200) throw new Error(`${action} was refused: ${JSON.stringify(run)}`);
      return app.ended(run.ID);
    },
    ended(runId) {
      return found(changes, async () => {
        const { body: run } = await enterprise.get(`runtime/SyncRuns(${runId})`);
        return ['requested', 'running', 'cancelRequested'].includes(run.status) ? undefined : run;
      });
    },
    async all(path) {
      const rows: any[] = [];
      let next: string | undefined = path;
      while (next) {
        const { status, body }: Answer = await enterprise.get(next);
        if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`);
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

/** For those who hold requests back: the app waits for their answers. */
export const PATIENT = { transport: { backoff: 20, maxBackoff: 200, timeout: 60_000, patience: 60_000 } };

/**
 * Does something while the requests to a stand-in that fit are held back: however slow the machine is, they are
 * answered afterwards.
 * @param after so many requests are answered at once
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

function parse(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
