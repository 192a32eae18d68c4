import { exceeded, type Counts } from '../../access-core/thresholds.ts';
import { textOf } from '../../problem.ts';
import type { Job } from '../job.ts';
import { RunProblem } from '../outcome.ts';

/**
 * Stops a run that would do more than the limits allow, before anything is done. What it would have done is kept with
 * the run, so that a person can confirm it.
 * @param accounts how many there are
 * @throws RunProblem THRESHOLD_EXCEEDED, with the numbers
 */
export async function assertWithinLimits(job: Job, counts: Counts, accounts: number): Promise<void> {
  const found = exceeded(counts, accounts, job.run.access!.limits, job.run.confirmed);
  if (!found.length) return;
  await job.commit({ limits: JSON.stringify(counts) });
  const texts = found.map(({ kind, count, of, allowed }) =>
    textOf(`THRESHOLD_${kind.toUpperCase()}`, [count, of, allowed].map(String)),
  );
  throw new RunProblem('THRESHOLD_EXCEEDED', texts.join('; '));
}
