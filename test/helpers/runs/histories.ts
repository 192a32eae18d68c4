import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Fault, FaultMatch, Faults } from '../../../sandbox/faults.ts';
import type { World } from './world.ts';

/** Counts used names, so that each is new. */
export type Model = { names: number };

export type Step<Real> = fc.AsyncCommand<Model, Real>;

/** The stage of a history. With `process`, the app can be killed. */
export type Stage = { world: World; process?: Process };

/** What a history may do to the process. */
export type Process = {
  /** Kills it without waiting. */
  end: () => void;
  /** Waits for the end, and restarts it. */
  restart(): Promise<void>;
  /** Stops it regularly, and restarts it. */
  stop(): Promise<void>;
};

/** A step of a history, followed by the checks of the world. The report of a failed history shows `text`. */
export const step = <Real extends Stage>(text: string, run: (real: Real, model: Model) => unknown): Step<Real> => ({
  check: () => true,
  async run(model, real) {
    await run(real, model);
    await real.world.check();
  },
  toString: () => text,
});

/** The entry of a list that a number selects. */
export const at = <T>(list: T[], n: number): T | undefined => list[n % list.length];

/** Starts an action and cancels its run after some milliseconds. */
export const cancelStep = <Real extends Stage>(actions: string[], most: number): fc.Arbitrary<Step<Real>> =>
  fc.tuple(fc.constantFrom(...actions), fc.nat(most)).map(([action, ms]) =>
    step(`${action}, canceled after ${ms} ms`, async ({ world }) => {
      const run = await world.ask(action);
      if (!run) return;
      await sleep(ms);
      await world.cancel(run as { ID: string });
    }),
  );

/** Faults of LeanIX that strike requests of these kinds until they are removed. */
export const faultSteps = <Real extends Stage>(matches: FaultMatch[]): fc.Arbitrary<Step<Real>>[] => [
  fc
    .record({
      action: fc.constantFrom<Fault>(
        { kind: '429' },
        { kind: '429', retryAfter: '1' },
        { kind: 'status', status: 401 },
        { kind: 'status', status: 500 },
        { kind: 'status', status: 503 },
        { kind: 'reset' },
        { kind: 'lostAnswer' },
        { kind: 'halfJson' },
        { kind: 'html' },
      ),
      match: fc.constantFrom(...matches),
      after: fc.nat(3),
      times: fc.constantFrom(1, 1, 2, 7),
    })
    .map(({ action, ...rest }) => {
      const fault = { ...action, ...rest };
      return step(`fault ${JSON.stringify(fault)}`, ({ world }) => void world.sandbox.leanix.faults.add(fault));
    }),
  fc.constant(step('all faults off', ({ world }) => world.calm())),
];

/** Which runs are killed. */
type Killed = {
  actions: string[];
  /** The range of requests, and of milliseconds, for the moment. */
  requests: number;
  ms: number;
  match: FaultMatch;
  /** The requests of the system that an action calls; LeanIX by default. */
  faultsOf?: (world: World, action: string) => Faults;
};

/** A run whose process is killed around one of its requests, or killed or stopped after a while, and restarted. */
export function killSteps<Real extends Stage>(killed: Killed): fc.Arbitrary<Step<Real>>[] {
  const { actions, requests, ms, match, faultsOf = ({ sandbox }) => sandbox.leanix.faults } = killed;
  const action = fc.constantFrom(...actions);
  return [
    fc.tuple(action, fc.nat(requests), fc.constantFrom('reset', 'lostAnswer')).map(([action, after, kind]) =>
      step(`${action}, killed at request ${after + 1} (${kind})`, async ({ world, process }) => {
        let dead = false;
        const meanwhile = () => {
          dead = true;
          process!.end();
        };
        const faults = faultsOf(world, action);
        faults.clear();
        faults.add({ kind, after, match, meanwhile });
        await world.run(action).catch((error: unknown) => {
          if (!dead) throw error;
        });
        faults.clear();
        if (dead) await process!.restart();
      }),
    ),
    fc.tuple(action, fc.nat(ms), fc.boolean()).map(([action, ms, crashes]) =>
      step(`${action}, ${crashes ? 'killed' : 'stopped'} after ${ms} ms`, async ({ world, process }) => {
        await world.ask(action);
        await sleep(ms);
        if (!crashes) return process!.stop();
        process!.end();
        await process!.restart();
      }),
    ),
  ];
}

/** The number of histories that are always played: fewer prove nothing. */
const LEAST = 3;

/** The number of histories of a test, and their world. */
export type Options<Setup, Real> = {
  runs: number;
  /** After this number of seconds, no further one begins: a slow machine runs fewer, but never fewer than `LEAST`. */
  seconds: number;
  /** Maximum number of steps of one history. */
  steps: number;
  begin: (setup: Setup) => Promise<Real>;
};

/** The subject of histories. */
export type Play<Setup, Real> = {
  setups: fc.Arbitrary<Setup>;
  all: fc.Arbitrary<Step<Real>>[];
  /** The first run of each, so that there is something to work on. */
  first: string;
};

/**
 * Plays random histories. A failure prints a seed and path; `HISTORY=<seed>,<path>` plays it again and looks for a
 * shorter one.
 */
export async function play<Setup, Real extends Stage>(
  { runs: numRuns, seconds, steps, begin }: Options<Setup, Real>,
  { setups, all, first }: Play<Setup, Real>,
): Promise<void> {
  const again = process.env['HISTORY']?.split(',');
  const until = again ? Infinity : Date.now() + seconds * 1000;
  let played = 0;
  const property = fc.asyncProperty(
    setups,
    fc.commands(all, { maxCommands: steps, size: 'max' }),
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
