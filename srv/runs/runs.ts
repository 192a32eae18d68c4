import cds from '@sap/cds';
import { LeanIXConfigs, SyncRuns } from '#cds-models/leanix';
import { problem } from '../base/problem.ts';
import { callerId } from '../base/caller.ts';
import { audit, correlationId } from './audit.ts';
import { kindOfRun } from './features.ts';
import { ACTIVE, NEVER } from './lease.ts';
import { readConfig } from './connection.ts';
import { lockConfigs } from '../base/transaction.ts';

export type NewRun = {
  configId: string;
  kind: string;
  /** The ID of the user the run is executed for. */
  startedBy: string;
  /** IDs of its objects; left out for the whole configuration. */
  selection?: string[];
  /** The scope of the run, as text for users. */
  scope?: string | null;
  /** The run that this one repeats or applies. */
  sourceId?: string;
  acceptEmpty?: boolean;
  /** The job of the run. */
  jobId?: string | null;
  trigger?: 'person' | 'schedule' | 'request';
  /** The kind of the run that is created if this one succeeds. */
  followUp?: string;
  /** Why a user confirmed the run `sourceId`, which a limit had stopped. */
  confirmReason?: string;
};

/**
 * Creates a run in the caller's transaction. A worker takes it after the commit.
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
  const more = await kindOfRun(run.kind).settings?.(run.configId);
  await INSERT.into(SyncRuns).entries({
    ID,
    config_ID: run.configId,
    kind: run.kind,
    scope: run.scope ?? null,
    source_ID: run.sourceId ?? null,
    status: 'requested',
    total: run.selection?.length ?? 0,
    settings: JSON.stringify({ ...settings, ...more }),
    selection: run.selection ? JSON.stringify(run.selection) : null,
    acceptEmpty: run.acceptEmpty ?? false,
    startedBy: run.startedBy,
    startedAt: now,
    job_ID: run.jobId ?? null,
    trigger: run.trigger ?? 'person',
    followUp: run.followUp ?? null,
    confirmReason: run.confirmReason ?? null,
    activeKey,
    ...(kindOfRun(run.kind).isNew ? { leaseUntil: NEVER, laterUntil: now } : { leaseUntil: now }),
    correlationId: correlationId(),
    callerId: callerId(),
  });
  const { configId, kind: element, startedBy: doneBy } = run;
  await audit({ action: 'startRun', configId, subject: ID, element, doneBy });
  return ID;
}

/** Only one run at a time works on a lane: the iFlows of a configuration, its access, and so on. */
export function activeKeyOf(kind: string, configId: string): string {
  const { lane } = kindOfRun(kind);
  return lane ? `${lane}:${configId}` : configId;
}

/**
 * Cancels a run. The worker stops after the current batch.
 * @throws 409 RUN_ENDED if it has already ended
 */
export async function cancelRun(ID: string): Promise<void> {
  const canceled = (await UPDATE.entity(SyncRuns)
    .set({ status: 'cancelRequested' })
    .where({ ID, status: { in: ACTIVE } })) as number;
  if (!canceled) throw problem(409, 'RUN_ENDED');
  const run = await SELECT.one.from(SyncRuns).columns('config_ID', 'kind').where({ ID });
  await audit({ action: 'cancelRun', configId: run!.config_ID!, subject: ID, element: run!.kind ?? '' });
}

/**
 * Reads a run that has ended, in the caller's transaction.
 * @throws 404 RUN_UNKNOWN; 409 RUN_ACTIVE
 */
export async function endedRun(ID: string) {
  const run = await SELECT.one.from(SyncRuns).columns('config_ID', 'kind', 'status').where({ ID });
  if (!run) throw problem(404, 'RUN_UNKNOWN');
  if (ACTIVE.includes(run.status ?? '')) throw problem(409, 'RUN_ACTIVE', await nameOf(run.config_ID!));
  return run;
}

async function nameOf(configId: string): Promise<string> {
  const config = await SELECT.one.from(LeanIXConfigs).columns('name').where({ ID: configId });
  return config?.name ?? configId;
}
