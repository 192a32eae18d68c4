import { Calls, Channels } from '#cds-models/leanix';
import { nextId } from '../base/ids.ts';
import { callsAmong, type Linked } from '../core/landscape/calls.ts';
import type { Direction, Via } from '../core/landscape/types.ts';
import { inTransaction } from '../base/transaction.ts';
import type { Job } from '../runs/job.ts';

type LinkRow = { iflow_ID: string; direction: Direction; via: Via; address: string | null; packageId: string | null };
type CallRow = {
  ID: string;
  caller_ID: string;
  called_ID: string | null;
  via: string;
  address: string | null;
  status: string;
};

/** Finds the calls among deployed iFlows from their known channels, and stores the changes. */
export async function storeCalls(job: Job): Promise<void> {
  const config_ID = job.run.config.ID;
  const links = (await inTransaction(
    () =>
      SELECT.from(Channels).columns('iflow_ID', 'direction', 'via', 'address', 'iflow.packageId as packageId' as 'ID')
        .where`config_ID = ${config_ID} and via is not null and iflow.status != 'Undeployed'`,
  )) as unknown as LinkRow[];
  const before = (await inTransaction(() => SELECT.from(Calls).where({ config_ID }))) as unknown as CallRow[];
  const wanted = callsAmong(
    [...Map.groupBy(links, ({ iflow_ID }) => iflow_ID)].map(([id, rows]): Linked => ({
      id,
      packageId: rows[0]!.packageId,
      channels: rows.map(({ direction, via, address }) => ({ direction, link: { via, address } })),
    })),
  );
  const keyOf = (row: Omit<CallRow, 'ID'>) =>
    JSON.stringify([row.caller_ID, row.called_ID, row.via, row.address, row.status]);
  const rows = wanted.map(({ caller, called, ...call }) => ({ caller_ID: caller, called_ID: called, ...call }));
  const keys = new Set(rows.map(keyOf));
  const known = new Set(before.map(keyOf));
  const gone = before.filter((row) => !keys.has(keyOf(row))).map(({ ID }) => ID);
  const fresh = rows.filter((row) => !known.has(keyOf(row)));
  if (!gone.length && !fresh.length) return;
  await job.commit({}, async () => {
    if (gone.length) await DELETE.from(Calls).where({ ID: { in: gone } });
    if (fresh.length)
      await INSERT.into(Calls).entries(fresh.map((row) => ({ ID: nextId(), config_ID, ...row })) as never);
  });
}
