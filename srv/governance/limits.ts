import { exceeded, type Counts } from '../core/access/thresholds.ts';
import { textOf } from '../base/problem.ts';
import type { Job } from '../runs/job.ts';
import { RunProblem } from '../base/outcome.ts';
import { accessOf } from './settings.ts';

type Kind = keyof Counts;

/** The IDs of the accounts or tasks that a run would suspend, remove or create. */
export type Touched = { [kind in Kind]?: string[] };

/** What is kept with a run that a limit has stopped: how many, and which accounts or tasks it was about. */
export type Stopped = Counts & { ids: string[] };

/**
 * Stops a run that would do more than the limits allow, before anything is done. What it would have done is kept with
 * the run, so that a person can see and confirm it: a confirmation is for these accounts or tasks, and for no others.
 * @param accounts how many there are
 * @param ids of all that it is about
 * @param show relates them to the run, in the same transaction
 * @param earlier how many count besides
 * @throws RunProblem THRESHOLD_EXCEEDED, with the numbers
 */
export async function assertWithinLimits(
  job: Job,
  touched: Touched,
  accounts: number,
  ids: string[],
  show: () => Promise<unknown>,
  earlier: Counts = {},
): Promise<void> {
  const countOf = ([kind, { length }]: [string, string[]]) => [kind, length && length + (earlier[kind as Kind] ?? 0)];
  const counts = Object.fromEntries(Object.entries(touched).map(countOf)) as Counts;
  const { confirmed } = job.run;
  const found = exceeded(counts, accounts, accessOf(job).limits).filter(
    ({ kind }) => !touched[kind]!.every((ID) => confirmed?.has(ID)),
  );
  if (!found.length) return;
  const stopped: Stopped = { ...counts, ids };
  await job.commit({ limits: JSON.stringify(stopped) }, show);
  const texts = found.map(({ kind, count, of, allowed }) => {
    const text = textOf(`THRESHOLD_${kind.toUpperCase()}`, [count, of, allowed].map(String));
    return earlier[kind] ? textOf('THRESHOLD_EARLIER', [text, String(earlier[kind])]) : text;
  });
  throw new RunProblem('THRESHOLD_EXCEEDED', texts.join('; '));
}
