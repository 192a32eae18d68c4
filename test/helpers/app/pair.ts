import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultMatch } from '../../../sandbox/faults.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/index.ts';
import { whileHeld, type Answer } from './app.ts';
import { build, deploy, startInstance } from './built.ts';
import type { Postgres } from './postgres.ts';
import type { AppProcess } from './process.ts';

/** Two instances of the built service on one PostgreSQL, numbered as on the platform. */
export type Pair = {
  sandbox: Sandbox;
  instances: AppProcess[];
  start(index: number): Promise<void>;
  /** A request of an enterprise admin to one of them; `path` is below `/odata/v4`. */
  ask(index: number, method: string, path: string, body?: unknown): Promise<Answer>;
  sql(statement: string): Promise<any[]>;
  /** Waits until a run has ended on either instance. @returns its row, with names in lower case */
  ended(runId: string): Promise<any>;
  /** The instances that have worked on it so far. */
  workersOf(runId: string): number[];
  expectStillRunning(runId: string): Promise<void>;
  /** Waits until this number of writes has arrived at LeanIX since the log was cleared. */
  writes(count: number): Promise<void>;
  /**
   * Restarts one after the other while they work on a run, as the platform does.
   * @param held requests to LeanIX without which the run cannot end
   */
  replaceEach(runId: string, held: FaultMatch): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Builds the service, creates its tables, and starts it twice.
 * @param database to create
 * @param leanix further parameters of the service
 */
export async function startPair(
  postgres: Postgres,
  database: string,
  options: SandboxOptions,
  leanix: object = {},
): Promise<Pair> {
  const config = {
    leanix: { leaseSeconds: 2, sweepSeconds: 0.3, settleSeconds: 0.5, perSecond: 30, ...leanix },
    log: { levels: { leanix: 'info' } },
  };
  build();
  const credentials = await postgres.create(database);
  const sandbox = await startSandbox(options);
  const instances: AppProcess[] = [];
  const pair: Pair = {
    sandbox,
    instances,
    async start(index) {
      instances[index] = await startInstance(sandbox, credentials, { config });
    },
    async ask(index, method, path, body) {
      const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
      const data = body ?? (method === 'POST' ? {} : undefined);
      return instances[index]!.request(method, `/odata/v4/${path}`, { authorization, body: data });
    },
    sql: (statement) => postgres.sql(database, statement),
    async ended(runId) {
      for (const until = Date.now() + 120_000; ; await sleep(50)) {
        const [run] = await pair.sql(`SELECT * FROM leanix_SyncRun WHERE ID = '${runId}'`);
        if (run.finishedat) return run;
        if (Date.now() > until) throw new Error(`The run is stranded: ${JSON.stringify(run)}`);
      }
    },
    workersOf: (runId) =>
      instances.flatMap((instance, index) => (instance.output().includes(`${runId} of kind`) ? [index] : [])),
    async expectStillRunning(runId) {
      const [run] = await pair.sql(`SELECT finishedAt FROM leanix_SyncRun WHERE ID = '${runId}'`);
      expect(run.finishedat).toBeNull();
    },
    async writes(count) {
      while (sandbox.leanix.log.count({ write: true }) < count) await sleep(2);
    },
    async replaceEach(runId, held) {
      // The working instance goes first. When the other one is restarted, it has taken over the run.
      const [works] = pair.workersOf(runId);
      for (const index of [works!, 1 - works!]) {
        await instances[index]!.stop();
        await pair.expectStillRunning(runId);
        // The run has not ended when the next one is restarted, even on a slow machine.
        await whileHeld(sandbox.leanix.faults, held, () => pair.start(index));
      }
    },
    async stop() {
      await Promise.all(instances.map((instance) => instance.kill()));
      await sandbox.stop();
    },
  };
  try {
    await deploy(sandbox, credentials);
    await Promise.all([pair.start(0), pair.start(1)]);
  } catch (error) {
    await pair.stop();
    throw error;
  }
  return pair;
}
