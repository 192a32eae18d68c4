import type { IFlow } from './types.ts';
import { normalText } from './values.ts';

const BEGIN = '[SAP Cloud Integration: kept up to date by LeanIX Integration]';
const END = '[SAP Cloud Integration: end]';
const TIME = 'Last sync: ';

/**
 * The block that goes into `/description` while nothing is mapped: name, package, tenant and time of the sync, between
 * two marker lines. An artifact without a package has no such line.
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
 * Puts the block into a description: in the place of the block that is there, or else behind the text, after a blank
 * line. What people wrote around it stays byte for byte.
 */
export function mergeBlock(existing: string | null, block: string): string {
  if (existing === null || existing.trim() === '') return block;
  const found = locate(existing);
  if (found) return existing.slice(0, found.start) + block + existing.slice(found.end);
  const gap = /\n\r?\n$/.test(existing) ? '' : existing.endsWith('\n') ? '\n' : '\n\n';
  return existing + gap + block;
}

/** The block within a description; null where there is none, or where a marker line is missing. */
export function findBlock(text: string | null): string | null {
  const found = text === null ? null : locate(text);
  return found && text !== null ? text.slice(found.start, found.end) : null;
}

/** Whether two blocks say the same; the time of the sync and white space at line ends do not count. */
export function sameBlock(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  return withoutTime(a) === withoutTime(b);
}

/** A text with the time of a block in it blanked out, for comparing what two plans would write. */
export function withoutTime(text: string): string {
  const plain = normalText(text);
  const block = findBlock(plain);
  if (block === null) return plain;
  const lines = block.split('\n').map((line) => (line.startsWith(TIME.trimEnd()) ? TIME.trimEnd() : line));
  return mergeBlock(plain, lines.join('\n'));
}

/** Where the first complete block stands. A begin marker without its end is people's text. */
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
