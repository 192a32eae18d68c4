import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', '..', '_i18n');

/** Codes with the placeholders of their texts. */
function texts(file: string): Map<string, string[]> {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const entries = lines.flatMap((line) => {
    const [, code, text] = /^([A-Z0-9_]+) = (.+)$/.exec(line) ?? [];
    return code ? [[code, [...new Set(text!.match(/\{\d\}/g))].sort()] as [string, string[]]] : [];
  });
  return new Map(entries);
}

test('every message is there in German too, and says the same things', () => {
  const english = new Map([...texts('messages.properties'), ...texts('messages_en.properties')]);
  const german = texts('messages_de.properties');
  expect(Object.fromEntries(german)).toEqual(Object.fromEntries(english));
  expect(english.size).toBeGreaterThan(90);
});
