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
  /** Whom the run is done for: the user's id. */
  startedBy: string;
  /** IDs of what it is about; all of the configuration where it is left out. */
  selection?: string[];
  /** What that is, for people. */
  scope?: string | null;
  /** The run that this one repeats or carries out. */
  sourceId?: string;
  acceptEmpty?: boolean;
  /** The job that it belongs to. */
  jobId?: string | null;
  trigger?: 'person' | 'schedule' | 'request';
  /** The kind of the run that is filed where this one ends as it should. */
  followUp?: string;
  /** Why a person confirmed what a limit had stopped: what the run `sourceId` would have done. */
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

/** What only one run at a time works on: the iFlows of a configuration, its access, and so on. */
export function activeKeyOf(kind: string, configId: string): string {
  const { lane } = kindOfRun(kind);
  return lane ? `${lane}:${configId}` : configId;
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

/**
 * A run that is over, in the caller's transaction.
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
