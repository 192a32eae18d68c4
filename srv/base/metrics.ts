import { metrics } from '@opentelemetry/api';

/** The metrics, see docs/operate.md. Without telemetry, they cost nothing. */
const meter = metrics.getMeter('leanix-integration');

const runs = meter.createCounter('leanix.runs', { description: 'Runs that ended, by kind and status' });
const items = meter.createCounter('leanix.items', {
  description: 'Items of runs that ended: iFlows, accounts, tasks; by outcome',
});
const requests = meter.createCounter('leanix.remote.requests', {
  description: 'Requests to remote systems, by system and status; 429 stands for too many requests',
});
const active = meter.createObservableGauge('leanix.runs.active', {
  description: 'Runs that wait, and runs that somebody works on; each instance tells all of them',
});

/** The elements of a run that count the outcomes of its items. */
export const OUTCOMES = ['created', 'updated', 'unchanged', 'removed', 'failed', 'skipped'] as const;

/** Counts a request that was sent. @param status of HTTP, or the reason for a missing answer */
export function countRequest(system: string, status: number | string): void {
  requests.add(1, { system, status });
}

/** Counts a run that has ended, with its items. */
export function countRun(
  run: { kind?: string | null; status?: string | null } & { [outcome in (typeof OUTCOMES)[number]]?: number | null },
): void {
  runs.add(1, { kind: run.kind ?? '', status: run.status ?? '' });
  for (const outcome of OUTCOMES) if (run[outcome]) items.add(run[outcome], { outcome });
}

/** Measures the queue. @param statuses reads the states of all runs that have not ended */
export function measureQueue(statuses: () => Promise<(string | null | undefined)[]>): void {
  active.addCallback(async (result) => {
    const all = await statuses();
    const waiting = all.filter((status) => status === 'requested').length;
    result.observe(waiting, { state: 'waiting' });
    result.observe(all.length - waiting, { state: 'working' });
  });
}
