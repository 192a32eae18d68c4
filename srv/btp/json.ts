import { storable } from '../base/text.ts';

/** Escapes that may stand for what is not `storable`; without any, there is nothing to be looked through. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/**
 * What a JSON text of another system says, with all texts in it `storable`.
 * @throws SyntaxError
 */
export function parseJson(json: string): unknown {
  const clean = (_: string, value: unknown) => (typeof value === 'string' ? storable(value) : value);
  return JSON.parse(json, SUSPICIOUS.test(json) ? clean : undefined);
}
