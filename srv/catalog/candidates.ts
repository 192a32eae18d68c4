import { Candidates } from '#cds-models/leanix';
import type { MatchResult } from '../core/catalog/match.ts';
import type { FactSheetRef } from '../core/catalog/types.ts';
import { inTransaction } from '../base/transaction.ts';
import type { Workspace } from './workspace.ts';

type Result = { result: MatchResult };

/** Candidates that are described: as many as one request brings. */
const MOST = 1000;

/**
 * Descriptions help a person to choose. They are read for candidates only, which are few, and left out where fact
 * sheets are read by the page.
 */
export async function describeCandidates(workspace: Workspace, matched: readonly Result[]): Promise<void> {
  const candidates = candidatesIn(matched);
  if (!candidates.size) return;
  const { client, factSheetType, signal } = workspace;
  const ids = [...candidates.keys()].slice(0, MOST);
  const { active } = await client.byIds(ids, factSheetType, { description: true }, signal);
  for (const [id, list] of candidates) describe(list, active.get(id)?.description);
}

/** The same from what the last match has stored: a preview asks LeanIX for nothing that it can do without. */
export async function recallDescriptions(config_ID: string, matched: readonly Result[]): Promise<void> {
  const candidates = candidatesIn(matched);
  if (!candidates.size) return;
  const rows = await inTransaction(() =>
    SELECT.from(Candidates).columns('factSheetId', 'description').where({ 'iflow.config_ID': config_ID }),
  );
  for (const { factSheetId, description } of rows) describe(candidates.get(factSheetId!) ?? [], description);
}

function candidatesIn(matched: readonly Result[]): Map<string, FactSheetRef[]> {
  return Map.groupBy(
    matched.flatMap(({ result }) => result.candidates),
    ({ id }) => id,
  );
}

function describe(candidates: readonly FactSheetRef[], description: string | null | undefined): void {
  for (const candidate of candidates) candidate.description = description ?? null;
}
