import type { Sandbox } from '../../../sandbox/index.ts';
import { WRITING } from '../app/app.ts';
import {
  bearerTroubles,
  faultsOf,
  meanwhile,
  passing,
  removeLeanIX,
  revoke,
  withoutBearer,
  type RunFault,
} from '../runs/faults.ts';

/** How many iFlows are synced; three requests write them. */
export const COUNT = 12;

const toLeanIX = faultsOf('leanix');
const toCpi = faultsOf('cpi');
const reading = { operation: 'query' } as const;
const paging = { operation: 'query', body: /factSheetType/ } as const;
const often = true;

const whole = { status: 'completed', total: COUNT, done: COUNT, created: COUNT - 2, updated: 2, failed: 0 };
const allButOne = { status: 'completedWithError', total: COUNT, done: COUNT, failed: 1 };
/** A read that is not complete: nothing is concluded from it. */
const nothing = (code: string) => ({ status: 'failed', code, total: 0, created: 0, updated: 0 });

/** Both forms in which LeanIX says, with status 200, that something is wrong. */
const shapes = [
  { name: 'below extensions', error: { path: ['m1'], extensions: { errorType: 'BUSINESS_LOGIC' } }, often: true },
  { name: 'beside the message', error: { path: ['m1'], errorType: 'BUSINESS_LOGIC' }, often: false },
];
const status200 = { kind: 'status', status: 200 } as const;
const errors = (error: object) => ({ ...status200, body: { data: null, errors: [error] } });
const readOnly = { message: 'Workspace is in read-only mode', extensions: { errorType: 'BUSINESS_LOGIC' } };

export const syncFaults: RunFault[] = [
  ...passing.flatMap(({ name, action, often = false }) => [
    toLeanIX(`${name}, to a write`, () => [{ ...action(), match: WRITING, after: 1 }], whole, { often }),
    toLeanIX(`${name}, to a read`, () => [{ ...action(), match: reading, after: 1, times: 2 }], whole),
  ]),
  toLeanIX('half an answer to a write', { kind: 'halfJson', match: WRITING, after: 1 }, whole, { often }),
  toLeanIX('a web page as the answer to a write', { kind: 'html', match: WRITING, after: 1 }, whole, { often }),
  toLeanIX('answers that are lost after the commit', { kind: 'lostAnswer', match: WRITING, times: 2 }, whole, {
    often,
  }),
  ...shapes.flatMap(({ name, error, often }) => {
    const action = errors({ message: 'Not like this.', ...error });
    const text = `an error with status 200, its type ${name}`;
    return [
      toLeanIX(`${text}, to a write`, { ...action, match: WRITING, after: 1 }, allButOne, { often }),
      toLeanIX(`${text}, to a page`, { ...action, match: paging, after: 1 }, nothing('LEANIX_ERROR')),
    ];
  }),
  toLeanIX(
    'a workspace that takes no change, with a path',
    { ...errors({ ...readOnly, path: ['m0'] }), match: { operation: 'mutation' }, times: 99 },
    nothing('WRITES_REFUSED'),
    { often },
  ),
  toLeanIX(
    'a workspace that takes no change, without a path',
    { ...errors(readOnly), match: { operation: 'mutation' }, times: 99 },
    nothing('WRITES_REFUSED'),
  ),
  toLeanIX(
    'a second page that cannot be read',
    { kind: 'status', status: 503, match: paging, after: 1, times: 99 },
    nothing('LEANIX_UNREACHABLE'),
    { often },
  ),
  toLeanIX(
    'a second page that is half',
    { kind: 'halfJson', match: paging, after: 1, times: 99 },
    nothing('LEANIX_UNREADABLE'),
  ),
  toLeanIX(
    'a second page without a list',
    { ...status200, match: paging, after: 1, body: { data: { page: null } } },
    nothing('LEANIX_UNREADABLE'),
  ),
  toLeanIX('a bearer that is revoked in the middle', (sandbox) => [meanwhile(WRITING, () => revoke(sandbox))], whole),
  ...withoutBearer(bearerTroubles, WRITING, whole),
  toLeanIX(
    'a destination that is removed in the middle',
    (sandbox) => [meanwhile(WRITING, () => removeLeanIX(sandbox))],
    { status: 'failed', code: 'DESTINATION_MISSING', total: COUNT, done: COUNT },
    { often },
  ),
  toLeanIX(
    'somebody who edits the same fact sheet each time just before we write',
    (sandbox) => [{ ...meanwhile(WRITING, () => editAgain(sandbox)), times: 99 }],
    allButOne,
    { often },
  ),
];

const all = { times: 999, match: { path: '/api/v1' } };
const failed = (code: string) => ({ status: 'failed', code });

/** What is wrong with Cloud Integration during a refresh. */
export const refreshFaults: RunFault[] = [
  toCpi('is down', { kind: 'reset', ...all }, failed('CPI_UNREACHABLE')),
  toCpi('fails', { kind: 'status', status: 500, ...all }, failed('CPI_ERROR')),
  toCpi('never answers', { kind: 'hang', ...all }, failed('CPI_UNREACHABLE'), { often }),
  ...bearerTroubles
    .filter(({ system }) => system === 'btp')
    .map(({ name, strikes, often, arrange }) =>
      toCpi(
        `has ended the token, with ${name}`,
        (sandbox) => {
          arrange(sandbox);
          return [{ kind: 'status', status: 401, ...all, times: 1 }];
        },
        { status: 'completed', total: COUNT },
        { strikes: strikes + 1, often },
      ),
    ),
  toCpi('shows a web page', { kind: 'html', ...all }, failed('CPI_WEB_ADDRESS')),
  toCpi('is slow', { kind: 'delay', ms: 300, ...all }, { status: 'completed' }),
  {
    name: 'suddenly shows nothing',
    arrange: ({ cpi }) => (cpi.state.artifacts = []),
    outcome: failed('CPI_EMPTY'),
    strikes: 0,
    often,
  },
];

function editAgain(sandbox: Sandbox): void {
  const { id, description } = sandbox.leanix.state.findByName('Flow 1')!;
  sandbox.editFactSheet(id, { description: `${description ?? ''}Once more. ` });
}
