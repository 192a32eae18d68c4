import { RefusedPaths } from '#cds-models/leanix';
import { cut } from '../base/text.ts';
import { inTransaction } from '../base/transaction.ts';

/** Hours until LeanIX is asked again about a refused path. A connection test ends this too. */
const KNOWN_HOURS = 24;

/** Older refusals do not count. */
export const refusalsSince = () => new Date(Date.now() - KNOWN_HOURS * 3_600_000).toISOString();

/** The paths that LeanIX refused recently, with its reason. */
export async function knownRefusals(config_ID: string, factSheetType: string): Promise<Map<string, string>> {
  const rows = await inTransaction(() =>
    SELECT.from(RefusedPaths).where({ config_ID, factSheetType, refusedAt: { '>=': refusalsSince() } }),
  );
  return new Map(rows.map((row) => [row.path!, row.reason ?? '']));
}

/** Stores the current refusals, so that the next runs need not ask. */
export async function storeRefusals(
  config_ID: string,
  factSheetType: string,
  refused: ReadonlyMap<string, string>,
): Promise<void> {
  const refusedAt = new Date().toISOString();
  const rows = [...refused].map(([path, reason]) => ({
    config_ID,
    factSheetType,
    path,
    reason: cut(reason, 1000),
    refusedAt,
  }));
  await inTransaction(() => UPSERT.into(RefusedPaths).entries(rows));
}
