import { convert, type Formatter, type Node } from 'html-to-text';
import { cut } from '../base/text.ts';

/** Maximum length of the part of a description that is read. */
const MAX_READ = 100_000;
/** Maximum nesting of elements; deeper nesting would overflow the stack. */
const MAX_DEPTH = 100;

const names = (text: string): ReadonlySet<string> => new Set(text.split(' '));
/** Elements that editors of descriptions write. Other words in angle brackets are text, such as `<OrderID>`. */
const CLOSED = names(
  'a abbr acronym b big blockquote body caption center cite code dl em font form h1 h2 h3 h4 h5 h6 head html i ins kbd ' +
    'mark ol pre q s samp script section small span strike strong style sub sup table tbody tfoot thead title tt u ul del',
);
/** Elements without an end tag. */
const OPEN = names('br col colgroup dd div dt hr img li meta p td th tr wbr');

const TAG = /<(\/?)([a-z][a-z\d]*)(?:\s[^<>]*|\/)?>|<!--|<!doctype\s/gi;
const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/i;

/**
 * A description as plain text. Packages have HTML descriptions, artifacts plain text. Of links, only the text is kept;
 * table cells are separated. What only looks like a tag stays.
 * @returns null for no text
 */
export function plainText(text: string | null): string | null {
  if (text === null) return null;
  const raw = cut(text, MAX_READ);
  const html = markupOf(raw);
  const plain = html === null ? raw : toText(html);
  return plain.replace(/\r\n?/g, '\n').trim() || null;
}

/** The text with everything but tags escaped; null if it has no markup. */
function markupOf(text: string): string | null {
  const ended = new Set([...text.matchAll(TAG)].flatMap(([, slash, name]) => (slash ? name!.toLowerCase() : [])));
  const isTag = (name: string | undefined) =>
    name === undefined ||
    OPEN.has(name.toLowerCase()) ||
    (CLOSED.has(name.toLowerCase()) && ended.has(name.toLowerCase()));
  const tags = [...text.matchAll(TAG)].filter(([, , name]) => isTag(name));
  if (!tags.some(([, , name]) => name) && !ENTITY.test(text)) return null;
  const starts = new Set(tags.map(({ index }) => index));
  return text.replaceAll('<', (sign, index: number) => (starts.has(index) ? sign : '&lt;'));
}

const TABLE_CELL = ['td', 'th'];
/** Not recursive, since a row may be as long as its author likes. */
function hasCellBefore({ prev }: Node): boolean {
  for (let one = prev; one; one = one.prev) if (TABLE_CELL.includes(one.name ?? '')) return true;
  return false;
}

const cell: Formatter = (node, walk, builder) => {
  if (hasCellBefore(node)) builder.addInline(' | ');
  walk(node.children, builder);
};
const row: Formatter = (node, walk, builder) => {
  builder.openBlock({ leadingLineBreaks: 1 });
  walk(node.children, builder);
  builder.closeBlock({ trailingLineBreaks: 1 });
};

function toText(html: string): string {
  return convert(html, {
    wordwrap: false,
    limits: { maxDepth: MAX_DEPTH, ellipsis: '…' },
    formatters: { cell, row },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'tr', format: 'row' },
      ...TABLE_CELL.map((selector) => ({ selector, format: 'cell' })),
      ...TABLE_CELL.flatMap((name) => ['p', 'div'].map((one) => ({ selector: `${name} > ${one}`, format: 'inline' }))),
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  }).replaceAll('\u00a0', ' ');
}
