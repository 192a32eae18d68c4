import { invalidPath, invalidValue } from './errors.ts';
import { externalIdFieldsOf, type DataModel } from './model.ts';
import type { FactSheet } from './types.ts';

/** One step of a patch list; the value is always a text. */
export interface Patch {
  op: 'add' | 'replace' | 'remove';
  path?: string | null;
  value?: string | null;
}

/** The fields of a type after a patch of one of them. `add` and `replace` mean the same, `remove` empties the field. */
export function patchField(model: DataModel, sheet: FactSheet, patch: Patch): FactSheet['fields'] {
  const [name = '', part, ...rest] = (patch.path ?? '').slice(1).split('/');
  const field = model.factSheets[sheet.type]?.fields[name];
  const isExternalId = externalIdFieldsOf(model, sheet.type).includes(name);
  const isPhase = field?.type === 'LIFECYCLE' && part !== undefined && field.values?.includes(part);
  if (rest.length || (part !== undefined && !isPhase)) throw invalidPath(patch.path, sheet.type);
  if (!field && !isExternalId) throw invalidPath(patch.path, sheet.type);
  const refuse = () => invalidValue(patch.value, patch.path ?? '', sheet.type);
  if (isExternalId && model.externalIdFields[name]?.readOnly && !forced(patch)) throw refuse();

  if (isPhase) {
    const phases = { ...(sheet.fields[name] as Record<string, string> | null | undefined) };
    delete phases[part];
    if (patch.op === 'remove') return { ...sheet.fields, [name]: phases };
    return { ...sheet.fields, [name]: { ...phases, [part]: dateOf(patch.value, refuse) } };
  }
  if (patch.op === 'remove') return { ...sheet.fields, [name]: null };
  if (typeof patch.value !== 'string') throw refuse();
  const value = isExternalId
    ? externalIdOf(patch.value, refuse)
    : valueOf(field?.type, field?.values, patch.value, refuse);
  return { ...sheet.fields, [name]: value };
}

/** Reads a text as the kind of field wants it. For LOCATION and PROJECT_STATUS any JSON does, their form is unknown. */
function valueOf(kind: string | undefined, keys: string[] = [], text: string, refuse: () => Error): unknown {
  switch (kind) {
    case 'STRING':
      return text;
    case 'SINGLE_SELECT':
      if (!keys.includes(text)) throw refuse();
      return text;
    case 'MULTIPLE_SELECT': {
      const chosen = parse(text, refuse);
      if (!Array.isArray(chosen) || !chosen.every((key) => keys.includes(key as string))) throw refuse();
      return chosen;
    }
    case 'INTEGER':
    case 'DOUBLE': {
      const number = Number(text);
      if (!text.trim() || !Number.isFinite(number) || (kind === 'INTEGER' && !Number.isInteger(number))) throw refuse();
      return number;
    }
    case 'LIFECYCLE':
      return lifecycleOf(keys, parse(text, refuse), refuse);
    case 'LOCATION':
    case 'PROJECT_STATUS':
      return parse(text, refuse);
    default:
      throw refuse();
  }
}

/**
 * A whole lifecycle; phases that are missing are deleted. The form is inferred, so three are read:
 * `{"plan":"2024-01-01"}`, `[{"phase":"plan","startDate":"2024-01-01"}]`, and that list below `phases`.
 */
function lifecycleOf(keys: string[], json: unknown, refuse: () => Error): Record<string, string> {
  if (!isObject(json) && !Array.isArray(json)) throw refuse();
  const list = Array.isArray(json) ? (json as unknown[]) : json.phases;
  const phases = Array.isArray(list)
    ? list.map((entry) => (isObject(entry) ? [entry.phase, entry.startDate] : []))
    : Object.entries(json);
  const lifecycle: Record<string, string> = {};
  for (const [phase, date] of phases) {
    if (typeof phase !== 'string' || !keys.includes(phase)) throw refuse();
    lifecycle[phase] = dateOf(date, refuse);
  }
  return lifecycle;
}

/** `{"externalId":"…"}`, with or without a `type` and other attributes; `forceWrite` is an order and is not stored. */
function externalIdOf(text: string, refuse: () => Error): unknown {
  const json = parse(text, refuse);
  if (!isObject(json) || typeof json.externalId !== 'string') throw refuse();
  const { externalId, comment = null, externalUrl = null, status = null, externalVersion = null } = json;
  return { externalId, comment, externalUrl, status, externalVersion };
}

/** Public scripts send `forceWrite` with external ids; that it opens read-only ones is inferred. */
function forced(patch: Patch): boolean {
  return /"forceWrite"\s*:\s*true/.test(patch.value ?? '');
}

function dateOf(value: unknown, refuse: () => Error): string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value))) throw refuse();
  return value;
}

export function parse(text: string, refuse: () => Error): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse();
  }
}

export function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
