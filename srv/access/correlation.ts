import { Accounts as StoredAccounts, People } from '#cds-models/leanix';
import { Accounts } from '#cds-models/AccessService';
import { correlateAccounts } from '../governance/rows.ts';
import { readAccess } from '../governance/settings.ts';
import { audit } from '../runs/audit.ts';
import { problem } from '../base/problem.ts';
import { isUUID } from '../http/requests.ts';

/**
 * Assigns an account to a person of the configuration's directory; imports keep this decision. Without a person, the
 * rule of the configuration decides again, now and at each import.
 * @returns the row of the account
 * @throws 404 ACCOUNT_UNKNOWN, PERSON_UNKNOWN
 */
export async function correlate(accountId: string, personId: string | null | undefined) {
  const account = await accountOf(accountId);
  if (!personId) return await leaveToRule(accountId, account);
  const { directory } = account;
  const known = isUUID(personId) && directory;
  const person = known && (await SELECT.one.from(People).columns('ID', 'email').where({ ID: personId, directory }));
  if (!person) throw problem(404, 'PERSON_UNKNOWN');
  await audit({ ...deedOf(account), action: 'correlate', after: person.email ?? null });
  await UPDATE.entity(StoredAccounts).set({ person_ID: person.ID!, correlatedBy: 'manual' }).where({ ID: accountId });
  return await SELECT.one.from(Accounts).where({ ID: accountId });
}

async function leaveToRule(ID: string, account: Named) {
  await UPDATE.entity(StoredAccounts).set({ person_ID: null, correlatedBy: null }).where({ ID });
  await correlateAccounts(account.config_ID!, await readAccess(account.config_ID!), ID);
  const row = await SELECT.one.from(Accounts).where({ ID });
  const person = row?.person_ID && (await SELECT.one.from(People).columns('email').where({ ID: row.person_ID }));
  await audit({ ...deedOf(account), action: 'correlate', after: (person && person.email) || null });
  return row;
}

/**
 * Removes the assignment of an account to a person; no rule restores it.
 * @returns the row of the account
 * @throws 404 ACCOUNT_UNKNOWN; 409 NOT_CORRELATED
 */
export async function uncorrelate(accountId: string) {
  const account = await accountOf(accountId);
  const { person_ID } = account;
  if (!person_ID) throw problem(409, 'NOT_CORRELATED', nameOf(account));
  const person = await SELECT.one.from(People).columns('email').where({ ID: person_ID });
  await audit({ ...deedOf(account), action: 'uncorrelate', before: person?.email ?? null });
  await UPDATE.entity(StoredAccounts).set({ person_ID: null, correlatedBy: 'none' }).where({ ID: accountId });
  return await SELECT.one.from(Accounts).where({ ID: accountId });
}

async function accountOf(ID: string) {
  const account = await SELECT.one
    .from(Accounts)
    .columns('config_ID', 'person_ID', 'email', 'userName', 'directory')
    .where({ ID });
  if (!account) throw problem(404, 'ACCOUNT_UNKNOWN', ID);
  return account;
}

type Named = { config_ID?: string | null; email?: string | null; userName?: string | null };

const nameOf = ({ email, userName }: Named) => email ?? userName ?? '';
const deedOf = (account: Named) => ({ configId: account.config_ID!, subject: nameOf(account) });
