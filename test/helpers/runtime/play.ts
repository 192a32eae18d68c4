import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Fault, Faults } from '../../../sandbox/faults.ts';

/** What is known without looking: how many names were given away, so that each is a new one. */
export type Model = { names: number };

export type Step<Real> = fc.AsyncCommand<Model, Real>;

/** What a history may do to the process besides; without it the process lives. */
export type Process = {
  /** Ends it as a crash would, without waiting. */
  end: () => void;
  /** Waits for that end, and starts it again. */
  restart(): Promise<void>;
  /** Asks it to stop, and starts it again. */
  stop(): Promise<void>;
};

/** A step of a history; `text` says what happened, in the report of a history that failed. */
export const step = <Real>(text: string, run: (real: Real, model: Model) => unknown): Step<Real> => ({
  check: () => true,
  run: async (model, real) => void (await run(real, model)),
  toString: () => text,
});

/** An entry of a list that a number stands for. */
export const at = <T>(list: T[], n: number): T | undefined => list[n % list.length];

/**
 * Runs something whose process is killed when a request comes that the fault is meant for, and starts the process again.
 * Where none comes, nothing happens to it.
 */
export async function killedAt(
  process: Process,
  faults: Faults,
  fault: Fault,
  run: () => Promise<unknown>,
): Promise<void> {
  let killed = false;
  const meanwhile = () => {
    killed = true;
    process.end();
  };
  faults.clear();
  faults.add({ ...fault, meanwhile });
  await run().catch((error: unknown) => {
    if (!killed) throw error;
  });
  faults.clear();
  if (killed) await process.restart();
}

/** Begins something, kills the process after so many milliseconds, and starts it again. */
export async function killedAfter(process: Process, ms: number, begin: () => Promise<unknown>): Promise<void> {
  await begin();
  await sleep(ms);
  process.end();
  await process.restart();
}

/** The same with a process that is asked to stop. */
export async function stoppedAfter(process: Process, ms: number, begin: () => Promise<unknown>): Promise<void> {
  await begin();
  await sleep(ms);
  await process.stop();
}

/** How many histories are played however long they take: fewer prove nothing. */
const LEAST = 3;

/** How many histories a test plays, and in which world. */
export type Options<Setup, Real> = {
  runs: number;
  /** After so many seconds no further one begins: a slow machine plays fewer, but never fewer than `LEAST`. */
  seconds: number;
  /** Most steps of one history. */
  steps: number;
  /** Whether processes are killed and stopped as well. */
  withKills: boolean;
  begin: (setup: Setup) => Promise<Real>;
};

/** What histories are about. */
export type Play<Setup, Real> = {
  setups: fc.Arbitrary<Setup>;
  all: fc.Arbitrary<Step<Real>>[];
  /** Further steps, which end the process. */
  kills: fc.Arbitrary<Step<Real>>[];
  /** The run that each begins with, so that there is something to work on. */
  first: string;
};

type Played = { world: { run(action: string): Promise<unknown>; finish(): Promise<void> }; process?: Process };

/**
 * Plays random histories. A failure names its seed and path; `HISTORY=<seed>,<path>` plays that one again, and then
 * looks for a shorter one that fails too.
 */
export async function play<Setup, Real extends Played>(
  { runs: numRuns, seconds, steps, withKills, begin }: Options<Setup, Real>,
  { setups, all, kills, first }: Play<Setup, Real>,
): Promise<void> {
  const again = process.env['HISTORY']?.split(',');
  const until = again ? Infinity : Date.now() + seconds * 1000;
  let played = 0;
  const property = fc.asyncProperty(
    setups,
    fc.commands(withKills ? [...all, ...kills] : all, { maxCommands: steps, size: 'max' }),
    async (setup, cmds) => {
      if (played >= LEAST && Date.now() > until) return;
      played++;
      await fc.asyncModelRun(async () => {
        const real = await begin(setup);
        await real.world.run(first);
        return { model: { names: 1 }, real };
      }, [...cmds, step('in the end', ({ world }) => world.finish())]);
    },
  );
  await fc.assert(property, {
    numRuns,
    endOnFailure: !again,
    ...(again && { seed: Number(again[0]), path: again[1] ?? '' }),
    reporter(details) {
      process.stderr.write(`${played} histories from seed ${details.seed}\n`);
      if (!details.failed) return;
      const { seed, counterexamplePath } = details;
      throw new Error(`Play it again with HISTORY=${seed},${counterexamplePath}\n${fc.defaultReportMessage(details)}`, {
        cause: details.errorInstance,
      });
    },
  });
}
