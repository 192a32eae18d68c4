import { putIn } from './address.ts';
import type { Model, Parameters } from './types.ts';

/** The tables of a content modifier, and how expressions name what they set. */
const TABLES = { propertyTable: 'property', headerTable: 'header' } as const;

/** The cells of a row stand in the text of a property, as XML of their own. */
const ROW = /<row>(.*?)<\/row>/gs;
const CELL = /<cell id='(\w+)'>([^<]*)<\/cell>/g;

/**
 * What content modifiers set to a constant, by the name that expressions use, such as `property.Host`.
 * @returns null for what gets different values, or one that is not constant
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
