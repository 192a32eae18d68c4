import { putIn } from './address.ts';
import type { Model, Parameters } from './types.ts';

/** The tables of a content modifier, and the prefixes that expressions use for their names. */
const TABLES = { propertyTable: 'property', headerTable: 'header' } as const;

/** The cells of a row are in the text of a property, as separate XML. */
const ROW = /<row>(.*?)<\/row>/gs;
const CELL = /<cell id='(\w+)'>([^<]*)<\/cell>/g;

/**
 * The constants that content modifiers set, by their name in expressions, such as `property.Host`.
 * @returns null for names with several values, or with one that is not constant
 */
export function constantsOf({ steps }: Model, parameters: Parameters): Map<string, string | null> {
  const constants = new Map<string, string | null>();
  for (const { properties } of steps) {
    if (properties['activityType'] !== 'Enricher') continue;
    for (const [table, scope] of Object.entries(TABLES)) {
      for (const [, row] of (properties[table] ?? '').matchAll(ROW)) {
        const cells = new Map([...row!.matchAll(CELL)].map(([, id, text]) => [id!, plain(text!)]));
        const key = `${scope}.${cells.get('Name') ?? ''}`;
        const isConstant = cells.get('Action') === 'Create' && cells.get('Type') === 'constant';
        const value = isConstant ? putIn(cells.get('Value') ?? '', parameters) : null;
        constants.set(key, constants.has(key) && constants.get(key) !== value ? null : value);
      }
    }
  }
  return constants;
}

const plain = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&apos;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
