import type { ErrorRequestHandler } from 'express';
import { problem, textOf } from './problem.ts';

/**
 * Where CAP's parser fails over the URL of a request without finding a mistake at any place of it, such as one that is
 * nested too deeply, the answer would quote an error of JavaScript. Answers 400 URL_INVALID instead.
 */
export function hideParserErrors(): ErrorRequestHandler {
  return function hideParserError(error: unknown, _req, _res, next) {
    const { message } = (error ?? {}) as { message?: unknown };
    const isOurs = typeof message === 'string' && message.startsWith('Parsing URL failed at position NaN');
    next(isOurs ? Object.assign(problem(400, 'URL_INVALID'), { message: textOf('URL_INVALID') }) : error);
  };
}
