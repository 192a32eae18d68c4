import { convert } from 'html-to-text';
import { cut } from '../base/text.ts';

/** Characters of a description that are looked at. */
const MAX_READ = 100_000;

const HTML = /<\/?[a-z][^<>]*>|&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i;

/**
 * A description as plain text: packages have HTML in theirs, artifacts plain text. Links keep their text only.
 * @returns null for no text
 */
export function plainText(description: string | null): string | null {
  const text = cut(description, MAX_READ);
  if (text === null) return null;
  const plain = HTML.test(text)
    ? convert(text, {
        wordwrap: false,
        selectors: [
          { selector: 'a', options: { ignoreHref: true } },
          { selector: 'img', format: 'skip' },
          ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
        ],
      }).replaceAll('\u00a0', ' ')
    : text;
  return plain.replace(/\r\n?/g, '\n').trim() || null;
}
