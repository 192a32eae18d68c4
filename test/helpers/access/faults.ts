import { removeDestination } from '../../../sandbox/btp/state.ts';
import type { FaultAction, FaultMatch } from '../../../sandbox/faults.ts';
import {
  bearerTroubles,
  faultsOf,
  inTurn,
  meanwhile,
  passing,
  removeLeanIX,
  revoke,
  withoutBearer,
  type RunFault,
} from '../runs/faults.ts';

const toLeanIX = faultsOf('leanix');
const toBtp = faultsOf('btp');
const reading: FaultMatch = { method: 'GET', path: '/permissions' };
const writing: FaultMatch = { write: true };
const people: FaultMatch = { method: 'GET', path: '/scim/' };
const often = true;

const failures = () => passing.slice(0, 5).map(({ action }) => action());
const busy = (): FaultAction[] => [{ kind: 'status', status: 401 }, ...passing.slice(5).map(({ action }) => action())];

/** What does not pass by itself. A list that is not whole is no list. */
const lasting: { name: string; action: FaultAction; code: string; often?: true }[] = [
  { name: 'status 500', action: { kind: 'status', status: 500 }, code: 'ERROR' },
  { name: 'status 503', action: { kind: 'status', status: 503 }, code: 'UNREACHABLE', often },
  { name: 'a connection that breaks', action: { kind: 'reset' }, code: 'UNREACHABLE' },
  { name: 'no answer', action: { kind: 'hang' }, code: 'UNREACHABLE' },
  { name: 'status 401', action: { kind: 'status', status: 401 }, code: 'TOKEN_INVALID' },
  { name: 'half an answer', action: { kind: 'halfJson' }, code: 'UNREADABLE', often },
];

/** A few ways in which a new bearer cannot be had at once; runs of the catalogue play all of them. */
const troubles = bearerTroubles
  .filter(({ name, system }) => system === 'btp' && /^(a web page|status 503, 10|429 with seconds)/.test(name))
  .map((trouble) => ({ ...trouble, often: trouble.name.includes('UAA') }));

const answer = (status: number, body: object): FaultAction => ({ kind: 'status', status, body });
const refusal = (message: string) => ({ status: 'ERROR', type: 'Error', message, errors: [], data: null });
const page = (data: unknown) => ({ status: 'OK', type: 'Permission', message: null, errors: [], total: 15, data });

const done = { status: 'completed', total: 3, done: 3, created: 1, updated: 1, removed: 1, unchanged: 0, failed: 0 };
const allButOne = { status: 'completedWithError', total: 3, done: 3, failed: 1 };
const noneOf = { status: 'completedWithError', total: 3, done: 3, failed: 3, created: 0, updated: 0, removed: 0 };
/** LeanIX can't be asked: the run ends, and its tasks stay open. */
const stopped = (code: string) => ({ status: 'failed', code, failed: 0 });

/** During a run of three tasks, each of which writes once. */
export const provisioningFaults: RunFault[] = [
  toLeanIX('500, 502 and 503 to the writes', () => inTurn(failures().slice(0, 3), writing), done, {
    strikes: 3,
    often,
  }),
  toLeanIX('no answers to the writes', () => inTurn(failures().slice(3), writing), done, { strikes: 2 }),
  toLeanIX('401 and 429 to the writes', () => inTurn(busy().slice(0, 3), writing), done, { strikes: 3 }),
  toLeanIX('500, 502, 503 and no answers to the reads', () => inTurn(failures(), reading), done, { strikes: 5 }),
  toLeanIX('401 and 429 to the reads', () => inTurn(busy(), reading), done, { strikes: 4 }),
  ...(['lostAnswer', 'halfJson'] as const).map((kind) =>
    toLeanIX(`${kind} to each write`, { kind, match: writing, times: 99 }, done, { strikes: 3, often }),
  ),
  toLeanIX(
    'a web page as the answer to each write',
    () => inTurn(Array<FaultAction>(3).fill({ kind: 'html' }), writing),
    done,
    { strikes: 3, often },
  ),
  toLeanIX(
    '429 for longer than is put up with',
    { kind: '429', retryAfter: '60', match: writing, after: 1, times: 2 },
    done,
  ),
  toLeanIX('writes of which nothing is ever heard', { kind: 'reset', match: writing, times: 99 }, noneOf, { often }),
  toLeanIX(
    'one write that LeanIX refuses',
    { ...answer(422, refusal('Not like this.')), match: writing, after: 1 },
    allButOne,
  ),
  toLeanIX(
    'one write that LeanIX refuses with status 200',
    { ...answer(200, refusal('Not like this.')), match: writing },
    allButOne,
  ),
  toLeanIX(
    'a token that may not administer',
    { ...answer(403, refusal('HTTP 403')), match: writing, times: 9 },
    stopped('LEANIX_ADMIN_REQUIRED'),
    { says: /admin/i, often },
  ),
  ...lasting
    .slice(-2)
    .map(({ name, action, code }) =>
      toLeanIX(
        `${name}, to every read but the first`,
        { ...action, match: reading, after: 1, times: 99 },
        stopped(`LEANIX_${code}`),
      ),
    ),
  toLeanIX('a bearer that is revoked in the middle', (sandbox) => [meanwhile(writing, () => revoke(sandbox))], done),
  ...withoutBearer(troubles, writing, done),
  toLeanIX(
    'a destination that is removed in the middle',
    (sandbox) => [meanwhile(writing, () => removeLeanIX(sandbox), 1)],
    stopped('DESTINATION_MISSING'),
    { says: /destination/i },
  ),
];

const whole = { status: 'completed', failed: 0 };
/** A read that is not complete: nothing is concluded from it. */
const nothing = (code: string) => ({ status: 'failed', code, created: 0, updated: 0, removed: 0 });

/** What may happen to the pages of any list. */
const listFaults = (row: typeof toLeanIX, prefix: string, match: FaultMatch): RunFault[] => [
  row('500, 502, 503 and no answers to some pages', () => inTurn(failures(), match), whole, { strikes: 5 }),
  row('401 and 429 to some pages', () => inTurn(busy(), match), whole, { strikes: 4 }),
  ...lasting.map(({ name, action, code, often = false }) =>
    row(
      `${name}, to the second page, again and again`,
      { ...action, match, after: 1, times: 99 },
      nothing(`${prefix}_${code}`),
      { often },
    ),
  ),
];

const secondPage = (action: FaultAction) => ({ ...action, match: reading, after: 1, times: 99 });

/** During an import in eight pages, after somebody has left LeanIX. */
export const importFaults: RunFault[] = [
  ...listFaults(toLeanIX, 'LEANIX', reading),
  toLeanIX(
    'a second page that only administrators may read',
    secondPage(answer(403, refusal(''))),
    nothing('LEANIX_ADMIN_REQUIRED'),
    { says: /admin/i },
  ),
  toLeanIX('a web page in place of the second page', secondPage({ kind: 'html' }), nothing('LEANIX_NOT_A_WORKSPACE')),
  toLeanIX(
    'an error with status 200 in place of the second page',
    secondPage(answer(200, refusal('Not now.'))),
    nothing('LEANIX_ERROR'),
    { says: /Not now\./ },
  ),
  toLeanIX('a second page without a list', secondPage(answer(200, page(null))), nothing('LEANIX_UNREADABLE')),
  toLeanIX('a second page with nobody on it', secondPage(answer(200, page([]))), nothing('PERMISSIONS_CHANGED'), {
    says: /again/i,
    often,
  }),
];

/** During an import of people in five pages. */
export const peopleFaults: RunFault[] = [
  ...listFaults(toBtp, 'SCIM', people),
  toBtp(
    'a directory that may not be read',
    { ...answer(403, { detail: 'No.' }), match: people, times: 9 },
    nothing('SCIM_FORBIDDEN'),
    { says: /No\./ },
  ),
  ...troubles.map(({ name, strikes, arrange }) =>
    toBtp(
      `a directory that has ended the credentials, with ${name}`,
      (sandbox) => {
        arrange(sandbox);
        return [{ kind: 'status', status: 401, match: people, after: 1 }];
      },
      whole,
      { strikes: strikes + 1 },
    ),
  ),
  toBtp(
    'a directory that shows a web page',
    { kind: 'html', match: people, after: 1, times: 99 },
    nothing('SCIM_UNREADABLE'),
  ),
  toBtp(
    'a directory that changes while it is read',
    ({ btp: { state } }) => [{ ...meanwhile(people, () => (state.people = state.people.slice(1)), 1), times: 99 }],
    nothing('SCIM_CHANGED'),
    { says: /again/i, often },
  ),
  toBtp(
    'a destination that is gone',
    ({ btp: { state } }) => [
      {
        kind: 'status',
        status: 401,
        match: people,
        after: 1,
        meanwhile: () => removeDestination(state, 'subaccount', 'PEOPLE'),
      },
    ],
    nothing('DESTINATION_MISSING'),
    { says: /destination/i },
  ),
];
