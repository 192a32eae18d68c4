import { IFlows, SyncItems, SyncRuns } from '#cds-models/leanix';
import { problem } from '../base/problem.ts';
import { lockConfigs } from '../base/transaction.ts';
import { endedRun, startRun, type NewRun } from '../runs/runs.ts';

/**
 * Creates a run for some iFlows, in the caller's transaction.
 * @throws as `startRun`
 */
export async function startFor(run: NewRun & { selection: string[] }): Promise<string> {
  return startRun({ ...run, scope: await scopeOf(run.selection) });
}

/** The same in all languages. */
async function scopeOf(selection: readonly string[]): Promise<string | null> {
  if (selection.length !== 1) return `${selection.length} iFlows`;
  const iflow = await SELECT.one.from(IFlows).columns('name').where({ ID: selection[0] });
  return iflow?.name ?? null;
}

/** A new run for the items of `ID` that failed. */
export async function retryFailed(ID: string, startedBy: string): Promise<string> {
  const run = await endedRun(ID);
  if (!['create', 'update', 'sync', 'apply'].includes(run.kind ?? '')) throw problem(409, 'NOTHING_FAILED');
  const failed = await SELECT.from(SyncItems).columns('iflow_ID').where({ run_ID: ID, status: 'failed' });
  const selection = failed.flatMap((item) => item.iflow_ID ?? []);
  if (!selection.length) throw problem(409, 'NOTHING_FAILED');
  // Failed items of an applied preview are planned again: no user has seen another plan for them.
  const kind = run.kind === 'apply' ? 'sync' : run.kind!;
  return startFor({ configId: run.config_ID!, kind, selection, sourceId: ID, startedBy });
}

/**
 * A new run that does exactly what the preview `ID` showed.
 * @throws 409 NOT_A_PREVIEW, ALREADY_APPLIED
 */
export async function applyPreview(ID: string, startedBy: string): Promise<string> {
  const run = await endedRun(ID);
  if (run.kind !== 'preview' || run.status !== 'completed') throw problem(409, 'NOT_A_PREVIEW');
  // Two users who apply it at the same time wait for each other.
  await lockConfigs(run.config_ID!);
  const applied = await SELECT.one.from(SyncRuns).columns('ID').where({ source_ID: ID, kind: 'apply' });
  if (applied) throw problem(409, 'ALREADY_APPLIED');
  const items = await SELECT.from(SyncItems)
    .columns('iflow_ID')
    .where({ run_ID: ID, status: 'planned', action: { in: ['create', 'update'] } });
  const selection = items.flatMap((item) => item.iflow_ID ?? []);
  return startFor({ configId: run.config_ID!, kind: 'apply', selection, sourceId: ID, startedBy });
}

/**
 * Continues a canceled run with the items it did not reach. A run that was canceled before planning, or that writes
 * nothing, starts again.
 * @throws 404 RUN_UNKNOWN; 409 RUN_ACTIVE, NOT_CANCELED, NOTHING_LEFT
 */
export async function resumeRun(ID: string, startedBy: string): Promise<string> {
  const { config_ID, kind, status } = await endedRun(ID);
  if (status !== 'canceled') throw problem(409, 'NOT_CANCELED');
  const run = (await SELECT.one
    .from(SyncRuns)
    .columns('prepared', 'selection', 'scope', 'acceptEmpty', 'followUp')
    .where({ ID }))!;
  const again = { configId: config_ID!, kind: kind!, sourceId: ID, startedBy };
  if (!run.prepared || kind === 'preview' || kind === 'analyze') {
    const selection = run.selection ? { selection: JSON.parse(run.selection) as string[] } : {};
    const { scope, acceptEmpty, followUp } = run;
    return startRun({
      ...again,
      ...selection,
      scope: scope ?? null,
      acceptEmpty: acceptEmpty ?? false,
      ...(followUp && { followUp }),
    });
  }
  const left = await SELECT.from(SyncItems)
    .columns('iflow_ID')
    .where({ run_ID: ID, status: 'skipped', code: 'CANCELED' });
  const selection = left.flatMap((item) => item.iflow_ID ?? []);
  if (!selection.length) throw problem(409, 'NOTHING_LEFT');
  return startFor({ ...again, selection });
}

/** The preview that a run applies, directly or as the continuation of a canceled run. */
export async function previewOf(run: { kind: string; source_ID: string | null }): Promise<string | null> {
  let source = run.source_ID;
  for (;;) {
    if (!source) return null;
    // eslint-disable-next-line no-await-in-loop -- from run to run
    const found = await SELECT.one.from(SyncRuns).columns('kind', 'source_ID').where({ ID: source });
    if (found?.kind !== 'apply') return source;
    source = found.source_ID ?? null;
  }
}
