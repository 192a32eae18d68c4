import cds from '@sap/cds';
import { IFlows, LeanIXConfigs, SyncItems, SyncRuns } from '#cds-models/leanix';
import { problem } from '../base/problem.ts';
import { audit, correlationId } from './audit.ts';
import { readAccess } from '../governance/settings.ts';
import { readConfig } from '../catalog/rows.ts';
import { lockConfigs } from '../base/transaction.ts';

/** Work on the access of a configuration; the other kinds work on its iFlows. */
const ACCESS_KINDS = ['importPeople', 'importAccounts', 'importAccess', 'importAll', 'provision'] as const;
export type AccessKind = (typeof ACCESS_KINDS)[number];
export type RunKind = 'refresh' | 'match' | 'create' | 'update' | 'sync' | 'preview' | 'apply' | AccessKind;

export type NewRun = {
  configId: string;
  kind: RunKind;
  /** Whom the run is done for: the user's id. */
  startedBy: string;
  /** Which iFlows it is about; all of the configuration where it is left out. */
  selection?: string[];
  /** The run that this one repeats or carries out. */
  sourceId?: string;
  acceptEmpty?: boolean;
  /** The job that it belongs to. */
  jobId?: string | null;
  trigger?: 'person' | 'schedule' | 'request';
  /** The kind of the run that is filed where this one ends as it should. */
  followUp?: RunKind;
  /** Why a person confirmed what a limit had stopped: what the run `sourceId` would have done. */
  confirmReason?: string;
};

/** States of a run in which somebody works on it, or should. */
export const ACTIVE = ['requested', 'running', 'cancelRequested'];

/**
 * Files a run, in the caller's transaction. A worker takes it up after the commit.
 * @returns the ID of the run
 * @throws 404 CONFIG_UNKNOWN; 409 RUN_ACTIVE while another run of that configuration is active
 */
export async function startRun(run: NewRun): Promise<string> {
  const ID = cds.utils.uuid();
  const now = new Date().toISOString();
  if (!(await lockConfigs(run.configId))) throw problem(404, 'CONFIG_UNKNOWN', run.configId);
  const activeKey = activeKeyOf(run.kind, run.configId);
  const active = await SELECT.one.from(SyncRuns).columns('ID').where({ activeKey });
  if (active) throw problem(409, 'RUN_ACTIVE', await nameOf(run.configId));
  const settings = await readConfig(run.configId);
  const access = isAccessKind(run.kind) ? await readAccess(run.configId) : undefined;
  await INSERT.into(SyncRuns).entries({
    ID,
    config_ID: run.configId,
    kind: run.kind,
    scope: run.selection ? await scopeOf(run.selection) : null,
    source_ID: run.sourceId ?? null,
    status: 'requested',
    total: run.selection?.length ?? 0,
    settings: JSON.stringify({ ...settings, access }),
    selection: run.selection ? JSON.stringify(run.selection) : null,
    acceptEmpty: run.acceptEmpty ?? false,
    startedBy: run.startedBy,
    startedAt: now,
    job_ID: run.jobId ?? null,
    trigger: run.trigger ?? 'person',
    followUp: run.followUp ?? null,
    confirmReason: run.confirmReason ?? null,
    activeKey,
    leaseUntil: now,
    correlationId: correlationId(),
  });
  const { configId, kind: element, startedBy: doneBy } = run;
  await audit({ action: 'startRun', configId, subject: ID, element, doneBy });
  return ID;
}

/** What stands for several iFlows reads the same in all languages. */
async function scopeOf(selection: readonly string[]): Promise<string | null> {
  if (selection.length !== 1) return `${selection.length} iFlows`;
  const iflow = await SELECT.one.from(IFlows).columns('name').where({ ID: selection[0] });
  return iflow?.name ?? null;
}

export const isAccessKind = (kind: string): kind is AccessKind => (ACCESS_KINDS as readonly string[]).includes(kind);

/** One run at a time works on the iFlows of a configuration, and one on its access. */
export function activeKeyOf(kind: RunKind, configId: string): string {
  return isAccessKind(kind) ? `access:${configId}` : configId;
}

/**
 * Asks for the end of a run. The worker stops after the batch that is under way.
 * @throws 409 RUN_ENDED where it is over already
 */
export async function cancelRun(ID: string): Promise<void> {
  const canceled = (await UPDATE.entity(SyncRuns)
    .set({ status: 'cancelRequested' })
    .where({ ID, status: { in: ACTIVE } })) as number;
  if (!canceled) throw problem(409, 'RUN_ENDED');
  const run = await SELECT.one.from(SyncRuns).columns('config_ID', 'kind').where({ ID });
  await audit({ action: 'cancelRun', configId: run!.config_ID!, subject: ID, element: run!.kind ?? '' });
}

/** A new run for the items of `ID` that failed. */
export async function retryFailed(ID: string, startedBy: string): Promise<string> {
  const run = await endedRun(ID);
  if (!['create', 'update', 'sync', 'apply'].includes(run.kind ?? '')) throw problem(409, 'NOTHING_FAILED');
  const failed = await SELECT.from(SyncItems).columns('iflow_ID').where({ run_ID: ID, status: 'failed' });
  const selection = failed.flatMap((item) => item.iflow_ID ?? []);
  if (!selection.length) throw problem(409, 'NOTHING_FAILED');
  // What failed while a preview was applied is planned anew: nobody has seen another plan for it yet.
  const kind = run.kind === 'apply' ? 'sync' : (run.kind as RunKind);
  return startRun({ configId: run.config_ID!, kind, selection, sourceId: ID, startedBy });
}

/**
 * A new run that does exactly what the preview `ID` showed.
 * @throws 409 NOT_A_PREVIEW, ALREADY_APPLIED
 */
export async function applyPreview(ID: string, startedBy: string): Promise<string> {
  const run = await endedRun(ID);
  if (run.kind !== 'preview' || run.status !== 'completed') throw problem(409, 'NOT_A_PREVIEW');
  // Whoever applies it at the same moment is through with it first, or waits.
  await lockConfigs(run.config_ID!);
  const applied = await SELECT.one.from(SyncRuns).columns('ID').where({ source_ID: ID, kind: 'apply' });
  if (applied) throw problem(409, 'ALREADY_APPLIED');
  const items = await SELECT.from(SyncItems)
    .columns('iflow_ID')
    .where({ run_ID: ID, status: 'planned', action: { in: ['create', 'update'] } });
  const selection = items.flatMap((item) => item.iflow_ID ?? []);
  return startRun({ configId: run.config_ID!, kind: 'apply', selection, sourceId: ID, startedBy });
}

async function endedRun(ID: string) {
  const run = await SELECT.one.from(SyncRuns).columns('config_ID', 'kind', 'status').where({ ID });
  if (!run) throw problem(404, 'RUN_UNKNOWN');
  if (ACTIVE.includes(run.status ?? '')) throw problem(409, 'RUN_ACTIVE', await nameOf(run.config_ID!));
  return run;
}

async function nameOf(configId: string): Promise<string> {
  const config = await SELECT.one.from(LeanIXConfigs).columns('name').where({ ID: configId });
  return config?.name ?? configId;
}
