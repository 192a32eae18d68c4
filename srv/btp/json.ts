import { storable } from '../base/text.ts';

/** Escapes of characters that are not `storable`. Without any, nothing must be replaced. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/**
 * Parses the JSON text of another system and makes all texts in it `storable`.
 * @throws SyntaxError
 */
export function parseJson(json: string): unknown {
  const clean = (_: string, value: unknown) => (typeof value === 'string' ? storable(value) : value);
  return JSON.parse(json, SUSPICIOUS.test(json) ? clean : undefined);
}
