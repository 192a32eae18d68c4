import type { FactSheet } from '../core/catalog/types.ts';
import { isName, type TypeModel } from './data-model.ts';
import { object } from './graphql.ts';

/** The parts of a fact sheet to read. ID, name, type, status and rev are always included. */
export type FieldSelection = {
  displayName?: boolean;
  description?: boolean;
  tags?: boolean;
  /** Left out if the type has no such field. */
  externalId?: boolean;
  /**
   * Further fields: `fullName`, `lxState`, or fields of the data model, such as `category`. What the type lacks is left
   * out.
   */
  names?: readonly string[];
};

/** How each kind of field is read: these as they are, the others with a selection of their own. */
const PLAIN = new Set(['STRING', 'INTEGER', 'DOUBLE', 'SINGLE_SELECT', 'MULTIPLE_SELECT']);
const NESTED: Record<string, string> = {
  LIFECYCLE: '{ asString phases { phase startDate } }',
  EXTERNAL_ID: '{ externalId }',
};

/** Attributes of every fact sheet that are not in the data model. */
const BASE = ['fullName', 'lxState'];

/** Parts of `FactSheet` itself, not further fields. */
const OWN = new Set(['id', 'name', 'displayName', 'type', 'status', 'rev', 'description', 'tags', 'externalId']);

/**
 * The selection set of a fact sheet. Fields of the data model are in a fragment on the type, since GraphQL refuses a
 * whole document for one unknown field. Kinds of field with an unknown form (such as LOCATION) are left out.
 */
export function selectionSet(type: TypeModel | undefined, fields: FieldSelection): string {
  const common = ['id', 'name', 'type', 'status', 'rev'];
  if (fields.displayName) common.push('displayName');
  if (fields.description) common.push('description');
  if (fields.tags) common.push('tags { id }');
  common.push(...BASE.filter((name) => fields.names?.includes(name)));
  const special = furtherNames(type, fields).map((name) => {
    const nested = NESTED[type?.fields.get(name)?.type ?? ''];
    return nested ? `${name} ${nested}` : name;
  });
  if (fields.externalId && type?.hasExternalId) special.push('externalId { externalId }');
  return `{ ${common.join(' ')} ${type && special.length > 0 ? `... on ${type.name} { ${special.join(' ')} }` : ''} }`;
}

/** The further fields that can be read. */
function furtherNames(type: TypeModel | undefined, { names = [] }: FieldSelection): string[] {
  return [...new Set(names)].filter((name) => {
    const kind = type?.fields.get(name)?.type ?? '';
    return isName(name) && !OWN.has(name) && (PLAIN.has(kind) || kind in NESTED);
  });
}

/** A node of an answer as a fact sheet; null if it has no ID. Parts that were not read are null or empty. */
export function toFactSheet(node: unknown): FactSheet | null {
  const found = object(node);
  const id = found?.['id'];
  if (!found || typeof id !== 'string') return null;
  const tags: unknown[] = Array.isArray(found['tags']) ? found['tags'] : [];
  return {
    id,
    name: text(found['name']) ?? '',
    type: text(found['type']) ?? '',
    description: text(found['description']),
    externalId: text(object(found['externalId'])?.['externalId']),
    displayName: text(found['displayName']),
    rev: Number(found['rev'] ?? 0),
    status: found['status'] === 'ARCHIVED' ? 'ARCHIVED' : 'ACTIVE',
    tagIds: tags.map((tag) => object(tag)?.['id']).filter((tag) => typeof tag === 'string'),
    fields: Object.fromEntries(Object.entries(found).filter(([name]) => !OWN.has(name))),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);
