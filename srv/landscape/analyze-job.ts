import { inParallel } from '../base/parallel.ts';
import { RunProblem, type Outcome } from '../base/outcome.ts';
import { textOf } from '../base/problem.ts';
import { RemoteError } from '../base/remote-error.ts';
import { createCpiClient } from '../cpi/client.ts';
import { openModelReader } from '../cpi/models/reader.ts';
import type { Job } from '../runs/job.ts';
import { storeCalls } from './call-rows.ts';
import { readModel } from './reading.ts';
import { readDue, storeReadings } from './rows.ts';
import type { Due, Reading } from './types.ts';

/** Models that are read at the same time; the rate limit of the tenant holds all the same. */
const PARALLEL = 4;
/** Models that are stored at once. */
const CHUNK = 20;

/**
 * Reads the models of those iFlows that were deployed since, or that could not be read a day ago. An iFlow that can't be
 * read fails alone and keeps what is known of it. What is already stored is not read again by whoever takes the run over.
 */
export async function analyzeJob(job: Job): Promise<Outcome> {
  const { config, prepared } = job.run;
  if (!config.cpiDestination) throw new RunProblem('NOT_CONFIGURED', config.name, 'cpiDestination');
  const tried = new Set<string>();
  const next = async () => (await readDue(config.ID)).filter((due) => !tried.has(keyOf(due)));
  let failed = 0;
  /* eslint-disable no-await-in-loop -- one round after the other: what a refresh finds meanwhile is taken in */
  for (let due = await next(), isFirst = true; due.length; due = await next(), isFirst = false) {
    for (const one of due) tried.add(keyOf(one));
    // Whoever takes a run over goes on with what was counted before.
    if (!isFirst || !prepared) await job.commit({ total: { '+=': due.length }, prepared: true });
    failed += await readAll(job, config.cpiDestination, due);
  }
  /* eslint-enable no-await-in-loop */
  await storeCalls(job);
  if (!failed) return { status: 'completed' };
  const message = textOf('MODELS_UNREADABLE', [String(failed)]);
  return { status: 'completedWithError', code: 'MODELS_UNREADABLE', message };
}

const keyOf = ({ ID, version, deployedOn }: Due) => JSON.stringify([ID, version, deployedOn]);

/** @returns how many could not be read */
async function readAll(job: Job, destination: string, due: readonly Due[]): Promise<number> {
  const client = await createCpiClient({ destination, signal: job.signal, behind: true });
  const reader = openModelReader();
  let failed = 0;
  try {
    for (let i = 0; i < due.length; i += CHUNK) {
      /* eslint-disable no-await-in-loop -- one chunk after the other */
      await job.checkpoint();
      const readings = await inParallel(due.slice(i, i + CHUNK), PARALLEL, (one) => readModel(client, reader, one));
      assertAnswered(readings);
      failed += await storeReadings(job, readings);
      /* eslint-enable no-await-in-loop */
    }
  } finally {
    await reader.close();
  }
  return failed;
}

/** Where nobody was answered, the tenant is down and not the models. */
function assertAnswered(readings: readonly Reading[]): void {
  const [first] = readings;
  const isUnreachable = ({ problem }: Reading) => problem instanceof RemoteError && problem.code === 'CPI_UNREACHABLE';
  if (readings.every(isUnreachable)) throw first!.problem!;
}
