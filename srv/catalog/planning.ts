import { fingerprint, plan } from '../core/catalog/plan.ts';
import type { Clash, FactSheet, Plan, Rules, Warning } from '../core/catalog/types.ts';
import { textOf } from '../base/problem.ts';
import type { Matched } from './matching.ts';
import { inSlices } from '../base/give-way.ts';

/** An item of a run, from planning to its end. */
export type Item = {
  ID: string;
  entry: Matched;
  /** The fact sheet as it was read; null where it is to be created. */
  factSheet: FactSheet | null;
  plan: Plan;
  action: 'create' | 'update' | 'none';
  status: 'planned' | 'done' | 'failed' | 'skipped';
  code: string | null;
  message: string | null;
  /** It was handed to LeanIX before: what is found there may be our own work. */
  sent: boolean;
  /** LeanIX refused to create it because its name is taken. */
  clash?: Clash;
};

const NOTHING: Plan = { action: 'none', name: null, patches: [], changes: [], warnings: [], ownedTags: [] };

/** What is known of an item before it is planned. */
export type Open = { ID: string; entry: Matched; sent: boolean; action: Item['action'] };

/**
 * Decides for each item what a run of this kind does with it.
 * @param kind create and update leave the others out; sync, preview and apply do both
 * @param locale language of the messages; what is kept is in English
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

/** The item with a plan: nothing left to do means done. */
export function planned(open: Open, plan: Plan, factSheet: FactSheet | null, locale?: string): Item {
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

/** Who has the name, where LeanIX says that it is taken; nobody where LeanIX does not show who has it. */
export function clashOf({ entry, plan }: Item): Clash {
  return { plan: fingerprint(plan), namesakes: entry.result.namesakes ?? [] };
}

/**
 * What LeanIX refused to create because its name is taken is left out as long as nothing has changed, neither here nor at
 * the fact sheets of that name: a person has to decide.
 */
export function leaveClash(item: Item, locale?: string): Item {
  const { iflow, link } = item.entry;
  if (!link.clash || item.status !== 'planned' || item.action !== 'create' || item.sent) return item;
  if (link.clash.plan !== fingerprint(item.plan)) return item;
  const code = link.clash.namesakes.length ? 'NAME_STILL_TAKEN' : 'NAMESAKE_STILL_HIDDEN';
  const message = textOf(code, [iflow.name], locale);
  return { ...item, plan: NOTHING, action: 'none', status: 'skipped', code, message };
}

/** An item that LeanIX would refuse whatever else it holds: it fails, and nothing of it is sent. */
export function refuse(item: Item, code: string, reason: string): Item {
  const { name } = item.entry.iflow;
  return { ...item, plan: NOTHING, status: 'failed', code, message: textOf(code, [name, reason]) };
}

/** An item that a preview showed is done exactly so, or not at all. */
export function holdTo(shown: string | undefined, item: Item): Item {
  if (item.status !== 'planned' || fingerprint(item.plan) === shown) return item;
  // It was created by this run, and something is still missing on it.
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
