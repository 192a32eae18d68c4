import { IFlows, SyncRuns } from '#cds-models/leanix';
import type { Outcome } from '../base/outcome.ts';
import { textOf } from '../base/problem.ts';
import { inTransaction } from '../base/transaction.ts';
import type { Job } from '../runs/job.ts';
import type { Item } from './journal.ts';
import { matchStep } from './matching.ts';
import { planStep } from './planning.ts';
import { readStep } from './reading.ts';
import { writeStep } from './writing.ts';

/**
 * The runs of kind create, update, sync, preview and apply: read, match, plan, write. Each step gets the result of the
 * previous one. A run that another worker left continues with its open items.
 */
export async function syncJob(job: Job): Promise<Outcome> {
  const read = await readStep(job);
  const matched = await matchStep(read);
  const planned = await planStep(matched);
  const note = await notesOf(job, planned.items);
  if (job.run.kind === 'preview') return { status: 'completed', keepPlanned: true, ...note };
  await writeStep(planned);
  return { status: (await failures(job)) ? 'completedWithError' : 'completed', ...note };
}

/** Notes for the whole run: what applies to all items is reported once. */
async function notesOf(job: Job, items: readonly Item[]): Promise<{ code?: string; message?: string }> {
  const { config } = job.run;
  const refused = new Map(
    items
      .flatMap(({ plan }) => plan.warnings.filter(({ code }) => code === 'PATH_REFUSED'))
      .map(({ args }) => [args[0], args[1]]),
  );
  const paths = [...refused].map(([path, reason]) => `${path} (${reason})`).join(', ');
  const notes: [string, ...string[]][] = [];
  if (!items.length && (await isNeverRefreshed(config.ID))) notes.push(['NOTHING_READ_YET', config.name]);
  if (refused.size) notes.push(['PATHS_REFUSED', paths]);
  if (!config.mappings.length) notes.push(['NO_MAPPING']);
  const [first] = notes;
  if (!first) return {};
  return { code: first[0], message: notes.map(([code, ...args]) => textOf(code, args)).join(' ') };
}

/** Whether no refresh has ever succeeded. An empty tenant is a different case. */
async function isNeverRefreshed(config_ID: string): Promise<boolean> {
  return inTransaction(async () => {
    const iflow = await SELECT.one.from(IFlows).columns('ID').where({ config_ID });
    const refresh = await SELECT.one
      .from(SyncRuns)
      .columns('ID')
      .where({ config_ID, kind: 'refresh', status: 'completed' });
    return !iflow && !refresh;
  });
}

async function failures(job: Job): Promise<number> {
  const run = await inTransaction(() => SELECT.one.from(SyncRuns).columns('failed').where({ ID: job.run.ID }));
  return run?.failed ?? 0;
}
