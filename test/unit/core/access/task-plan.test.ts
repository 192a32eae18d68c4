import fc from 'fast-check';
import { isActiveAdmin, planTask, takesAdmin, type Current, type Wish } from '../../../../srv/core/access/task-plan.ts';
import type { PermissionStatus, TaskKind } from '../../../../srv/core/access/types.ts';

const around = { managedElsewhere: false, ownUserId: 'me' };
const email = 'ada@example.com';
const current = (values: Partial<Current> = {}): Current => ({
  userId: 'ada',
  role: 'MEMBER',
  status: 'ACTIVE',
  technical: false,
  scimManaged: false,
  ...values,
});
const plan = (kind: TaskKind, before: Current | null, role = 'ADMIN', surroundings = around) =>
  planTask({ kind, email, role }, before, surroundings);

test('somebody new is invited, with the role', () => {
  expect(plan('createAccount', null)).toEqual({
    call: 'invite',
    before: null,
    after: { role: 'ADMIN', status: 'INVITED' },
  });
});

test('an invited account stays invited when its role changes', () => {
  expect(plan('addAccess', current({ status: 'INVITED' }))).toMatchObject({
    call: 'set',
    after: { role: 'ADMIN', status: 'INVITED' },
  });
});

test('removing access leaves the viewer, since an account always has one role', () => {
  expect(plan('removeAccess', current())).toMatchObject({ call: 'set', after: { role: 'VIEWER', status: 'ACTIVE' } });
});

test('removing an account archives it and keeps its role; enabling it gives it the role that is asked for', () => {
  expect(plan('removeAccount', current())).toMatchObject({ after: { role: 'MEMBER', status: 'ARCHIVED' } });
  expect(plan('enableAccount', current({ status: 'ARCHIVED' }))).toMatchObject({
    call: 'set',
    after: { role: 'ADMIN', status: 'ACTIVE' },
  });
});

test.each<TaskKind>(['createAccount', 'enableAccount', 'addAccess', 'removeAccess', 'removeAccount'])(
  '%s of an account in a status that nobody here knows is refused',
  (kind) =>
    expect(plan(kind, current({ status: 'ASLEEP' }))).toEqual({
      code: 'ACCOUNT_STATUS_UNKNOWN',
      args: [email, 'ASLEEP'],
    }),
);

test.each<[TaskKind, Partial<Current> | null, string]>([
  ['createAccount', {}, 'ACCOUNT_EXISTS'],
  ['createAccount', { status: 'ARCHIVED' }, 'ACCOUNT_SUSPENDED'],
  ['enableAccount', { status: 'ANONYMIZED' }, 'ACCOUNT_ANONYMIZED'],
  ['enableAccount', null, 'ACCOUNT_NOT_FOUND'],
  ['addAccess', { status: 'ARCHIVED' }, 'ACCOUNT_SUSPENDED'],
  ['addAccess', null, 'ACCOUNT_NOT_FOUND'],
  ['removeAccess', { status: 'ARCHIVED' }, 'ACCOUNT_SUSPENDED'],
  ['removeAccount', null, 'ACCOUNT_NOT_FOUND'],
  ['removeAccount', { userId: 'me' }, 'ACCOUNT_OWN'],
  ['addAccess', { userId: 'me' }, 'ACCOUNT_OWN'],
  ['addAccess', { scimManaged: true }, 'ACCOUNT_MANAGED_ELSEWHERE'],
  ['addAccess', { technical: true }, 'ACCOUNT_TECHNICAL'],
  ['removeAccount', { technical: true }, 'ACCOUNT_TECHNICAL'],
])('%s of %p is refused: %s', (kind, before, code) => {
  expect(plan(kind, before && current(before))).toEqual({ code, args: [email] });
});

test.each(['ACTIVE', 'INVITED'])('enabling an account that is %s is refused, and says so', (status) => {
  expect(plan('enableAccount', current({ status }))).toEqual({ code: 'ACCOUNT_ACTIVE', args: [email, status] });
});

test('where permissions come from single sign-on, nothing is changed', () => {
  const elsewhere = { ...around, managedElsewhere: true };
  expect(plan('createAccount', null, 'ADMIN', elsewhere)).toMatchObject({ code: 'ACCOUNT_MANAGED_ELSEWHERE' });
  expect(plan('removeAccount', current(), 'ADMIN', elsewhere)).toMatchObject({ code: 'ACCOUNT_MANAGED_ELSEWHERE' });
});

const kinds = fc.constantFrom<TaskKind>('createAccount', 'enableAccount', 'addAccess', 'removeAccess', 'removeAccount');
const roles = fc.constantFrom('VIEWER', 'MEMBER', 'ADMIN');
const statuses = fc.constantFrom<PermissionStatus>(
  'ACTIVE',
  'INVITED',
  'REQUESTED',
  'NOTINVITED',
  'ARCHIVED',
  'ANONYMIZED',
);
const currents = fc.option(
  fc.record({
    userId: fc.constantFrom('me', 'ada'),
    role: roles,
    status: statuses,
    technical: fc.boolean(),
    scimManaged: fc.boolean(),
  }),
);
const wishes = fc.record({ kind: kinds, email: fc.constant(email), role: roles });

const each = (check: (wish: Wish, before: Current | null) => void) => {
  fc.assert(fc.property(wishes, currents, check), { numRuns: 500 });
};

test('a task that was carried out has nothing left to do', () => {
  each((wish, before) => {
    const first = planTask(wish, before, around);
    if ('code' in first) return;
    const second = planTask(wish, { ...(before ?? current()), ...first.after }, around);
    expect(second).toMatchObject({ call: 'none', after: first.after });
  });
});

test('nothing is sent for the own account, a technical user, or one that SCIM keeps', () => {
  each((wish, before) => {
    if (before?.userId !== 'me' && !before?.scimManaged && !before?.technical) return;
    const planned = planTask(wish, before, around);
    expect('code' in planned || planned.call === 'none').toBe(true);
  });
});

test('nobody who has not been active before becomes so, unless the account was archived', () => {
  each((wish, before) => {
    const planned = planTask(wish, before, around);
    if ('code' in planned || planned.after.status !== 'ACTIVE') return;
    expect(['ACTIVE', 'ARCHIVED']).toContain(before?.status);
  });
});

test('a plan takes an administrator away exactly where there is one before and none after', () => {
  each((wish, before) => {
    const planned = planTask(wish, before, around);
    if ('code' in planned || !before) return;
    const after = { ...before, ...planned.after };
    expect(takesAdmin(before, planned)).toBe(isActiveAdmin(before) && !isActiveAdmin(after));
  });
});
