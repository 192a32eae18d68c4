import { DesignArtifacts, DesignPackages, IFlowLinks, IFlows } from '#cds-models/leanix';
import type { InventoryRow, KnownDesign } from '../cpi/inventory.ts';
import type { DesigntimeKind } from '../cpi/types.ts';

/** What is known of a tenant since the last refresh. */
export type InventoryState = {
  rows: InventoryRow[];
  /** IDs of the iFlows that a fact sheet is linked to. */
  linked: Set<string>;
};

/** In the caller's transaction. */
export async function readInventory(config_ID: string): Promise<InventoryState> {
  const rows = await SELECT.from(IFlows).where({ config_ID });
  const links = await SELECT.from(IFlowLinks)
    .columns('iflow_ID')
    .where({ 'iflow.config_ID': config_ID, factSheetId: { '!=': null } });
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

/** In the caller's transaction. */
export async function readDesign(config_ID: string): Promise<KnownDesign> {
  const packages = await SELECT.from(DesignPackages).where({ config_ID });
  const artifacts = await SELECT.from(DesignArtifacts).where({ config_ID });
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
