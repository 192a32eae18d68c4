import { removeDestination } from '../../../sandbox/btp/state.ts';
import {
  busy,
  count,
  failures,
  hiccups,
  inTurn,
  lasting,
  people,
  reading,
  refusal,
  type AccessFault,
} from './faults.ts';

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
