import { removeDestination } from '../../../sandbox/btp/state.ts';
import type { Fault, FaultAction, FaultMatch } from '../../../sandbox/faults.ts';
import type { Sandbox } from '../../../sandbox/index.ts';
import { LONG } from './long.ts';

/** A fault during a run, and how the run ends. */
export type RunFault = {
  name: string;
  /** Sets it up, right before the run. */
  arrange: (sandbox: Sandbox) => void;
  outcome: object;
  /** The next step that the message of the run names. */
  says?: RegExp;
  /** The minimum number of requests that it affects, in any system; one by default. */
  strikes?: number;
  /** Whether it is included in `npm test`, not only in the long tests. */
  often?: boolean;
};

/** The included faults: some of each kind, or all of them with the long tests. */
export const played = (faults: RunFault[]): RunFault[] => faults.filter(({ often }) => often || LONG);

type System = 'leanix' | 'cpi' | 'btp';

/** Creates rows of faults of one system. A function creates new faults for each run. */
export function faultsOf(system: System) {
  return (
    name: string,
    faults: Fault | ((sandbox: Sandbox) => Fault[]),
    outcome: object,
    more: Pick<RunFault, 'says' | 'strikes' | 'often'> = {},
  ): RunFault => ({
    name,
    arrange(sandbox) {
      for (const fault of typeof faults === 'function' ? faults(sandbox) : [faults]) sandbox[system].faults.add(fault);
    },
    outcome,
    ...more,
  });
}

/** Runs something when a request arrives; the request is answered as usual. */
export const meanwhile = (match: FaultMatch, act: () => void, after = 0): Fault => ({
  kind: 'delay',
  ms: 0,
  match,
  after,
  meanwhile: act,
});

/** Each fault affects one request, which then succeeds; the next fault affects the following request. */
export const inTurn = (actions: FaultAction[], match: FaultMatch): Fault[] =>
  actions.map((action, n) => ({ ...action, match, after: 2 * n }));

/** Temporary faults of any request. */
export const passing: { name: string; action: () => FaultAction; often?: true }[] = [
  { name: 'status 500', action: () => ({ kind: 'status', status: 500 }) },
  { name: 'status 502', action: () => ({ kind: 'status', status: 502 }) },
  { name: 'status 503', action: () => ({ kind: 'status', status: 503 }) },
  { name: 'a connection that breaks', action: () => ({ kind: 'reset' }), often: true },
  { name: 'no answer at all', action: () => ({ kind: 'hang' }) },
  { name: '429 with seconds', action: () => ({ kind: '429', retryAfter: '1' }) },
  {
    name: '429 with a date',
    action: () => ({ kind: '429', retryAfter: new Date(Date.now() + 2000).toUTCString() }),
    often: true,
  },
  { name: '429 that does not say for how long', action: () => ({ kind: '429' }) },
];

/** The systems between this service and a bearer. */
const places: { place: string; system: 'btp' | 'leanix'; match: FaultMatch }[] = [
  { place: 'the UAA', system: 'btp', match: { path: '/oauth/token' } },
  { place: 'the Destination service', system: 'btp', match: { path: '/destination-configuration' } },
  { place: 'the token endpoint', system: 'leanix', match: { path: '/oauth2/token' } },
];

/** Faults in these places. After 10 in succession, a run has given up three times and continues later. */
const hiccups: { name: string; action: () => FaultAction; times: number; often?: true }[] = [
  ...passing.slice(2).map((one) => ({ ...one, times: 2 })),
  { name: 'a web page', action: () => ({ kind: 'html' }), times: 2 },
  { name: 'status 503, 10 times', action: () => ({ kind: 'status', status: 503 }), times: 10, often: true },
  {
    name: '429 for longer than is put up with',
    action: () => ({ kind: '429', retryAfter: '60' }),
    times: 2,
    often: true,
  },
];

/** Prevents this service from getting a new bearer for a while. `strikes`: the number of requests */
export type BearerTrouble = {
  name: string;
  system: System;
  strikes: number;
  often: boolean;
  arrange: (sandbox: Sandbox) => void;
};

export const bearerTroubles: BearerTrouble[] = places.flatMap(({ place, system, match }) =>
  hiccups.map(({ name, action, times, often = false }) => ({
    name: `${name}, from ${place}`,
    system,
    strikes: times,
    often,
    arrange: (sandbox) => sandbox[system].faults.add({ ...action(), match, times }),
  })),
);

/** A run that needs a new bearer at its second matching request, and must wait for it. */
export const withoutBearer = (troubles: BearerTrouble[], match: FaultMatch, outcome: object): RunFault[] =>
  troubles.map(({ name, strikes, often, arrange }) =>
    faultsOf('leanix')(
      `${name} when a new bearer is needed in the middle`,
      (sandbox) => [
        meanwhile(
          match,
          () => {
            revoke(sandbox);
            arrange(sandbox);
          },
          1,
        ),
      ],
      outcome,
      { strikes: strikes + 1, often },
    ),
  );

/** Revokes the bearer in use, and all others. */
export function revoke({ leanix, btp }: Sandbox): void {
  leanix.rotateBearers();
  btp.forgetTokens();
}

/** Without a valid bearer, the missing destination is noticed immediately. */
export function removeLeanIX(sandbox: Sandbox): void {
  removeDestination(sandbox.btp.state, 'instance', 'LEANIX');
  revoke(sandbox);
}

/** Text for users: a sentence, not a code. */
export const SENTENCE = /\w \w+ \w[^.]*\./;

/**
 * Plays a fault, checks the end of the run, and removes the fault.
 * @returns the run
 */
export async function strike(sandbox: Sandbox, fault: RunFault, start: () => Promise<any>): Promise<any> {
  const systems = [sandbox.leanix, sandbox.cpi, sandbox.btp];
  const [destinations, artifacts] = [structuredClone(sandbox.btp.state.destinations), [...sandbox.cpi.state.artifacts]];
  fault.arrange(sandbox);
  const run = await start();
  expect(run).toMatchObject(fault.outcome);
  if (run.status === 'failed') expect(run.message).toMatch(fault.says ?? SENTENCE);
  expect(systems.flatMap(({ faults }) => faults.hits).length).toBeGreaterThanOrEqual(fault.strikes ?? 1);
  for (const { faults } of systems) faults.clear();
  sandbox.btp.state.destinations = destinations;
  sandbox.cpi.state.artifacts = artifacts;
  return run;
}
