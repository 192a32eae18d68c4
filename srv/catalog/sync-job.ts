import { SyncRuns } from '#cds-models/leanix';
import { fieldsToRead } from '../core/catalog/plan.ts';
import type { Rules } from '../core/catalog/types.ts';
import { textOf } from '../base/problem.ts';
import { describeCandidates, recallDescriptions } from './candidates.ts';
import { nextId } from '../base/ids.ts';
import { discardItems, readFingerprints, readOpenItems, storeItems, type OpenItem } from './items.ts';
import type { Job } from '../runs/job.ts';
import { matchEntries, storeMatches, unread, type Matched } from './matching.ts';
import type { Outcome } from '../base/outcome.ts';
import { holdTo, leaveClash, planItems, type Item, type Open } from './planning.ts';
import { previewOf } from './repeats.ts';
import { findRefusals } from './refusals.ts';
import { storeRefusals } from './refused-paths.ts';
import { readAllEntries, type Entry } from './rows.ts';
import { sendItems, settle } from './sending.ts';
import { engineSettings } from '../runs/settings.ts';
import { inTransaction } from '../base/transaction.ts';
import { takeWorkspace } from '../runs/take-workspace.ts';
import { loadFieldRules, openWorkspace, withTags, type Workspace } from './workspace.ts';

/**
 * Matches, plans and writes: the runs of kind create, update, sync, preview and apply. A run that another worker left
 * goes on with the items that are still open.
 */
export async function syncJob(job: Job): Promise<Outcome> {
  const { config } = job.run;
  // A preview sends nothing: one that was broken off is made anew.
  const left = job.run.prepared && job.run.kind !== 'preview' ? await readOpenItems(job.run.ID) : null;
  if (!left && job.run.attempts > 1) await discardItems(job);
  // What is known here is read while LeanIX answers.
  const enter = (workspaceId: string) => takeWorkspace(job, workspaceId);
  const [workspace, { entries, others }] = await Promise.all([
    openWorkspace(config, job, job.run.kind === 'preview' ? {} : { enter }),
    entriesOf(job, left),
  ]);
  const untagged = await loadFieldRules(workspace);
  const fields = fieldsToRead(untagged);
  if (left) await settleSince(job.signal, left);
  const library = workspace.client.tagLibrary();
  const reading = { fields, along: library.passenger, ...(others && { others }) };
  const deployed = await matchEntries(workspace, entries.filter(isDeployed), reading);
  const rules = withTags(workspace, untagged, await library.tags(job.signal));
  await job.checkpoint();
  if (job.run.kind === 'preview') await recallDescriptions(config.ID, deployed);
  else await describeCandidates(workspace, deployed);
  await storeMatches(job, workspace, deployed);

  const matched = [...deployed, ...entries.filter((entry) => !isDeployed(entry)).map(unread)];
  const open = openItems(job, matched, left);
  const review = await reviewOf(job);
  const items = (await planFor(job, workspace, rules, open)).map(review);
  if (!left) await job.commit({ total: items.length });
  await storeItems(job, workspace, rules, items, !left);
  await job.commit({ prepared: true });

  const note = config.mappings.length ? {} : { code: 'NO_MAPPING', message: textOf('NO_MAPPING') };
  if (job.run.kind === 'preview') return { status: 'completed', keepPlanned: true, ...note };
  const toSend = items.filter(({ status }) => status === 'planned');
  await sendItems({ job, workspace, rules, fields, review }, toSend);
  return { status: (await failures(job)) ? 'completedWithError' : 'completed', ...note };
}

/** The iFlows that the run is about, with their links, and the other ones of the configuration where they are known. */
async function entriesOf(
  job: Job,
  left: readonly OpenItem[] | null,
): Promise<{ entries: Entry[]; others: Entry[] | null }> {
  const { config, kind, selection } = job.run;
  const chosen = left?.map((item) => item.iflow_ID) ?? selection;
  const all = await readAllEntries(config.ID, chosen);
  if (chosen) return { entries: all, others: null };
  if (kind !== 'create') return { entries: all, others: all.filter((entry) => !isDeployed(entry)) };
  const isOpen = (entry: Entry) => isDeployed(entry) && !entry.link.factSheetId;
  return { entries: all.filter(isOpen), others: all.filter((entry) => !isOpen(entry)) };
}

function openItems(job: Job, matched: readonly Matched[], left: readonly OpenItem[] | null): Open[] {
  if (left) {
    const byIFlow = new Map(left.map((item) => [item.iflow_ID, item]));
    return matched.map((entry) => {
      const { ID, action, sentAt, ownedTags } = byIFlow.get(entry.iflow.ID)!;
      // The tags that it was to get are ours if they are there now.
      const link = { ...entry.link, ownedTags: [...entry.link.ownedTags, ...(sentAt ? ownedTags : [])] };
      return { ID, action, entry: { ...entry, link }, sent: sentAt !== null };
    });
  }
  const { kind, selection } = job.run;
  // Create All New is about those without a fact sheet: what turns out to have one is linked, and needs no item.
  const wanted = kind === 'create' && !selection ? matched.filter(isNew) : matched;
  return wanted.map((entry) => ({ ID: nextId(), entry, sent: false, action: 'none' as const }));
}

const isDeployed = ({ iflow }: Entry) => iflow.status !== 'Undeployed';
const isNew = ({ result }: Matched) => result.status === 'notLinked';

/** Plans; where something is to be written, LeanIX is asked first which paths it refuses. */
async function planFor(job: Job, workspace: Workspace, rules: Rules, open: readonly Open[]): Promise<Item[]> {
  const { kind, selection } = job.run;
  // Who chooses an iFlow wants it to be tried.
  const planAll = async () => (await planItems(kind, open, rules)).map((item) => (selection ? item : leaveClash(item)));
  const items = await planAll();
  if (!items.some(({ status }) => status === 'planned')) return items;
  const refused = await findRefusals(workspace, items);
  if (!refused.size) return items;
  await storeRefusals(workspace.config.ID, workspace.factSheetType, refused);
  rules.refusedPaths = new Map([...rules.refusedPaths, ...refused]);
  return planAll();
}

/** Applying a preview holds every item to what it showed. */
async function reviewOf(job: Job): Promise<(item: Item) => Item> {
  const preview = job.run.kind === 'apply' ? await inTransaction(() => previewOf(job.run)) : null;
  if (preview === null) return (item) => item;
  const shown = await readFingerprints(preview);
  return (item) => holdTo(shown.get(item.entry.iflow.ID), item);
}

/** Lists may not show yet what the other worker had written last. */
async function settleSince(signal: AbortSignal, left: readonly OpenItem[]): Promise<void> {
  const last = Math.max(...left.map(({ sentAt }) => (sentAt ? Date.parse(sentAt) : 0)));
  await settle(signal, engineSettings().settleSeconds - (Date.now() - last) / 1000);
}

async function failures(job: Job): Promise<number> {
  const run = await inTransaction(() => SELECT.one.from(SyncRuns).columns('failed').where({ ID: job.run.ID }));
  return run?.failed ?? 0;
}
