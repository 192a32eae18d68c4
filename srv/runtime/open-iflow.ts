import { IFlows } from '#cds-models/leanix';
import { readEntries, type Entry } from '../catalog/rows.ts';
import { readConfig, type ConfigRow } from '../runs/connection.ts';
import { endRequestTransaction, inTransaction } from '../base/transaction.ts';
import { problem } from '../base/problem.ts';

/**
 * An iFlow with its link and its configuration. Ends the transaction of the request, so that remote calls can follow.
 * @param check further conditions, checked in the same transaction
 * @throws 404 IFLOW_UNKNOWN
 */
export async function openEntry(
  iflowId: string,
  check: (configId: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ entry: Entry; config: ConfigRow }> {
  await endRequestTransaction();
  return inTransaction(async () => {
    const iflow = await SELECT.one.from(IFlows).columns('config_ID').where({ ID: iflowId });
    if (!iflow) throw problem(404, 'IFLOW_UNKNOWN');
    await check(iflow.config_ID!);
    const [entry] = await readEntries(iflow.config_ID!, [iflowId]);
    return { entry: entry!, config: (await readConfig(iflow.config_ID!))! };
  });
}
