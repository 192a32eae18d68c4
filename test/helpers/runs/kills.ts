import { setTimeout as sleep } from 'node:timers/promises';
import type { User } from '../app/app.ts';
import type { Running } from './running.ts';
import { momentsIn, openLane, type Moment, type Stage } from '../app/lane.ts';

/** A run whose process is killed. */
export type Scenario = {
  name: string;
  /** Of the run. */
  kind: string;
  system: 'leanix' | 'cpi';
  /** The requests around which it is killed. */
  around: Moment['of'][];
  /** Tables of the app to empty first. */
  tables: string[];
  /**
   * The preparation. @param forget empties further tables @param other another enterprise admin
   * @returns the path and the body of the action that starts the run
   */
  prepare: (
    running: Running,
    forget: (...tables: string[]) => void,
    other: User,
  ) => Promise<{ path: string; body?: object }>;
  /** How the run ends, on any process. */
  outcome: object;
  /** What must be true after the end. */
  check: (running: Running, run: any) => Promise<void>;
};

/** The environment of the scenarios of a test. `runs` is the collection of their runs. */
type Play = Stage & { runs: 'runtime/SyncRuns' | 'access/JobRuns' };

async function openPlay({ runs, ...stage }: Play) {
  const lane = await openLane(stage);
  const { running, sandbox } = lane;

  /** The initial workspace, without any data in the app. */
  async function beginAgain({ system, tables, prepare }: Scenario) {
    await sandbox.reset();
    lane.forget(...tables);
    const action = await prepare(running, lane.forget, lane.other());
    lane.countAnew(system);
    return action;
  }

  /** The ended run of a scenario, whichever process worked on it; undefined if it never started. */
  async function endOf({ kind }: Scenario): Promise<any> {
    for (;;) {
      const { status, body } = await running.user.get(`${runs}?$filter=kind eq '${kind}'`);
      if (status !== 200) throw new Error(`${runs}: ${JSON.stringify(body)}`);
      const [run] = body.value;
      if (!run || run.finishedAt) return run;
      await sleep(20);
    }
  }

  async function momentsOf(scenario: Scenario): Promise<Moment[]> {
    const { path, body } = await beginAgain(scenario);
    expect((await running.user.post(path, body)).status).toBe(200);
    expect(await endOf(scenario)).toMatchObject(scenario.outcome);
    const most = lane.counted(scenario.system);
    process.stderr.write(`${scenario.name}: ${most.request} requests, ${most.write} write, ${most.commit} commits\n`);
    return momentsIn(most, scenario.around);
  }

  async function killAt(scenario: Scenario, moment: Moment): Promise<void> {
    const { path, body } = await beginAgain(scenario);
    lane.killAt(scenario.system, moment);
    // A process that dies early does not answer.
    await running.user.post(path, body).catch(() => undefined);
    await deathOf(scenario);
    await lane.restart(scenario.system);

    if (!(await endOf(scenario))) await running.user.post(path, body);
    const run = await endOf(scenario);
    expect(run).toMatchObject(scenario.outcome);
    await scenario.check(running, run);
  }

  /**
   * Waits until the process is dead. If there are fewer commits than measured (a slow process renews its lease more
   * often), it is killed right after the run.
   */
  async function deathOf({ kind }: Scenario): Promise<void> {
    const app = lane.app();
    const death = app.exited.then(() => true);
    const path = `${runs}?$filter=kind eq '${kind}' and finishedAt ne null`;
    const isOver = () =>
      running.user.get(path).then(
        ({ body }) => body.value?.length > 0,
        () => false,
      );
    while (!(await Promise.race([death, sleep(20, false)]))) if (await isOver()) await app.kill();
  }

  return { momentsOf, killAt, close: lane.close };
}

/** Runs the scenarios, one test for each. Call it once, at the top of a test file. */
export function playKills(play: Play, scenarios: Scenario[]): void {
  // Two at a time: starting a process keeps one core busy.
  const lanes: Awaited<ReturnType<typeof openPlay>>[] = [];
  beforeAll(async () => {
    lanes.push(...(await Promise.all([openPlay(play), openPlay(play)])));
  });
  afterAll(() => Promise.all(lanes.map(({ close }) => close())));

  test.each(scenarios)(
    'a $name whose process is killed, at whatever moment, ends as if nothing was',
    async (scenario) => {
      const moments = await lanes[0]!.momentsOf(scenario);
      // At least six commits, and one moment after the last.
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
