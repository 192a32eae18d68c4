import { nameOf } from './mapping.ts';
import type { FactSheet, Field, Warning } from './types.ts';

/** A value in both forms. */
export type Value = {
  /** For comparing and for users: plain text; the keys of a list as sorted JSON. */
  plain: string;
  /** The value of a patch. */
  sent: string;
};

/** A converted value, or why there is none. A list may have warnings for values that were left out. */
export type Conversion = { value: Value | null; warnings: Warning[] };

const DATE = /^\d{4}-\d\d-\d\d(?=$|[T ])/;

/**
 * Attributes that every fact sheet type has besides the fields of the data model, if they are plain text. They can be
 * read without the data model.
 */
export const baseAttributes: ReadonlySet<string> = new Set([
  'name',
  'displayName',
  'fullName',
  'description',
  'category',
  'status',
  'lxState',
]);

/**
 * Converts a text into the form that the field of a path needs, by the field's type in the data model: the key of an
 * option for selects (given as key or label), the digits of a number, a date for a lifecycle phase, JSON for lists and
 * external IDs. All other fields accept the text as it is.
 * @param text not blank
 * @returns `VALUE_NOT_AN_OPTION`, `VALUE_NOT_A_NUMBER` or `VALUE_NOT_A_DATE` (path, value, field type) if the field
 * cannot hold the text
 */
export function convert(path: string, text: string, fields: ReadonlyMap<string, Field>): Conversion {
  const field = fields.get(nameOf(path));
  const type = typeOf(path, fields);
  const refuse = (code: string): Conversion => ({ value: null, warnings: [{ code, args: [path, text, type] }] });
  switch (type) {
    case 'SINGLE_SELECT': {
      const key = optionOf(text, field);
      return key === null ? refuse('VALUE_NOT_AN_OPTION') : plain(key);
    }
    case 'MULTIPLE_SELECT':
      return convertList(path, text, field);
    case 'INTEGER':
      return /^[+-]?\d+$/.test(text) ? plain(BigInt(text.replace('+', '')).toString()) : refuse('VALUE_NOT_A_NUMBER');
    case 'DOUBLE':
      return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? plain(String(Number(text)))
        : refuse('VALUE_NOT_A_NUMBER');
    case 'LIFECYCLE':
      return path.split('/').length === 3 && DATE.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))
        ? plain(text.slice(0, 10))
        : refuse('VALUE_NOT_A_DATE');
    case 'EXTERNAL_ID':
      return { value: { plain: text, sent: JSON.stringify({ externalId: text }) }, warnings: [] };
    default:
      return plain(text);
  }
}

/** The option of a select field with this key or label, ignoring case; else null. */
function optionOf(text: string, field: Field | undefined): string | null {
  // A workspace may hide the options from the token: then the text counts as a key.
  if (!field || field.values.length === 0) return text;
  const wanted = text.trim().toLowerCase();
  const { values } = field;
  const option =
    values.find(({ key }) => key === text.trim()) ??
    values.find(({ key }) => key.toLowerCase() === wanted) ??
    values.find(({ label }) => label.trim().toLowerCase() === wanted);
  return option?.key ?? null;
}

/**
 * The current value of a path, in the form of `Value.plain`.
 * @returns null for an empty field; undefined if the field was not read
 */
export function readValue(
  path: string,
  factSheet: FactSheet,
  fields: ReadonlyMap<string, Field>,
): string | null | undefined {
  const name = nameOf(path);
  if (path === '/name') return factSheet.name;
  if (path === '/description') return factSheet.description;
  if (path === '/displayName') return factSheet.displayName;
  if (path === '/status') return factSheet.status;
  if (!Object.hasOwn(factSheet.fields, name)) return undefined;
  const raw = factSheet.fields[name];
  switch (typeOf(path, fields)) {
    case 'MULTIPLE_SELECT':
      return Array.isArray(raw) && raw.length > 0 ? listText(raw.map(text)) : null;
    case 'EXTERNAL_ID':
      return isRecord(raw) ? text(raw['externalId']) || null : null;
    case 'LIFECYCLE':
      return readPhase(raw, path.split('/')[2]);
    case 'INTEGER':
    case 'DOUBLE':
      return text(raw) === '' ? null : (convert(path, text(raw), fields).value?.plain ?? text(raw));
    default:
      // What was read does not contain paths into structured fields, such as relations.
      return path === `/${name}` ? text(raw) || null : undefined;
  }
}

/** The plain form of a patch's value, for comparing it with what `readValue` finds afterwards. */
export function plainOf(path: string, sent: string, fields: ReadonlyMap<string, Field>): string {
  switch (typeOf(path, fields)) {
    case 'MULTIPLE_SELECT':
      return listText(JSON.parse(sent) as string[]);
    case 'EXTERNAL_ID':
      return (JSON.parse(sent) as { externalId: string }).externalId;
    default:
      return sent;
  }
}

/** Whether two texts are the same to LeanIX, apart from line breaks and white space at line ends. */
export function sameText(a: string | null, b: string | null): boolean {
  return a === b || normalText(a ?? '') === normalText(b ?? '');
}

/** Text with `\n` as the only line break, without white space at the end of lines and of the whole. */
export function normalText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

/** A value for users: options by label, a list separated by commas. */
export function readable(path: string, plain: string | null, fields: ReadonlyMap<string, Field>): string | null {
  if (plain === null) return null;
  const labelOf = (key: string) => fields.get(nameOf(path))?.values.find((v) => v.key === key)?.label || key;
  switch (typeOf(path, fields)) {
    case 'SINGLE_SELECT':
      return labelOf(plain);
    case 'MULTIPLE_SELECT':
      return (JSON.parse(plain) as string[]).map(labelOf).join(', ');
    default:
      return plain;
  }
}

/** The field type that determines the form of a value. Every lifecycle holds dates, whatever its name. */
function typeOf(path: string, fields: ReadonlyMap<string, Field>): string {
  const name = nameOf(path);
  return fields.get(name)?.type ?? (name === 'lifecycle' ? 'LIFECYCLE' : 'STRING');
}

function convertList(path: string, text: string, field: Field | undefined): Conversion {
  // A label may contain a comma: then the whole text is one option.
  const whole = field && field.values.length > 0 ? optionOf(text, field) : null;
  const parts = whole === null ? text.split(',').map((part) => part.trim()) : [text];
  const keys = new Set<string>();
  const warnings: Warning[] = [];
  for (const part of parts.filter((p) => p !== '')) {
    const key = optionOf(part, field);
    if (key === null) warnings.push({ code: 'VALUE_NOT_AN_OPTION', args: [path, part, 'MULTIPLE_SELECT'] });
    else keys.add(key);
  }
  if (keys.size === 0) return { value: null, warnings };
  return { value: { plain: listText([...keys]), sent: JSON.stringify([...keys]) }, warnings };
}

function plain(value: string): Conversion {
  return { value: { plain: value, sent: value }, warnings: [] };
}

/** A list as a set: sorted, so that LeanIX's order never looks like a change. */
function listText(keys: string[]): string {
  return JSON.stringify([...new Set(keys)].sort());
}

function readPhase(raw: unknown, phase: string | undefined): string | null {
  const phases = isRecord(raw) ? raw['phases'] : raw;
  if (!Array.isArray(phases)) return null;
  const found: unknown = phases.find((entry) => isRecord(entry) && entry['phase'] === phase);
  return isRecord(found) ? text(found['startDate']).slice(0, 10) || null : null;
}

function text(raw: unknown): string {
  if (raw === null || raw === undefined) return '';
  return typeof raw === 'string' ? raw : JSON.stringify(raw);
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}
