import { parseSearch } from '../../../srv/base/search.ts';

const invoice = { text: 'invoice' };
const france = { text: 'france' };

test.each([
  ['invoice', invoice],
  [' invoice  france ', { and: [invoice, france] }],
  ['invoice AND france', { and: [invoice, france] }],
  ['invoice OR france', { or: [invoice, france] }],
  ['NOT invoice', { not: invoice }],
  ['france NOT invoice', { and: [france, { not: invoice }] }],
  ['a b OR c d', { or: [{ and: [{ text: 'a' }, { text: 'b' }] }, { and: [{ text: 'c' }, { text: 'd' }] }] }],
  ['a (b OR c)', { and: [{ text: 'a' }, { or: [{ text: 'b' }, { text: 'c' }] }] }],
  ['NOT (a b)', { not: { and: [{ text: 'a' }, { text: 'b' }] } }],
  ['"invoice france"', { text: 'invoice france' }],
  ['"NOT"', { text: 'NOT' }],
  ['"a" "b"', { and: [{ text: 'a' }, { text: 'b' }] }],
  [String.raw`"say \"hi\" \\ ho"`, { text: String.raw`say "hi" \ ho` }],
  ['not or', { and: [{ text: 'not' }, { text: 'or' }] }],
])('%s', (text, expected) => {
  expect(parseSearch(text)).toEqual(expected);
});

test.each([
  '',
  ' ',
  '"open',
  'OR',
  'a OR',
  'OR a',
  'AND a',
  'NOT',
  'NOT NOT a',
  'a NOT',
  '(a',
  'a)',
  '()',
  '""',
  '" "',
])('%p cannot be read', (text) => {
  expect(parseSearch(text)).toBeNull();
});

test('there is an end to how many words are searched for', () => {
  expect(parseSearch('a '.repeat(20))).toMatchObject({ and: expect.any(Array) });
  expect(parseSearch('a '.repeat(21))).toBeNull();
  expect(parseSearch('('.repeat(100_000))).toBeNull();
});
