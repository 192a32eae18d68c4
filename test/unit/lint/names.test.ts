import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { namesAreTexts } from '../../../scripts/lint/names.js';

/** The findings of the rules for a line of an app. */
function refusals(code: string): string[] {
  const languageOptions = { parser: tseslint.parser as Linter.Parser };
  const rules: Linter.RulesRecord = { 'no-restricted-syntax': ['error', ...namesAreTexts] };
  const found = new Linter().verify(code, { files: ['**/*.ts'], languageOptions, rules }, 'app.ts');
  return found.map(({ ruleId, message }) => ruleId ?? message);
}

test.each([
  'new Item({ key: ID })',
  'new Item({ text: row.name })',
  'new Item({ text: `{${name}}` })',
  'new Item({ text: "Delete " + name })',
  'new Item({ text: name || "none" })',
  'new Item({ text: isNew ? name : "none" })',
  'new Item({ text: name as string })',
  'new Item({ text: name! })',
  'new Item({ text: row?.name })',
  'new Item({ text: nameOf(row) })',
  'new Item({ text: text(api, key) })',
  'new Item({ text: text(api, "linked", name) })',
  'new Item(id, { text: name })',
  'new Item({ ...settings })',
  'new Item({ name })',
  'item.data("name", name)',
])('%s is refused: the text might be a binding', (code) => {
  expect(refusals(code)).toEqual(['no-restricted-syntax']);
});

test.each([
  'new Item().setText(name)',
  'new Item({ text: "{name}" })',
  'new Item({ text: text(api, "linked") })',
  'new Dialog({ content: [box], afterClose: () => close() })',
  'new JSONModel({ name })',
  'new Filter({ path: "name", value1: name })',
  'item.data("name")',
])('%s is fine', (code) => {
  expect(refusals(code)).toEqual([]);
});
