import { isDeepStrictEqual } from 'node:util';
import type { Permission } from './types.ts';

/** The attributes of an account that the mapping fills. */
export const ATTRIBUTES = ['userName', 'email', 'firstName', 'lastName', 'displayName', 'department'] as const;
export type Attribute = (typeof ATTRIBUTES)[number];
export type Attributes = Record<Attribute, string | null>;

/** The attributes that an import decides. */
export type AccountData = Attributes & {
  userId: string;
  /** Null if LeanIX no longer lists it. */
  permissionId: string | null;
  role: string;
  status: string;
  state: 'active' | 'suspended';
  suspendedOn: string | null;
  lastLogin: string | null;
  dormantFrom: string | null;
  technical: boolean;
  scimManaged: boolean;
  own: boolean;
};

export type StoredAccount = AccountData & { ID: string };

/** The differences between the stored accounts and those that were read. */
export type AccountChanges = {
  added: AccountData[];
  changed: { ID: string; data: AccountData }[];
  unchanged: number;
  /** IDs of accounts that were active and are now missing or archived. */
  suspended: string[];
};

export type AccountRules = {
  /** The user of the API token. */
  ownUserId: string | null;
  dormantDays: number;
  /** ISO */
  now: string;
};

const DAY = 86_400_000;

/** Archived accounts: LeanIX never deletes a permission. */
const isOut = (status: string) => status === 'ARCHIVED' || status === 'ANONYMIZED';

/** An account to store, without the values that depend on the stored one. */
export function toAccount(
  permission: Permission,
  attributes: Attributes,
  { ownUserId, dormantDays, now }: AccountRules,
): AccountData {
  const { userId, id, role, status, lastLogin, technical, scimManaged } = permission;
  const counts = status === 'ACTIVE' && !technical;
  const seen = lastLogin === null ? 0 : Date.parse(lastLogin);
  return {
    ...attributes,
    userId,
    permissionId: id,
    role,
    status,
    state: isOut(status) ? 'suspended' : 'active',
    suspendedOn: isOut(status) ? now : null,
    lastLogin,
    dormantFrom: counts ? new Date(seen + dormantDays * DAY).toISOString() : null,
    technical,
    scimManaged,
    own: userId === ownUserId,
  };
}

/** Compares accounts by the ID of the user. Missing accounts are kept and suspended; returning ones become active. */
export function compareAccounts(
  stored: readonly StoredAccount[],
  read: readonly AccountData[],
  now: string,
): AccountChanges {
  const left = new Map(stored.map((account) => [account.userId, account]));
  const changes: AccountChanges = { added: [], changed: [], unchanged: 0, suspended: [] };
  const decide = (before: StoredAccount, wanted: AccountData) => {
    const { ID } = before;
    const last = dataOf(before);
    const isSuspended = wanted.state === 'suspended';
    const data = { ...wanted, suspendedOn: isSuspended ? (last.suspendedOn ?? now) : null };
    if (isSuspended && last.state === 'active') changes.suspended.push(ID);
    if (isDeepStrictEqual(last, data)) changes.unchanged++;
    else changes.changed.push({ ID, data });
  };
  for (const account of read) {
    const before = left.get(account.userId);
    left.delete(account.userId);
    if (before) decide(before, account);
    else changes.added.push(account);
  }
  for (const gone of left.values())
    decide(gone, { ...dataOf(gone), permissionId: null, state: 'suspended', dormantFrom: null });
  return changes;
}

const BY_USE: readonly string[] = ['ACTIVE', 'INVITED', 'REQUESTED', 'NOTINVITED', 'ARCHIVED'];

/** If several permissions share an e-mail, the one closest to active access counts. */
export function inUse<T extends { status: string }>(found: readonly T[]): T | undefined {
  const rank = ({ status }: T) => (BY_USE.includes(status) ? BY_USE.indexOf(status) : BY_USE.length);
  return [...found].sort((a, b) => rank(a) - rank(b))[0];
}

/** A stored account without its ID. */
const dataOf = ({ ID: _, ...data }: StoredAccount): AccountData => data;
