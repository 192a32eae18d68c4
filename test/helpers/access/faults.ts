import type { Fault, FaultAction, FaultMatch, Faults } from '../../../sandbox/faults.ts';
import type { Sandbox } from '../../../sandbox/index.ts';

/**
 * Something that goes wrong while accounts are read or changed, and how the run ends; `says`: what its message tells a
 * person to do about it. `often`: played with every `npm test`, not only with the long tests.
 */
export type AccessFault = {
  name: string;
  arrange: (sandbox: Sandbox) => void;
  outcome: object;
  says?: RegExp;
  /** How many requests it strikes at least; one, unless told. */
  strikes?: number;
  often?: true;
};

export const reading: FaultMatch = { method: 'GET', path: '/permissions' };
export const writing: FaultMatch = { write: true };
export const people: FaultMatch = { method: 'GET', path: '/scim/' };

/** What may happen to a request of any kind, and is over after a while: one after the other in the same run. */
export const failures: FaultAction[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'reset' },
  { kind: 'hang' },
];
export const busy = (): FaultAction[] => [
  { kind: 'status', status: 401 },
  { kind: '429', retryAfter: '1' },
  { kind: '429', retryAfter: new Date(Date.now() + 2000).toUTCString() },
  { kind: '429' },
];

/** Each strikes one request, which is well when it is sent again; so the next one strikes the request after that. */
export function inTurn({ faults }: { faults: Faults }, actions: FaultAction[], match: FaultMatch, after = 0): void {
  actions.forEach((action, n) => faults.add({ ...action, match, after: after + 2 * n }));
}

/** What does not pass by itself, to a read. A list that is not whole is no list. */
export const lasting = (system: 'LEANIX' | 'SCIM'): (Omit<AccessFault, 'arrange' | 'outcome'> & Lasting)[] => [
  { name: 'status 500', action: { kind: 'status', status: 500 }, code: `${system}_ERROR` },
  { name: 'status 503', action: { kind: 'status', status: 503 }, code: `${system}_UNREACHABLE`, often: true },
  { name: 'a connection that breaks', action: { kind: 'reset' }, code: `${system}_UNREACHABLE` },
  { name: 'no answer', action: { kind: 'hang' }, code: `${system}_UNREACHABLE` },
  { name: 'status 401', action: { kind: 'status', status: 401 }, code: `${system}_TOKEN_INVALID` },
  { name: 'half an answer', action: { kind: 'halfJson' }, code: `${system}_UNREADABLE`, often: true },
];
export type Lasting = { action: FaultAction; code: string };

/** What stands between this service and a bearer. With 10 times in a row, a run gives up three times and goes on later. */
export const uaa: FaultMatch = { path: '/oauth/token' };
export const service: FaultMatch = { path: '/destination-configuration' };
export const hiccups: { name: string; faults: Fault[] }[] = [
  {
    name: '429, 503 and a web page from the UAA',
    faults: [
      { kind: '429', match: uaa },
      { kind: 'status', status: 503, match: uaa, after: 1 },
      { kind: 'html', match: uaa, after: 2 },
    ],
  },
  { name: 'a UAA that is down for a while', faults: [{ kind: 'reset', match: uaa, times: 10 }] },
  { name: '429 from the Destination service', faults: [{ kind: '429', retryAfter: '1', match: service, times: 2 }] },
  {
    name: 'a Destination service that is down for a while',
    faults: [{ kind: 'status', status: 503, match: service, times: 10 }],
  },
];
export const count = (faults: Fault[]) => faults.reduce((sum, { times = 1 }) => sum + times, 0);

export const refusal = (status: string, message: string) => ({
  status,
  type: 'Error',
  message,
  errors: [],
  data: null,
});
