import { fingerprint, plan } from '../core/catalog/plan.ts';
import type { Clash, FactSheet, Plan, Rules, Warning } from '../core/catalog/types.ts';
import { inSlices } from '../base/give-way.ts';
import { nextId } from '../base/ids.ts';
import { textOf } from '../base/problem.ts';
import { inTransaction } from '../base/transaction.ts';
import type { Mutation } from '../leanix/client.ts';
import type { Job } from '../runs/job.ts';
import { readFingerprints, storeItems, type Item } from './journal.ts';
import type { Matched, MatchedRun } from './matching.ts';
import type { Kind, Reason } from './probe.ts';
import { assertWritable, findRefusals, kindOf } from './refusals.ts';
import { storeRefusals } from './refused-paths.ts';
import { previewOf } from './repeats.ts';

/** The third step of a sync: the plan for each iFlow. */
export type PlannedRun = MatchedRun & {
  items: Item[];
  /** Checks an item that was planned again: applying a preview does what it showed, or nothing. */
  review: (item: Item) => Item;
  /** A mutation of each kind that LeanIX accepts: see `watchRefusals`. */
  accepted: ReadonlyMap<Kind, Mutation>;
};

/**
 * Plans the items of a run and stores them. If anything must be written, it first asks LeanIX what it refuses.
 * @throws RunProblem if nothing can be written: see `assertWritable`
 */
export async function planStep(run: MatchedRun): Promise<PlannedRun> {
  const { job, workspace, rules, left } = run;
  const review = await reviewOf(job);
  const { items: planned, accepted } = await planAll(run, openItems(run));
  const items = planned.map(review);
  if (!left) await job.commit({ total: items.length });
  await storeItems(job, workspace, rules, items, !left);
  await job.commit({ prepared: true });
  return { ...run, items, review, accepted };
}

export const isPlanned = ({ status }: Item) => status === 'planned';

function openItems({ job, matched, left }: MatchedRun): Open[] {
  if (left) {
    const byIFlow = new Map(left.map((item) => [item.iflow_ID, item]));
    return matched.map((entry) => {
      const { ID, action, sentAt, ownedTags } = byIFlow.get(entry.iflow.ID)!;
      // Tags that it was meant to get are ours if they are there now.
      const link = { ...entry.link, ownedTags: [...entry.link.ownedTags, ...(sentAt ? ownedTags : [])] };
      return { ID, action, entry: { ...entry, link }, sent: sentAt !== null };
    });
  }
  const { kind, selection } = job.run;
  // Create All New is for iFlows without a fact sheet: an iFlow that has one needs no item.
  const wanted = kind === 'create' && !selection ? matched.filter(isNew) : matched;
  return wanted.map((entry) => ({ ID: nextId(), entry, sent: false, action: 'none' as const }));
}

const isNew = ({ result }: Matched) => result.status === 'notLinked';

async function planAll(
  { job, workspace, rules }: MatchedRun,
  open: readonly Open[],
): Promise<Pick<PlannedRun, 'items' | 'accepted'>> {
  const { kind, selection } = job.run;
  // An iFlow that a user selected is tried, even if its name was taken last time.
  const planOnce = async () =>
    (await planItems(kind, open, rules)).map((item) => (selection ? item : leaveClash(item)));
  const items = await planOnce();
  const wanted = new Set(items.filter(isPlanned).map(kindOf));
  if (!wanted.size) return { items, accepted: new Map() };
  const { paths, kinds, accepted } = await findRefusals(workspace, items);
  assertWritable(kinds, wanted, (await workspace.client.identity()).role);
  if (paths.size) await storeRefusals(workspace.config.ID, workspace.factSheetType, paths);
  rules.refusedPaths = new Map([...rules.refusedPaths, ...paths]);
  const again = paths.size ? await planOnce() : items;
  return { items: again.map((item) => refuseAtOnce(item, kinds, paths.get('/externalId'))), accepted };
}

/** Fails items that LeanIX would refuse: all of a kind, or creates whose external ID is refused. */
function refuseAtOnce(item: Item, kinds: ReadonlyMap<Kind, Reason>, identity: string | undefined): Item {
  if (!isPlanned(item)) return item;
  const kind = kindOf(item);
  const reason = kinds.get(kind);
  if (reason) return refuse(item, kind === 'create' ? 'CREATES_REFUSED' : 'UPDATES_REFUSED', reason.message);
  return identity !== undefined && kind === 'create' ? refuse(item, 'IDENTITY_REFUSED', identity) : item;
}

/** When a preview is applied, each item must be as it showed. */
async function reviewOf(job: Job): Promise<PlannedRun['review']> {
  const preview = job.run.kind === 'apply' ? await inTransaction(() => previewOf(job.run)) : null;
  if (preview === null) return (item) => item;
  const shown = await readFingerprints(preview);
  return (item) => holdTo(shown.get(item.entry.iflow.ID), item);
}

const NOTHING: Plan = { action: 'none', name: null, patches: [], changes: [], warnings: [], ownedTags: [] };

/** An item before it is planned. */
export type Open = { ID: string; entry: Matched; sent: boolean; action: Item['action'] };

/**
 * Decides what a run does with each item.
 * @param kind create and update leave out the other kind; sync, preview and apply do both
 * @param locale language of the messages; stored messages are in English
 */
export async function planItems(kind: string, open: readonly Open[], rules: Rules, locale?: string): Promise<Item[]> {
  return inSlices(open, (item) => planItem(kind, item, rules, locale));
}

function planItem(kind: string, open: Open, rules: Rules, locale?: string): Item {
  const { iflow, result, link } = open.entry;
  const ended = (status: Item['status'], code: string, ...args: string[]): Item => ({
    ...open,
    factSheet: result.factSheet,
    plan: NOTHING,
    action: open.sent ? open.action : 'none',
    status,
    code,
    message: textOf(code, [iflow.name, ...args], locale),
  });
  if (iflow.status === 'Undeployed') return ended('skipped', 'UNDEPLOYED');
  if (result.status === 'ambiguous') return ended('skipped', 'AMBIGUOUS', String(result.candidates.length));
  if (result.notVisible) return ended('failed', 'FACT_SHEET_NOT_VISIBLE', open.entry.row?.factSheetName ?? '');
  if (kind === 'update' && result.status === 'notLinked') return ended('skipped', 'NOT_LINKED');
  if (kind === 'create' && result.status === 'linked' && !open.sent) {
    return ended('skipped', 'ALREADY_LINKED', result.factSheet?.name ?? '');
  }
  return planned(open, plan(iflow, link, result.factSheet, rules), result.factSheet, locale);
}

/**
 * Plans an item again from the current state.
 * @param code OUTCOME_UNKNOWN if the answer was lost, REVISION_CLASH if somebody else has edited it
 */
export function planAgain({ rules, review }: PlannedRun, item: Item, code: string, factSheet: FactSheet | null): Item {
  const { iflow, link } = item.entry;
  const gone = (reason: string): Item => ({
    ...item,
    status: 'failed',
    code: reason,
    message: textOf(reason, [iflow.name, item.factSheet?.name ?? '']),
  });
  if (!factSheet) return item.factSheet ? gone('FACT_SHEET_NOT_VISIBLE') : item;
  if (factSheet.status === 'ARCHIVED') return gone('FACT_SHEET_ARCHIVED');
  // Tags that we meant to put on are ours if they are there now; after a clash, somebody else put them on.
  const intended = code === 'OUTCOME_UNKNOWN' ? item.plan.ownedTags : [];
  const ownedTags = [...new Set([...link.ownedTags, ...intended])];
  return review(planned(item, plan(iflow, { ...link, ownedTags }, factSheet, rules), factSheet));
}

/** The item with a plan: nothing left to do means done. */
function planned(open: Open, plan: Plan, factSheet: FactSheet | null, locale?: string): Item {
  const note = noteOf(plan.warnings, locale);
  return {
    ...open,
    factSheet,
    plan,
    // What was sent before and is there now was created or updated by this run.
    action: open.sent ? open.action : plan.action,
    status: plan.action === 'none' ? 'done' : 'planned',
    code: note?.code ?? null,
    message: note?.message ?? null,
  };
}

/** The fact sheets that have the name, if LeanIX shows them. */
export function clashOf({ entry, plan }: Item): Clash {
  return { plan: fingerprint(plan), namesakes: entry.result.namesakes ?? [] };
}

/**
 * Skips a create whose name was taken last time, if neither the plan nor the fact sheets with that name have changed. A
 * user must decide.
 */
export function leaveClash(item: Item, locale?: string): Item {
  const { iflow, link } = item.entry;
  if (!link.clash || item.status !== 'planned' || item.action !== 'create' || item.sent) return item;
  if (link.clash.plan !== fingerprint(item.plan)) return item;
  const code = link.clash.namesakes.length ? 'NAME_STILL_TAKEN' : 'NAMESAKE_STILL_HIDDEN';
  const message = textOf(code, [iflow.name], locale);
  return { ...item, plan: NOTHING, action: 'none', status: 'skipped', code, message };
}

/** Fails an item without sending it. */
export function refuse(item: Item, code: string, reason: string): Item {
  const { name } = item.entry.iflow;
  return { ...item, plan: NOTHING, status: 'failed', code, message: textOf(code, [name, reason]) };
}

/** Fails an item whose plan differs from what the preview showed. */
export function holdTo(shown: string | undefined, item: Item): Item {
  if (item.status !== 'planned' || fingerprint(item.plan) === shown) return item;
  // This run created it, and something is still missing.
  if (item.action === 'create' && item.plan.action === 'update') return item;
  const { name } = item.entry.iflow;
  return { ...item, status: 'failed', code: 'PLAN_STALE', message: textOf('PLAN_STALE', [name]) };
}

function noteOf(warnings: readonly Warning[], locale?: string): { code: string; message: string } | null {
  const [first] = warnings;
  if (!first) return null;
  const texts = new Set(warnings.map(({ code, args }) => textOf(code, args, locale)));
  return { code: first.code, message: [...texts].join(' ') };
}
