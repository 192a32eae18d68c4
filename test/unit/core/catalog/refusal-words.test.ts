import { isAboutOne, isDenied, namesPath, sameWords } from '../../../../srv/core/catalog/refusal-words.ts';

const readOnly = 'Workspace is in read-only mode';

test.each([
  ["The path '/alias' is invalid in FactSheet schema Interface.", '/alias', true],
  ['No permission: fact_sheet_fields:update:interface:alias', '/alias', true],
  ["The value 'x' is invalid for path '/lifecycle/active' in FactSheet schema Interface.", '/lifecycle/active', true],
  ['No permission: fact_sheet_fields:update:interface:lifecycle', '/lifecycle/active', true],
  ["The path '/aliasOfOld' is invalid in FactSheet schema Interface.", '/alias', false],
  [readOnly, '/mode', false],
  [readOnly, '/alias', false],
  ['The name of a Fact Sheet must not be empty.', '/name', false],
])('%s names %s: %s', (message, path, expected) => expect(namesPath(message, path)).toBe(expected));

test('a refusal about one fact sheet is told from others by its code or by the id', () => {
  expect(isAboutOne({ code: 'CONSTRAINT_VIOLATION', message: 'already exists' })).toBe(true);
  expect(isAboutOne({ code: 'BUSINESS_LOGIC', message: "No fact sheet found with id 'f-1'" }, 'f-1')).toBe(true);
  expect(isAboutOne({ code: 'BUSINESS_LOGIC', message: readOnly }, 'f-1')).toBe(false);
});

test('a missing permission is told from other reasons', () => {
  expect(isDenied('No permission: createFactSheet')).toBe(true);
  expect(isDenied('You are not allowed to do this')).toBe(true);
  expect(isDenied(readOnly)).toBe(false);
});

test('the same words about two fact sheets are the same refusal', () => {
  expect(sameWords("Fact sheet 'A' is locked until 12:00", "Fact sheet 'B' is locked until 13:30")).toBe(true);
  expect(sameWords(readOnly, 'No permission: createFactSheet')).toBe(false);
});
