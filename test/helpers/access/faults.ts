import { removeDestination } from '../../../sandbox/btp/state.ts';
import type { Fault, FaultAction, FaultMatch, Faults } from '../../../sandbox/faults.ts';
import type { Sandbox } from '../../../sandbox/index.ts';
import { removeLeanIX, revoke } from '../runtime/fault-matrix.ts';

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

const reading: FaultMatch = { method: 'GET', path: '/permissions' };
const writing: FaultMatch = { write: true };
const people: FaultMatch = { method: 'GET', path: '/scim/' };

/** What may happen to a request of any kind, and is over after a while: one after the other in the same run. */
const failures: FaultAction[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'reset' },
  { kind: 'hang' },
];
const busy = (): FaultAction[] => [
  { kind: 'status', status: 401 },
  { kind: '429', retryAfter: '1' },
  { kind: '429', retryAfter: new Date(Date.now() + 2000).toUTCString() },
  { kind: '429' },
];

/** Each strikes one request, which is well when it is sent again; so the next one strikes the request after that. */
function inTurn({ faults }: { faults: Faults }, actions: FaultAction[], match: FaultMatch, after = 0): void {
  actions.forEach((action, n) => faults.add({ ...action, match, after: after + 2 * n }));
}

/** What does not pass by itself, to a read. A list that is not whole is no list. */
const lasting = (system: 'LEANIX' | 'SCIM'): (Omit<AccessFault, 'arrange' | 'outcome'> & Lasting)[] => [
  { name: 'status 500', action: { kind: 'status', status: 500 }, code: `${system}_ERROR` },
  { name: 'status 503', action: { kind: 'status', status: 503 }, code: `${system}_UNREACHABLE`, often: true },
  { name: 'a connection that breaks', action: { kind: 'reset' }, code: `${system}_UNREACHABLE` },
  { name: 'no answer', action: { kind: 'hang' }, code: `${system}_UNREACHABLE` },
  { name: 'status 401', action: { kind: 'status', status: 401 }, code: `${system}_TOKEN_INVALID` },
  { name: 'half an answer', action: { kind: 'halfJson' }, code: `${system}_UNREADABLE`, often: true },
];
type Lasting = { action: FaultAction; code: string };

/** What stands between this service and a bearer. With 10 times in a row, a run gives up three times and goes on later. */
const uaa: FaultMatch = { path: '/oauth/token' };
const service: FaultMatch = { path: '/destination-configuration' };
const hiccups: { name: string; faults: Fault[] }[] = [
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
const count = (faults: Fault[]) => faults.reduce((sum, { times = 1 }) => sum + times, 0);

const refusal = (status: string, message: string) => ({ status, type: 'Error', message, errors: [], data: null });

const done = { status: 'completed', total: 3, done: 3, created: 1, updated: 1, removed: 1, unchanged: 0, failed: 0 };
const allButOne = { status: 'completedWithError', total: 3, done: 3, failed: 1 };
/** LeanIX can't be asked: the run ends, and its tasks stay open. */
const stopped = (code: string) => ({ status: 'failed', code, failed: 0 });

/** During a run of three tasks, each of which writes once. */
export const provisioningFaults: AccessFault[] = [
  {
    name: '500, 502 and 503 to the writes',
    arrange: ({ leanix }) => inTurn(leanix, failures.slice(0, 3), writing),
    outcome: done,
    strikes: 3,
    often: true,
  },
  {
    name: 'no answers to the writes',
    arrange: ({ leanix }) => inTurn(leanix, failures.slice(3), writing),
    outcome: done,
    strikes: 2,
  },
  {
    name: '401 and 429 to the writes',
    arrange: ({ leanix }) => inTurn(leanix, busy().slice(0, 3), writing),
    outcome: done,
    strikes: 3,
  },
  {
    name: '500, 502, 503 and no answers to the reads',
    arrange: ({ leanix }) => inTurn(leanix, failures, reading),
    outcome: done,
    strikes: 5,
  },
  {
    name: '401 and 429 to the reads',
    arrange: ({ leanix }) => inTurn(leanix, busy(), reading),
    outcome: done,
    strikes: 4,
  },
  ...(['lostAnswer', 'halfJson'] as const).map((kind): AccessFault => ({
    name: `${kind} to each write`,
    arrange: ({ leanix }) => leanix.faults.add({ kind, match: writing, times: 99 }),
    outcome: done,
    strikes: 3,
    often: true,
  })),
  {
    name: 'a web page as the answer to each write',
    arrange: ({ leanix }) => inTurn(leanix, Array<FaultAction>(3).fill({ kind: 'html' }), writing),
    outcome: done,
    strikes: 3,
    often: true,
  },
  {
    name: '429 for longer than is put up with',
    arrange: ({ leanix }) => leanix.faults.add({ kind: '429', retryAfter: '60', match: writing, after: 1, times: 2 }),
    outcome: done,
  },
  {
    name: 'writes of which nothing is ever heard',
    arrange: ({ leanix }) => leanix.faults.add({ kind: 'reset', match: writing, times: 99 }),
    outcome: { status: 'completedWithError', total: 3, done: 3, failed: 3, created: 0, updated: 0, removed: 0 },
    often: true,
  },
  {
    name: 'one write that LeanIX refuses',
    arrange: ({ leanix }) =>
      leanix.faults.add({
        kind: 'status',
        status: 422,
        match: writing,
        after: 1,
        body: refusal('ERROR', 'Not like this.'),
      }),
    outcome: allButOne,
  },
  {
    name: 'one write that LeanIX refuses with status 200',
    arrange: ({ leanix }) =>
      leanix.faults.add({ kind: 'status', status: 200, match: writing, body: refusal('ERROR', 'Not like this.') }),
    outcome: allButOne,
  },
  {
    name: 'a token that may not administer',
    arrange: ({ leanix }) =>
      leanix.faults.add({ kind: 'status', status: 403, match: writing, times: 9, body: refusal('ERROR', 'HTTP 403') }),
    outcome: stopped('LEANIX_ADMIN_REQUIRED'),
    says: /admin/i,
    often: true,
  },
  ...lasting('LEANIX')
    .slice(-2)
    .map(({ name, action, code }): AccessFault => ({
      name: `${name}, to every read but the first`,
      arrange: ({ leanix }) => leanix.faults.add({ ...action, match: reading, after: 1, times: 99 }),
      outcome: stopped(code),
    })),
  {
    name: 'a bearer that is revoked in the middle',
    arrange: (sandbox) =>
      sandbox.leanix.faults.add({ kind: 'delay', ms: 0, match: writing, meanwhile: () => revoke(sandbox) }),
    outcome: done,
  },
  ...hiccups.map(({ name, faults }): AccessFault => ({
    name: `${name} when a new bearer is needed in the middle`,
    arrange: (sandbox) =>
      sandbox.leanix.faults.add({
        kind: 'delay',
        ms: 0,
        match: writing,
        meanwhile: () => {
          revoke(sandbox);
          for (const fault of faults) sandbox.btp.faults.add(fault);
        },
      }),
    outcome: done,
    strikes: 1 + count(faults),
    often: true,
  })),
  {
    name: 'a destination that is removed in the middle',
    arrange: (sandbox) =>
      sandbox.leanix.faults.add({
        kind: 'delay',
        ms: 0,
        match: writing,
        after: 1,
        meanwhile: () => removeLeanIX(sandbox),
      }),
    outcome: stopped('DESTINATION_MISSING'),
    says: /destination/i,
  },
];

const whole = { status: 'completed', failed: 0 };
/** A read that is not complete: nothing is concluded from it. */
const nothing = (code: string) => ({ status: 'failed', code, created: 0, updated: 0, removed: 0 });
const page = (data: unknown) => ({ status: 'OK', type: 'Permission', message: null, errors: [], total: 15, data });

/** During an import in eight pages, after somebody has left LeanIX. */
export const importFaults: AccessFault[] = [
  {
    name: '500, 502, 503 and no answers to some pages',
    arrange: ({ leanix }) => inTurn(leanix, failures, reading),
    outcome: whole,
    strikes: 5,
  },
  {
    name: '401 and 429 to some pages',
    arrange: ({ leanix }) => inTurn(leanix, busy(), reading),
    outcome: whole,
    strikes: 4,
  },
  ...lasting('LEANIX').map(({ name, action, code, often }): AccessFault => ({
    name: `${name}, to the second page, again and again`,
    arrange: ({ leanix }) => leanix.faults.add({ ...action, match: reading, after: 1, times: 99 }),
    outcome: nothing(code),
    often,
  })),
  {
    name: 'a second page that only administrators may read',
    arrange: ({ leanix }) =>
      leanix.faults.add({
        kind: 'status',
        status: 403,
        match: reading,
        after: 1,
        times: 9,
        body: refusal('ERROR', ''),
      }),
    outcome: nothing('LEANIX_ADMIN_REQUIRED'),
    says: /admin/i,
  },
  {
    name: 'a web page in place of the second page',
    arrange: ({ leanix }) => leanix.faults.add({ kind: 'html', match: reading, after: 1, times: 99 }),
    outcome: nothing('LEANIX_NOT_A_WORKSPACE'),
  },
  {
    name: 'an error with status 200 in place of the second page',
    arrange: ({ leanix }) =>
      leanix.faults.add({
        kind: 'status',
        status: 200,
        match: reading,
        after: 1,
        times: 9,
        body: refusal('ERROR', 'Not now.'),
      }),
    outcome: nothing('LEANIX_ERROR'),
    says: /Not now\./,
  },
  {
    name: 'a second page without a list',
    arrange: ({ leanix }) =>
      leanix.faults.add({ kind: 'status', status: 200, match: reading, after: 1, times: 9, body: page(null) }),
    outcome: nothing('LEANIX_UNREADABLE'),
  },
  {
    name: 'a second page with nobody on it',
    arrange: ({ leanix }) =>
      leanix.faults.add({ kind: 'status', status: 200, match: reading, after: 1, times: 99, body: page([]) }),
    outcome: nothing('PERMISSIONS_CHANGED'),
    says: /again/i,
    often: true,
  },
];

/** During an import of people in five pages. */
export const peopleFaults: AccessFault[] = [
  {
    name: '500, 502, 503 and no answers to some pages',
    arrange: ({ btp }) => inTurn(btp, failures, people),
    outcome: whole,
    strikes: 5,
  },
  {
    name: '401 and 429 to some pages',
    arrange: ({ btp }) => inTurn(btp, busy(), people),
    outcome: whole,
    strikes: 4,
  },
  ...lasting('SCIM').map(({ name, action, code, often }): AccessFault => ({
    name: `${name}, to the second page, again and again`,
    arrange: ({ btp }) => btp.faults.add({ ...action, match: people, after: 1, times: 99 }),
    outcome: nothing(code),
    often,
  })),
  {
    name: 'a directory that may not be read',
    arrange: ({ btp }) =>
      btp.faults.add({ kind: 'status', status: 403, match: people, times: 9, body: { detail: 'No.' } }),
    outcome: nothing('SCIM_FORBIDDEN'),
    says: /No\./,
  },
  ...hiccups.map(({ name, faults }): AccessFault => ({
    name: `a directory that has ended the credentials, with ${name}`,
    arrange: ({ btp }) => {
      btp.faults.add({ kind: 'status', status: 401, match: people, after: 1 });
      for (const fault of faults) btp.faults.add(fault);
    },
    outcome: whole,
    strikes: 1 + count(faults),
  })),
  {
    name: 'a directory that shows a web page',
    arrange: ({ btp }) => btp.faults.add({ kind: 'html', match: people, after: 1, times: 99 }),
    outcome: nothing('SCIM_UNREADABLE'),
  },
  {
    name: 'a directory that changes while it is read',
    arrange: ({ btp }) =>
      btp.faults.add({
        kind: 'delay',
        ms: 0,
        match: people,
        after: 1,
        times: 99,
        meanwhile: () => (btp.state.people = btp.state.people.slice(1)),
      }),
    outcome: nothing('SCIM_CHANGED'),
    says: /again/i,
    often: true,
  },
  {
    name: 'a destination that is gone',
    arrange: ({ btp }) =>
      btp.faults.add({
        kind: 'status',
        status: 401,
        match: people,
        after: 1,
        meanwhile: () => removeDestination(btp.state, 'subaccount', 'PEOPLE'),
      }),
    outcome: nothing('DESTINATION_MISSING'),
    says: /destination/i,
  },
];
