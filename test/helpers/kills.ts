import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startSandbox, type SandboxOptions } from '../../sandbox/index.ts';
import type { Running } from './invariants.ts';
import type { CommitCount } from './kill-at-commit.ts';
import { startApp, userOf, type AppProcess } from './process.ts';

/**
 * A moment at which the process is killed: around its n-th request to LeanIX (or Cloud Integration), around the n-th of
 * those that write, or around its n-th commit.
 */
type Moment = { of: 'request' | 'write' | 'commit'; n: number; moment: 'before' | 'after' };

/** A run whose process is killed. */
export type Scenario = {
  name: string;
  /** Of the run. */
  kind: string;
  system: 'leanix' | 'cpi';
  /** Around what it is killed. */
  around: Moment['of'][];
  /** Tables of the app that are emptied before. */
  tables: string[];
  /**
   * What goes before. @param forget empties further tables
   * @returns the path and the body of the action that starts the run
   */
  prepare: (running: Running, forget: (...tables: string[]) => void) => Promise<{ path: string; body?: object }>;
  /** How the run ends, whoever finishes it. */
  outcome: object;
  /** What must be so once it has ended. */
  check: (running: Running, run: any) => Promise<void>;
};

/** What the scenarios of a test are played with. */
export type Stage = {
  seed: SandboxOptions['seed'];
  /** Further CAP configuration. */
  config: object;
  /** The collection in which the runs are found. */
  runs: 'runtime/SyncRuns' | 'access/JobRuns';
  /** Configures the app, once. */
  configure: (running: Running, configId: string) => Promise<void>;
};

const preload = pathToFileURL(join(import.meta.dirname, 'kill-at-commit.ts')).href;

/** A sandbox with an app that is killed again and again; each process takes over from the one before. */
async function openLane({ seed, config, runs, configure }: Stage) {
  const folder = await mkdtemp(join(tmpdir(), 'leanix-kills-'));
  const [database, counter] = [join(folder, 'db.sqlite'), join(folder, 'commits.json')];
  const setCounter = (at: number, moment: CommitCount['moment']) =>
    writeFileSync(counter, JSON.stringify({ count: 0, at, moment } satisfies CommitCount));
  setCounter(0, 'before');
  const sandbox = await startSandbox({ seed });
  const env = {
    ...sandbox.env(),
    cds_requires_db_credentials_url: database,
    NODE_OPTIONS: `--import=${preload}`,
    KILL_AT_COMMIT: counter,
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  };
  const start = () => startApp(env, config);
  // One that stops by itself leaves its compiled code to all others, which start faster with it.
  await (await start()).stop();
  let app: AppProcess = await start();
  const running = {
    sandbox,
    get user() {
      return userOf(app, 'enterprise');
    },
  };
  const { body } = await running.user.get('settings/LeanIXConfigs?$select=ID');
  await configure(running, body.value[0].ID as string);

  const forget = (...tables: string[]) => {
    const db = new DatabaseSync(database);
    db.exec('PRAGMA busy_timeout = 5000');
    for (const table of tables) db.exec(`DELETE FROM leanix_${table}`);
    db.close();
  };

  /** The workspace as it was in the beginning, and nothing known of it. */
  async function beginAgain({ system, tables, prepare }: Scenario) {
    await sandbox.reset();
    forget(...tables);
    const action = await prepare(running, forget);
    sandbox[system].log.clear();
    setCounter(0, 'before');
    return action;
  }

  /** The run of a scenario once it has ended, whoever works on it; undefined where it was never started. */
  async function endOf({ kind }: Scenario): Promise<any> {
    for (;;) {
      const { status, body } = await running.user.get(`${runs}?$filter=kind eq '${kind}'`);
      if (status !== 200) throw new Error(`${runs}: ${JSON.stringify(body)}`);
      const [run] = body.value;
      if (!run || run.finishedAt) return run;
      await sleep(20);
    }
  }

  /**
   * Every moment of a run at which its process can die. To die after a commit is to die before the next one, since what is
   * written to LeanIX in between has moments of its own; only the last one has an afterwards. To die after a write is
   * to die before the next commit.
   */
  async function momentsOf(scenario: Scenario): Promise<Moment[]> {
    const { path, body } = await beginAgain(scenario);
    expect((await running.user.post(path, body)).status).toBe(200);
    expect(await endOf(scenario)).toMatchObject(scenario.outcome);
    const { count } = JSON.parse(readFileSync(counter, 'utf8')) as CommitCount;
    const { log } = sandbox[scenario.system];
    const most = { request: log.count({ token: false }), write: log.count({ write: true }), commit: count };
    process.stderr.write(`${scenario.name}: ${most.request} requests, ${most.write} write, ${most.commit} commits\n`);
    return scenario.around.flatMap((of) =>
      Array.from({ length: most[of] }, (_, i) => i + 1).flatMap((n): Moment[] =>
        (of === 'commit' && n < most[of]) || (of === 'write' && scenario.around.includes('commit'))
          ? [{ of, n, moment: 'before' }]
          : [
              { of, n, moment: 'before' },
              { of, n, moment: 'after' },
            ],
      ),
    );
  }

  async function killAt(scenario: Scenario, { of, n, moment }: Moment): Promise<void> {
    const { path, body } = await beginAgain(scenario);
    const { faults } = sandbox[scenario.system];
    const kind = moment === 'before' ? 'reset' : 'lostAnswer';
    const match = of === 'write' ? { write: true } : { path: /^(?!.*oauth2?\/token)/ };
    if (of === 'commit') setCounter(n, moment);
    else faults.add({ kind, after: n - 1, match, meanwhile: () => app.end() });
    // Where the process dies that early, the one who asked gets no answer.
    await running.user.post(path, body).catch(() => undefined);
    await deathOf(scenario);
    faults.clear();
    setCounter(0, 'before');

    app = await start();
    if (!(await endOf(scenario))) await running.user.post(path, body);
    const run = await endOf(scenario);
    expect(run).toMatchObject(scenario.outcome);
    await scenario.check(running, run);
  }

  /**
   * Waits until the process is dead. A slow one renews its lease more often: where there are fewer commits this time
   * than were measured, it dies right after the run.
   */
  async function deathOf({ kind }: Scenario): Promise<void> {
    const death = app.exited.then(() => true);
    const path = `${runs}?$filter=kind eq '${kind}' and finishedAt ne null`;
    const isOver = () =>
      running.user.get(path).then(
        ({ body }) => body.value?.length > 0,
        () => false,
      );
    while (!(await Promise.race([death, sleep(20, false)]))) if (await isOver()) await app.kill();
  }

  async function close(): Promise<void> {
    await app.kill();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }

  return { momentsOf, killAt, close };
}

/** Plays the scenarios, one test for each. To be called at the top of a test file, once. */
export function playKills(stage: Stage, scenarios: Scenario[]): void {
  // Two at a time: starting a process keeps one core busy.
  const lanes: Awaited<ReturnType<typeof openLane>>[] = [];
  beforeAll(async () => {
    lanes.push(...(await Promise.all([openLane(stage), openLane(stage)])));
  });
  afterAll(() => Promise.all(lanes.map(({ close }) => close())));

  test.each(scenarios)(
    'a $name whose process is killed, at whatever moment, ends as if nothing was',
    async (scenario) => {
      const moments = await lanes[0]!.momentsOf(scenario);
      // At least six commits, each with its moment, and the one after the last.
      expect(moments.length).toBeGreaterThan(6);
      const ends = await Promise.allSettled(
        lanes.map(async ({ killAt }) => {
          for (let next = moments.shift(); next; next = moments.shift()) {
            const { moment, of, n } = next;
            await killAt(scenario, next).catch((error: Error) => {
              moments.length = 0;
              error.message = `Killed ${moment} ${of} ${n}: ${error.message}`;
              throw error;
            });
          }
        }),
      );
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  );
}
