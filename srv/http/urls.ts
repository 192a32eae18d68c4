import type { ErrorRequestHandler } from 'express';
import { problem, textOf } from '../base/problem.ts';

/**
 * Where CAP's parser fails over the URL of a request without finding a mistake at any place of it, such as one that is
 * nested too deeply, is not decoded, or names what every object of JavaScript has, it would be called an error of the
 * server. Answers 400 URL_INVALID instead.
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
  // What the parser refuses on purpose is neither of them.
  const [thrownAt = ''] = /^ {4}at .*$/m.exec(String(stack)) ?? [];
  return (name === 'TypeError' || name === 'URIError') && PARSER.test(thrownAt);
}
