import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Switches } from './switches.ts';

export type ErrorType = 'BUSINESS_LOGIC' | 'MODEL_COMPLIANT' | 'REVISION_CLASH' | 'CONSTRAINT_VIOLATION';

/** A refusal with LeanIX's text; without an `errorType`, it is a plain message. */
export class LeanIXError extends Error {
  readonly errorType: ErrorType | undefined;
  readonly details: Record<string, unknown>;

  constructor(message: string, errorType?: ErrorType, details: Record<string, unknown> = {}) {
    super(message);
    this.errorType = errorType;
    this.details = details;
  }
}

/** An unknown path, in the words of the documentation. */
export function invalidPath(path: string | null | undefined, type: string): LeanIXError {
  return new LeanIXError(`The path '${path}' is invalid in FactSheet schema ${type}.`, 'BUSINESS_LOGIC');
}

/** A value that does not fit its path. The real wording is unknown. */
export function invalidValue(value: string | null | undefined, path: string, type: string): LeanIXError {
  return new LeanIXError(
    `The value '${value}' is invalid for path '${path}' in FactSheet schema ${type}.`,
    'BUSINESS_LOGIC',
  );
}

export function notFound(id: string): LeanIXError {
  return new LeanIXError(`No fact sheet found with id '${id}'`, 'BUSINESS_LOGIC');
}

export const ROLLED_BACK = new LeanIXError('Error in Request. Transaction is rolled back!', 'BUSINESS_LOGIC');

type ErrorAnswer = GraphQLFormattedError & { errorType?: ErrorType };

/** An error as LeanIX puts it into `errors`. */
export function formatError(
  error: Error,
  path: readonly (string | number)[] | undefined,
  switches: Switches,
): ErrorAnswer {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (!(cause instanceof LeanIXError)) {
    const { message, locations } = error as GraphQLError;
    return { message: javaWording(message), ...(locations && { locations }), ...(path && { path }) };
  }
  const { message, errorType, details } = cause;
  if (!errorType) return { message, path };
  if (switches.oldErrorShape) return { message, path, errorType };
  return { message, path, extensions: { ...details, errorType } };
}

/** LeanIX runs graphql-java, which words the same findings differently; texts other than these two are inferred. */
function javaWording(message: string): string {
  const field = /^Cannot query field "(\w+)"/.exec(message)?.[1];
  if (field) return `Validation error of type FieldUndefined: Field ${field} is undefined`;
  const missing = /^Variable "\$(\w+)" of required type "(.+)" was not provided/.exec(message);
  if (missing) return `Variable '${missing[1]}' has coerced Null value for NonNull type '${missing[2]}'`;
  const unknown = /^Unknown (type|argument|fragment|directive) "/.exec(message)?.[1];
  if (unknown)
    return `Validation error of type Unknown${unknown.charAt(0).toUpperCase() + unknown.slice(1)}: ${message}`;
  return message;
}
