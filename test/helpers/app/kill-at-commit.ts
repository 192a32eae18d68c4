/**
 * Preloaded into the app's process (`node --import`): kills it right before or after one of its commits to SQLite. The
 * file in `KILL_AT_COMMIT` holds a `CommitCount` as JSON and is read at each commit, so a test can change it while the
 * app runs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Commits so far, and the one at which to die; 0 for none. */
export type CommitCount = { count: number; at: number; moment: 'before' | 'after' };

const file = process.env['KILL_AT_COMMIT'];
const writing = new WeakSet<object>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with their object below
const { exec, prepare } = DatabaseSync.prototype;

DatabaseSync.prototype.prepare = function (sql, ...rest) {
  if (/^\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql)) writing.add(this);
  return prepare.call(this, sql, ...rest);
};

DatabaseSync.prototype.exec = function (sql) {
  if (!file || sql !== 'COMMIT' || !writing.delete(this)) return exec.call(this, sql);
  const known = JSON.parse(readFileSync(file, 'utf8')) as CommitCount;
  const now = { ...known, count: known.count + 1 };
  writeFileSync(file, JSON.stringify(now));
  const due = now.count === now.at;
  if (due && now.moment === 'before') process.kill(process.pid, 'SIGKILL');
  exec.call(this, sql);
  if (due) process.kill(process.pid, 'SIGKILL');
};
