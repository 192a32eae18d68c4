import { Candidates, IFlowLinks, SyncRuns } from '#cds-models/leanix';
import { IFlows } from '#cds-models/RuntimeService';
import { OutcomeUnknown, RemoteError } from '../base/remote-error.ts';
import { externalIdOf, formerExternalIdOf, isExternalId } from '../core/catalog/match.ts';
import type { FactSheet } from '../core/catalog/types.ts';
import { cut } from '../base/text.ts';
import { audit } from '../runs/audit.ts';
import { MATCH_FIELDS } from '../catalog/matching.ts';
import { linkedElsewhere, readEntries, type Entry } from '../catalog/rows.ts';
import { inTransaction, lockConfigs } from '../base/transaction.ts';
import { openWorkspace, type Workspace } from '../catalog/workspace.ts';
import { asProblem, isDuplicate, problem } from '../base/problem.ts';
import { openEntry } from './open-iflow.ts';

/**
 * Links an iFlow to a fact sheet that a user chose. Reads the fact sheet but does not write it; the next sync does.
 * Other fact sheets lose our external ID.
 * @param factSheetId an ID or an address in LeanIX
 * @returns the row of the iFlow, and both types if the fact sheet's is not the configured one
 * @throws 400 FACT_SHEET_REQUIRED; 404 IFLOW_UNKNOWN, FACT_SHEET_UNKNOWN; 409 FACT_SHEET_ARCHIVED, FACT_SHEET_TAKEN,
 * LINK_CHANGED, RUN_ACTIVE
 */
export async function linkIFlow(iflowId: string, factSheetId: string | null | undefined) {
  const id = idIn(factSheetId ?? '');
  if (id === '' || id.length > 64) throw problem(400, 'FACT_SHEET_REQUIRED');
  const { entry, workspace } = await open(iflowId);
  const factSheet = await read(workspace, id);
  const { iflow } = entry;
  if (!factSheet) throw problem(404, 'FACT_SHEET_UNKNOWN', id);
  if (factSheet.status === 'ARCHIVED') throw problem(409, 'FACT_SHEET_ARCHIVED', iflow.name, factSheet.name);
  const own = externalIdOf(workspace.tenantHost, iflow.artifactId);
  if (isExternalId(factSheet.externalId) && factSheet.externalId !== own) {
    throw problem(409, 'FACT_SHEET_TAKEN', factSheet.name, factSheet.externalId);
  }
  await inTransaction(() => assertFree(factSheet, iflowId));
  const before = entry.link.factSheetId;
  const former = await formerOf(workspace, entry);
  const others = new Set([...(before ? [before] : []), ...(await carriers(workspace, own))]);
  others.delete(id);
  // eslint-disable-next-line no-await-in-loop -- one at most, as a rule
  for (const other of others) await giveBack(workspace, other, own, other === before ? former : null);
  const row = await store(workspace, entry, id, async ({ link }) => {
    await assertFree(factSheet, iflowId);
    return {
      status: 'linked',
      matchedBy: 'manual',
      factSheetId: id,
      factSheetName: cut(factSheet.name, 1000),
      factSheetUrl: workspace.urlOf(factSheet),
      refused: JSON.stringify(link.refused.filter((other) => other !== id)),
      ...(link.factSheetId === id ? {} : FORGET),
    };
  }).catch((error: unknown) => {
    throw isDuplicate(error) ? problem(409, 'FACT_SHEET_TAKEN', factSheet.name, '') : error;
  });
  const { factSheetType } = workspace;
  return { row, differs: factSheet.type === factSheetType ? null : [factSheet.type, factSheetType] };
}

/** The ID in a copied address of a fact sheet: `…/factsheet/<type>/<id>`. */
function idIn(text: string): string {
  return (/\/factsheet\/[^/]+\/([^/?#\s]+)/i.exec(text)?.[1] ?? text).trim();
}

/**
 * Unlinks an iFlow: removes our external ID from the fact sheet, and never matches the two again. Other fields and tags
 * are kept.
 * @returns the row of the iFlow
 * @throws 409 NOT_LINKED, LINK_CHANGED, RUN_ACTIVE, UNLINK_REFUSED with the message of LeanIX; 404 IFLOW_UNKNOWN; 502
 * LINK_OUTCOME_UNKNOWN
 */
export async function unlinkIFlow(iflowId: string) {
  const { entry, workspace } = await open(iflowId);
  const { iflow, link } = entry;
  const id = link.factSheetId;
  if (!id) throw problem(409, 'NOT_LINKED', iflow.name);
  await giveBack(workspace, id, externalIdOf(workspace.tenantHost, iflow.artifactId), await formerOf(workspace, entry));
  return store(workspace, entry, null, ({ link }) =>
    Promise.resolve({
      status: 'notLinked',
      matchedBy: null,
      factSheetId: null,
      factSheetName: null,
      factSheetUrl: null,
      refused: JSON.stringify([...new Set([...link.refused, id])]),
      ...FORGET,
    }),
  );
}

/** Notes about one fact sheet do not apply to another. */
const FORGET = { ownedTags: null, echoes: null, lastSyncedAt: null };

/** One fact sheet documents one iFlow. In the caller's transaction. @throws 409 FACT_SHEET_TAKEN */
async function assertFree({ id, name }: FactSheet, iflowId: string): Promise<void> {
  const taken = await SELECT.one
    .from(IFlowLinks)
    .columns('iflow.name as name')
    .where({ factSheetId: id, iflow_ID: { '!=': iflowId } });
  if (taken) throw problem(409, 'FACT_SHEET_TAKEN', name, (taken as { name?: string }).name ?? '');
}

/** IDs of the active fact sheets with our external ID. */
async function carriers({ client, factSheetType }: Workspace, own: string): Promise<string[]> {
  try {
    return (await client.byExternalIds([own], factSheetType, MATCH_FIELDS)).map(({ id }) => id);
  } catch (error) {
    throw asProblem(error);
  }
}

/** Removes our external ID, also in its older form, from a fact sheet that no longer documents the iFlow. */
async function giveBack(workspace: Workspace, id: string, own: string, former: string | null): Promise<void> {
  const factSheet = await read(workspace, id);
  if (factSheet?.status !== 'ACTIVE' || factSheet.externalId === null) return;
  if ([own, former].includes(factSheet.externalId)) await takeOff(workspace, factSheet);
}

/** The external ID of the older form that the linked fact sheet may have; null if it is not ours. */
async function formerOf({ tenantHost, config }: Workspace, { iflow, link }: Entry): Promise<string | null> {
  const former = formerExternalIdOf(tenantHost, iflow.artifactId);
  return former !== null && !(await linkedElsewhere(config.ID)).has(link.factSheetId ?? '') ? former : null;
}

async function open(iflowId: string): Promise<{ entry: Entry; workspace: Workspace }> {
  const { entry, config } = await openEntry(iflowId, assertIdle);
  try {
    return { entry, workspace: await openWorkspace(config) };
  } catch (error) {
    throw asProblem(error);
  }
}

async function read({ client, factSheetType }: Workspace, id: string): Promise<FactSheet | undefined> {
  const readAs = async (type: string) => (await client.fresh([id], type, MATCH_FIELDS)).get(id);
  try {
    const found = await readAs(factSheetType);
    // The fields, such as that for the external ID, depend on the type.
    return found && found.type !== factSheetType ? await readAs(found.type) : found;
  } catch (error) {
    throw asProblem(error);
  }
}

async function takeOff({ client }: Workspace, { id, rev, type }: FactSheet): Promise<void> {
  const patches = [{ op: 'remove' as const, path: '/externalId' }];
  try {
    const result = await client.write([{ key: id, kind: 'update', id, rev, patches }], {
      type,
      fields: MATCH_FIELDS,
    });
    if (!result.ok) throw problem(409, 'UNLINK_REFUSED', result.failures[0]?.message ?? '');
  } catch (error) {
    throw asProblem(error instanceof OutcomeUnknown ? new RemoteError('LINK_OUTCOME_UNKNOWN', 'leanix') : error);
  }
}

/**
 * Stores the link in a short transaction and returns the row. A run or another user may have changed the link during
 * the requests to LeanIX.
 * @param factSheetId the fact sheet to link
 */
async function store(
  { config }: Workspace,
  { iflow, link }: Entry,
  factSheetId: string | null,
  values: (entry: Entry) => Promise<object>,
) {
  return inTransaction(async () => {
    await lockConfigs();
    await assertIdle(config.ID);
    const [now] = await readEntries(config.ID, [iflow.ID]);
    if (!now) throw problem(404, 'IFLOW_UNKNOWN');
    if (![link.factSheetId, factSheetId].includes(now.link.factSheetId)) throw problem(409, 'LINK_CHANGED', iflow.name);
    const row = { iflow_ID: iflow.ID, config_ID: config.ID, code: null, message: null, clash: null };
    await UPSERT.into(IFlowLinks).entries({ ...row, ...(await values(now)) });
    await audit({
      action: factSheetId ? 'link' : 'unlink',
      configId: config.ID,
      subject: iflow.artifactId,
      element: 'factSheetId',
      before: now.link.factSheetId,
      after: factSheetId,
    });
    await DELETE.from(Candidates).where({ iflow_ID: iflow.ID });
    return await SELECT.one.from(IFlows).where({ ID: iflow.ID });
  });
}

/** An active run would overwrite the decision. */
async function assertIdle(configId: string): Promise<void> {
  const active = await SELECT.one.from(SyncRuns).columns('ID').where({ activeKey: configId });
  if (active) throw problem(409, 'RUN_ACTIVE', '');
}
