import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import type { SeedMaker } from '../../sandbox/seed/types.ts';
import { runOf, type Running } from './invariants.ts';
import type { CommitCount } from './kill-at-commit.ts';
import { startApp, userOf, type AppProcess } from './process.ts';
import { MAPPINGS } from './runtime.ts';

/** A moment at which the process is killed: around its n-th request to LeanIX (or Cloud Integration), or n-th commit. */
export type Moment = { of: 'request' | 'commit'; n: number; moment: 'before' | 'after' };

/** A sandbox with an app, configured for the type Interface and refreshed, that is killed again and again. */
export type Killable = {
  sandbox: Sandbox;
  running: Running;
  /** The process that runs now. */
  app(): AppProcess;
  /** Empties tables, by their names in the data model. */
  empty(tables: string[]): void;
  /** Counts commits and requests anew. */
  countAnew(system: 'leanix' | 'cpi'): void;
  /** Commits, and requests to a system, since then. */
  counted(system: 'leanix' | 'cpi'): Record<Moment['of'], number>;
  /** The process dies at this moment, counted from now. */
  killAt(system: 'leanix' | 'cpi', moment: Moment): void;
  /** Once it is dead: starts the next one, which nothing happens to. */
  restart(system: 'leanix' | 'cpi'): Promise<void>;
  close(): Promise<void>;
};

const preload = pathToFileURL(join(import.meta.dirname, 'kill-at-commit.ts')).href;
const NO_TOKENS = { path: /^(?!.*oauth2?\/token)/ };

const settings = {
  leanix: { batchSize: 15, leaseSeconds: 1.5, sweepSeconds: 0.3, settleSeconds: 0.3, perSecond: 30 },
  transport: { backoff: 20, maxBackoff: 200, timeout: 3000 },
  log: { levels: { '*': 'error', cds: 'info', leanix: 'error', cpi: 'error' } },
};

/** @param config elements of the configuration, besides the usual ones */
export async function startKillable(seed: SeedMaker, config: object = {}): Promise<Killable> {
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
  let app = await startApp(env, settings);
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
    ...config,
  });
  await runOf(running, 'refresh');

  return {
    sandbox,
    running,
    app: () => app,
    empty(tables) {
      const db = new DatabaseSync(database);
      db.exec('PRAGMA busy_timeout = 5000');
      for (const table of tables) db.exec(`DELETE FROM leanix_${table}`);
      db.close();
    },
    countAnew(system) {
      sandbox[system].log.clear();
      setCounter(0, 'before');
    },
    counted(system) {
      const { count } = JSON.parse(readFileSync(counter, 'utf8')) as CommitCount;
      return { request: sandbox[system].log.count({ token: false }), commit: count };
    },
    killAt(system, { of, n, moment }) {
      const kind = moment === 'before' ? 'reset' : 'lostAnswer';
      if (of === 'commit') setCounter(n, moment);
      else sandbox[system].faults.add({ kind, after: n - 1, match: NO_TOKENS, meanwhile: () => app.end() });
    },
    async restart(system) {
      await app.exited;
      sandbox[system].faults.clear();
      setCounter(0, 'before');
      app = await startApp(env, settings);
    },
    async close() {
      await app.kill();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Every moment at which a process can die that sends so many requests and makes so many commits. To die after a commit
 * is to die before the next one, since what is written to LeanIX in between has moments of its own; only the last one
 * has an afterwards.
 */
export function momentsIn(counted: Record<Moment['of'], number>, around: Moment['of'][]): Moment[] {
  return around.flatMap((of) =>
    Array.from({ length: counted[of] }, (_, i) => i + 1).flatMap((n): Moment[] =>
      of === 'commit' && n < counted[of]
        ? [{ of, n, moment: 'before' }]
        : [
            { of, n, moment: 'before' },
            { of, n, moment: 'after' },
          ],
    ),
  );
}
