import type { Field } from '../core/catalog/types.ts';
import { RemoteError } from '../base/remote-error.ts';
import { get, object } from './graphql.ts';
import type { Session } from './session.ts';

/** A fact sheet type of the workspace, with the fields of its data model. */
export type TypeModel = {
  name: string;
  /** By name, including external IDs (kind `EXTERNAL_ID`), but without name, description, tags and the like. */
  fields: Map<string, Field>;
  /** Whether the type has the field `externalId`. */
  hasExternalId: boolean;
};

/** The workspace's types by name. */
export type DataModel = { types: Map<string, TypeModel> };

/** Labels by type, as far as the workspace has them. */
export type Labels = Map<string, TypeLabels>;

/** Labels of a type, of its fields, and of their options by key. */
export type TypeLabels = {
  label: string | null;
  fields: Map<string, { label: string | null; values: Map<string, string> }>;
};

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a text can be the name of a type or field. Only such names go into a document. */
export const isName = (text: string) => NAME.test(text);

/** Fails with `TYPE_INVALID` for a text that cannot be the name of a fact sheet type. */
export function assertTypeName(type: string): void {
  if (!isName(type)) throw new RemoteError('TYPE_INVALID', 'leanix', { args: [type.slice(0, 100)] });
}

/**
 * Reads the workspace's data model: `data.factSheets.<Type>.fields.<field>.{type, values}`, and from
 * `data.externalIdFields.<field>.forFactSheets` the external IDs of the types. Parts that are missing or have another
 * form are left out. A model without any type is `LEANIX_UNREADABLE`.
 */
export async function readDataModel(session: Session, signal?: AbortSignal): Promise<DataModel> {
  const data = object(await get(session, '/services/pathfinder/v1/models/dataModel', signal));
  const types = new Map<string, TypeModel>();
  for (const [name, type] of entries(data?.['factSheets'])) {
    if (!isName(name)) continue;
    const fields = new Map<string, Field>();
    for (const [field, definition] of entries(object(type)?.['fields'])) {
      if (isName(field)) fields.set(field, { name: field, type: kind(definition), values: options(definition) });
    }
    types.set(name, { name, fields, hasExternalId: false });
  }
  for (const [field, definition] of entries(data?.['externalIdFields'])) {
    const owners: unknown = object(definition)?.['forFactSheets'];
    for (const owner of Array.isArray(owners) && isName(field) ? owners : []) {
      types.get(String(owner))?.fields.set(field, { name: field, type: 'EXTERNAL_ID', values: [] });
    }
  }
  if (types.size === 0) throw new RemoteError('LEANIX_UNREADABLE', 'leanix', { args: [session.host] });
  for (const type of types.values()) type.hasExternalId = type.fields.get('externalId')?.type === 'EXTERNAL_ID';
  return { types };
}

/**
 * Reads the English labels of types, fields and options. The resource is documented, its structure is not:
 * `data.factSheets.<Type>.{label, fields.<field>.{label, values.<key>}}` is inferred, where a value is the text itself
 * or has a `label`. A failure or another structure gives no labels; only `CANCELED` is passed on.
 */
export async function readLabels(session: Session, signal?: AbortSignal): Promise<Labels> {
  const labels: Labels = new Map();
  let data: Record<string, unknown> | null = null;
  try {
    data = object(await get(session, '/services/pathfinder/v1/models/languages/en', signal));
  } catch (error) {
    if (!(error instanceof RemoteError) || error.code === 'CANCELED') throw error;
  }
  for (const [name, type] of entries(data?.['factSheets'])) {
    const fields: TypeLabels['fields'] = new Map();
    for (const [field, texts] of entries(object(type)?.['fields'])) {
      const values = entries(object(texts)?.['values']).map(([key, value]) => [key, text(value)] as const);
      fields.set(field, {
        label: text(texts),
        values: new Map(values.filter((pair): pair is [string, string] => pair[1] !== null)),
      });
    }
    labels.set(name, { label: text(type), fields });
  }
  return labels;
}

/** The data model with the options' labels instead of their keys, as far as there are any. */
export function withLabels({ types }: DataModel, labels: Labels): DataModel {
  const labelled = [...types].map(([name, type]): [string, TypeModel] => {
    const texts = labels.get(name)?.fields;
    const fields = [...type.fields].map(([key, field]): [string, Field] => {
      const values = field.values.map((one) => ({ ...one, label: texts?.get(key)?.values.get(one.key) ?? one.label }));
      return [key, { ...field, values }];
    });
    return [name, { ...type, fields: new Map(fields) }];
  });
  return { types: new Map(labelled) };
}

const entries = (value: unknown) => Object.entries(object(value) ?? {});

function kind(definition: unknown): string {
  const type = object(definition)?.['type'];
  return typeof type === 'string' ? type : 'UNKNOWN';
}

/** The keys of a select field; they serve as labels until `withLabels` replaces them. */
function options(definition: unknown): Field['values'] {
  const values: unknown = object(definition)?.['values'];
  const keys: unknown[] = Array.isArray(values) ? values.map((one) => object(one)?.['key'] ?? (one as unknown)) : [];
  return keys.filter((key) => typeof key === 'string').map((key) => ({ key, label: key }));
}

function text(value: unknown): string | null {
  const found = typeof value === 'string' ? value : object(value)?.['label'];
  return typeof found === 'string' && found !== '' ? found : null;
}
