import { Candidates } from '#cds-models/leanix';
import { IMPATIENT } from '../btp/transport.ts';
import { fieldsToRead } from '../core/catalog/plan.ts';
import type { Change } from '../core/catalog/types.ts';
import { textOf } from '../base/problem.ts';
import { matchLinked, unread } from './matching.ts';
import type { Item } from './journal.ts';
import { leaveClash, planItems } from './planning.ts';
import type { Entry } from './rows.ts';
import type { ConfigRow } from '../runs/connection.ts';
import { inTransaction } from '../base/transaction.ts';
import { loadRules, openWorkspace } from './workspace.ts';

/** What a sync would do with one iFlow. `code` and `message` say why it would do nothing, or what it would leave out. */
export type SyncPlan = Pick<Item, 'action' | 'status' | 'code' | 'message'> & { changes: Change[] };

/**
 * Plans a sync of one iFlow as a run does, and writes nothing. To stay within four requests, it trusts the last match
 * and asks LeanIX for no further refusals.
 * @param locale language of the message
 * @throws RemoteError, RunProblem: see `openWorkspace` and `loadRules`
 */
export async function planSync(config: ConfigRow, entry: Entry, locale?: string): Promise<SyncPlan> {
  const { iflow, link, row } = entry;
  const nothing = (status: Item['status'], code: string, ...args: string[]): SyncPlan => ({
    action: 'none',
    status,
    code,
    message: textOf(code, [iflow.name, ...args], locale),
    changes: [],
  });
  if (iflow.status === 'Undeployed') return nothing('skipped', 'UNDEPLOYED');
  if (link.status === 'unknown') return nothing('skipped', 'NOT_MATCHED');
  if (link.status === 'ambiguous') return nothing('skipped', 'AMBIGUOUS', String(await candidatesOf(iflow.ID)));

  const workspace = await openWorkspace(config, undefined, { timing: IMPATIENT });
  const rules = await loadRules(workspace);
  const fields = { ...fieldsToRead(rules), description: true };
  const [matched] = link.factSheetId ? ((await matchLinked(workspace, [entry], { fields })) ?? []) : [unread(entry)];
  if (!matched) return nothing('skipped', 'FACT_SHEET_ARCHIVED', row?.factSheetName ?? '');
  const open = { ID: iflow.ID, entry: matched, sent: false, action: 'none' as const };
  const [item] = await planItems('sync', [open], rules, locale);
  const { action, status, code, message, plan } = leaveClash(item!, locale);
  return { action, status, code, message, changes: plan.changes };
}

async function candidatesOf(iflow_ID: string): Promise<number> {
  return inTransaction(async () => (await SELECT.from(Candidates).columns('factSheetId').where({ iflow_ID })).length);
}
