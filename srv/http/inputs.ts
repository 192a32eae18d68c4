import { problem } from '../base/problem.ts';
import { cut } from '../base/text.ts';

/**
 * The name of a destination: letters, digits, underscore, dot and hyphen.
 * @throws 400 DESTINATION_NAME_INVALID
 */
export function checkDestinationName(text: string): string {
  const name = text.trim();
  if (!/^\w[\w.-]*$/.test(name)) throw problem(400, 'DESTINATION_NAME_INVALID', cut(text, 50));
  return name;
}

/** Adds the element to an error, so that a screen can show the error there. */
export function at(target: string, error: unknown): Error {
  return Object.assign(error as Error, { target });
}
