import { Candidates } from '#cds-models/leanix';
import type { MatchResult } from '../core/catalog/match.ts';
import type { FactSheetRef } from '../core/catalog/types.ts';
import { inTransaction } from '../base/transaction.ts';
import type { Workspace } from './workspace.ts';

type Result = { result: MatchResult };

/** Candidates to describe: as many as one request returns. */
const MOST = 1000;

/**
 * Reads descriptions of candidates, which help a user to choose. Pages of fact sheets do not contain them, since
 * candidates are few.
 */
export async function describeCandidates(workspace: Workspace, matched: readonly Result[]): Promise<void> {
  const candidates = candidatesIn(matched);
  if (!candidates.size) return;
  const { client, factSheetType, signal } = workspace;
  const ids = [...candidates.keys()].slice(0, MOST);
  const { active } = await client.byIds(ids, factSheetType, { description: true }, signal);
  for (const [id, list] of candidates) describe(list, active.get(id)?.description);
}

/** Takes descriptions from the last match instead, because a preview sends as few requests as possible. */
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
