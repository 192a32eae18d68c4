import type { Measured } from './cases.ts';
import type { LoopTaken } from './loop.ts';
import type { Planning } from './planning.ts';
import type { Traffic } from './sandbox.ts';
import type { Size } from './types.ts';

type LoopRun = { taken: LoopTaken; traffic: Traffic };

/** The loop, measured at one size. */
export type Loop = { size: Size; first: LoopRun; second: LoopRun };

const MB = 1024 * 1024;
const COLUMNS =
  'case,iFlows,fact sheets,requests,floor,mutations,seconds,÷ floor,loop ÷ requests,loop ÷ seconds,peak MB,CPU s,delay p99 ms,sandbox CPU s';

/** The figures as a Markdown table. */
export function table(lines: readonly Measured[], loop: Loop | null): string {
  const rows = [COLUMNS.split(','), ...lines.map((line) => rowOf(line, loop)), ...(loop ? loopRows(loop) : [])];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const cells = (row: string[]) =>
    row.map((cell, column) => (column ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)));
  const [head, ...body] = rows.map((row) => `| ${cells(row).join(' | ')} |`);
  const rule = `|${widths.map((width, column) => '-'.repeat(width + 1) + (column ? ':' : '-')).join('|')}|`;
  return [head, rule, ...body].join('\n');
}

function rowOf(line: Measured, loop: Loop | null): string[] {
  const { taken } = line;
  const start = [line.name, String(line.size.iflows), String(line.size.factSheets)];
  const end = [mb(taken.peakMemory), (taken.cpu / 1000).toFixed(1), taken.delayP99.toFixed(0)];
  if (line.kind === 'start') return [...start, '', '', '', line.seconds.toFixed(1), '', '', '', ...end, ''];
  if (line.kind === 'list') {
    const { p50, p95 } = line.waits;
    return [...start, '', '', '', `p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`, '', '', '', ...end, ''];
  }
  const { traffic, floor, seconds } = line;
  const requests = requestsOf(line);
  const other = loop && loopFor(line, loop);
  return [
    ...start,
    String(requests),
    String(floor.requests),
    String(traffic.mutations),
    seconds.toFixed(1),
    floor.seconds ? (seconds / floor.seconds).toFixed(2) : '',
    other ? `${(other.requests / requests).toFixed(0)} ×` : '',
    other ? `${(other.seconds / seconds).toFixed(0)} ×` : '',
    ...end,
    (traffic.cpu / 1000).toFixed(1),
  ];
}

function loopRows({ size, first, second }: Loop): string[][] {
  return Object.entries({ 'loop, first sync': first, 'loop, second sync': second }).map(
    ([name, { taken, traffic }]) => [
      ...[name, String(size.iflows), String(size.factSheets), String(traffic.requests), '', String(traffic.mutations)],
      ...[taken.seconds.toFixed(1), '', '', '', mb(taken.peakMemory), '', '', (traffic.cpu / 1000).toFixed(1)],
    ],
  );
}

type Run = Extract<Measured, { kind: 'run' }>;

/** Those of a refresh go to Cloud Integration, all others to LeanIX. */
const requestsOf = ({ traffic }: Run) => traffic.requests + traffic.cpi;

/** The time of the loop for the same work; every item takes the same time. */
function loopFor({ name, size }: Run, { first, second, size: measured }: Loop) {
  const run = { 'first sync': first, 'second sync, unchanged': second, 'sync, 1 % changed': second }[name];
  const factor = size.iflows / measured.iflows;
  return run ? { requests: run.traffic.requests * factor, seconds: run.taken.seconds * factor } : null;
}

type Goal = [goal: string, value: number, limit: number, atLeast?: boolean];

/**
 * The cost of a case for each iFlow at the largest size, as a multiple of the previous size; the worst case of each
 * column.
 */
function growth(runs: readonly Run[]): Goal[] {
  const [to, from] = [...new Set(runs.map(({ size }) => size.iflows))].sort((a, b) => b - a);
  if (!to || !from) return [];
  const columns: Record<string, (run: Run) => number> = {
    requests: requestsOf,
    mutations: ({ traffic }) => traffic.mutations,
    seconds: ({ seconds }) => seconds,
    'processor time': ({ taken }) => taken.cpu,
    memory: ({ taken }) => taken.peakMemory,
  };
  const cases = Map.groupBy(runs, ({ name }) => name);
  return Object.entries(columns).map(([column, of]) => {
    const ratios = [...cases.values()].map((sizes) => {
      const each = (iflows: number) => of(sizes.find(({ size }) => size.iflows === iflows)!) / iflows;
      return each(to) === 0 ? 0 : each(to) / each(from);
    });
    return [`${column} for each iFlow, ${to} ÷ ${from} iFlows, worst case`, Math.max(...ratios), 1.1];
  });
}

/** Goals of reading models. */
export function modelGoals([refresh, full, unchanged]: readonly Run[]): string {
  return shown([
    ['models, requests for each', requestsOf(full!) / full!.size.iflows, 1],
    ['models, full ÷ floor', full!.seconds / full!.floor.seconds, 1.1],
    ['models, processor time in s', full!.taken.cpu / 1000, 4],
    ['models, event-loop delay p99 in ms', full!.taken.delayP99, 50],
    ['models, peak memory above a refresh in MB', (full!.taken.peakMemory - refresh!.taken.peakMemory) / MB, 40],
    ['models, unchanged: requests', requestsOf(unchanged!), 0],
    ['models, unchanged: seconds', unchanged!.seconds, 0.2],
  ]);
}

/** Each goal with the value measured at the largest size. */
export function goals(lines: readonly Measured[], loop: Loop | null, planning: Planning): string {
  const largest = Math.max(...lines.map(({ size }) => size.iflows));
  const runs = lines.filter((line): line is Run => line.kind === 'run');
  const at = (name: string, iflows = largest) => runs.find((run) => run.name === name && run.size.iflows === iflows)!;
  const ratio = (run: Run) => run.seconds / run.floor.seconds;
  const [idle, busy] = lines.filter(({ kind, size }) => kind === 'list' && size.iflows === largest) as Extract<
    Measured,
    { kind: 'list' }
  >[];
  const [first, second] = [at('first sync'), at('second sync, unchanged')];
  const found: Goal[] = [
    ['first sync ÷ floor', ratio(first), 1.3],
    ['second sync ÷ floor', ratio(second), 1.3],
    ['peak memory in MB', Math.max(...runs.map(({ taken }) => taken.peakMemory)) / MB, 300],
    ['event-loop delay p99 in ms, worst run', Math.max(...runs.map(({ taken }) => taken.delayP99)), 50],
    ['list page p95 during syncs ÷ idle', busy!.waits.p95 / idle!.waits.p95, 2],
    ['planning ÷ parsing, processor time', planning.planning / planning.parsing, 1],
  ];
  if (loop) {
    found.push(
      ['loop ÷ requests, first sync', loopFor(first, loop)!.requests / requestsOf(first), 40, true],
      ['loop ÷ requests, second sync', loopFor(second, loop)!.requests / requestsOf(second), 1000, true],
    );
  }
  return shown([...found, ...growth(runs)]);
}

const shown = (goals: readonly Goal[]): string =>
  goals
    .map(([goal, value, limit, atLeast]) => {
      const met = atLeast ? value >= limit : value <= limit;
      return `${met ? 'met    ' : 'NOT MET'}  ${goal}: ${value.toFixed(2)} (${atLeast ? 'at least' : 'at most'} ${limit})`;
    })
    .join('\n');

const mb = (bytes: number) => (bytes / MB).toFixed(0);
