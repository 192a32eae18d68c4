import { parseJson } from '../../../srv/btp/json.ts';
import { quote } from '../../../srv/base/remote-error.ts';
import { readableError } from '../../../srv/cpi/error-text.ts';
import { cut } from '../../../srv/base/text.ts';
import { attributesOf } from '../../../srv/governance/mapping.ts';

// Texts that no database accepts are replaced: NUL, and half a character.
const ODD = 'a\0b\ud800c';
const TIDY = 'ab\ufffdc';

test('an answer of another system has no such text, anywhere in it', () => {
  expect(parseJson(JSON.stringify({ list: [ODD, { text: ODD }], number: 1, none: null }))).toEqual({
    list: [TIDY, { text: TIDY }],
    number: 1,
    none: null,
  });
});

test('all other texts stay as they are', () => {
  const body = { text: 'ü 😀 \\u0000 \u0001', escaped: JSON.stringify(ODD) };
  expect(parseJson(JSON.stringify(body))).toEqual(body);
  expect(parseJson(String.raw`"\ud83d\ude00"`)).toBe('😀');
});

test('what is no JSON is none', () => {
  expect(() => parseJson('{')).toThrow(SyntaxError);
});

test('neither has what is stored in a certain length, quoted, or told of an error', () => {
  expect(cut(ODD, 100)).toBe(TIDY);
  expect(cut('\0'.repeat(3) + 'abc', 3)).toBe('abc');
  expect(cut('ab😀', 3)).toBe('ab');
  expect(cut(null, 3)).toBeNull();
  expect(quote(`${'x'.repeat(499)}😀`)).toBe('x'.repeat(499));
  expect(quote('a\ud800')).toBe('a\ufffd');
  expect(readableError(`${'x'.repeat(1998)}😀x`)).toBe(`${'x'.repeat(1998)}…`);
  expect(readableError('a\ud800')).toBe('a\ufffd');
});

test('neither has what the mapping of an import makes of an account', () => {
  const values = { email: ODD, firstName: `${'x'.repeat(254)}😀`, lastName: null };
  expect(attributesOf(values)).toMatchObject({
    email: TIDY,
    displayName: TIDY,
    firstName: 'x'.repeat(254),
    lastName: null,
    department: null,
  });
});
