import { setTimeout as sleep } from 'node:timers/promises';
import {
  endOf,
  expectJournals,
  expectNoneTwice,
  expectQuiet,
  rowsOf,
  runOf,
  type Running,
} from '../helpers/invariants.ts';
import { momentsIn, startKillable, type Moment } from '../helpers/killable.ts';
import { flows } from '../helpers/seeds.ts';

/** A run whose process is killed. */
type Scenario = {
  kind: string;
  system: 'leanix' | 'cpi';
  /** Around what it is killed. */
  around: Moment['of'][];
  /** What goes before. @returns the action that starts the run */
  prepare: (running: Running) => Promise<string>;
  /** How the run ends, whoever finishes it. */
  outcome: object;
};

const COUNT = 60;
/** Every third iFlow is documented: by external id, or by its name. The rest is to be created. */
const seed = flows(
  COUNT,
  Array.from({ length: COUNT / 3 }, (_, n) => ({
    type: 'Interface',
    name: `Flow ${3 * n + 1}`,
    tags: ['SOX'],
    ...(n % 2 && { documents: `Flow_${3 * n + 1}` }),
  })),
);

/** An app that is killed again and again; each process takes over from the one before. */
async function openLane() {
  const killable = await startKillable(seed);
  const { sandbox, running } = killable;

  /** The workspace as it was in the beginning, and nothing known of it. */
  async function beginAgain({ system, prepare }: Scenario): Promise<string> {
    await sandbox.reset();
    const tables = ['IFlowLink', 'Candidate', 'SyncItemChange', 'SyncItem', 'SyncRun'];
    if (system === 'cpi') tables.push('DesignArtifact', 'DesignPackage', 'IFlow');
    killable.empty(tables);
    const action = await prepare(running);
    killable.countAnew(system);
    return `runtime/${action}`;
  }

  async function momentsOf(scenario: Scenario): Promise<Moment[]> {
    const { body } = await running.user.post(await beginAgain(scenario));
    expect(await endOf(running, body.ID)).toMatchObject(scenario.outcome);
    const counted = killable.counted(scenario.system);
    process.stderr.write(`${scenario.kind}: ${counted.request} requests, ${counted.commit} commits\n`);
    return momentsIn(counted, scenario.around);
  }

  async function killAt(scenario: Scenario, moment: Moment): Promise<void> {
    const action = await beginAgain(scenario);
    killable.killAt(scenario.system, moment);
    // Where the process dies that early, the one who asked gets no answer.
    await running.user.post(action).catch(() => undefined);
    await deathOf(scenario);
    await killable.restart(scenario.system);

    const [left] = await rowsOf(running, `SyncRuns?$filter=kind eq '${scenario.kind}'`);
    const run = left ?? (await running.user.post(action)).body;
    expect(await endOf(running, run.ID)).toMatchObject(scenario.outcome);
    await expectJournals(running);
    if (scenario.kind === 'preview') await runOf(running, `SyncRuns(${run.ID})/RuntimeService.apply`);
    if (scenario.system === 'cpi') await runOf(running, 'syncAll');
    await expectNoneTwice(running);
    await expectQuiet(running);
    expectDocumented();
  }

  /**
   * Waits until the process is dead. A slow one renews its lease more often: where there are fewer commits this time
   * than were measured, it dies right after the run.
   */
  async function deathOf({ kind }: Scenario): Promise<void> {
    const app = killable.app();
    const death = app.exited.then(() => true);
    const path = `runtime/SyncRuns?$filter=kind eq '${kind}' and finishedAt ne null`;
    const isOver = () =>
      running.user.get(path).then(
        ({ body }) => body.value?.length > 0,
        () => false,
      );
    while (!(await Promise.race([death, sleep(20, false)]))) if (await isOver()) await app.kill();
  }

  /** One fact sheet for each iFlow, with our tag and those of others. */
  function expectDocumented(): void {
    const { state } = sandbox.leanix;
    expect(state.factSheets.size).toBe(COUNT);
    for (const sheet of state.factSheets.values()) {
      const foreign = sheet.createdAt < '2025' ? ['SOX'] : [];
      expect(state.tagNames(sheet.id).sort()).toEqual(['CPI-Managed', ...foreign].sort());
    }
  }

  return { momentsOf, killAt, close: () => killable.close() };
}

const whole = { status: 'completed', total: COUNT, done: COUNT, created: 40, updated: 20, failed: 0 };
const scenarios: Scenario[] = [
  {
    kind: 'sync',
    system: 'leanix',
    around: ['request', 'commit'],
    prepare: () => Promise.resolve('syncAll'),
    outcome: whole,
  },
  { kind: 'preview', system: 'leanix', around: ['commit'], prepare: () => Promise.resolve('preview'), outcome: whole },
  {
    kind: 'apply',
    system: 'leanix',
    around: ['request'],
    prepare: async (running) => `SyncRuns(${(await runOf(running, 'preview')).ID})/RuntimeService.apply`,
    outcome: whole,
  },
  {
    kind: 'refresh',
    system: 'cpi',
    around: ['commit'],
    prepare: () => Promise.resolve('refresh'),
    outcome: { status: 'completed', total: COUNT, done: COUNT },
  },
];

// Two at a time: starting a process keeps one core busy.
const lanes: Awaited<ReturnType<typeof openLane>>[] = [];
beforeAll(async () => {
  lanes.push(...(await Promise.all([openLane(), openLane()])));
});
afterAll(() => Promise.all(lanes.map(({ close }) => close())));

test.each(scenarios)(
  'a $kind whose process is killed, at whatever moment, ends as if nothing was',
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
