import { crowd } from '../../../sandbox/seed/people.ts';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';

// The limits of one job, as a number and in percent of all active accounts (20 here).

const app = await launchAccess({
  seed: (host) => {
    const seed = tiny(host);
    const users = [...(seed.leanix.users ?? []), ...crowd(5)];
    return { ...seed, leanix: { ...seed.leanix, users } };
  },
});
const enterprise = app.as('enterprise');
const because = { justification: 'Said so' };
const CROWD = [1, 2, 3, 4, 5].map((n) => `colleague.000${n}`);

/** Suspends, removes or creates this number of accounts, with the action that does it. */
const DEEDS: Record<string, (count: number) => Promise<string>> = {
  suspended(count) {
    const { state } = app.sandbox.leanix;
    const gone = CROWD.slice(0, count).map(emailOf);
    state.users = state.users.filter(({ email }) => !gone.includes(email));
    return Promise.resolve('importAccounts');
  },
  async removed(count) {
    for (const name of CROWD.slice(0, count)) {
      expect((await app.onAccount(name, 'removeAccount', because)).status).toBe(200);
    }
    return 'runProvisioning';
  },
  async created(count) {
    for (let n = 1; n <= count; n++) {
      const body = { email: emailOf(`new.${n}`), role: 'MEMBER', ...because };
      expect((await enterprise.post('access/requestAccount', body)).status).toBe(200);
    }
    return 'runProvisioning';
  },
};

/** The changes of accounts so far. */
const state = async () => [
  (await app.all('access/Accounts?$orderby=userId')).map(({ email, state, status }) => [email, state, status]),
  structuredClone(app.sandbox.leanix.state.users),
];

test.each([
  ['suspended', { maxSuspended: 2 }, 2],
  ['suspended', { maxSuspendedPercent: 15 }, 3],
  ['removed', { maxRemoved: 2 }, 2],
  ['removed', { maxRemovedPercent: 15 }, 3],
  ['created', { maxCreated: 2 }, 2],
  ['created', { maxCreatedPercent: 15 }, 3],
  ['created', { maxCreated: 4, maxCreatedPercent: 15 }, 3],
])('%s: with %p a job does %d, and of one more none', async (kind, limit, allowed) => {
  for (const count of [allowed, allowed + 1]) {
    await app.start({ ...NO_LIMITS, ...limit });
    await app.job('importAll');
    expect(await app.all(`access/Accounts?$filter=state eq 'active'`)).toHaveLength(20);
    const action = await DEEDS[kind]!(count);
    const before = await state();
    const counter = kind === 'suspended' ? 'removed' : kind;
    const run = await app.job(action);
    if (count === allowed) {
      expect(run).toMatchObject({ status: 'completed', [counter]: count });
      continue;
    }
    expect(run).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED', [counter]: 0, canConfirm: true });
    expect(run.message).toContain(`the limit is ${allowed}.`);
    expect(await state()).toEqual(before);
    const confirmed = await enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, { reason: 'It is so' });
    expect(await app.jobEnded(confirmed.body.ID as string)).toMatchObject({ status: 'completed', [counter]: count });
  }
});

test('what is carried out at once is held against the accounts that there were before, not against those that are left', async () => {
  await app.start({ ...NO_LIMITS, maxRemovedPercent: 10, instantProvisioning: true });
  await app.job('importAll');
  const remove = async (name: string) => {
    const { body: task } = await app.onAccount(name, 'removeAccount', because);
    while ((await app.all('access/JobRuns?$filter=isActive eq true')).length);
    return app.task(task.ID);
  };
  for (const name of CROWD.slice(0, 2)) expect(await remove(name)).toMatchObject({ status: 'done' });
  const third = await remove(CROWD[2]!);
  expect(third).toMatchObject({ status: 'open' });
  const { body: stopped } = await enterprise.get(`access/JobRuns(${third.run_ID})`);
  expect(stopped.message).toContain('3 of 20 accounts would be removed, and the limit is 2');
});

test('an import of roles alone takes away as many as an import of accounts may suspend, and more when they are confirmed', async () => {
  const withRole = async () => {
    const held = await app.all('access/Assignments?$filter=validTo eq null&$expand=account($select=email)');
    return held.map(({ account }) => account.email);
  };
  for (const count of [2, 3]) {
    await app.start({ ...NO_LIMITS, maxSuspended: 2 });
    await app.job('importAll');
    await DEEDS['suspended']!(count);
    const before = await withRole();
    const gone = CROWD.slice(0, count).map(emailOf);
    expect(before).toEqual(expect.arrayContaining(gone));
    const run = await app.job('importAccess');
    if (count === 3) {
      expect(run).toMatchObject({ status: 'failed', code: 'THRESHOLD_EXCEEDED', updated: 0, canConfirm: true });
      expect(run.message).toContain('3 of 20 accounts would be suspended or lose their role, and the limit is 2.');
      expect((await withRole()).sort()).toEqual(before.sort());
      const { body: shown } = await enterprise.get(`access/JobRuns(${run.ID})?$expand=accounts`);
      expect(shown.accounts.map(({ email }: any) => email).sort()).toEqual(gone);
      const confirmed = await enterprise.post(`access/JobRuns(${run.ID})/AccessService.confirm`, {
        reason: 'It is so',
      });
      expect(await app.jobEnded(confirmed.body.ID as string)).toMatchObject({ status: 'completed', updated: 3 });
    } else expect(run).toMatchObject({ status: 'completed', updated: 2 });
    expect((await withRole()).sort()).toEqual(before.filter((email) => !gone.includes(email)).sort());
    // An account that lost its role is not counted again.
    expect(await app.job('importAccess')).toMatchObject({ status: 'completed', updated: 0 });
  }
});

test('what an import suspends is not counted once more when its roles are read', async () => {
  await app.start({ ...NO_LIMITS, maxSuspended: 2 });
  await app.job('importAll');
  for (const from of [0, 2]) {
    const { state } = app.sandbox.leanix;
    const gone = CROWD.slice(from, from + 2).map(emailOf);
    state.users = state.users.filter(({ email }) => !gone.includes(email));
    expect(await app.job('importAccounts')).toMatchObject({ status: 'completed', removed: 2 });
  }
  expect(await app.job('importAccess')).toMatchObject({ status: 'completed', updated: 4 });
});
