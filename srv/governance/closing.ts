import { Accounts, Assignments, AuditEntries, Jobs, ProvisioningTasks } from '#cds-models/leanix';
import { countOf, upsertAll } from './rows.ts';
import { readAccess } from './settings.ts';

/** Cleans up the access of a configuration before it is deleted, in the caller's transaction. */

const OPEN = { status: { in: ['open', 'running'] } } as const;

/** Current access settings and tasks: only the enterprise plan may delete them. */
export async function governanceOf(config_ID: string) {
  return {
    accounts: await countOf(Accounts, { config_ID }),
    openTasks: await countOf(ProvisioningTasks, { config_ID, ...OPEN }),
    jobs: await countOf(Jobs, { config_ID, schedule: { '!=': 'off' } }),
  };
}

/** History that remains for `leanix.auditDays`. */
export async function keptOf(config_ID: string) {
  return {
    assignments: await countOf(Assignments, { 'account.config_ID': config_ID }),
    tasks: await countOf(ProvisioningTasks, { config_ID, status: { 'not in': OPEN.status.in } }),
    auditEntries: await countOf(AuditEntries, { config_ID }),
  };
}

/** The access settings and job schedules, for the audit. */
export async function governedBy(config_ID: string): Promise<object> {
  const jobs = await SELECT.from(Jobs)
    .columns('kind', 'schedule', 'everyHours', 'atTime', 'weekday', 'timeZone')
    .where({ config_ID })
    .orderBy('kind');
  return { ...(await readAccess(config_ID)), jobs };
}

type Row = { [element in 'ID' | 'validTo' | 'email' | 'userName' | 'role']: string | null };

/** Copies the owners into assignments and tasks before the accounts are deleted, and ends open assignments. */
export async function closeHistory(config_ID: string, configName: string): Promise<void> {
  const now = new Date().toISOString();
  const rows = (await SELECT.from(Assignments)
    .columns(
      'ID',
      'validTo',
      'account.email as email' as 'email',
      'account.userName as userName' as 'ID',
      'entitlement.name as role' as 'role',
    )
    .where({ 'account.config_ID': config_ID })) as Row[];
  const closed = rows.map(({ ID, validTo, email, userName, role }) => ({
    ID,
    validTo: validTo ?? now,
    email: email ?? userName,
    role,
    configName,
  }));
  await upsertAll(Assignments, closed);
  await UPDATE.entity(ProvisioningTasks).set({ configName }).where({ config_ID });
}
