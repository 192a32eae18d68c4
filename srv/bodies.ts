import cds from '@sap/cds';
import express, { type RequestHandler } from 'express';
import { problem } from './problem.ts';

/**
 * What every request body has to be before CAP reads it: a JSON object, with no null inside a list, and not nested
 * without end. CAP takes such
 * bodies for granted, and fails with an error of its own where they are something else.
 *
 * Answers 400 BODY_INVALID and 413 BODY_TOO_LARGE; nothing of the body is repeated, since it may hold a token.
 */
export function checkBodies(): RequestHandler {
  const { body_parser: options } = (cds.env as unknown as { server: { body_parser?: { limit?: string } } }).server;
  const parse = express.json({ ...options, strict: true });
  return function checkBody(req, res, next) {
    parse(req, res, (error?: unknown) => {
      if ((error as { status?: number } | undefined)?.status === 413) next(problem(413, 'BODY_TOO_LARGE'));
      else if (error || (req.body !== undefined && !isSound(req.body))) next(problem(400, 'BODY_INVALID'));
      else next();
    });
  };
}

function isSound(body: unknown): boolean {
  if (!isObject(body)) return false;
  const batch = body['requests'];
  const bodies = Array.isArray(batch) ? batch.map((one) => (isObject(one) ? (one['body'] ?? {}) : {})) : [];
  return isReadable(body) && bodies.every(isObject);
}

/** Deeper than any body that this service knows; what CAP does with one that is nested a thousand times ends badly. */
const MAX_DEPTH = 50;

/** Not recursive, since a body may be nested as deeply as its sender likes. */
function isReadable(body: object): boolean {
  const open: [value: unknown, depth: number][] = [[body, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH || (Array.isArray(value) && value.includes(null))) return false;
    for (const inner of Object.values(value)) open.push([inner, depth + 1]);
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
