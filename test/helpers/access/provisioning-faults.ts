import type { FaultAction } from '../../../sandbox/faults.ts';
import { removeLeanIX, revoke } from '../runtime/fault-matrix.ts';
import {
  busy,
  count,
  failures,
  hiccups,
  inTurn,
  lasting,
  reading,
  refusal,
  writing,
  type AccessFault,
} from './faults.ts';

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
