import type { IFlow } from './types.ts';
import { normalText } from './values.ts';

const BEGIN = '[SAP Cloud Integration: kept up to date by LeanIX Integration]';
const END = '[SAP Cloud Integration: end]';
const TIME = 'Last sync: ';

/**
 * The block in `/description` if nothing is mapped: name, package, tenant and time of the sync, between two marker
 * lines. An artifact without a package has no such line.
 * @param now ISO time of the run
 */
export function standardBlock(iflow: IFlow, tenantHost: string, now: string): string {
  const packageName = oneLine(iflow.packageName ?? iflow.packageId ?? '');
  return [
    BEGIN,
    `iFlow: ${oneLine(iflow.name)}`,
    ...(packageName ? [`Package: ${packageName}`] : []),
    `Tenant: ${tenantHost}`,
    `${TIME}${now}`,
    END,
  ].join('\n');
}

/**
 * Puts the block into a description: in place of the existing block, or after the text and a blank line. Text around it
 * stays byte for byte.
 */
export function mergeBlock(existing: string | null, block: string): string {
  if (existing === null || existing.trim() === '') return block;
  const found = locate(existing);
  if (found) return existing.slice(0, found.start) + block + existing.slice(found.end);
  const gap = /\n\r?\n$/.test(existing) ? '' : existing.endsWith('\n') ? '\n' : '\n\n';
  return existing + gap + block;
}

/** The block in a description; null if there is none, or if a marker line is missing. */
export function findBlock(text: string | null): string | null {
  const found = text === null ? null : locate(text);
  return found && text !== null ? text.slice(found.start, found.end) : null;
}

/** Whether two blocks say the same, apart from the time of the sync and white space at line ends. */
export function sameBlock(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return withoutTime(a) === withoutTime(b);
}

/** A text without the time of its block, for comparing two plans. */
export function withoutTime(text: string): string {
  const plain = normalText(text);
  const block = findBlock(plain);
  if (block === null) return plain;
  const lines = block.split('\n').map((line) => (line.startsWith(TIME.trimEnd()) ? TIME.trimEnd() : line));
  return mergeBlock(plain, lines.join('\n'));
}

/** The position of the first complete block. A start marker without its end is text of users. */
function locate(text: string): { start: number; end: number } | null {
  let start = -1;
  let offset = 0;
  for (const line of text.split('\n')) {
    const content = line.trimEnd();
    if (content === BEGIN) start = offset;
    if (content === END && start >= 0) return { start, end: offset + content.length };
    offset += line.length + 1;
  }
  return null;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
