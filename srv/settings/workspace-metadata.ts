import { WorkspaceCategories, WorkspaceFields, WorkspaceTags, WorkspaceTypes } from '#cds-models/leanix';
import type { Tag } from '../core/catalog/types.ts';
import { cut } from '../base/text.ts';
import { inTransaction } from '../base/transaction.ts';
import type { DataModel, Labels } from '../leanix/client.ts';
import { deleteMetadata } from './metadata.ts';

/** The metadata of the workspace for the value helps. */
export type Metadata = { model: DataModel; labels: Labels; tags: Tag[] };

/** Maximum length of labels and names, and of texts that must not be cut: names of types and options, paths. */
const LABEL = 255;
const KEY = 100;
const PATH = 255;

/**
 * Stores the metadata for the value helps. The next run asks LeanIX again about refused paths. Names that are too long
 * to be configured are left out.
 */
export async function storeMetadata(config_ID: string, { model, labels, tags }: Metadata): Promise<void> {
  const types = [...model.types.values()].filter(({ name }) => name.length <= KEY);
  const labelsOf = (type: string, field: string) => labels.get(type)?.fields.get(field);
  const rows = {
    types: types.map(({ name, hasExternalId }) => ({
      config_ID,
      name,
      label: cut(labels.get(name)?.label ?? name, LABEL),
      hasExternalId,
    })),
    categories: types.flatMap(({ name, fields }) =>
      (fields.get('category')?.values ?? [])
        .filter(({ key }) => key.length <= KEY)
        .map(({ key, label }) => ({
          config_ID,
          factSheetType: name,
          name: key,
          label: cut(labelsOf(name, 'category')?.values.get(key) ?? label, LABEL),
        })),
    ),
    fields: types.flatMap(({ name, fields }) => [
      ...BASE_PATHS.map((path) => ({ config_ID, factSheetType: name, path, label: path.slice(1), type: 'STRING' })),
      ...[...fields.values()]
        .filter(({ name }) => name !== 'externalId' && name.length < PATH && !BASE_PATHS.includes(`/${name}`))
        .map((field) => ({
          config_ID,
          factSheetType: name,
          path: `/${field.name}`,
          label: cut(labelsOf(name, field.name)?.label ?? field.name, LABEL),
          type: cut(field.type, 50),
        })),
    ]),
    tags: tags
      .filter(({ id }) => id.length <= 64)
      .map(({ id, name, group }) => ({
        config_ID,
        tagId: id,
        name: cut(name, LABEL),
        tagGroup: cut(group?.name ?? null, LABEL),
      })),
  };
  await inTransaction(async () => {
    await deleteMetadata(config_ID);
    if (rows.types.length) await INSERT.into(WorkspaceTypes).entries(rows.types);
    if (rows.categories.length) await INSERT.into(WorkspaceCategories).entries(rows.categories);
    if (rows.fields.length) await INSERT.into(WorkspaceFields).entries(rows.fields);
    if (rows.tags.length) await INSERT.into(WorkspaceTags).entries(rows.tags);
  });
}

/** Paths that every type has. Its data model usually does not contain them. */
const BASE_PATHS = ['/name', '/description', '/displayName', '/tags'];
