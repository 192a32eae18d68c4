import fc from 'fast-check';
import {
  compareAccounts,
  toAccount,
  type AccountData,
  type Attributes,
  type StoredAccount,
} from '../../../../srv/core/access/accounts.ts';
import { correlation, type Correlated } from '../../../../srv/core/access/correlation.ts';
import { exceeded, LIMIT_KINDS, type Limits } from '../../../../srv/core/access/limits.ts';
import type { Permission, PermissionStatus } from '../../../../srv/core/access/types.ts';

const NOW = '2026-06-01T00:00:00.000Z';
const rules = { ownUserId: 'me', dormantDays: 90, now: NOW };
const nothing: Attributes = {
  userName: null,
  email: null,
  firstName: null,
  lastName: null,
  displayName: null,
  department: null,
};
const permission = (values: Partial<Permission> = {}): Permission => ({
  id: 'p1',
  userId: 'u1',
  role: 'MEMBER',
  status: 'ACTIVE',
  email: 'ada@example.com',
  lastLogin: '2026-05-31T00:00:00.000Z',
  technical: false,
  scimManaged: false,
  raw: {},
  ...values,
});
const account = (values: Partial<Permission> = {}): AccountData => toAccount(permission(values), nothing, rules);
const stored = (data: AccountData): StoredAccount => ({ ID: `row ${data.userId}`, ...data });

test('an account counts as dormant so many days after its last login, and at once if it never signed in', () => {
  expect(account().dormantFrom).toBe('2026-08-29T00:00:00.000Z');
  expect(account({ lastLogin: null }).dormantFrom! < NOW).toBe(true);
  expect(account({ technical: true }).dormantFrom).toBeNull();
  expect(account({ status: 'INVITED' }).dormantFrom).toBeNull();
});

test('accounts that are gone or archived are suspended, and come back with what they have then', () => {
  const before = [stored(account()), stored(account({ userId: 'u2', id: 'p2' }))];
  const gone = compareAccounts(before, [account({ status: 'ARCHIVED' })], NOW);
  expect(gone).toMatchObject({ added: [], unchanged: 0, suspended: ['row u1', 'row u2'] });
  expect(gone.changed.map(({ data }) => [data.userId, data.state, data.suspendedOn])).toEqual([
    ['u1', 'suspended', NOW],
    ['u2', 'suspended', NOW],
  ]);
  const suspended = gone.changed.map(({ ID, data }) => ({ ID, ...data }));
  const back = compareAccounts(suspended, [account(), account({ userId: 'u2', id: 'p2' })], NOW);
  expect(back.changed.map(({ data }) => [data.state, data.suspendedOn])).toEqual([
    ['active', null],
    ['active', null],
  ]);
});

const statuses: PermissionStatus[] = ['ACTIVE', 'INVITED', 'REQUESTED', 'NOTINVITED', 'ARCHIVED', 'ANONYMIZED'];
const accounts = fc.uniqueArray(
  fc.record({
    userId: fc.integer({ min: 0, max: 30 }).map((n) => `u${n}`),
    role: fc.constantFrom('VIEWER', 'ADMIN'),
    status: fc.constantFrom(...statuses),
    technical: fc.boolean(),
  }),
  { selector: ({ userId }) => userId },
);

test('after an import everything is as it was read, nothing is lost, and a second one changes nothing', () => {
  fc.assert(
    fc.property(accounts, accounts, (first, second) => {
      const before = first.map((values) => stored(account(values)));
      const read = second.map((values) => account(values));
      const { added, changed, unchanged, suspended } = compareAccounts(before, read, NOW);
      const after = new Map(before.map((row) => [row.userId, row]));
      for (const { data } of changed) after.set(data.userId, stored(data));
      for (const data of added) after.set(data.userId, stored(data));
      expect(after.size).toBe(new Set([...before, ...read].map(({ userId }) => userId)).size);
      for (const data of read) expect(after.get(data.userId)).toMatchObject({ role: data.role, status: data.status });
      const isRead = new Set(read.map(({ userId }) => userId));
      for (const row of after.values()) if (!isRead.has(row.userId)) expect(row.state).toBe('suspended');
      const wasActive = before.filter(({ state }) => state === 'active');
      const gone = wasActive.filter(({ userId }) => after.get(userId)!.state === 'suspended');
      expect([...suspended].sort()).toEqual(gone.map(({ ID }) => ID).sort());
      expect(added.length + changed.length + unchanged).toBe(after.size);
      const again = compareAccounts([...after.values()], read, '2026-07-01T00:00:00.000Z');
      expect(again).toMatchObject({ added: [], changed: [], unchanged: after.size, suspended: [] });
    }),
  );
});

const people = [
  { ID: 'ada', email: 'Ada@Example.com', userName: 'ada' },
  { ID: 'one', email: 'twin@example.com', userName: 'one' },
  { ID: 'two', email: 'twin@example.com', userName: 'two' },
  { ID: 'left', email: 'eve@example.com', userName: 'eve', active: false },
].map((person) => ({ active: true, ...person }));
const unrelated = (email: string): Correlated => ({
  email,
  userName: null,
  personId: null,
  personEmail: null,
  correlatedBy: null,
});

test('an account is related by its e-mail, but not where several people have it', () => {
  const find = correlation(people, 'email');
  expect(find(unrelated('ada@example.COM'))).toEqual({ personId: 'ada', correlatedBy: 'email' });
  expect(find(unrelated('twin@example.com'))).toEqual({ personId: null, correlatedBy: null });
  expect(find(unrelated('eve@example.com')).personId).toBeNull();
  expect(correlation(people, 'none')(unrelated('ada@example.com')).personId).toBeNull();
});

test('what a person decided stays', () => {
  const find = correlation(people, 'email');
  const decided: Correlated = { ...unrelated('ada@example.com'), personId: 'one', correlatedBy: 'manual' };
  expect(find(decided)).toEqual({ personId: 'one', correlatedBy: 'manual' });
  expect(find({ ...decided, personId: 'left' })).toEqual({ personId: 'left', correlatedBy: 'manual' });
  expect(find({ ...decided, personId: null, correlatedBy: 'none' })).toEqual({ personId: null, correlatedBy: 'none' });
});

test('where the configuration has another directory now, it is whoever has the same e-mail there, if anybody', () => {
  const find = correlation(people, 'email');
  const decided: Correlated = { ...unrelated('eve@example.com'), personId: 'of before', correlatedBy: 'manual' };
  expect(find({ ...decided, personEmail: 'Ada@example.com' })).toEqual({ personId: 'ada', correlatedBy: 'manual' });
  expect(find({ ...decided, personEmail: 'who@example.com' })).toEqual({
    personId: 'of before',
    correlatedBy: 'manual',
  });
  // The assignment that the rule found in the former directory is searched again.
  const found: Correlated = { ...decided, personEmail: 'ada@example.com', correlatedBy: 'email' };
  expect(find(found)).toEqual({ personId: null, correlatedBy: null });
});

const limits = (number: number | null, percent: number | null): Limits => {
  const limit = { number, percent };
  return Object.fromEntries(LIMIT_KINDS.map((kind) => [kind, limit])) as Limits;
};

test.each([
  [10, 100, 10, 10, 0],
  [11, 100, 10, 20, 1],
  [11, 1000, null, 1, 1],
  [11, 100, null, null, 0],
  // A single account never exceeds a percentage, unless none is allowed at all.
  [1, 5, 10, 10, 0],
  [1, 5, 10, 0, 1],
  [1, 5, 0, 10, 1],
])('%i of %i accounts with the limits %p and %p%%: stopped %i times', (count, of, number, percent, times) => {
  expect(exceeded({ suspended: count }, of, limits(number, percent))).toHaveLength(times);
});
