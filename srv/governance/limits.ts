import { exceeded, type Counts, type Excess, type LimitKind } from '../core/access/limits.ts';
import { textOf } from '../base/problem.ts';
import type { Job } from '../runs/job.ts';
import { RunProblem } from '../base/outcome.ts';
import { accessOf } from './settings.ts';

/** The IDs of accounts, tasks or people that a run affects, by kind of change. */
export type Touched = { [kind in LimitKind]?: string[] };

/** Stored with a run that a limit has stopped: the counts and the affected IDs. */
export type Stopped = Counts & { ids: string[] };

/** The changes of a run, and the limits that they exceed. */
export type Judged = { counts: Counts; earlier: Counts; found: Excess[] };

/**
 * The limits that a run would exceed. A confirmation covers only the accounts, tasks or people that were shown.
 * @param all the total number
 * @param earlier the changes of earlier runs
 */
export function beyondLimits(job: Job, touched: Touched, all: number, earlier: Counts = {}): Judged {
  const countOf = ([kind, { length }]: [string, string[]]) => [
    kind,
    length && length + (earlier[kind as LimitKind] ?? 0),
  ];
  const counts = Object.fromEntries(Object.entries(touched).map(countOf)) as Counts;
  const { confirmed } = job.run;
  const found = exceeded(counts, all, accessOf(job).limits).filter(
    ({ kind }) => !touched[kind]!.every((ID) => confirmed?.has(ID)),
  );
  return { counts, earlier, found };
}

/** Combines results about different limits. */
export const both = (one: Judged, other: Judged): Judged => ({
  counts: { ...one.counts, ...other.counts },
  earlier: { ...one.earlier, ...other.earlier },
  found: [...one.found, ...other.found],
});

/**
 * Stops a run that exceeds limits, before anything is changed. Its intended changes are stored, so that a user can
 * confirm them.
 * @param ids of everything that it affects
 * @param show links them to the run, in the same transaction
 * @throws RunProblem THRESHOLD_EXCEEDED, with the numbers
 */
export async function stopAtLimits(
  job: Job,
  { counts, earlier, found }: Judged,
  ids: string[],
  show: () => Promise<unknown>,
): Promise<void> {
  if (!found.length) return;
  const stopped: Stopped = { ...counts, ids };
  await job.commit({ limits: JSON.stringify(stopped) }, show);
  const texts = found.map(({ kind, count, of, allowed }) => {
    const text = textOf(TEXTS[kind], [count, of, allowed].map(String));
    const earlierText = kind === 'created' || kind === 'removed' ? 'THRESHOLD_AT_ONCE' : 'THRESHOLD_EARLIER';
    return earlier[kind] ? textOf(earlierText, [text, String(earlier[kind])]) : text;
  });
  throw new RunProblem('THRESHOLD_EXCEEDED', texts.join('; '));
}

const TEXTS: Record<LimitKind, string> = {
  suspended: 'THRESHOLD_SUSPENDED',
  removed: 'THRESHOLD_REMOVED',
  created: 'THRESHOLD_CREATED',
  leavers: 'THRESHOLD_LEAVERS',
  rolesGiven: 'THRESHOLD_ROLES_GIVEN',
  rolesTaken: 'THRESHOLD_ROLES_TAKEN',
  enabled: 'THRESHOLD_ENABLED',
  admins: 'THRESHOLD_ADMINS',
};
