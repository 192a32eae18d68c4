import { nameOf } from './mapping.ts';

/**
 * Interprets LeanIX's texts about refusals. Few of them are documented: an unknown text counts as one that names
 * nothing.
 */

/** LeanIX's code for an error of one fact sheet in relation to others, such as a name that is taken. */
const ONE_ONLY = 'CONSTRAINT_VIOLATION';

/** Whether a refusal is about one fact sheet only, not about a path or other fact sheets. */
export function isAboutOne({ code, message }: { code: string; message: string }, id?: string): boolean {
  return code === ONE_ONLY || code === 'REVISION_CLASH' || (id !== undefined && message.includes(id));
}

/**
 * Whether a refusal names a path: directly, such as `'/alias'`, or as the field of a permission, such as
 * `fact_sheet_fields:update:interface:alias`.
 * @param path blank for none
 */
export function namesPath(message: string, path: string): boolean {
  if (path === '') return false;
  return [path.slice(1), nameOf(path)].some((name) => new RegExp(`[:/.'"]${name}(?![\\w/])`, 'i').test(message));
}

/** Whether a refusal says that a permission is missing. */
export function isDenied(message: string): boolean {
  return /\bpermission|not (?:allowed|permitted|authori[sz]ed)|access denied|forbidden/i.test(message);
}

/** Whether two refusals say the same, apart from IDs, numbers and quoted parts. */
export function sameWords(one: string, other: string): boolean {
  return wordsOf(one) === wordsOf(other);
}

/** A refusal without the parts that differ between fact sheets. */
export function wordsOf(message: string): string {
  return message
    .replace(/'[^']*'|"[^"]*"/g, '')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\d+/gi, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
