import { isDeepStrictEqual } from 'node:util';
import { invalidPath, invalidValue, LeanIXError } from './errors.ts';
import { patchField, type Patch } from './fields.ts';
import { externalIdFieldsOf, fullNameOf } from './model.ts';
import { externalIdIn, type LeanIXState } from './state.ts';
import type { Switches } from './switches.ts';
import { patchTags } from './tags.ts';
import type { FactSheet } from './types.ts';

const SEALS = ['BROKEN_QUALITY_SEAL', 'DRAFT', 'REJECTED', 'APPROVED'];

/** The fact sheet after a list of patches, checked as LeanIX checks it; nothing is stored. */
export function applyPatches(
  state: LeanIXState,
  switches: Switches,
  sheet: FactSheet,
  patches: readonly (Patch | null)[],
): FactSheet {
  let result = sheet;
  for (const patch of patches) if (patch) result = { ...result, ...applyPatch(state, switches, result, patch) };
  checkUniqueExternalIds(state, sheet, result);
  return result;
}

/** Whether two versions of a fact sheet differ in anything that people can see. */
export function differs(one: FactSheet, other: FactSheet): boolean {
  return !isDeepStrictEqual(one, other);
}

/** Refuses a full name that another active fact sheet of the type has. The text is unknown. */
export function checkFullName(state: LeanIXState, sheet: FactSheet): void {
  const fullName = fullNameOf(state.dataModel, sheet.type, sheet.name, sheet.fields);
  const others = [...state.withFullName(sheet.type, fullName)].filter((id) => id !== sheet.id);
  if (!others.length) return;
  const message = `Fact Sheet with full name '${fullName}' and type '${sheet.type}' already exists.`;
  throw new LeanIXError(message, 'CONSTRAINT_VIOLATION', { entityType: 'FACT_SHEET', objectId: others[0] });
}

/** Refuses a fact sheet that lacks a mandatory field. The text is unknown. */
export function checkMandatory({ mandatoryFields }: Switches, sheet: FactSheet): void {
  const missing = mandatoryFields.find((field) => sheet.fields[field] === undefined);
  if (missing) throw new LeanIXError(`Mandatory field ${missing} is missing`, 'BUSINESS_LOGIC');
}

function applyPatch(state: LeanIXState, switches: Switches, sheet: FactSheet, patch: Patch): Partial<FactSheet> {
  const field = patch.path?.split('/')[1] ?? '';
  if (switches.deniedFields.includes(field)) {
    throw new LeanIXError(`No permission: fact_sheet_fields:update:${sheet.type.toLowerCase()}:${field}`);
  }
  const text = switches.normalizeText ? normalize(patch.value) : patch.value;
  const refuse = () => invalidValue(patch.value, patch.path ?? '', sheet.type);
  switch (patch.path) {
    case '/name':
      if (patch.op !== 'replace' || !text?.trim()) throw refuse();
      return { name: text };
    case '/description':
      if (patch.op !== 'remove' && typeof text !== 'string') throw refuse();
      return { description: patch.op === 'remove' ? null : text };
    case '/status':
      if (patch.op === 'remove' || (text !== 'ACTIVE' && text !== 'ARCHIVED')) throw refuse();
      return { status: text };
    case '/lxState':
      if (patch.op === 'remove' || !text || !SEALS.includes(text)) throw refuse();
      return { lxState: text };
    case '/tags':
      return { tags: patchTags(state, switches, sheet, patch) };
    case '/displayName':
      if (switches.displayNameAccepted) return {};
      throw invalidPath(patch.path, sheet.type);
    default:
      if (!patch.path?.startsWith('/')) throw invalidPath(patch.path, sheet.type);
      return { fields: patchField(state.dataModel, sheet, { ...patch, value: text }) };
  }
}

/** External id fields with `uniqueFactSheet` refuse a value that another active fact sheet has. The text is inferred. */
function checkUniqueExternalIds(state: LeanIXState, before: FactSheet, after: FactSheet): void {
  for (const field of externalIdFieldsOf(state.dataModel, after.type)) {
    const value = externalIdIn(after, field);
    if (!state.dataModel.externalIdFields[field]?.uniqueFactSheet || !value) continue;
    if (value === externalIdIn(before, field)) continue;
    const [other] = [...state.withExternalId(field, value)].filter((id) => id !== after.id);
    if (other === undefined) continue;
    const message = `External id '${value}' of field '${field}' is already used by another Fact Sheet.`;
    throw new LeanIXError(message, 'CONSTRAINT_VIOLATION', { entityType: 'FACT_SHEET', objectId: other });
  }
}

function normalize(text: string | null | undefined): string | null | undefined {
  return text?.replaceAll('\r\n', '\n').trim();
}
