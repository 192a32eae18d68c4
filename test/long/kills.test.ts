import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startSandbox } from '../../sandbox/index.ts';
import type { CommitCount } from '../helpers/kill-at-commit.ts';
import {
  endOf,
  expectJournals,
  expectNoneTwice,
  expectQuiet,
  rowsOf,
  runOf,
  type Running,
} from '../helpers/invariants.ts';
import { startApp, userOf, type AppProcess } from '../helpers/process.ts';
import { MAPPINGS } from '../helpers/runtime.ts';
import { flows } from '../helpers/seeds.ts';

/** A moment at which the process is killed: around its n-th request to LeanIX (or Cloud Integration), or n-th commit. */
type Moment = { of: 'request' | 'commit'; n: number; moment: 'before' | 'after' };

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
const settings = {
  leanix: { batchSize: 15, leaseSeconds: 1.5, sweepSeconds: 0.3, settleSeconds: 0.3, perSecond: 30 },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000 },
  log: { levels: { '*': 'error', cds: 'info', leanix: 'error', cpi: 'error' } },
};
const preload = pathToFileURL(join(import.meta.dirname, '../helpers/kill-at-commit.ts')).href;

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

/** A sandbox with an app that is killed again and again; each process takes over from the one before. */
async function openLane() {
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
  };
  const start = () => startApp(env, settings);
  let app: AppProcess = await start();
  const running = {
    sandbox,
    get user() {
      return userOf(app, 'enterprise');
    },
  };
  const { body } = await running.user.get('settings/LeanIXConfigs?$select=ID');
  await running.user.patch(`settings/LeanIXConfigs(ID=${body.value[0].ID},IsActiveEntity=true)`, {
    leanixHost: sandbox.leanix.host,
    factSheetType: 'Interface',
    defaultTags: 'CPI-Managed',
    mappings: MAPPINGS,
  });
  await runOf(running, 'refresh');

  /** The workspace as it was in the beginning, and nothing known of it. */
  async function beginAgain({ system, prepare }: Scenario): Promise<string> {
    await sandbox.reset();
    const db = new DatabaseSync(database);
    db.exec('PRAGMA busy_timeout = 5000');
    const tables = ['IFlowLink', 'Candidate', 'SyncItemChange', 'SyncItem', 'SyncRun'];
    if (system === 'cpi') tables.push('DesignArtifact', 'DesignPackage', 'IFlow');
    for (const table of tables) db.exec(`DELETE FROM leanix_${table}`);
    db.close();
    const action = await prepare(running);
    sandbox[system].log.clear();
    setCounter(0, 'before');
    return `runtime/${action}`;
  }

  /**
   * Every moment of a run at which its process can die. To die after a commit is to die before the next one, since what is
   * written to LeanIX in between has moments of its own; only the last one has an afterwards.
   */
  async function momentsOf(scenario: Scenario): Promise<Moment[]> {
    const { body } = await running.user.post(await beginAgain(scenario));
    expect(await endOf(running, body.ID)).toMatchObject(scenario.outcome);
    const { count } = JSON.parse(readFileSync(counter, 'utf8')) as CommitCount;
    const most = { request: sandbox[scenario.system].log.count({ token: false }), commit: count };
    process.stderr.write(`${scenario.kind}: ${most.request} requests, ${most.commit} commits\n`);
    return scenario.around.flatMap((of) =>
      Array.from({ length: most[of] }, (_, i) => i + 1).flatMap((n): Moment[] =>
        of === 'commit' && n < most[of]
          ? [{ of, n, moment: 'before' }]
          : [
              { of, n, moment: 'before' },
              { of, n, moment: 'after' },
            ],
      ),
    );
  }

  async function killAt(scenario: Scenario, { of, n, moment }: Moment): Promise<void> {
    const action = await beginAgain(scenario);
    const { faults } = sandbox[scenario.system];
    const kind = moment === 'before' ? 'reset' : 'lostAnswer';
    if (of === 'commit') setCounter(n, moment);
    else faults.add({ kind, after: n - 1, match: { path: /^(?!.*oauth2?\/token)/ }, meanwhile: () => app.end() });
    // Where the process dies that early, the one who asked gets no answer.
    await running.user.post(action).catch(() => undefined);
    await deathOf(scenario);
    faults.clear();
    setCounter(0, 'before');

    app = await start();
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

  async function close(): Promise<void> {
    await app.kill();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }

  return { momentsOf, killAt, close };
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
