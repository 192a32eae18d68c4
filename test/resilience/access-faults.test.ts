import type { FaultAction, FaultMatch } from '../../sandbox/faults.ts';
import { removeDestination } from '../../sandbox/btp/state.ts';
import { tiny } from '../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../helpers/access/access.ts';
import {
  accessRows,
  expectAccessQuiet,
  expectAccountsTrue,
  expectNoneRepeated,
  expectTasksEnded,
} from '../helpers/access/invariants.ts';
import { NO_LIMITS } from '../helpers/access/no-limits.ts';
import { because } from '../helpers/access/provisioning.ts';
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
  SENTENCE,
  strike,
  played,
} from '../helpers/runs/faults.ts';

const toLeanIX = faultsOf('leanix');
const toBtp = faultsOf('btp');
const reading: FaultMatch = { method: 'GET', path: '/permissions' };
const writing: FaultMatch = { write: true };
const people: FaultMatch = { method: 'GET', path: '/scim/' };
const often = true;

const failures = () => passing.slice(0, 5).map(({ action }) => action());
const busy = (): FaultAction[] => [{ kind: 'status', status: 401 }, ...passing.slice(5).map(({ action }) => action())];

/** Lasting faults. An incomplete list is no list. */
const lasting: { name: string; action: FaultAction; code: string; often?: true }[] = [
  { name: 'status 500', action: { kind: 'status', status: 500 }, code: 'ERROR' },
  { name: 'status 503', action: { kind: 'status', status: 503 }, code: 'UNREACHABLE', often },
  { name: 'a connection that breaks', action: { kind: 'reset' }, code: 'UNREACHABLE' },
  { name: 'no answer', action: { kind: 'hang' }, code: 'UNREACHABLE' },
  { name: 'status 401', action: { kind: 'status', status: 401 }, code: 'TOKEN_INVALID' },
  { name: 'half an answer', action: { kind: 'halfJson' }, code: 'UNREADABLE', often },
];

/** Some ways in which a new bearer is unavailable; runs of the catalog cover all of them. */
const troubles = bearerTroubles
  .filter(({ name, system }) => system === 'btp' && /^(a web page|status 503, 10|429 with seconds)/.test(name))
  .map((trouble) => ({ ...trouble, often: trouble.name.includes('UAA') }));

const answer = (status: number, body: object): FaultAction => ({ kind: 'status', status, body });
const refusal = (message: string) => ({ status: 'ERROR', type: 'Error', message, errors: [], data: null });
const page = (data: unknown) => ({ status: 'OK', type: 'Permission', message: null, errors: [], total: 15, data });

const done = { status: 'completed', total: 3, done: 3, created: 1, updated: 1, removed: 1, unchanged: 0, failed: 0 };
const allButOne = { status: 'completedWithError', total: 3, done: 3, failed: 1 };
const noneOf = { status: 'completedWithError', total: 3, done: 3, failed: 3, created: 0, updated: 0, removed: 0 };
/** LeanIX cannot be reached: the run ends, and its tasks stay open. */
const stopped = (code: string) => ({ status: 'failed', code, failed: 0 });

/** During a run of three tasks, each of which writes once. */
const provisioningFaults: RunFault[] = [
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
/** An incomplete read: nothing is concluded from it. */
const nothing = (code: string) => ({ status: 'failed', code, created: 0, updated: 0, removed: 0 });

/** Faults of the pages of any list. */
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

/** During an import in eight pages, after a user has left LeanIX. */
const importFaults: RunFault[] = [
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
const peopleFaults: RunFault[] = [
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

const app = await launchAccess({
  seed: tiny,
  config: {
    leanix: { settleSeconds: 0.2, busySeconds: 0.3, sweepSeconds: 0.2, perSecond: 30 },
    transport: { backoff: 10, maxBackoff: 50, timeout: 500, patience: 10_000, tries: 3 },
  },
});
const { sandbox } = app;
const enterprise = app.as('enterprise');
const running = { sandbox, user: enterprise };

test.each(played(provisioningFaults))('$name: each task is done once, or says what became of it', async (row) => {
  await app.start(NO_LIMITS);
  await app.job('importAll');
  await enterprise.post('access/requestAccount', { email: emailOf('olga.olsen'), role: 'MEMBER', ...because });
  await app.onAccount('hugo.hermans', 'addAccess', { role: 'ADMIN', ...because });
  await app.onAccount('carla.costa', 'removeAccount', because);
  const run = await strike(sandbox, row, () => app.job('runProvisioning'));
  if (run.failed) expect(run.message).toMatch(SENTENCE);

  const tasks = await accessRows(running, 'ProvisioningTasks');
  const failed = tasks.filter(({ status }) => status === 'failed');
  expect(failed).toHaveLength(run.failed);
  for (const { ID, email, message } of failed) {
    expect(message).toContain(email);
    expect((await enterprise.post(`access/ProvisioningTasks(${ID})/AccessService.retry`)).status).toBe(200);
  }
  // If LeanIX could not be reached, the rest is still open.
  const open = tasks.filter(({ status }) => status === 'open').length;
  expect(open > 0).toBe(run.status === 'failed');
  const left = open + failed.length;
  expect(await app.job('runProvisioning')).toMatchObject({ status: 'completed', done: left });
  expect(app.user('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
  expect(app.user('hugo.hermans')).toMatchObject({ role: 'ADMIN', status: 'ACTIVE' });
  expect(app.user('carla.costa')).toMatchObject({ role: 'MEMBER', status: 'ARCHIVED' });
  expect(sandbox.leanix.state.permissionWrites).toHaveLength(3);
  expect(sandbox.leanix.state.mails).toHaveLength(1);
  expectNoneRepeated(running);
  await expectTasksEnded(running);
  await expectAccountsTrue(running);
  await expectAccessQuiet(running);
});

const accountRows = () => accessRows(running, 'Accounts?$expand=assignments&$orderby=userId');

test.each(played(importFaults))('$name: an import suspends whom it should, or nobody', async (row) => {
  await app.start();
  await app.job('importAll');
  const { state, switches } = sandbox.leanix;
  state.users = state.users.filter((user) => user !== app.user('carla.costa'));
  switches.permissionPageLimit = 2;
  const before = await accountRows();
  const { status } = await strike(sandbox, row, () => app.job('importAll'));
  if (status === 'failed') {
    expect(await accountRows()).toEqual(before);
    expect(await app.job('importAll')).toMatchObject({ status: 'completed', removed: 1 });
  }
  const suspended = (await accountRows()).filter(({ state }) => state === 'suspended').map(({ email }) => email);
  expect(suspended.sort()).toEqual([emailOf('carla.costa'), emailOf('liam.lynch')]);
  await expectAccountsTrue(running);
  await expectAccessQuiet(running);
});

test.each(played(peopleFaults))('$name: a directory makes nobody inactive whom it has', async (row) => {
  await app.start({ peopleDestination: 'PEOPLE' });
  const { state } = sandbox.btp;
  const [first] = state.people;
  const more = Array.from({ length: 440 }, (_, n) => ({
    ...first!,
    id: `M${n}`,
    userName: `more.${n}`,
    email: emailOf(`more.${n}`),
  }));
  state.people = [...state.people, ...more];
  const all = state.people;
  await app.job('importAll');
  const known = async () => [
    await app.all('access/People?$orderby=email'),
    (await accountRows()).map(({ email, person_ID }) => [email, person_ID]),
  ];
  const before = await known();
  const { status } = await strike(sandbox, row, () => app.job('importPeople'));
  expect(await known()).toEqual(before);
  state.people = all;
  if (status === 'failed') expect(await app.job('importPeople')).toMatchObject({ status: 'completed', removed: 0 });
  expect(await known()).toEqual(before);
});
