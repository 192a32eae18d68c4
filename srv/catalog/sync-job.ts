import { IFlows, SyncRuns } from '#cds-models/leanix';
import { fieldsToRead } from '../core/catalog/plan.ts';
import type { Rules } from '../core/catalog/types.ts';
import { textOf } from '../base/problem.ts';
import { describeCandidates, recallDescriptions } from './candidates.ts';
import { nextId } from '../base/ids.ts';
import { discardItems, readFingerprints, readOpenItems, storeItems, type OpenItem } from './items.ts';
import type { Job } from '../runs/job.ts';
import type { Mutation } from '../leanix/client.ts';
import { matchEntries, storeMatches, unread, type Matched } from './matching.ts';
import type { Outcome } from '../base/outcome.ts';
import { holdTo, leaveClash, planItems, refuse, type Item, type Open } from './planning.ts';
import type { Kind, Reason } from './probe.ts';
import { assertWritable, findRefusals, kindOf } from './refusals.ts';
import { previewOf } from './repeats.ts';
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
  const { items: planned, accepted } = await planFor(job, workspace, rules, open);
  const items = planned.map(review);
  if (!left) await job.commit({ total: items.length });
  await storeItems(job, workspace, rules, items, !left);
  await job.commit({ prepared: true });

  const note = await notesOf(job, items);
  if (job.run.kind === 'preview') return { status: 'completed', keepPlanned: true, ...note };
  await sendItems({ job, workspace, rules, fields, review, accepted }, items.filter(isPlanned));
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

/** The items as they are planned, and what LeanIX takes of them: see `watchRefusals`. */
type Planned = { items: Item[]; accepted: ReadonlyMap<Kind, Mutation> };

/** Plans; where something is to be written, LeanIX is asked first what it refuses. */
async function planFor(job: Job, workspace: Workspace, rules: Rules, open: readonly Open[]): Promise<Planned> {
  const { kind, selection } = job.run;
  // Who chooses an iFlow wants it to be tried.
  const planAll = async () => (await planItems(kind, open, rules)).map((item) => (selection ? item : leaveClash(item)));
  const items = await planAll();
  const wanted = new Set(items.filter(isPlanned).map(kindOf));
  if (!wanted.size) return { items, accepted: new Map() };
  const { paths, kinds, accepted } = await findRefusals(workspace, items);
  assertWritable(kinds, wanted, (await workspace.client.identity()).role);
  if (paths.size) await storeRefusals(workspace.config.ID, workspace.factSheetType, paths);
  rules.refusedPaths = new Map([...rules.refusedPaths, ...paths]);
  const again = paths.size ? await planAll() : items;
  return { items: again.map((item) => refuseAtOnce(item, kinds, paths.get('/externalId'))), accepted };
}

/** Ends what LeanIX would refuse: all of its kind, or its identity, without which nothing is created. */
function refuseAtOnce(item: Item, kinds: ReadonlyMap<Kind, Reason>, identity: string | undefined): Item {
  if (!isPlanned(item)) return item;
  const kind = kindOf(item);
  const reason = kinds.get(kind);
  if (reason) return refuse(item, kind === 'create' ? 'CREATES_REFUSED' : 'UPDATES_REFUSED', reason.message);
  return identity !== undefined && kind === 'create' ? refuse(item, 'IDENTITY_REFUSED', identity) : item;
}

const isPlanned = ({ status }: Item) => status === 'planned';

/** What the run as a whole has to say: what concerns all items should not have to be gathered from each. */
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

/** Whether nothing was ever read from Cloud Integration: an empty tenant is something else. */
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
