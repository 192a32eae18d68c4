import fc from 'fast-check';

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

export type Options = {
  runs: number;
  /** After so many seconds no further one begins: a slow machine plays fewer. */
  seconds: number;
  /** Most steps of one history. */
  steps: number;
  /** Whether processes are killed and stopped as well. */
  withKills: boolean;
};

export type Play<Setup, Real> = Omit<Options, 'withKills'> & {
  setups: fc.Arbitrary<Setup>;
  all: fc.Arbitrary<Step<Real>>[];
  begin: (setup: Setup) => Promise<Real>;
  finish: (real: Real) => Promise<void>;
};

/**
 * Plays random histories. A failure names its seed and path; `HISTORY=<seed>,<path>` plays that one again, and then
 * looks for a shorter one that fails too.
 */
export async function play<Setup, Real extends object>(options: Play<Setup, Real>): Promise<void> {
  const { runs: numRuns, seconds, steps, setups, all, begin, finish } = options;
  const again = process.env['HISTORY']?.split(',');
  const until = again ? Infinity : Date.now() + seconds * 1000;
  let played = 0;
  const property = fc.asyncProperty(
    setups,
    fc.commands(all, { maxCommands: steps, size: 'max' }),
    async (setup, cmds) => {
      if (Date.now() > until) return;
      played++;
      await fc.asyncModelRun(
        async () => ({ model: { names: 1 }, real: await begin(setup) }),
        [...cmds, step('in the end', finish)],
      );
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
