import { findBlock, sameBlock } from './standard-block.ts';
import { nameOf } from './mapping.ts';
import type { FactSheet, Plan, ReturnedValue, Rules } from './types.ts';
import { baseAttributes, plainOf, readValue, sameText, type Value } from './values.ts';

/** The parts of a fact sheet to read for planning. ID, name, type, status and `rev` are always read. */
export type FieldsToRead = {
  description: boolean;
  /** Always: an old tag may have to be removed, even if none is wanted any more. */
  tags: boolean;
  externalId: boolean;
  displayName: boolean;
  /**
   * Further fields by name, sorted: base attributes and fields of the type's data model. Their GraphQL selection
   * depends on the type of the field. They are returned in `FactSheet.fields`.
   */
  names: string[];
};

/**
 * The parts that `plan` needs for comparing. Fields that are written on create only are left out, and so are names that
 * the data model does not have: one of them would fail the whole query.
 */
export function fieldsToRead(rules: Pick<Rules, 'mappings' | 'category' | 'hasExternalId' | 'fields'>): FieldsToRead {
  const mapped = rules.mappings.filter((row) => row.writeMode === 'always').map((row) => nameOf(row.leanixPath));
  const wanted = new Set(rules.category?.trim() ? [...mapped, 'category'] : mapped);
  const special = ['name', 'description', 'displayName', 'tags', 'externalId', 'status'];
  return {
    description: rules.mappings.length === 0 || wanted.has('description'),
    tags: true,
    externalId: rules.hasExternalId,
    displayName: wanted.has('displayName'),
    names: [...wanted]
      .filter((name) => !special.includes(name) && (baseAttributes.has(name) || rules.fields.has(name)))
      .sort(),
  };
}

/**
 * The values to store after a plan was executed, for fields that LeanIX stored differently than sent. LeanIX normalizes
 * some values and computes others, such as the display name. The next run does not write them again.
 * @param returned the fact sheet as the mutation returned it, with the fields of `fieldsToRead`; null if the answer was
 * lost: then nothing is stored, and the next run compares again
 * @param previous the values stored so far; those of unwritten paths are kept
 */
export function echoesOf(
  { name, patches }: Pick<Plan, 'name' | 'patches'>,
  returned: FactSheet | null,
  rules: Pick<Rules, 'fields'>,
  previous: Readonly<Record<string, ReturnedValue>>,
): Record<string, ReturnedValue> {
  const echoes = { ...previous };
  const sent = new Map(patches.map(({ path, value }) => [path, value ?? '']));
  if (name !== null) sent.set('/name', name);
  sent.delete('/tags');
  sent.delete('/externalId');
  for (const [path, value] of sent) {
    delete echoes[path];
    if (returned === null) continue;
    const got = readValue(path, returned, rules.fields);
    if (got === undefined || !sameText(got, plainOf(path, value, rules.fields))) {
      echoes[path] = { sent: value, got: got ?? null };
    }
  }
  return echoes;
}

/**
 * Whether a wanted value must still be written.
 * @param current as `readValue` returns it; if undefined, only `echo` shows whether the value was sent before
 */
export function differs(wanted: Value, current: string | null | undefined, echo: ReturnedValue | undefined): boolean {
  if (current !== undefined && sameText(current, wanted.plain)) return false;
  if (!echo || !sameText(echo.sent, wanted.sent)) return true;
  return current !== undefined && !sameText(echo.got, current);
}

/** Whether the standard block must be written. A different time alone, or a known returned value, is no reason. */
export function needsBlock(block: string, current: string | null, echo: ReturnedValue | undefined): boolean {
  const present = findBlock(current);
  if (present !== null && sameBlock(present, block)) return false;
  return !(echo && sameText(echo.got, current) && sameBlock(findBlock(echo.sent), block));
}
