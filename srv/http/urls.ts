import type { ErrorRequestHandler } from 'express';
import { problem, textOf } from '../base/problem.ts';

/**
 * CAP's parser fails without naming a position for some URLs: nested too deeply, badly encoded, or with names that
 * every JavaScript object has. CAP would report a server error; this answers 400 URL_INVALID instead.
 */
export function hideParserErrors(): ErrorRequestHandler {
  return function hideParserError(error: unknown, _req, _res, next) {
    next(
      isParserAtFault(error) ? Object.assign(problem(400, 'URL_INVALID'), { message: textOf('URL_INVALID') }) : error,
    );
  };
}

const PARSER = /^ {4}at (?:decodeURI |.*@sap[\\/]cds[\\/]libx[\\/]odata[\\/]parse[\\/])/;

function isParserAtFault(error: unknown): boolean {
  const { name, message, stack } = (error ?? {}) as { name?: unknown; message?: unknown; stack?: unknown };
  if (typeof message === 'string' && message.startsWith('Parsing URL failed at position NaN')) return true;
  // Deliberate refusals of the parser are neither of them.
  const [thrownAt = ''] = /^ {4}at .*$/m.exec(String(stack)) ?? [];
  return (name === 'TypeError' || name === 'URIError') && PARSER.test(thrownAt);
}
