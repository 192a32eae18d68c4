import type { LimitKind } from './limits.ts';
import { BASIC_ROLE, isKnownStatus, REQUESTABLE, type PermissionStatus, type Refusal, type TaskKind } from './types.ts';

/** What a task requests. */
export type Wish = { kind: TaskKind; email: string; role: string };

/** The current permission; null if the workspace has none for this e-mail. */
export type Current = {
  userId: string;
  role: string;
  status: string;
  technical: boolean;
  scimManaged: boolean;
};

/** Further facts about the workspace. */
export type Surroundings = {
  /** Permissions come from single sign-on: nothing may be changed. */
  managedElsewhere: boolean;
  /** The user of the API token. */
  ownUserId: string | null;
};

/** How a task is executed: with one call, or with none if nothing must change. */
export type TaskPlan = {
  call: 'none' | 'invite' | 'set';
  before: { role: string; status: PermissionStatus } | null;
  after: { role: string; status: PermissionStatus };
};

/**
 * Plans a task from the current permission in LeanIX. An account always has exactly one role, LeanIX archives and never
 * deletes, and an invited user stays invited until the first login.
 */
export function planTask(wish: Wish, current: Current | null, around: Surroundings): TaskPlan | Refusal {
  if (!current) return planWithout(wish, around);
  const { role, status } = current;
  if (!isKnownStatus(status)) return refusal('ACCOUNT_STATUS_UNKNOWN', wish.email, status);
  const before = { role, status };
  const target = targetOf(wish, before);
  if ('code' in target) return target;
  if (target.role === before.role && target.status === before.status) return { call: 'none', before, after: before };
  if (around.managedElsewhere || current.scimManaged) return refusal('ACCOUNT_MANAGED_ELSEWHERE', wish.email);
  if (current.userId === around.ownUserId) return refusal('ACCOUNT_OWN', wish.email);
  // LeanIX documents the change of a permission for people only.
  if (current.technical) return refusal('ACCOUNT_TECHNICAL', wish.email);
  return { call: target.call, before, after: { role: target.role, status: target.status } };
}

function planWithout({ kind, email, role }: Wish, { managedElsewhere }: Surroundings): TaskPlan | Refusal {
  if (kind !== 'createAccount') return refusal('ACCOUNT_NOT_FOUND', email);
  if (managedElsewhere) return refusal('ACCOUNT_MANAGED_ELSEWHERE', email);
  return { call: 'invite', before: null, after: { role, status: 'INVITED' } };
}

type Target = { call: 'invite' | 'set'; role: string; status: PermissionStatus };

function targetOf(
  { kind, email, role }: Wish,
  { status, role: has }: { role: string; status: PermissionStatus },
): Target | Refusal {
  const isGone = status === 'ARCHIVED' || status === 'ANONYMIZED';
  const isIn = status === 'ACTIVE' || status === 'INVITED';
  const asIs: Target = { call: 'set', role: has, status };
  switch (kind) {
    case 'createAccount':
      if (status === 'ARCHIVED') return refusal('ACCOUNT_SUSPENDED', email);
      if (isIn) return has === role ? asIs : refusal('ACCOUNT_EXISTS', email);
      return { call: 'invite', role, status: 'INVITED' };
    case 'enableAccount':
      if (status === 'ANONYMIZED') return refusal('ACCOUNT_ANONYMIZED', email);
      if (isGone) return { call: 'set', role, status: 'ACTIVE' };
      if (isIn) return has === role ? asIs : refusal('ACCOUNT_ACTIVE', email, status);
      return { call: 'invite', role, status: 'INVITED' };
    case 'addAccess':
    case 'removeAccess':
      if (isGone) return refusal('ACCOUNT_SUSPENDED', email);
      return { call: 'set', role: kind === 'removeAccess' ? BASIC_ROLE : role, status };
    case 'removeAccount':
      return isGone ? asIs : { call: 'set', role: has, status: 'ARCHIVED' };
  }
}

/** The changes of a task, as planned or executed. */
export type TaskChange = {
  kind: TaskKind;
  roleBefore: string | null;
  statusBefore: string | null;
  roleAfter: string | null;
  statusAfter: string | null;
};

/** Lowest permissions first. */
const RANKS: readonly (string | null)[] = REQUESTABLE;

/** The limits that a task counts toward. A lower role counts as taken; a new administrator counts separately. */
export function limitsOf({ kind, ...change }: TaskChange): LimitKind[] {
  const { roleBefore, statusBefore, roleAfter, statusAfter } = change;
  if (roleBefore === roleAfter && statusBefore === statusAfter) return [];
  if (kind === 'removeAccount') return ['removed'];
  const isLower = RANKS.indexOf(roleAfter) < RANKS.indexOf(roleBefore);
  const isTaken = kind === 'removeAccess' || isLower;
  const kinds: Record<Exclude<TaskKind, 'removeAccount'>, LimitKind> = {
    createAccount: 'created',
    enableAccount: 'enabled',
    addAccess: isTaken ? 'rolesTaken' : 'rolesGiven',
    removeAccess: 'rolesTaken',
  };
  const wasAdmin = roleBefore === 'ADMIN' && (statusBefore === 'ACTIVE' || statusBefore === 'INVITED');
  const becomesAdmin = givesRole(kind) && roleAfter === 'ADMIN' && !wasAdmin;
  return becomesAdmin ? [kinds[kind], 'admins'] : [kinds[kind]];
}

/** Kinds of tasks that grant a role. */
export const givesRole = (kind: TaskKind): boolean => ['createAccount', 'enableAccount', 'addAccess'].includes(kind);

/** The role that a task grants: the mapped role, or the requested one. */
export function roleOf(kind: TaskKind, mapped: string | null | undefined, asked: string): string | Refusal {
  const role = mapped ?? asked;
  const isFit = !givesRole(kind) || (REQUESTABLE as readonly string[]).includes(role);
  return isFit ? role : refusal('ROLE_INVALID', role, REQUESTABLE.join(', '));
}

/** Whether a person can administer the workspace with this permission now. */
export function isActiveAdmin({ role, status, technical }: Omit<Current, 'userId' | 'scimManaged'>): boolean {
  return role === 'ADMIN' && status === 'ACTIVE' && !technical;
}

/** Whether the plan removes an administrator. */
export function takesAdmin(current: Current | null, { after }: TaskPlan): boolean {
  return current !== null && isActiveAdmin(current) && !isActiveAdmin({ ...after, technical: false });
}

const refusal = (code: string, ...args: string[]): Refusal => ({ code, args });
