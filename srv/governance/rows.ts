import cds from '@sap/cds';
import { Accounts, Assignments, Entitlements, People, ProvisioningTasks, type Account } from '#cds-models/leanix';
import { ATTRIBUTES, type AccountData, type Attributes, type StoredAccount } from '../core/access/accounts.ts';
import { correlation } from '../core/access/correlation.ts';
import { REQUESTABLE } from '../core/access/types.ts';
import type { AccessSettings } from './settings.ts';

/** Reads and stores accounts, roles and people, in the caller's transaction. */

const CHUNK = 500;

const COLUMNS = [
  'ID',
  'userId',
  'permissionId',
  'userName',
  'email',
  'firstName',
  'lastName',
  'displayName',
  'department',
  'role',
  'status',
  'state',
  'suspendedOn',
  'lastLogin',
  'dormantFrom',
  'technical',
  'scimManaged',
  'own',
] as const;

/** The accounts of a configuration, in the form that an import compares. */
export async function readAccounts(config_ID: string): Promise<StoredAccount[]> {
  const rows = await SELECT.from(Accounts)
    .columns(...(COLUMNS as unknown as ['ID']))
    .where({ config_ID });
  return rows.map((row) => {
    const values = row as unknown as Record<string, unknown>;
    return Object.fromEntries(COLUMNS.map((name) => [name, values[name] ?? null])) as StoredAccount;
  });
}

/** The account of a user, with the elements needed to store it again. */
export async function readAccount(config_ID: string, userId: string) {
  const row = await SELECT.one
    .from(Accounts)
    .columns('ID', 'suspendedOn', ...ATTRIBUTES)
    .where({ config_ID, userId });
  if (!row) return undefined;
  const { ID, suspendedOn, ...attributes } = row;
  return { ID: ID!, suspendedOn: suspendedOn ?? null, attributes: attributes as Attributes };
}

/** The IDs of the accounts of a configuration that have a role now. */
export async function readHolders(config_ID: string): Promise<Set<string>> {
  const rows = await SELECT.from(Assignments)
    .columns('account_ID')
    .where({ 'account.config_ID': config_ID, validTo: null });
  return new Set(rows.map(({ account_ID }) => account_ID!));
}

type Stored = typeof Accounts | typeof Assignments | typeof People | typeof ProvisioningTasks;

/** The number of rows, in the caller's transaction. */
export async function countOf(entity: unknown, where: object): Promise<number> {
  const row = (await SELECT.one
    .from(entity as never)
    .columns('count(*) as count')
    .where(where as never)) as unknown as { count?: number | string };
  return Number(row?.count ?? 0);
}

/** Sets values of many rows, in the caller's transaction. */
export async function setAll(entity: Stored, ids: readonly string[], values: object): Promise<void> {
  for (let i = 0; i < ids.length; i += CHUNK) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await UPDATE.entity(entity as typeof Accounts)
      .set(values)
      .where({ ID: { in: ids.slice(i, i + CHUNK) } });
  }
}

/** Stores new and existing rows, in the caller's transaction. */
export async function upsertAll(entity: Stored, rows: readonly object[]): Promise<void> {
  for (let i = 0; i < rows.length; i += CHUNK) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await UPSERT.into(entity as typeof Accounts).entries(rows.slice(i, i + CHUNK) as never);
  }
}

/** Stores new and existing accounts. @returns the ID of each */
export async function writeAccounts(
  config_ID: string,
  accounts: readonly { ID?: string; data: AccountData }[],
  importedAt: string,
): Promise<string[]> {
  const rows = accounts.map(({ ID, data }) => ({ ID: ID ?? cds.utils.uuid(), config_ID, ...data, importedAt }));
  await upsertAll(Accounts, rows);
  return rows.map(({ ID }) => ID);
}

/** Assigns the accounts of a configuration, or one of them, to people of its directory. */
export async function correlateAccounts(
  config_ID: string,
  { peopleDestination: directory, correlateBy: rule }: Pick<AccessSettings, 'peopleDestination' | 'correlateBy'>,
  accountId?: string,
): Promise<void> {
  const people = directory
    ? await SELECT.from(People).columns('ID', 'email', 'userName', 'active', 'ambiguous').where({ directory })
    : [];
  const rows = (await SELECT.from(Accounts)
    .columns('ID', 'email', 'userName', 'person_ID', 'correlatedBy', 'person.email as personEmail' as 'ID')
    .where({ config_ID, ...(accountId && { ID: accountId }) })) as (Account & { personEmail?: string | null })[];
  const relate = correlation(
    people.map(({ ID, email, userName, active, ambiguous }) => ({
      ID: ID!,
      email: email ?? null,
      userName: userName ?? null,
      active: active ?? false,
      ambiguous: ambiguous ?? false,
    })),
    rule,
  );
  const changes = rows.flatMap(({ ID, email, userName, person_ID, personEmail = null, correlatedBy }) => {
    const before = { personId: person_ID ?? null, correlatedBy: correlatedBy ?? null };
    const after = relate({ email: email ?? null, userName: userName ?? null, personEmail, ...before });
    if (after.personId === before.personId && after.correlatedBy === before.correlatedBy) return [];
    return [{ ID: ID!, person_ID: after.personId, correlatedBy: after.correlatedBy }];
  });
  await upsertAll(Accounts, changes);
}

/** The permissions of the roles in LeanIX, in short. */
const DESCRIPTIONS: Record<string, string> = {
  VIEWER: 'Reads the inventory and reports.',
  MEMBER: 'Reads and edits fact sheets.',
  ADMIN: 'Administers the workspace and its users.',
};

/**
 * Stores new roles of a workspace, and activates former ones again.
 * @returns the IDs of all its roles by name
 */
export async function addEntitlements(config_ID: string, roles: readonly string[]): Promise<Map<string, string>> {
  const present = await SELECT.from(Entitlements).columns('ID', 'name').where({ config_ID });
  const ids = new Map(present.map(({ ID, name }) => [name!, ID!]));
  await UPDATE.entity(Entitlements)
    .set({ state: 'active' })
    .where({ config_ID, state: 'inactive', name: { in: [...roles] } });
  const added = roles.filter((name) => !ids.has(name));
  for (const name of added) ids.set(name, cds.utils.uuid());
  if (added.length) {
    await INSERT.into(Entitlements).entries(
      added.map((name) => ({
        ID: ids.get(name)!,
        config_ID,
        name,
        description: DESCRIPTIONS[name] ?? null,
        requestable: (REQUESTABLE as readonly string[]).includes(name),
      })),
    );
  }
  return ids;
}

/** Makes all other roles inactive. @returns their number */
export async function retireEntitlements(config_ID: string, roles: readonly string[]): Promise<number> {
  return (await UPDATE.entity(Entitlements)
    .set({ state: 'inactive' })
    .where({ config_ID, state: 'active', name: { 'not in': [...roles] } })) as number;
}

/** The new role of an account; null for none. */
export type RoleChange = { accountId: string; role: string | null };

/**
 * Ends assignments of other roles and starts new ones.
 * @returns how many accounts were added, changed or removed, and are unchanged
 */
export async function assignRoles(
  changes: readonly RoleChange[],
  entitlements: ReadonlyMap<string, string>,
  { now, changedBy, taskId }: { now: string; changedBy: 'import' | 'task'; taskId?: string },
): Promise<{ created: number; updated: number; unchanged: number }> {
  const open = new Map<string, { ID: string; entitlement_ID: string }>();
  for (let i = 0; i < changes.length; i += CHUNK) {
    const accounts = changes.slice(i, i + CHUNK).map(({ accountId }) => accountId);
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    const rows = await SELECT.from(Assignments)
      .columns('ID', 'account_ID', 'entitlement_ID')
      .where({ account_ID: { in: accounts }, validTo: null });
    for (const row of rows) open.set(row.account_ID!, { ID: row.ID!, entitlement_ID: row.entitlement_ID! });
  }
  const wanted = changes.map(({ accountId, role }) => ({ accountId, entitlement: role && entitlements.get(role) }));
  const changed = wanted.filter(
    ({ accountId, entitlement }) => (open.get(accountId)?.entitlement_ID ?? null) !== (entitlement ?? null),
  );
  const ended = changed.flatMap(({ accountId }) => open.get(accountId)?.ID ?? []);
  for (let i = 0; i < ended.length; i += CHUNK) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await UPDATE.entity(Assignments)
      .set({ validTo: now })
      .where({ ID: { in: ended.slice(i, i + CHUNK) } });
  }
  const begun = changed.flatMap(({ accountId, entitlement }) =>
    entitlement
      ? [
          {
            ID: cds.utils.uuid(),
            account_ID: accountId,
            entitlement_ID: entitlement,
            validFrom: now,
            changedBy,
            task_ID: taskId ?? null,
          },
        ]
      : [],
  );
  for (let i = 0; i < begun.length; i += CHUNK) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await INSERT.into(Assignments).entries(begun.slice(i, i + CHUNK) as never);
  }
  const created = changed.filter(({ accountId }) => !open.has(accountId)).length;
  return { created, updated: changed.length - created, unchanged: changes.length - changed.length };
}
