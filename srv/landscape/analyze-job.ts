import { SyncRuns } from '#cds-models/leanix';
import { inParallel } from '../base/parallel.ts';
import { RunProblem, type Outcome } from '../base/outcome.ts';
import { textOf } from '../base/problem.ts';
import { inTransaction } from '../base/transaction.ts';
import { createCpiClient } from '../cpi/client.ts';
import { openModelReader } from '../cpi/models/reader.ts';
import type { Job } from '../runs/job.ts';
import { storeCalls } from './call-rows.ts';
import { readModel } from './reading.ts';
import { readDue, storeReadings } from './rows.ts';
import type { Due, Reading } from './types.ts';

/** Models read in parallel; the rate limit of the tenant still applies. */
const PARALLEL = 4;
/** Models read and stored together, after the first few: if none of these can be read, the run ends. */
const CHUNK = 20;

/**
 * Reads the models of iFlows that were deployed since, or that could not be read a day ago. An unreadable iFlow fails
 * alone and keeps its known data. A worker that takes over the run does not read stored models again.
 */
export async function analyzeJob(job: Job): Promise<Outcome> {
  const { config, prepared } = job.run;
  if (!config.cpiDestination) throw new RunProblem('NOT_CONFIGURED', config.name, 'cpiDestination');
  const tried = new Set<string>();
  const next = async () => (await readDue(config.ID)).filter((due) => !tried.has(keyOf(due)));
  /* eslint-disable no-await-in-loop -- in rounds: what a refresh finds in the meantime is read too */
  for (let due = await next(), isFirst = true; due.length; due = await next(), isFirst = false) {
    for (const one of due) tried.add(keyOf(one));
    // A worker that takes over keeps the counts.
    if (!isFirst || !prepared) await job.commit({ total: { '+=': due.length }, prepared: true });
    await readAll(job, config.cpiDestination, due);
  }
  /* eslint-enable no-await-in-loop */
  await storeCalls(job);
  // Failures before a takeover count too.
  const failed = await inTransaction(() => SELECT.one.from(SyncRuns).columns('failed').where({ ID: job.run.ID }));
  if (!failed?.failed) return { status: 'completed' };
  const message = textOf('MODELS_UNREADABLE', [String(failed.failed)]);
  return { status: 'completedWithError', code: 'MODELS_UNREADABLE', message };
}

const keyOf = ({ ID, version, deployedOn }: Due) => JSON.stringify([ID, version, deployedOn]);

async function readAll(job: Job, destination: string, due: readonly Due[]): Promise<void> {
  const client = await createCpiClient({ destination, signal: job.signal, behind: true });
  const reader = openModelReader();
  try {
    for (let i = 0, count = PARALLEL; i < due.length; i += count, count = CHUNK) {
      /* eslint-disable no-await-in-loop -- one chunk after the other */
      await job.checkpoint();
      const readings = await inParallel(due.slice(i, i + count), PARALLEL, (one) => readModel(client, reader, one));
      assertAnswered(readings);
      await storeReadings(job, readings);
      /* eslint-enable no-await-in-loop */
    }
  } finally {
    await reader.close();
  }
}

/** These problems concern the tenant or the token if all models have them; otherwise they concern a single model. */
const OF_ALL = new Set(['CPI_UNREACHABLE', 'CPI_ROLE_MISSING']);

/** @throws RemoteError if no model could be read */
function assertAnswered(readings: readonly Reading[]): void {
  const [first] = readings;
  if (readings.every(({ problem }) => problem && OF_ALL.has(problem.code))) throw first!.problem!;
}
