import type cds from '@sap/cds';
import { Accounts, LeanIXConfigs, ProvisioningTasks, SyncRuns } from '#cds-models/leanix';
import { AccessConfigs, JobRuns } from '#cds-models/AccessService';
import { countOf } from '../governance/rows.ts';
import { tokenState, WARN_DAYS } from '../http/token-state.ts';

type Columns = { ref?: string[] }[];

/** Further data for the screens: numbers for the launchpad, states as text, time zones. */
export function serveOverview(service: cds.ApplicationService): void {
  service.on('READ', 'Overview', async (req) => ({
    openTasks: await countOf(ProvisioningTasks, { status: { in: ['open', 'running'] } }),
    failedTasks: await countOf(ProvisioningTasks, { status: 'failed' }),
    dormantAdmins: await countOf(Accounts, {
      state: 'active',
      role: 'ADMIN',
      dormantFrom: { '<': new Date().toISOString() },
    }),
    tokensExpiring: await countOf(LeanIXConfigs, { tokenExpiresOn: { '<=': lastDay() } }),
    failedJobs: await countFailedJobs(),
    runsToConfirm: await countOf(JobRuns, { canConfirm: true }),
    isEnterpriseAdmin: req.user.is('EnterpriseAdmin'),
  }));
  service.on('READ', 'TimeZones', (req) => timeZones(req));
  tellStates(service);
}

/** Jobs whose last run failed. */
async function countFailedJobs(): Promise<number> {
  const row = (await SELECT.one.from(SyncRuns).columns('count(*) as count' as 'ID')
    .where`status = 'failed' and job_ID is not null and not exists laterOfJob`) as { count?: number | string };
  return Number(row?.count ?? 0);
}

/** Tokens that expire by this day are counted. */
function lastDay(): string {
  return new Date(Date.now() + WARN_DAYS * 86_400_000).toISOString().slice(0, 10);
}

/** Derived elements are not stored, so the elements they derive from are read too. */
function tellStates(service: cds.ApplicationService): void {
  const rows = [AccessConfigs, AccessConfigs.drafts] as never;
  service.before('READ', rows, (req: cds.Request) => {
    const columns = (req.query as { SELECT?: { columns?: Columns } }).SELECT?.columns;
    const names = new Set(columns?.map(({ ref }) => ref?.at(-1)));
    if (!columns || !['tokenText', 'tokenCriticality'].some((name) => names.has(name))) return;
    if (!names.has('tokenExpiresOn')) columns.push({ ref: ['tokenExpiresOn'] });
  });
  const tell = (result: unknown) => {
    for (const row of [result].flat() as (Record<string, unknown> | null | undefined)[]) {
      if (row && typeof row === 'object' && 'tokenExpiresOn' in row) Object.assign(row, tokenState(row));
    }
  };
  service.after('READ', rows, tell);
}

/** The time zones that match a search or filter, as value helps send it. */
function timeZones(req: cds.Request) {
  const { SELECT: query } = req.query as unknown as {
    SELECT: { one?: boolean; search?: unknown; where?: unknown; limit?: Limit; count?: boolean };
  };
  const wanted = [...valuesIn(query.search), ...valuesIn(query.where)].map((text) => text.toLowerCase());
  const names = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
  const found = names.filter((name) => wanted.every((text) => name.toLowerCase().includes(text)));
  const from = query.limit?.offset?.val ?? 0;
  const rows = found.slice(from, from + (query.limit?.rows?.val ?? 1000)).map((name) => ({ name }));
  return query.one ? rows[0] : Object.assign(rows, { $count: found.length });
}

type Limit = { rows?: { val: number }; offset?: { val: number } };

/** The texts in an expression of CAP's query notation. */
function valuesIn(expression: unknown): string[] {
  if (Array.isArray(expression)) return expression.flatMap(valuesIn);
  if (typeof expression !== 'object' || expression === null) return [];
  const { val, xpr, args } = expression as { val?: unknown; xpr?: unknown; args?: unknown };
  return typeof val === 'string' ? [val] : [...valuesIn(xpr), ...valuesIn(args)];
}
