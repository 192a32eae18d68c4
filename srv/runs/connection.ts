import { LeanIXConfigs } from '#cds-models/leanix';
import { tagNames } from '../core/catalog/tags.ts';
import type { Mapping, WriteMode } from '../core/catalog/types.ts';

/** A configuration with its mapping, as runs and services use it. */
export type ConfigRow = {
  ID: string;
  name: string;
  leanixHost: string | null;
  leanixDestination: string | null;
  cpiDestination: string | null;
  artifactTypes: string[];
  factSheetType: string | null;
  category: string | null;
  /** Names, separated by commas. */
  defaultTags: string | null;
  workspaceName: string | null;
  readModels: boolean;
  mappings: Mapping[];
};

type ConfigData = {
  [key in Exclude<keyof ConfigRow, 'mappings' | 'artifactTypes' | 'readModels'>]?: string | null;
} & {
  readModels?: boolean | null;
  artifactTypes?: string | null;
  mappings?:
    | {
        iflowField?: string | null;
        leanixPath?: string | null;
        writeMode?: string | null;
        position?: number | null;
      }[]
    | null;
};

/** Reads a configuration with its mapping, in the caller's transaction. Undefined if it does not exist. */
export async function readConfig(ID: string): Promise<ConfigRow | undefined> {
  const row = await SELECT.one
    .from(LeanIXConfigs, (config) => {
      config('*');
      config.mappings((mapping) => mapping('*'));
    })
    .where({ ID });
  return row ? toConfig(row) : undefined;
}

/** Accepts a saved configuration or a draft. */
export function toConfig(row: ConfigData): ConfigRow {
  const mappings = (row.mappings ?? [])
    .filter((mapping) => mapping.iflowField && mapping.leanixPath)
    .map((mapping) => ({
      iflowField: mapping.iflowField!,
      leanixPath: mapping.leanixPath!,
      writeMode: (mapping.writeMode ?? 'always') as WriteMode,
      position: mapping.position ?? 0,
    }))
    .sort((a, b) => a.position - b.position);
  return {
    ID: row.ID!,
    name: row.name ?? '',
    leanixHost: row.leanixHost ?? null,
    leanixDestination: row.leanixDestination ?? null,
    cpiDestination: row.cpiDestination ?? null,
    artifactTypes: tagNames(row.artifactTypes ?? null),
    factSheetType: row.factSheetType?.trim() || null,
    category: row.category?.trim() || null,
    defaultTags: row.defaultTags ?? null,
    workspaceName: row.workspaceName ?? null,
    readModels: row.readModels ?? true,
    mappings,
  };
}
