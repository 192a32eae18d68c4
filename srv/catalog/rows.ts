import { IFlows, IFlowLinks } from '#cds-models/leanix';
import type { IFlow, IFlowStatus, Link, LinkStatus, MatchedBy } from '../core/catalog/types.ts';
import { inTransaction } from '../base/transaction.ts';

/** Converts database rows into the types of the pure core, and back. */

export type LinkRow = {
  iflow_ID: string;
  config_ID: string;
  status: LinkStatus;
  matchedBy: MatchedBy | null;
  factSheetId: string | null;
  factSheetName: string | null;
  factSheetUrl: string | null;
  code: string | null;
  message: string | null;
  lastSyncedAt: string | null;
  ownedTags: string | null;
  echoes: string | null;
  refused: string | null;
  clash: string | null;
};

/** An iFlow of the database with its link. */
export type Entry = { iflow: IFlow; link: Link; row: LinkRow | null };

/**
 * The iFlows of a configuration with their links, in the caller's transaction.
 * @param selection IDs; null for all of the configuration
 */
export async function readEntries(configId: string, selection: string[] | null): Promise<Entry[]> {
  const iflows = await SELECT.from(IFlows)
    .where(selection ? { config_ID: configId, ID: { in: selection } } : { config_ID: configId })
    .orderBy('name', 'artifactId');
  const rows = (await SELECT.from(IFlowLinks).where(
    selection ? { iflow_ID: { in: selection } } : { 'iflow.config_ID': configId },
  )) as unknown as LinkRow[];
  const links = new Map(rows.map((row) => [row.iflow_ID, row]));
  return iflows.map((data) => {
    const row = links.get(data.ID!) ?? null;
    return { iflow: toIFlow(data), link: toLink(row), row };
  });
}

/** Entries read at once. */
const CHUNK = 500;

/** The same for any number of iFlows, in separate short transactions, so that other requests get their turn. */
export async function readAllEntries(configId: string, selection: string[] | null): Promise<Entry[]> {
  if (selection && selection.length <= CHUNK) return inTransaction(() => readEntries(configId, selection));
  const rows = await inTransaction(() =>
    SELECT.from(IFlows).columns('ID').where({ config_ID: configId }).orderBy('name', 'artifactId'),
  );
  const wanted = selection && new Set(selection);
  const ids = rows.map(({ ID }) => ID!).filter((ID) => !wanted || wanted.has(ID));
  const entries: Entry[] = [];
  for (let i = 0; i < ids.length; i += CHUNK) {
    // eslint-disable-next-line no-await-in-loop -- one short transaction after the other
    entries.push(...(await inTransaction(() => readEntries(configId, ids.slice(i, i + CHUNK)))));
  }
  return entries;
}

type IFlowData = { [key in keyof IFlow]?: string | null };

function toIFlow(data: IFlowData): IFlow {
  return {
    ID: data.ID!,
    artifactId: data.artifactId!,
    name: data.name ?? data.artifactId!,
    version: data.version ?? null,
    description: data.description ?? null,
    packageId: data.packageId ?? null,
    packageName: data.packageName ?? null,
    type: data.type ?? '',
    status: (data.status ?? 'Unknown') as IFlowStatus,
    sender: data.sender ?? null,
    receiver: data.receiver ?? null,
    deployedBy: data.deployedBy ?? null,
    deployedOn: data.deployedOn ?? null,
  };
}

export function toLink(row: LinkRow | null): Link {
  return {
    status: row?.status ?? 'unknown',
    matchedBy: row?.matchedBy ?? null,
    factSheetId: row?.factSheetId ?? null,
    ownedTags: parse(row?.ownedTags, []),
    echoes: parse(row?.echoes, {}),
    refused: parse(row?.refused, []),
    clash: parse(row?.clash, null),
  };
}

function parse<T>(json: string | null | undefined, otherwise: T): T {
  return json ? (JSON.parse(json) as T) : otherwise;
}

/** IDs of the fact sheets that are linked to iFlows of other configurations. */
export async function linkedElsewhere(configId: string): Promise<Set<string>> {
  const links = await inTransaction(() =>
    SELECT.from(IFlowLinks)
      .columns('factSheetId')
      .where({ 'iflow.config_ID': { '!=': configId } }),
  );
  return new Set(links.flatMap(({ factSheetId }) => factSheetId ?? []));
}
