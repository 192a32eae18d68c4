import { Accounts } from '#cds-models/leanix';
import { compareAccounts, toAccount, type AccountData } from '../core/access/accounts.ts';
import { REQUESTABLE, type Permission } from '../core/access/types.ts';
import type { AccessClient } from '../leanix/access.ts';
import { textOf } from '../base/problem.ts';
import type { Job } from '../runs/job.ts';
import { RunProblem, type Outcome } from '../base/outcome.ts';
import { inTransaction } from '../base/transaction.ts';
import { beyondLimits, stopAtLimits } from './limits.ts';
import { attributesOf, mapper, MappingError } from './mapping.ts';
import { importPeople } from './people.ts';
import {
  addEntitlements,
  assignRoles,
  correlateAccounts,
  readAccounts,
  readHolders,
  retireEntitlements,
  setAll,
  upsertAll,
  writeAccounts,
} from './rows.ts';
import { keepWorkspace, openWorkspaceOf } from './workspace.ts';
import { accessOf } from './settings.ts';

/** Rows between two checks for cancellation. */
const CHUNK = 100;

/**
 * Imports people, accounts, access, or all three in this order. One read of the workspace serves accounts and access.
 * An incomplete or empty list fails the run and suspends nobody.
 */
export async function importJob(job: Job): Promise<Outcome> {
  const { kind } = job.run;
  const access = accessOf(job);
  const all = kind === 'importAll';
  const told: string[] = [];
  const failed: string[] = [];
  // A worker that takes over starts again, with new counts.
  await job.commit({ total: 0, done: 0, created: 0, updated: 0, unchanged: 0, removed: 0, failed: 0 });
  if (kind === 'importPeople' || (all && access.peopleDestination)) {
    told.push(await importPeople(job));
    await job.checkpoint();
  }
  if (kind !== 'importPeople') {
    const client = await openWorkspaceOf(job);
    const permissions = await client.all();
    // The service's own user is always there.
    if (!permissions.length) throw new RunProblem('ACCOUNTS_EMPTY', client.host);
    await job.commit({ total: { '+=': permissions.length * (all ? 2 : 1) } });
    if (kind !== 'importAccess') told.push(await importAccounts(job, permissions, client, failed));
    if (kind !== 'importAccounts') told.push(await importAccess(job, permissions));
  }
  if (!failed.length) return { status: 'completed', message: told.join('\n') };
  told.push(textOf('ROWS_FAILED', [String(failed.length), [...new Set(failed)].slice(0, 5).join(' ')]));
  return { status: 'completedWithError', code: 'ROWS_FAILED', message: told.join('\n') };
}

/** @param failed gets the problems of single rows @returns a text about the result */
async function importAccounts(
  job: Job,
  permissions: readonly Permission[],
  client: AccessClient,
  failed: string[],
): Promise<string> {
  const { config } = job.run;
  const access = accessOf(job);
  const now = new Date().toISOString();
  const stored = await inTransaction(() => readAccounts(config.ID));
  const known = new Map(stored.map((account) => [account.userId, account]));
  const map = mapper(access, 'import');
  const read: AccountData[] = [];
  let kept = 0;
  for (const [index, permission] of permissions.entries()) {
    // eslint-disable-next-line no-await-in-loop -- between two chunks
    if (index % CHUNK === 0) await job.checkpoint();
    try {
      // eslint-disable-next-line no-await-in-loop -- nothing is waited for
      const attributes = attributesOf(await map({ leanix: permission.raw }));
      read.push(toAccount(permission, attributes, { ownUserId: client.userId, dormantDays: access.dormantDays, now }));
    } catch (error) {
      if (!(error instanceof MappingError)) throw error;
      failed.push(error.message);
      const before = known.get(permission.userId);
      // An account that fails stays as it is, and is not suspended.
      if (!before) continue;
      read.push(before);
      kept++;
    }
  }
  const { added, changed, unchanged, suspended } = compareAccounts(stored, read, now);
  const active = stored.filter(({ state }) => state === 'active').length;
  await stopAtLimits(job, beyondLimits(job, { suspended }, active), suspended, () =>
    setAll(Accounts, suspended, { stoppedRun_ID: job.run.ID }),
  );
  await job.checkpoint();
  const counters = {
    done: { '+=': permissions.length },
    created: { '+=': added.length },
    updated: { '+=': changed.length - suspended.length },
    // Failed rows are not counted twice.
    unchanged: { '+=': unchanged - kept },
    removed: { '+=': suspended.length },
    failed: { '+=': failed.length },
  };
  // One transaction, so that readers see the old accounts or the new ones.
  await job.commit(counters, async () => {
    await keepWorkspace(job, client);
    await writeAccounts(config.ID, [...added.map((data) => ({ data })), ...changed], now);
    await correlateAccounts(config.ID, access);
  });
  return textOf(
    'ACCOUNTS_IMPORTED',
    [permissions.length, added.length, changed.length - suspended.length, suspended.length].map(String),
  );
}

/**
 * Removed roles count as suspensions: without an import of accounts, no other limit would stop it.
 * @returns a text about the result
 */
async function importAccess(job: Job, permissions: readonly Permission[]): Promise<string> {
  const { config } = job.run;
  const now = new Date().toISOString();
  const roles = new Map(
    permissions
      .filter(({ status }) => status !== 'ARCHIVED' && status !== 'ANONYMIZED')
      .map(({ userId, role }) => [userId, role]),
  );
  const [accounts, held] = await inTransaction(async () => [
    await readAccounts(config.ID),
    await readHolders(config.ID),
  ]);
  const active = accounts.filter(({ state }) => state === 'active');
  // Suspended accounts were already counted.
  const lost = active.flatMap(({ ID, userId }) => (held.has(ID) && !roles.has(userId) ? ID : []));
  await stopAtLimits(job, beyondLimits(job, { suspended: lost }, active.length), lost, () =>
    setAll(Accounts, lost, { stoppedRun_ID: job.run.ID }),
  );
  await job.checkpoint();
  let counts = { created: 0, updated: 0, unchanged: 0 };
  let inactive = 0;
  await job.commit({}, async () => {
    const present = [...new Set([...REQUESTABLE, ...roles.values()])];
    const entitlements = await addEntitlements(config.ID, present);
    inactive = await retireEntitlements(config.ID, present);
    const changes = accounts.map(({ ID, userId }) => ({ accountId: ID, role: roles.get(userId) ?? null }));
    counts = await assignRoles(changes, entitlements, { now, changedBy: 'import' });
    await upsertAll(
      Accounts,
      accounts.flatMap(({ ID, userId, role: before }) => {
        const role = roles.get(userId);
        return role && role !== before ? [{ ID, role }] : [];
      }),
    );
  });
  const { created, updated, unchanged } = counts;
  await job.commit({
    done: { '+=': permissions.length },
    created: { '+=': created },
    updated: { '+=': updated },
    unchanged: { '+=': unchanged },
    removed: { '+=': inactive },
  });
  return textOf('ACCESS_IMPORTED', [permissions.length, created, updated, inactive].map(String));
}
