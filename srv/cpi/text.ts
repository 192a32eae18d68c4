import { convert } from 'html-to-text';

const HTML = /<\/?[a-z][^<>]*>|&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i;

/**
 * A description as plain text: packages have HTML in theirs, artifacts plain text. Links keep their text only.
 * @returns null for no text
 */
export function plainText(text: string | null): string | null {
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

/**
 * A point in time as ISO text, from any of the forms that the API uses: `/Date(1521463557739)/`, milliseconds as
 * text or number, and ISO without a zone, which is UTC.
 * @returns null for anything else
 */
export function isoTime(raw: unknown): string | null {
  if (typeof raw !== 'string' && typeof raw !== 'number') return null;
  const text = String(raw).trim();
  const milliseconds = /^(?:\/Date\((-?\d+)(?:[+-]\d{4})?\)\/|(-?\d+))$/.exec(text);
  if (milliseconds) return toIso(Number(milliseconds[1] ?? milliseconds[2]));
  const iso = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
  return iso ? toIso(Date.parse(`${iso[1]}T${iso[2] ?? '00:00'}${iso[3] ?? 'Z'}`)) : null;
}

function toIso(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
