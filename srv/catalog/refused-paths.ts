import { RefusedPaths } from '#cds-models/leanix';
import { cut } from '../base/text.ts';
import { inTransaction } from '../base/transaction.ts';

/** For how long LeanIX is not asked again about a path that it refused; a connection test ends it as well. */
const KNOWN_HOURS = 24;

/** What LeanIX refused before this time counts no more. */
export const refusalsSince = () => new Date(Date.now() - KNOWN_HOURS * 3_600_000).toISOString();

/** The paths that LeanIX refused lately, with its reason. */
export async function knownRefusals(config_ID: string, factSheetType: string): Promise<Map<string, string>> {
  const rows = await inTransaction(() =>
    SELECT.from(RefusedPaths).where({ config_ID, factSheetType, refusedAt: { '>=': refusalsSince() } }),
  );
  return new Map(rows.map((row) => [row.path!, row.reason ?? '']));
}

/** Keeps what LeanIX refuses now, so that the next runs need not ask. */
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
