import { isDeepStrictEqual } from 'node:util';
import cds from '@sap/cds';
import type { SandboxOptions } from '../../../sandbox/index.ts';
import type { LogEntry } from '../../../sandbox/faults.ts';
import type { FactSheet } from '../../../sandbox/leanix/state.ts';
import type { SeedMaker } from '../../../sandbox/seed/types.ts';
import { launch, type App } from '../app/app.ts';
import { ok, type Answer } from '../app/user.ts';

/** Helpers for tests about iFlows and their fact sheets. */
export type RuntimeApp = App & {
  /**
   * Starts over with a seed (by default that of the start) and one new configuration.
   * @param values elements of the configuration, in addition to the connection to the sandbox
   */
  begin(values?: object, seed?: SeedMaker): Promise<string>;
  iflows(): Promise<any[]>;
  iflow(artifactId: string): Promise<any>;
  /** An action on one iFlow, as an enterprise admin. */
  onIFlow(artifactId: string, action: string, body?: object): Promise<Answer>;
  /** An action on a run, as an enterprise admin. */
  onRun(runId: string, action: string): Promise<Answer>;
  /** The items of a run, in their order, with their changes. */
  items(run: { ID: string }): Promise<any[]>;
  /** The items of a run by artifact ID. */
  itemOf(run: { ID: string }, artifactId: string): Promise<any>;
  /** The fact sheet in LeanIX that an iFlow is linked to. */
  factSheetOf(artifactId: string): Promise<FactSheet>;
  /** All current fact sheets. */
  snapshot(): Map<string, FactSheet>;
  /** The fact sheets that are new or changed since. */
  changedSince(snapshot: Map<string, FactSheet>): FactSheet[];
  /** The requests to LeanIX during `work`, without those for tokens. */
  traffic<T>(work: () => Promise<T>): Promise<{ result: T; requests: number; mutations: number; writes: number }>;
};

/** The mapping that most tests use. */
export const MAPPINGS = [
  { iflowField: 'name', leanixPath: '/name', position: 1 },
  { iflowField: 'version', leanixPath: '/release', position: 2 },
];

/** Starts the app on a sandbox, configured for the type Interface. Await it once, at the top of a test file. */
export async function launchRuntime(options: SandboxOptions & { config?: object } = {}): Promise<RuntimeApp> {
  const seeds: { next: SandboxOptions['seed'] } = { next: options.seed };
  const { seed } = options;
  const app = await launch({
    ...options,
    ...(typeof seed === 'function' && { seed: (host: string) => (seeds.next as SeedMaker)(host) }),
  });
  const { sandbox } = app;
  const enterprise = app.as('enterprise');

  const runtime: RuntimeApp = {
    ...app,
    async begin(values = {}, next = undefined) {
      if (next) seeds.next = next;
      // Open tasks prevent the deletion of a connection, and its history remains.
      for (const entity of ['ProvisioningTask', 'Assignment']) await DELETE.from(`leanix.${entity}`);
      const before = await enterprise.get('settings/LeanIXConfigs?$select=ID');
      for (const { ID } of before.body.value) {
        await ok(enterprise.delete(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`));
      }
      await sandbox.reset();
      await ok(enterprise.post('settings/LeanIXConfigs', { name: 'Test', IsActiveEntity: true }));
      return app.configure(values);
    },
    iflows: () => app.all('runtime/IFlows?$expand=candidates'),
    async iflow(artifactId) {
      const { body } = await enterprise.get(
        `runtime/IFlows?$expand=candidates&$filter=artifactId eq '${encodeURIComponent(artifactId)}'`,
      );
      return body.value[0];
    },
    async onIFlow(artifactId, action, body = {}) {
      const { ID } = await runtime.iflow(artifactId);
      return enterprise.post(`runtime/IFlows(${ID})/RuntimeService.${action}`, body);
    },
    onRun: (runId, action) => enterprise.post(`runtime/SyncRuns(${runId})/RuntimeService.${action}`),
    items: (run) => app.all(`runtime/SyncItems?$filter=run_ID eq ${run.ID}&$orderby=position&$expand=changes`),
    async itemOf(run, artifactId) {
      return (await runtime.items(run)).find((item) => item.artifactId === artifactId);
    },
    async factSheetOf(artifactId) {
      const { factSheetId } = await runtime.iflow(artifactId);
      const factSheet = sandbox.leanix.state.factSheets.get(factSheetId);
      if (!factSheet) throw new Error(`${artifactId} is linked to no fact sheet`);
      return factSheet;
    },
    snapshot: () => new Map(sandbox.leanix.state.factSheets),
    changedSince: (before) =>
      [...sandbox.leanix.state.factSheets.values()].filter((sheet) => !isDeepStrictEqual(before.get(sheet.id), sheet)),
    async traffic(work) {
      sandbox.leanix.log.clear();
      const result = await work();
      const count = (test: (entry: LogEntry) => boolean) =>
        sandbox.leanix.log.count((entry) => !entry.token && test(entry));
      return {
        result,
        requests: count(() => true),
        mutations: count(({ operation }) => operation === 'mutation'),
        writes: count(({ write }) => write),
      };
    },
  };
  return runtime;
}

/** Statements sent to the database since the counter was reset. */
export type Statements = { count: number };

/** Counts the statements of runs. Statements of users who look at a run concern the entities of the service. */
export async function countStatements(): Promise<Statements> {
  const statements = { count: 0 };
  const db = await cds.connect.to('db');
  db.prepend(() =>
    db.before('*', ({ target }) => {
      if (target?.name.startsWith('leanix.')) statements.count++;
    }),
  );
  return statements;
}
