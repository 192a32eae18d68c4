import { RunProblem } from '../base/outcome.ts';
import { textOf } from '../base/problem.ts';
import { RemoteError } from '../base/remote-error.ts';
import { normalizeName } from '../core/catalog/match.ts';
import type { FactSheet, Rules } from '../core/catalog/types.ts';
import { writeBatch, type Outcome } from '../leanix/batches.ts';
import { inFlight, type Mutation } from '../leanix/client.ts';
import { Canceled } from '../runs/job.ts';
import { engineSettings } from '../runs/settings.ts';
import { findAgain } from './find-again.ts';
import { markSent, storeEnds, type Item } from './journal.ts';
import { clashOf, isPlanned, planAgain, refuse, type PlannedRun } from './planning.ts';
import { settle } from './reading.ts';
import { watchRefusals } from './refusals.ts';

/** The state while items are written. */
type Watch = { isRefusedAnyway: ReturnType<typeof watchRefusals>; names: ReadonlyMap<string, number> };

type End = { item: Item; factSheet: FactSheet | null };

/** Outcomes that must be looked up in LeanIX. */
const LOOK_AGAIN = ['OUTCOME_UNKNOWN', 'REVISION_CLASH'];

/**
 * Writes the planned items to LeanIX in batches. Each ends exactly once: a refused one fails alone. If its answer was
 * lost, or somebody else has just edited its fact sheet, it is looked up and planned again before anything is sent
 * again.
 * @throws Canceled, LeaseLost between two requests; RemoteError if LeanIX can no longer be read; RunProblem
 * WRITES_REFUSED if it begins to refuse every write
 */
export async function writeStep(run: PlannedRun): Promise<void> {
  const items = run.items.filter(isPlanned);
  const { attempts, batchSize } = engineSettings();
  const pace = { batchSize, inFlight: inFlight() };
  const watch = { isRefusedAnyway: watchRefusals(run.workspace, run.accepted), names: namesOf(items) };
  let open = items;
  /* eslint-disable no-await-in-loop -- what is sent again depends on what came of it before */
  for (let attempt = 1; open.length; attempt++) {
    const doubtful: Doubtful[] = [];
    try {
      await sendOnce(run, open, pace, watch, attempt === attempts ? null : doubtful);
    } catch (error) {
      // Look up what was stored in spite of the error; if that fails too, the outcome stays unknown.
      if (error instanceof Canceled || error instanceof RemoteError || error instanceof RunProblem) {
        await lookAgain(run, doubtful).catch((other: unknown) => {
          if (!(other instanceof RemoteError)) throw other;
        });
      }
      throw error;
    }
    open = await lookAgain(run, doubtful);
  }
  /* eslint-enable no-await-in-loop */
}

/** The pace of writing. A lost answer (timeout or 5xx) halves both for the rest of the run. */
type Pace = { batchSize: number; inFlight: number };

const halve = (pace: Pace) => {
  pace.batchSize = Math.max(1, Math.floor(pace.batchSize / 2));
  pace.inFlight = Math.max(1, Math.floor(pace.inFlight / 2));
};

/** @param doubtful gets the items whose outcome must be looked up; null on the last attempt, which ends all of them */
async function sendOnce(
  run: PlannedRun,
  items: readonly Item[],
  pace: Pace,
  watch: Watch,
  doubtful: Doubtful[] | null,
): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async (index: number) => {
    try {
      while (next < items.length && index < pace.inFlight && !failed) {
        const batch = items.slice(next, next + pace.batchSize);
        next += batch.length;
        // eslint-disable-next-line no-await-in-loop -- one batch after the other, so that a run can stop between two
        await sendBatch(run, batch, pace, watch, doubtful);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  // Waits for requests in progress, since their outcome must be stored.
  const lanes = await Promise.allSettled(Array.from({ length: pace.inFlight }, (_, index) => lane(index)));
  for (const one of lanes) if (one.status === 'rejected') throw one.reason;
}

async function sendBatch(
  { job, workspace, rules, fields }: PlannedRun,
  items: readonly Item[],
  pace: Pace,
  watch: Watch,
  doubtful: Doubtful[] | null,
): Promise<void> {
  const target = { type: workspace.factSheetType, fields, signal: job.signal };
  const batch = new Map(items.map((item) => [item.ID, item]));
  await job.checkpoint();
  await markSent(job, items);
  const mutations = new Map(items.map((item) => [item.ID, mutationOf(item, rules)]));

  for await (const outcomes of writeBatch(workspace.client, [...mutations.values()], target)) {
    if (outcomes.some((outcome) => !outcome.ok && outcome.code === 'OUTCOME_UNKNOWN')) halve(pace);
    const ends: End[] = [];
    let standstill: string | undefined;
    for (const outcome of outcomes) {
      const item = { ...batch.get(outcome.key)!, sent: true };
      batch.delete(outcome.key);
      if (!outcome.ok && LOOK_AGAIN.includes(outcome.code) && doubtful) doubtful.push({ item, code: outcome.code });
      else ends.push(endOf(item, outcome, watch.names));
      if (outcome.ok || LOOK_AGAIN.includes(outcome.code)) continue;
      // eslint-disable-next-line no-await-in-loop -- most failures are known, or heard of for the first time
      if (await watch.isRefusedAnyway(mutations.get(outcome.key)!, outcome)) standstill = outcome.message;
    }
    if (standstill !== undefined) {
      // The rest of a request that was refused as a whole.
      for (const item of batch.values()) ends.push({ item: refuse(item, 'ITEM_REFUSED', standstill), factSheet: null });
    }
    await storeEnds(job, workspace, rules, ends);
    if (standstill !== undefined) throw new RunProblem('WRITES_REFUSED', standstill);
    await job.checkpoint();
  }
}

/** An item whose outcome must be looked up, and why. */
type Doubtful = { item: Item; code: string };

function mutationOf({ ID, plan, factSheet }: Item, rules: Rules): Mutation {
  const { patches } = plan;
  return factSheet
    ? { key: ID, kind: 'update', id: factSheet.id, rev: factSheet.rev, patches }
    : { key: ID, kind: 'create', name: plan.name ?? '', type: rules.factSheetType, patches };
}

function endOf(item: Item, outcome: Outcome, names: ReadonlyMap<string, number>): End {
  if (outcome.ok) return { item: { ...item, status: 'done' }, factSheet: outcome.factSheet };
  const { name } = item.entry.iflow;
  const taken = isNameTaken(outcome);
  const clash = taken && !item.factSheet ? clashOf(item) : undefined;
  const hidden = clash?.namesakes.length === 0;
  // Another iFlow of this run may have got the name just before: its fact sheet will be visible.
  const ofThisRun = hidden && names.get(nameWrittenBy(item))! > 1;
  const text = taken ? (hidden && !ofThisRun ? 'NAMESAKE_HIDDEN' : 'FULL_NAME_TAKEN') : 'ITEM_REFUSED';
  const message = LOOK_AGAIN.includes(outcome.code)
    ? textOf(outcome.code, [name])
    : textOf(text, [name, outcome.message]);
  return {
    item: { ...item, status: 'failed', code: outcome.code, message, ...(clash && !ofThisRun && { clash }) },
    factSheet: null,
  };
}

/** The number of items with each name. */
function namesOf(items: readonly Item[]): Map<string, number> {
  const byName = Map.groupBy(items, nameWrittenBy);
  return new Map([...byName].map(([name, list]) => [name, list.length]));
}

/** The name that an item writes, normalized for comparison; blank if it writes none. */
function nameWrittenBy({ plan }: Item): string {
  return normalizeName(plan.name ?? plan.patches.find(({ path }) => path === '/name')?.value ?? '');
}

/** Other constraints have the same code, such as a tag group that allows one tag. */
function isNameTaken({ code, message }: { code: string; message: string }): boolean {
  return code === 'CONSTRAINT_VIOLATION' && /\balready exists\b/i.test(message);
}

/** Reads the current state, plans again, and ends items that need nothing more. @returns the items to send */
async function lookAgain(run: PlannedRun, doubtful: readonly Doubtful[]): Promise<Item[]> {
  const { job, workspace, rules, fields } = run;
  if (doubtful.some(({ code }) => code === 'OUTCOME_UNKNOWN')) await settle(job.signal);
  const items = doubtful.map(({ item }) => item);
  const found = await findAgain(workspace, fields, items);
  const ends: End[] = [];
  const open: Item[] = [];
  for (const { item, code } of doubtful) {
    const now = planAgain(run, item, code, found.get(item.ID) ?? null);
    if (isPlanned(now)) open.push(now);
    else ends.push({ item: now, factSheet: now.factSheet });
  }
  await storeEnds(job, workspace, rules, ends);
  return open;
}
