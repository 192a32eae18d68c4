import { type Sandbox } from '../../sandbox/index.ts';
import { WRITING } from '../helpers/app/app.ts';
import { flows } from '../helpers/app/seeds.ts';
import {
  bearerTroubles,
  faultsOf,
  meanwhile,
  passing,
  removeLeanIX,
  revoke,
  withoutBearer,
  type RunFault,
  strike,
  played,
} from '../helpers/runs/faults.ts';
import { expectJournals, expectNoneTwice, expectQuiet, runOf } from '../helpers/runtime/invariants.ts';
import { launchRuntime, MAPPINGS } from '../helpers/runtime/runtime.ts';

/** The number of synced iFlows; three requests write them. */
const COUNT = 12;

const toLeanIX = faultsOf('leanix');
const toCpi = faultsOf('cpi');
const reading = { operation: 'query' } as const;
const paging = { operation: 'query', body: /factSheetType/ } as const;
const often = true;

const whole = { status: 'completed', total: COUNT, done: COUNT, created: COUNT - 2, updated: 2, failed: 0 };
const allButOne = { status: 'completedWithError', total: COUNT, done: COUNT, failed: 1 };
/** An incomplete read: nothing is concluded from it. */
const nothing = (code: string) => ({ status: 'failed', code, total: 0, created: 0, updated: 0 });

/** Both forms in which LeanIX reports errors with status 200. */
const shapes = [
  { name: 'below extensions', error: { path: ['m1'], extensions: { errorType: 'BUSINESS_LOGIC' } }, often: true },
  { name: 'beside the message', error: { path: ['m1'], errorType: 'BUSINESS_LOGIC' }, often: false },
];
const status200 = { kind: 'status', status: 200 } as const;
const errors = (error: object) => ({ ...status200, body: { data: null, errors: [error] } });
const readOnly = { message: 'Workspace is in read-only mode', extensions: { errorType: 'BUSINESS_LOGIC' } };

const syncFaults: RunFault[] = [
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

/** Faults of Cloud Integration during a refresh. */
const refreshFaults: RunFault[] = [
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

const bystanders = ['Bystander 1', 'Bystander 2', 'Bystander 3', 'Bystander 4', 'Bystander 5', 'Bystander 6'];
const app = await launchRuntime({
  seed: flows(COUNT, [
    { type: 'Interface', name: 'Flow 1', documents: 'Flow_1', tags: ['SOX'] },
    { type: 'Interface', name: 'Flow 2', documents: 'Flow_2' },
    ...bystanders.map((name) => ({ type: 'Interface', name })),
  ]),
  config: {
    // Two pages of fact sheets, three requests that write.
    leanix: { batchSize: 4, pageSize: 6, settleSeconds: 0.2, busySeconds: 0.3, sweepSeconds: 0.2, perSecond: 30 },
    transport: { backoff: 10, maxBackoff: 50, timeout: 500, patience: 20_000, tries: 3 },
  },
});
const { sandbox } = app;
const { cpi } = sandbox;
const running = { sandbox, user: app.as('enterprise') };

test.each(played(syncFaults))('$name: every item ends once, and the next sync mends what is left', async (row) => {
  await app.begin({ mappings: MAPPINGS, defaultTags: 'CPI-Managed' });
  await runOf(running, 'refresh');
  const { state } = sandbox.leanix;
  const ofOthers = () => bystanders.map((name) => state.findByName(name));
  const [before, size] = [ofOthers(), state.factSheets.size];
  const run = await strike(sandbox, row, () => runOf(running, 'syncAll'));
  if (run.total === 0) expect(state.factSheets.size).toBe(size);

  expect(await runOf(running, 'syncAll')).toMatchObject({ status: 'completed', failed: 0 });
  await expectNoneTwice(running);
  expect(state.factSheets.size).toBe(COUNT + bystanders.length);
  expect(ofOthers()).toEqual(before);
  expect(state.tagNames(state.findByName('Flow 1')!.id)).toEqual(['SOX', 'CPI-Managed']);
  await expectQuiet(running);
  await expectJournals(running);
});

test.each(played(refreshFaults))('Cloud Integration that $name: what is known stays, and LeanIX too', async (row) => {
  await app.begin({ mappings: MAPPINGS });
  await runOf(running, 'refresh');
  await runOf(running, 'syncAll');
  const [before, sheets] = [await app.iflows(), app.snapshot()];
  await strike(sandbox, row, () => runOf(running, 'refresh'));
  expect(await app.iflows()).toEqual(before);

  expect(await runOf(running, 'refresh')).toMatchObject({ status: 'completed', total: COUNT });
  await expectQuiet(running);
  expect(app.changedSince(sheets)).toEqual([]);
});

test('a tenant that is empty because somebody says so: iFlows stay as undeployed, with their fact sheets', async () => {
  await app.begin({ mappings: MAPPINGS });
  await runOf(running, 'refresh');
  await runOf(running, 'syncAll');
  const sheets = app.snapshot();
  cpi.state.artifacts = [];
  expect(await runOf(running, 'refresh', { acceptEmpty: true })).toMatchObject({ status: 'completed' });
  const iflows = await app.iflows();
  expect(iflows).toHaveLength(COUNT);
  for (const iflow of iflows) expect(iflow).toMatchObject({ status: 'Undeployed', linkStatus: 'linked' });
  await expectQuiet(running);
  expect(app.changedSince(sheets)).toEqual([]);
});
