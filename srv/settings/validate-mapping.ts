import cds from '@sap/cds';
import { isDenied } from '../core/catalog/refusal-words.ts';
import { RunProblem } from '../base/outcome.ts';
import type { ConfigRow } from '../runs/connection.ts';
import { inTransaction } from '../base/transaction.ts';
import { loadRules, openWorkspace } from '../catalog/workspace.ts';
import { problem, textOf } from '../base/problem.ts';
import { findIFlow, tryRules, type Row } from './mapping-trial.ts';

export type MappingMessage = Row & { code: string; message: string };

/**
 * Asks LeanIX which rows of the mapping it would refuse for one iFlow, without writing. Without rows, it checks what is
 * written in this case: the description.
 * @param artifactId of the iFlow with the values to check; null for any iFlow of the configuration
 * @returns one message for each row that is refused or cannot be filled; empty if there are no problems
 * @throws RemoteError; RunProblem, also if LeanIX refuses every write; 404 ARTIFACT_UNKNOWN; 409 NO_IFLOWS before the
 * first refresh
 */
export async function validateMapping(config: ConfigRow, artifactId: string | null): Promise<MappingMessage[]> {
  const iflow = await inTransaction(() => findIFlow(config.ID, artifactId));
  if (!iflow) throw artifactId ? problem(404, 'ARTIFACT_UNKNOWN', artifactId) : problem(409, 'NO_IFLOWS');
  const workspace = await openWorkspace(config);
  const rules = { ...(await loadRules(workspace)), refusedPaths: new Map<string, string>() };
  const { rows, warnings, creates, updates } = await tryRules(workspace, rules, iflow, null);
  if (creates !== null && updates !== null) {
    const isReadOnly = isDenied(creates) && isDenied(updates ?? creates);
    throw new RunProblem(isReadOnly ? 'TOKEN_READ_ONLY' : 'WRITES_REFUSED', creates);
  }
  const messageOf = ({ iflowField, leanixPath }: Row, code: string, args: string[]): MappingMessage => ({
    iflowField,
    leanixPath,
    code,
    message: textOf(code, args, cds.context?.locale),
  });
  return [
    ...warnings.map(({ warning, ...row }) => messageOf(row, warning.code, warning.args)),
    ...rows.map(({ reason, ...row }) => messageOf(row, 'PATH_REFUSED', [row.leanixPath, reason])),
  ];
}
