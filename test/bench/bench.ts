/**
 * Measures the service on the sandbox, with a fixed latency and LeanIX's rate limit, and compares it with a loop over
 * the npm package `leanix-js` and with the floor. `--quick` leaves out the large sizes, for which the goals are meant;
 * `--models` only measures the reading of models. See docs/performance.md.
 */
import { measure, measureModels, type Measured } from './cases.ts';
import { runLoop, type LoopTaken } from './loop.ts';
import { measurePlanning } from './planning.ts';
import { startRemoteSandbox, type Traffic } from './sandbox.ts';
import { goals, modelGoals, table, type Loop } from './table.ts';
import type { Pace, Size } from './types.ts';

const PACE: Pace = { requestMs: 200, mutationMs: 4 };
const IN_FLIGHT = 1;
const SIZES: Size[] = [
  { iflows: 300, factSheets: 1500 },
  { iflows: 3000, factSheets: 15_000 },
  { iflows: 10_000, factSheets: 50_000 },
];

/** The number of models of a large tenant, with the average size of models. */
const MODELS: Size = { iflows: 1500, factSheets: 1500, modelSize: 60_000 };

const quick = process.argv.includes('--quick');
const only = process.argv.find((argument) => /^--only=\d+$/.test(argument))?.slice(7);
const say = (text: string) => process.stderr.write(`… ${text}\n`);
const sizes = only ? SIZES.filter(({ iflows }) => iflows === Number(only)) : quick ? SIZES.slice(0, 1) : SIZES;

if (process.argv.includes('--models')) {
  const models = await measureModels(MODELS, PACE, say);
  process.stdout.write(`${table(models, null)}\n\n${modelGoals(models)}\n`);
  process.exit(0);
}

// The loop runs in separate processes and waits nearly all of its time, so it runs in parallel.
const looping = only ? null : measureLoop(quick ? { iflows: 60, factSheets: 300 } : SIZES[0]!);
const lines: Measured[] = [];
for (const size of sizes) lines.push(...(await measure(size, PACE, IN_FLIGHT, say)));
const models = quick || only ? [] : await measureModels(MODELS, PACE, say);
const loop = await looping;
const planning = measurePlanning(sizes.at(-1)!);
const { iflows } = sizes.at(-1)!;
process.stdout.write(
  `${table([...lines, ...models], loop)}\n\nGoals, here with ${iflows} iFlows:\n\n${goals(lines, loop, planning)}\n${models.length ? `${modelGoals(models)}\n` : ''}`,
);

/** The first sync and the second one. */
async function measureLoop(size: Size): Promise<Loop> {
  const sandbox = await startRemoteSandbox(size, PACE);
  const { host, tenantHost, apiToken } = sandbox;
  const runs: { taken: LoopTaken; traffic: Traffic }[] = [];
  for (let count = 0; count < 2; count++) {
    const taken = await runLoop({ size, host, tenantHost, apiToken });
    runs.push({ taken, traffic: await sandbox.traffic() });
  }
  await sandbox.stop();
  return { size, first: runs[0]!, second: runs[1]! };
}
