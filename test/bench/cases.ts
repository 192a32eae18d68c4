import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reading, readingModels, refreshing, writing, type Floor } from './floor.ts';
import type { Taken } from './probe.ts';
import { startRemoteSandbox, type RemoteSandbox, type Traffic } from './sandbox.ts';
import { startService } from './service.ts';
import type { Pace, Size } from './types.ts';
import { look, type Waits } from './users.ts';

export type RunLine = Extract<Measured, { kind: 'run' }>;

/** One line of the table. */
export type Measured = { name: string; size: Size } & (
  | { kind: 'run'; floor: Floor; seconds: number; taken: Taken; traffic: Traffic }
  | { kind: 'start'; seconds: number; taken: Taken }
  | { kind: 'list'; waits: Waits; taken: Taken }
);

/**
 * All cases of one size, one after the other on the same database. The service restarts for each, so that only the
 * case's own memory counts.
 */
export async function measure(
  size: Size,
  pace: Pace,
  inFlight: number,
  say: (text: string) => void,
): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leanix-bench-'));
  const sandbox = await startRemoteSandbox(size, pace);
  const { iflows } = size;
  const all = Math.ceil(iflows / 50);
  const lines: Measured[] = [];
  const start = () => startService(sandbox, join(folder, 'db.sqlite'));
  const measureRun = async (name: string, action: string, floor: Floor, expected: object = {}) => {
    say(`${name}, ${iflows} iFlows`);
    lines.push(await oneRun(name, action, { size, sandbox, start, floor, expected }));
  };
  try {
    const first = await start();
    lines.push({
      kind: 'start',
      name: 'cold start, new database',
      size,
      seconds: first.coldStart,
      taken: await first.taken(),
    });
    await first.configure(sandbox.host);
    await first.stop();

    await measureRun('refresh, full', 'refresh', refreshing(size, all, pace), { total: iflows });
    await measureRun('refresh, unchanged', 'refresh', refreshing(size, 0, pace), { total: iflows });
    await measureRun('match only', 'match', reading(size.factSheets, pace), { total: iflows });
    const fresh = writing(size.factSheets, iflows, pace, inFlight);
    await measureRun('first sync', 'syncAll', fresh, { done: iflows, unchanged: 0 });
    await measureRun('second sync, unchanged', 'syncAll', reading(iflows, pace), { unchanged: iflows });
    await measureRun('match only, all linked', 'match', reading(iflows, pace), { total: iflows });
    const changed = await sandbox.release('2.0.0');
    await measureRun('refresh, 1 % changed', 'refresh', refreshing(size, Math.min(changed, all), pace));
    await measureRun('sync, 1 % changed', 'syncAll', writing(iflows, changed, pace, inFlight), { updated: changed });
    lines.push(...(await measureUsers(size, sandbox, start, say)));
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return lines;
}

type RunCase = {
  size: Size;
  sandbox: RemoteSandbox;
  start: () => ReturnType<typeof startService>;
  floor: Floor;
  expected: object;
  /** Milliseconds between two polls of the run, since each poll needs time of the service. */
  every?: number;
};

/** One run of a service started for it. */
async function oneRun(name: string, action: string, { size, sandbox, start, floor, expected, every }: RunCase) {
  const service = await start();
  await service.warmUp();
  await service.taken();
  await sandbox.traffic();
  const { run, seconds } = await service.ended(await service.start(action), every);
  const [taken, traffic] = [await service.taken(), await sandbox.traffic()];
  await service.stop();
  assertRun(name, run, expected);
  return { kind: 'run', name, size, floor, seconds, taken, traffic } satisfies Measured;
}

/** Reading models after a refresh: all of them, and none because nothing was deployed since. */
export async function measureModels(size: Size, pace: Pace, say: (text: string) => void): Promise<RunLine[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leanix-bench-'));
  const sandbox = await startRemoteSandbox(size, pace);
  const start = () => startService(sandbox, join(folder, 'db.sqlite'));
  const { iflows } = size;
  const none: Floor = { requests: 0, seconds: 0 };
  const cases: [name: string, action: string, floor: Floor, expected: object][] = [
    ['refresh before models', 'refresh', refreshing(size, Math.ceil(iflows / 50), pace), { total: iflows }],
    ['models, full', 'analyze', readingModels(size), { done: iflows, updated: iflows }],
    ['models, unchanged', 'analyze', none, { total: 0 }],
  ];
  const lines: RunLine[] = [];
  try {
    const first = await start();
    await first.configure(sandbox.host);
    await first.stop();
    for (const [name, action, floor, expected] of cases) {
      say(`${name}, ${iflows} iFlows`);
      lines.push(await oneRun(name, action, { size, sandbox, start, floor, expected, every: 1000 }));
    }
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return lines;
}

/** The list of iFlows under 20 users: with nothing else running, and during a sync of all iFlows. */
async function measureUsers(
  size: Size,
  sandbox: RemoteSandbox,
  start: () => ReturnType<typeof startService>,
  say: (text: string) => void,
): Promise<Measured[]> {
  say(`list of iFlows, ${size.iflows} iFlows`);
  const again = await start();
  const cold: Measured = {
    kind: 'start',
    name: 'cold start',
    size,
    seconds: again.coldStart,
    taken: await again.taken(),
  };
  await look(again, sleep(2000));
  await again.taken();
  const idle = await look(again, sleep(8000));
  const alone = await again.taken();
  await sandbox.release('3.0.0');
  await again.ended(await again.start('refresh'));
  await again.taken();
  const busy = await look(again, syncs(again, 8000));
  const both = await again.taken();
  await again.stop();
  return [
    cold,
    { kind: 'list', name: 'list page, 20 users', size, waits: idle, taken: alone },
    { kind: 'list', name: 'list page, 20 users, during syncs', size, waits: busy, taken: both },
  ];
}

/** One sync after the other, for at least this number of milliseconds. */
async function syncs(service: Awaited<ReturnType<typeof startService>>, ms: number): Promise<void> {
  for (const until = performance.now() + ms; performance.now() < until;) {
    assertRun('sync', (await service.ended(await service.start('syncAll'))).run, {});
  }
}

/** A figure for unfinished work would mean nothing. */
function assertRun(name: string, run: Record<string, unknown>, expected: object): void {
  const wrong = Object.entries({ status: 'completed', ...expected }).filter(([key, value]) => run[key] !== value);
  if (wrong.length) throw new Error(`${name} went wrong: ${JSON.stringify(run)}`);
}
