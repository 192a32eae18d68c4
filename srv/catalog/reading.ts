import { setTimeout as sleep } from 'node:timers/promises';
import { SyncItemChanges, SyncItems } from '#cds-models/leanix';
import { inTransaction } from '../base/transaction.ts';
import { fieldsToRead, type FieldsToRead } from '../core/catalog/plan.ts';
import type { Job } from '../runs/job.ts';
import { engineSettings } from '../runs/settings.ts';
import { takeWorkspace } from '../runs/take-workspace.ts';
import { readAllEntries, type Entry } from './rows.ts';
import { loadFieldRules, openWorkspace, type FieldRules, type Workspace } from './workspace.ts';

/** The first step of a sync: its input. */
export type Read = {
  job: Job;
  workspace: Workspace;
  /** The iFlows of the run. */
  entries: Entry[];
  /** The other iFlows of the configuration, if they were read too. */
  others: Entry[] | null;
  /** The items that another worker left open; null for a new run. */
  left: OpenItem[] | null;
  rules: FieldRules;
  /** The fields to read of each fact sheet. */
  fields: FieldsToRead;
};

/** An open item of a run that another worker started. */
export type OpenItem = {
  ID: string;
  iflow_ID: string;
  action: 'create' | 'update' | 'none';
  sentAt: string | null;
  ownedTags: string[];
};

/** Reads the iFlows and the settings of a run, and connects to its workspace. @throws as `openWorkspace` */
export async function readStep(job: Job): Promise<Read> {
  const { config, kind, prepared, attempts } = job.run;
  // A preview sends nothing: an interrupted one starts again.
  const left = prepared && kind !== 'preview' ? await readOpenItems(job.run.ID) : null;
  if (!left && attempts > 1) await discardItems(job);
  const enter = (workspaceId: string) => takeWorkspace(job, workspaceId);
  // Reads the database while waiting for LeanIX.
  const [workspace, { entries, others }] = await Promise.all([
    openWorkspace(config, job, kind === 'preview' ? {} : { enter }),
    readRunEntries(job, left),
  ]);
  const rules = await loadFieldRules(workspace);
  if (left) await settleSince(job.signal, left);
  return { job, workspace, entries, others, left, rules, fields: fieldsToRead(rules) };
}

export const isDeployed = ({ iflow }: Entry) => iflow.status !== 'Undeployed';

async function readRunEntries(job: Job, left: readonly OpenItem[] | null): Promise<Pick<Read, 'entries' | 'others'>> {
  const { config, kind, selection } = job.run;
  const chosen = left?.map((item) => item.iflow_ID) ?? selection;
  const all = await readAllEntries(config.ID, chosen);
  if (chosen) return { entries: all, others: null };
  if (kind !== 'create') return { entries: all, others: all.filter((entry) => !isDeployed(entry)) };
  const isOpen = (entry: Entry) => isDeployed(entry) && !entry.link.factSheetId;
  return { entries: all.filter(isOpen), others: all.filter((entry) => !isOpen(entry)) };
}

async function readOpenItems(runId: string): Promise<OpenItem[]> {
  const rows = await inTransaction(() =>
    SELECT.from(SyncItems)
      .columns('ID', 'iflow_ID', 'action', 'sentAt', 'ownedTags')
      .where({ run_ID: runId, status: 'planned' }),
  );
  return rows.map((row) => ({
    ID: row.ID!,
    iflow_ID: row.iflow_ID!,
    action: row.action as OpenItem['action'],
    sentAt: row.sentAt ?? null,
    ownedTags: JSON.parse(row.ownedTags ?? '[]') as string[],
  }));
}

/** Removes the items of a worker that died while planning. They were not sent yet. */
async function discardItems(job: Job): Promise<void> {
  const run_ID = job.run.ID;
  const counters = { done: 0, created: 0, updated: 0, unchanged: 0, failed: 0, skipped: 0 };
  await job.commit(counters, async () => {
    await DELETE.from(SyncItemChanges).where({ 'item.run_ID': run_ID });
    await DELETE.from(SyncItems).where({ run_ID });
  });
}

/** Waits because lists may not yet show what the other worker wrote last. */
async function settleSince(signal: AbortSignal, left: readonly OpenItem[]): Promise<void> {
  const last = Math.max(...left.map(({ sentAt }) => (sentAt ? Date.parse(sentAt) : 0)));
  await settle(signal, engineSettings().settleSeconds - (Date.now() - last) / 1000);
}

/** Waits until the lists of LeanIX show what was written. */
export async function settle(signal: AbortSignal, seconds = engineSettings().settleSeconds): Promise<void> {
  if (seconds > 0) await sleep(seconds * 1000, undefined, { signal });
}
