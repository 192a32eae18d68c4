import type { FactSheet } from '../../../sandbox/leanix/state.ts';
import { externalIdOf } from '../../../sandbox/seed/types.ts';
import { ok } from '../app/user.ts';
import { endIn, rowsAt, type Running } from '../runs/running.ts';

export type { Running };

/** All rows of a collection of the runtime service. */
export const rowsOf = (running: Running, path: string): Promise<any[]> => rowsAt(running, `runtime/${path}`);

/** Waits until a run has ended, and checks its journal. @returns its row */
export async function endOf(running: Running, runId: string): Promise<any> {
  const run = await endIn(running, 'runtime/SyncRuns', runId);
  await expectJournal(running, run);
  return run;
}

/** Starts a run by an action of the runtime service, waits until it has ended, and checks its journal. */
export async function runOf(running: Running, action: string, body: object = {}): Promise<any> {
  const { body: run } = await ok(running.user.post(`runtime/${action}`, body));
  return endOf(running, run.ID as string);
}

/** Every item of an ended run has ended once, and the run's counts match its items. */
async function expectJournal(running: Running, run: any): Promise<void> {
  expect(run.finishedAt).not.toBeNull();
  const items = await rowsOf(running, `SyncItems?$filter=run_ID eq ${run.ID}`);
  if (run.kind === 'refresh' || run.kind === 'match') {
    expect(items).toEqual([]);
    return;
  }
  const preview = run.kind === 'preview' && run.status === 'completed';
  const open = preview ? [] : items.filter(({ status }) => status === 'planned');
  expect(open.map(({ artifactId }) => artifactId)).toEqual([]);
  expect(new Set(items.map(({ iflow_ID }) => iflow_ID)).size).toBe(items.length);
  const written = items.filter(({ status }) => status === 'done' || status === 'planned');
  const count = (list: any[], values: object) =>
    list.filter((item) => Object.entries(values).every(([name, value]) => item[name] === value)).length;
  const counters = {
    // Items that a canceled run did not reach are skipped, not done.
    done: items.length - (run.status === 'canceled' ? count(items, { code: 'CANCELED', status: 'skipped' }) : 0),
    created: count(written, { action: 'create' }),
    updated: count(written, { action: 'update' }),
    unchanged: count(written, { action: 'none' }),
    failed: count(items, { status: 'failed' }),
    skipped: count(items, { status: 'skipped' }),
  };
  expect(run).toMatchObject(items.length ? { total: items.length, ...counters } : counters);
  for (const item of items) {
    const isEnd = ['done', 'failed', 'skipped'].includes(item.status) || (preview && item.status === 'planned');
    expect({ ...item, isEnd }).toMatchObject({ isEnd: true });
    if (item.status === 'failed') expect(item.message).toMatch(/\w \w/);
  }
}

/** Every started run has ended, and its journal is correct. */
export async function expectJournals(running: Running): Promise<void> {
  for (const run of await rowsOf(running, 'SyncRuns')) {
    expect(run.isActive).toBe(false);
    await expectJournal(running, run);
  }
}

export const externalIdIn = ({ fields }: FactSheet): string | null =>
  (fields['externalId'] as { externalId: string } | undefined)?.externalId ?? null;

/** No iFlow has two active fact sheets, by external ID or by link, and no fact sheet has two iFlows. */
export async function expectNoneTwice(running: Running): Promise<void> {
  const { leanix, cpi } = running.sandbox;
  const active = [...leanix.state.factSheets.values()].filter(({ status }) => status === 'ACTIVE');
  const ours = active.flatMap((sheet) => externalIdIn(sheet) ?? []).filter((id) => id.startsWith('cpi:'));
  expect(repeated(ours)).toEqual([]);
  const iflows = await rowsOf(running, 'IFlows');
  expect(repeated(iflows.map(({ artifactId }) => artifactId))).toEqual([]);
  expect(repeated(iflows.flatMap(({ factSheetId }) => factSheetId ?? []))).toEqual([]);
  for (const { artifactId, factSheetId } of iflows) {
    const own = active.find((sheet) => externalIdIn(sheet) === externalIdOf(cpi.host, artifactId));
    // One of another type dates from before the configuration of the type.
    if (!own || own.type !== leanix.state.factSheets.get(factSheetId)?.type) continue;
    expect({ artifactId, factSheetId }).toEqual({ artifactId, factSheetId: own.id });
  }
}

/** A further sync changes nothing in LeanIX, and sends no mutation. */
export async function expectQuiet(running: Running): Promise<void> {
  const { leanix } = running.sandbox;
  const before = new Map(leanix.state.factSheets);
  leanix.log.clear();
  await runOf(running, 'syncAll');
  expect(leanix.log.entries.filter(({ operation }) => operation === 'mutation')).toEqual([]);
  expect(new Map(leanix.state.factSheets)).toEqual(before);
}

function repeated(list: string[]): string[] {
  return list.filter((entry, index) => list.indexOf(entry) !== index);
}
