import {
  LeanIXConfigs,
  RefusedPaths,
  WorkspaceCategories,
  WorkspaceFields,
  WorkspaceTags,
  WorkspaceTypes,
} from '#cds-models/leanix';
import { LeanIXConfigs as ServedConfigs } from '#cds-models/SettingsService';
import type { Feature } from '../runs/features.ts';

const METADATA = [WorkspaceTypes, WorkspaceCategories, WorkspaceFields, WorkspaceTags, RefusedPaths];

/** Deletes the known metadata of a configuration's workspace, in the caller's transaction. */
export async function deleteMetadata(config_ID: string): Promise<void> {
  for (const entity of METADATA) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await DELETE.from(entity).where({ config_ID });
  }
}

/** Deletes metadata of configurations that are neither saved nor being edited: CAP deletes old drafts itself. */
async function deleteForgotten(): Promise<boolean> {
  const saved = SELECT.from(LeanIXConfigs).columns('ID');
  const edited = SELECT.from(ServedConfigs.drafts).columns('ID');
  for (const entity of METADATA) {
    // eslint-disable-next-line no-await-in-loop -- one transaction takes one statement at a time
    await DELETE.from(entity).where`config_ID not in ${saved} and config_ID not in ${edited}`;
  }
  return false;
}

/** The data that the machinery of runs deletes for the settings. */
export const settingsFeature: Feature = { deleteConfigData: deleteMetadata, deletions: [deleteForgotten] };
