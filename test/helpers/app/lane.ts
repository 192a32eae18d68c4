import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Sandbox, SandboxOptions } from '../../../sandbox/index.ts';
import type { Running } from '../runs/running.ts';
import type { User } from './app.ts';
import type { CommitCount } from './kill-at-commit.ts';
import { openKillable } from './killable.ts';
import type { AppProcess } from './process.ts';

/**
 * A moment at which the process is killed: around its n-th request to LeanIX (or Cloud Integration), its n-th write, or
 * its n-th commit.
 */
export type Moment = { of: 'request' | 'write' | 'commit'; n: number; moment: 'before' | 'after' };
type System = 'leanix' | 'cpi';

/** A scenario that is killed again and again. */
export type Stage = {
  seed: SandboxOptions['seed'];
  /** Further CAP configuration. */
  config: object;
  /** Configures the app, once. */
  configure: (running: Running, configId: string) => Promise<void>;
};

/** A sandbox with an app that is killed repeatedly; each process takes over from the previous one. */
export type Lane = {
  sandbox: Sandbox;
  running: Running;
  /** An enterprise admin other than the one who starts the runs. */
  other(): User;
  /** The current process. */
  app(): AppProcess;
  /** Empties tables, by their names in the data model. */
  forget: (...tables: string[]) => void;
  /** Resets the counts of commits and requests. */
  countAnew(system: System): void;
  /** Commits, and requests to a system, since then. */
  counted(system: System): Record<Moment['of'], number>;
  /** Kills the process at this moment, counted from now. */
  killAt(system: System, moment: Moment): void;
  /** After the kill: starts the next process, which is not killed. */
  restart(system: System): Promise<void>;
  close: () => Promise<void>;
};

const preload = pathToFileURL(join(import.meta.dirname, 'kill-at-commit.ts')).href;

export async function openLane({ seed, config, configure }: Stage): Promise<Lane> {
  let counter = '';
  const setCounter = (at: number, moment: CommitCount['moment']) =>
    writeFileSync(counter, JSON.stringify({ count: 0, at, moment } satisfies CommitCount));
  const env = (folder: string) => {
    counter = join(folder, 'commits.json');
    setCounter(0, 'before');
    return { NODE_OPTIONS: `--import=${preload}`, KILL_AT_COMMIT: counter };
  };
  const { sandbox, database, app, process, user, other, close } = await openKillable({ seed, config, env });
  const running = {
    sandbox,
    get user() {
      return user();
    },
  };
  const { body } = await running.user.get('settings/LeanIXConfigs?$select=ID');
  await configure(running, body.value[0].ID as string);

  return {
    sandbox,
    running,
    other,
    app,
    forget(...tables) {
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
      const { log } = sandbox[system];
      return { request: log.count({ token: false }), write: log.count({ write: true }), commit: count };
    },
    killAt(system, { of, n, moment }) {
      const kind = moment === 'before' ? 'reset' : 'lostAnswer';
      const match = of === 'write' ? { write: true } : { path: /^(?!.*oauth2?\/token)/ };
      if (of === 'commit') setCounter(n, moment);
      else sandbox[system].faults.add({ kind, after: n - 1, match, meanwhile: process.end });
    },
    async restart(system) {
      await app().exited;
      sandbox[system].faults.clear();
      setCounter(0, 'before');
      await process.restart();
    },
    close,
  };
}

/**
 * All moments at which a process can die. Dying after a commit equals dying before the next one, so only the last
 * commit has an "after". The same applies to writes if commits are tried too.
 */
export function momentsIn(counted: Record<Moment['of'], number>, around: Moment['of'][]): Moment[] {
  return around.flatMap((of) =>
    Array.from({ length: counted[of] }, (_, i) => i + 1).flatMap((n): Moment[] =>
      (of === 'commit' && n < counted[of]) || (of === 'write' && around.includes('commit'))
        ? [{ of, n, moment: 'before' }]
        : [
            { of, n, moment: 'before' },
            { of, n, moment: 'after' },
          ],
    ),
  );
}
