import {
  Candidates,
  DesignArtifacts,
  DesignPackages,
  IFlowLinks,
  IFlows,
  RefusedPaths,
  SyncItemChanges,
  SyncItems,
  SyncRuns,
  WorkspaceCategories,
  WorkspaceFields,
  WorkspaceTags,
  WorkspaceTypes,
} from '#cds-models/leanix';

const METADATA = [WorkspaceTypes, WorkspaceCategories, WorkspaceFields, WorkspaceTags, RefusedPaths];

/** Forgets what is known of a configuration's workspace, in the caller's transaction. */
export async function deleteMetadata(config_ID: string): Promise<void> {
  for (const entity of METADATA) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await DELETE.from(entity).where({ config_ID });
  }
}

/** Deletes everything that belongs to a configuration, but not itself, in the caller's transaction. */
export async function deleteConfigData(config_ID: string): Promise<void> {
  await deleteMetadata(config_ID);
  await DELETE.from(DesignArtifacts).where({ config_ID });
  await DELETE.from(DesignPackages).where({ config_ID });
  await DELETE.from(SyncItemChanges).where({ 'item.run.config_ID': config_ID });
  await DELETE.from(SyncItems).where({ 'run.config_ID': config_ID });
  await DELETE.from(SyncRuns).where({ config_ID });
  await DELETE.from(Candidates).where({ 'iflow.config_ID': config_ID });
  await DELETE.from(IFlowLinks).where({ 'iflow.config_ID': config_ID });
  await DELETE.from(IFlows).where({ config_ID });
}
