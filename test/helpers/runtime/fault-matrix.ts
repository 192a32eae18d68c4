import { removeDestination } from '../../../sandbox/btp/state.ts';
import type { Fault, FaultAction, FaultMatch } from '../../../sandbox/faults.ts';
import type { Sandbox } from '../../../sandbox/index.ts';

/**
 * Something that goes wrong during a sync of `COUNT` iFlows, three requests of which write, and how the run ends.
 * `often`: played with every `npm test`, not only with the long tests.
 */
export type SyncFault = {
  name: string;
  faults: (sandbox: Sandbox) => Fault[];
  /** How many requests it strikes at least, to whatever system; one, unless told. */
  strikes?: number;
  outcome: object;
  often?: true;
};

/** Something that is wrong with Cloud Integration during a refresh, and how that ends. */
export type RefreshFault = { name: string; arrange: (sandbox: Sandbox) => unknown; outcome: object; often?: true };

export const COUNT = 12;

const writing = { operation: 'mutation', body: /"validateOnly":false/ } as const;
const reading = { operation: 'query' } as const;
const paging = { operation: 'query', body: /factSheetType/ } as const;

const whole = { status: 'completed', total: COUNT, done: COUNT, created: COUNT - 2, updated: 2, failed: 0 };
const allButOne = { status: 'completedWithError', total: COUNT, done: COUNT, failed: 1 };
/** A read that is not complete: nothing is concluded from it. */
const nothing = (code: string) => ({ status: 'failed', code, total: 0, created: 0, updated: 0 });

/** What may happen to a request of any kind; all of it is over after a while. */
const passing: { name: string; action: () => FaultAction; often?: true }[] = [
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

/** What stands between this service and a bearer: BTP's UAA, its Destination service, and LeanIX's token endpoint. */
const onTheWay: { place: string; system: 'btp' | 'leanix'; match: FaultMatch }[] = [
  { place: 'the UAA', system: 'btp', match: { path: '/oauth/token' } },
  { place: 'the Destination service', system: 'btp', match: { path: '/destination-configuration' } },
  { place: 'the token endpoint', system: 'leanix', match: { path: '/oauth2/token' } },
];

/** What may happen there. With 10 times in a row, a run gives up three times and goes on later. */
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

/** Both forms in which LeanIX says, with status 200, that something is wrong. */
const shapes: { name: string; error: object; often?: true }[] = [
  { name: 'below extensions', error: { path: ['m1'], extensions: { errorType: 'BUSINESS_LOGIC' } }, often: true },
  { name: 'beside the message', error: { path: ['m1'], errorType: 'BUSINESS_LOGIC' } },
];

export const syncFaults: SyncFault[] = [
  ...passing.map(({ name, action, often }): SyncFault => ({
    name: `${name}, to a write`,
    faults: () => [{ ...action(), match: writing, after: 1 }],
    outcome: whole,
    often,
  })),
  ...passing.map(({ name, action }): SyncFault => ({
    name: `${name}, to a read`,
    faults: () => [{ ...action(), match: reading, after: 1, times: 2 }],
    outcome: whole,
  })),
  {
    name: 'half an answer to a write',
    faults: () => [{ kind: 'halfJson', match: writing, after: 1 }],
    outcome: whole,
    often: true,
  },
  {
    name: 'a web page as the answer to a write',
    faults: () => [{ kind: 'html', match: writing, after: 1 }],
    outcome: whole,
    often: true,
  },
  {
    name: 'answers that are lost after the commit',
    faults: () => [{ kind: 'lostAnswer', match: writing, times: 2 }],
    outcome: whole,
    often: true,
  },
  ...shapes.flatMap(({ name, error, often }): SyncFault[] => {
    const body = { data: null, errors: [{ message: 'Not like this.', ...error }] };
    return [
      {
        name: `an error with status 200, its type ${name}, to a write`,
        faults: () => [{ kind: 'status', status: 200, match: writing, after: 1, body }],
        outcome: allButOne,
        often,
      },
      {
        name: `an error with status 200, its type ${name}, to a page`,
        faults: () => [{ kind: 'status', status: 200, match: paging, after: 1, body }],
        outcome: nothing('LEANIX_ERROR'),
      },
    ];
  }),
  ...[{ path: ['m0'] }, {}].map((named, n): SyncFault => {
    const readOnly = { message: 'Workspace is in read-only mode', extensions: { errorType: 'BUSINESS_LOGIC' } };
    const body = { data: null, errors: [{ ...readOnly, ...named }] };
    return {
      name: `a workspace that takes no change, ${n ? 'without a path' : 'with a path'}`,
      faults: () => [{ kind: 'status', status: 200, match: { operation: 'mutation' }, times: 99, body }],
      outcome: nothing('WRITES_REFUSED'),
      ...(n === 0 && { often: true }),
    };
  }),
  {
    name: 'a second page that cannot be read',
    faults: () => [{ kind: 'status', status: 503, match: paging, after: 1, times: 99 }],
    outcome: nothing('LEANIX_UNREACHABLE'),
    often: true,
  },
  {
    name: 'a second page that is half',
    faults: () => [{ kind: 'halfJson', match: paging, after: 1, times: 99 }],
    outcome: nothing('LEANIX_UNREADABLE'),
  },
  {
    name: 'a second page without a list',
    faults: () => [{ kind: 'status', status: 200, match: paging, after: 1, body: { data: { page: null } } }],
    outcome: nothing('LEANIX_UNREADABLE'),
  },
  {
    name: 'a bearer that is revoked in the middle',
    faults: (sandbox) => [{ kind: 'delay', ms: 0, match: writing, meanwhile: () => revoke(sandbox) }],
    outcome: whole,
  },
  ...onTheWay.flatMap(({ place, system, match }) =>
    hiccups.map(({ name, action, times, often }): SyncFault => ({
      name: `${name}, from ${place} when a new bearer is needed in the middle`,
      faults: (sandbox) => [
        {
          kind: 'delay',
          ms: 0,
          match: writing,
          after: 1,
          meanwhile: () => {
            revoke(sandbox);
            sandbox[system].faults.add({ ...action(), match, times });
          },
        },
      ],
      strikes: times + 1,
      outcome: whole,
      often,
    })),
  ),
  {
    name: 'a destination that is removed in the middle',
    faults: (sandbox) => [{ kind: 'delay', ms: 0, match: writing, after: 1, meanwhile: () => removeLeanIX(sandbox) }],
    outcome: { status: 'failed', code: 'DESTINATION_MISSING', total: COUNT, done: COUNT },
    often: true,
  },
  {
    name: 'somebody who edits the same fact sheet each time just before we write',
    faults: (sandbox) => [{ kind: 'delay', ms: 0, match: writing, times: 99, meanwhile: () => editAgain(sandbox) }],
    outcome: allButOne,
    often: true,
  },
];

const all = { path: '/api/v1' };

export const refreshFaults: RefreshFault[] = [
  {
    name: 'is down',
    arrange: ({ cpi }) => cpi.faults.add({ kind: 'reset', times: 999, match: all }),
    outcome: { status: 'failed', code: 'CPI_UNREACHABLE' },
  },
  {
    name: 'fails',
    arrange: ({ cpi }) => cpi.faults.add({ kind: 'status', status: 500, times: 999, match: all }),
    outcome: { status: 'failed', code: 'CPI_ERROR' },
  },
  {
    name: 'never answers',
    arrange: ({ cpi }) => cpi.faults.add({ kind: 'hang', times: 999, match: all }),
    outcome: { status: 'failed', code: 'CPI_UNREACHABLE' },
    often: true,
  },
  ...onTheWay.slice(0, 2).flatMap(({ place, match }) =>
    hiccups.map(({ name, action, times, often }): RefreshFault => ({
      name: `has ended the token, with ${name} from ${place}`,
      arrange: ({ cpi, btp }) => {
        cpi.faults.add({ kind: 'status', status: 401, match: all });
        btp.faults.add({ ...action(), match, times });
      },
      outcome: { status: 'completed', total: COUNT },
      often,
    })),
  ),
  {
    name: 'shows a web page',
    arrange: ({ cpi }) => cpi.faults.add({ kind: 'html', times: 999, match: all }),
    outcome: { status: 'failed', code: 'CPI_ERROR' },
  },
  {
    name: 'is slow',
    arrange: ({ cpi }) => cpi.faults.add({ kind: 'delay', ms: 300, times: 999, match: all }),
    outcome: { status: 'completed' },
  },
  {
    name: 'suddenly shows nothing',
    arrange: ({ cpi }) => (cpi.state.artifacts = []),
    outcome: { status: 'failed', code: 'CPI_EMPTY' },
    often: true,
  },
];

/** The bearer that is in use holds no more, and nobody has another one. */
export function revoke({ leanix, btp }: Sandbox): void {
  leanix.rotateBearers();
  btp.forgetTokens();
}

/** With a bearer that still holds nobody would notice. */
export function removeLeanIX(sandbox: Sandbox): void {
  removeDestination(sandbox.btp.state, 'instance', 'LEANIX');
  revoke(sandbox);
}

function editAgain(sandbox: Sandbox): void {
  const { id, description } = sandbox.leanix.state.findByName('Flow 1')!;
  sandbox.editFactSheet(id, { description: `${description ?? ''}Once more. ` });
}
