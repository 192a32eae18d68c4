import cds from '@sap/cds';
import { IFlows } from '#cds-models/leanix';
import { plan } from '../core/catalog/plan.ts';
import type { IFlow } from '../core/catalog/types.ts';
import { createSample, tryOut } from '../catalog/refusals.ts';
import { readEntries, toLink } from '../catalog/rows.ts';
import type { ConfigRow } from '../runs/connection.ts';
import { inTransaction } from '../base/transaction.ts';
import { loadRules, openWorkspace } from '../catalog/workspace.ts';
import { problem, textOf } from '../base/problem.ts';

export type MappingMessage = { iflowField: string; leanixPath: string; code: string; message: string };

/**
 * Asks LeanIX which rows of the mapping it would refuse for one iFlow, without writing anything.
 * @param artifactId whose values are tried; any iFlow of the configuration where it is null
 * @returns one message for each row that is refused or cannot be filled; empty where all is well
 * @throws RemoteError, RunProblem; 404 ARTIFACT_UNKNOWN; 409 NO_IFLOWS before the first refresh
 */
export async function validateMapping(config: ConfigRow, artifactId: string | null): Promise<MappingMessage[]> {
  const iflow = await inTransaction(() => sampleIFlow(config.ID, artifactId));
  const workspace = await openWorkspace(config);
  const rules = { ...(await loadRules(workspace)), refusedPaths: new Map<string, string>() };
  const messages: MappingMessage[] = [];
  const samples = rules.mappings.flatMap((row, index) => {
    const only = plan(iflow, toLink(null), null, { ...rules, mappings: [row], category: null, defaultTags: [] });
    for (const { code, args } of only.warnings)
      messages.push({ ...fieldsOf(row), code, message: textOf(code, args, cds.context?.locale) });
    const patches = only.patches.filter(({ path }) => path === row.leanixPath);
    const name = `${only.name} ${cds.utils.uuid()}`;
    return patches.length ? [{ row, mutation: createSample(String(index), name, rules.factSheetType, patches) }] : [];
  });
  const refused = await tryOut(workspace, samples);
  for (const { row, mutation } of samples) {
    const reason = refused.get(mutation.key);
    if (reason === undefined) continue;
    const message = textOf('PATH_REFUSED', [row.leanixPath, reason.message], cds.context?.locale);
    messages.push({ ...fieldsOf(row), code: 'PATH_REFUSED', message });
  }
  return messages;
}

function fieldsOf({ iflowField, leanixPath }: { iflowField: string; leanixPath: string }) {
  return { iflowField, leanixPath };
}

async function sampleIFlow(configId: string, artifactId: string | null): Promise<IFlow> {
  const found = await SELECT.one
    .from(IFlows)
    .columns('ID')
    .where(artifactId ? { config_ID: configId, artifactId } : { config_ID: configId })
    .orderBy('artifactId');
  if (!found) throw artifactId ? problem(404, 'ARTIFACT_UNKNOWN', artifactId) : problem(409, 'NO_IFLOWS');
  const [entry] = await readEntries(configId, [found.ID!]);
  return entry!.iflow;
}
