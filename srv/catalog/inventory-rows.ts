import { DesignArtifacts, DesignPackages, IFlowLinks, IFlows } from '#cds-models/leanix';
import type { InventoryRow, KnownDesign } from '../cpi/inventory.ts';
import type { DesigntimeKind } from '../cpi/types.ts';
import { inTransaction } from '../base/transaction.ts';

/** The state of a tenant as of the last refresh. */
export type InventoryState = {
  rows: InventoryRow[];
  /** IDs of the linked iFlows. */
  linked: Set<string>;
};

/** Rows read at once. */
const CHUNK = 500;

/**
 * Reads rows in short transactions, so that other requests get their turn. Nobody else writes these rows at that time.
 */
async function inChunks<T>(read: (offset: number, count: number) => PromiseLike<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for (let chunk: T[] | null = null; !chunk || chunk.length === CHUNK; rows.push(...chunk)) {
    const offset = rows.length;
    // eslint-disable-next-line no-await-in-loop -- one short transaction after the other
    chunk = await inTransaction(() => read(offset, CHUNK));
  }
  return rows;
}

export async function readInventory(config_ID: string): Promise<InventoryState> {
  const rows = await inChunks((offset, count) =>
    SELECT.from(IFlows).where({ config_ID }).orderBy('ID').limit(count, offset),
  );
  const links = await inTransaction(() =>
    SELECT.from(IFlowLinks)
      .columns('iflow_ID')
      .where({ 'iflow.config_ID': config_ID, factSheetId: { '!=': null } }),
  );
  return {
    rows: rows.map(
      (row) =>
        ({
          ID: row.ID,
          artifactId: row.artifactId,
          name: row.name,
          version: row.version ?? null,
          type: row.type,
          status: row.status,
          deployedBy: row.deployedBy ?? null,
          deployedOn: row.deployedOn ?? null,
          errorText: row.errorText ?? null,
          description: row.description ?? null,
          packageId: row.packageId ?? null,
          packageName: row.packageName ?? null,
          sender: row.sender ?? null,
          receiver: row.receiver ?? null,
        }) as InventoryRow,
    ),
    linked: new Set(links.map((link) => link.iflow_ID!)),
  };
}

export async function readDesign(config_ID: string): Promise<KnownDesign> {
  const packages = await inTransaction(() => SELECT.from(DesignPackages).where({ config_ID }));
  const artifacts = await inChunks((offset, count) =>
    SELECT.from(DesignArtifacts).where({ config_ID }).orderBy('kind', 'artifactId', 'packageId').limit(count, offset),
  );
  return {
    packages: packages.map((row) => ({
      id: row.packageId!,
      name: row.name ?? '',
      modifiedAt: row.modifiedAt ?? null,
      kinds: (row.kinds ?? '').split(',').filter(Boolean) as DesigntimeKind[],
    })),
    artifacts: artifacts.map((row) => ({
      id: row.artifactId!,
      packageId: row.packageId!,
      kind: row.kind as DesigntimeKind,
      version: row.version ?? null,
      description: row.description ?? null,
      sender: row.sender ?? null,
      receiver: row.receiver ?? null,
      deployedVersion: row.deployedVersion ?? null,
    })),
  };
}
