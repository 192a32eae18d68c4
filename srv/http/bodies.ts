import type { IncomingMessage } from 'node:http';
import cds from '@sap/cds';
import express, { type RequestHandler } from 'express';
import { isStorable } from '../base/text.ts';
import { problem, textOf } from '../base/problem.ts';
import { at } from './inputs.ts';
import { isUUID } from './requests.ts';

/**
 * What every request body has to be before CAP reads it: a JSON object, with nothing in it that CAP takes for granted
 * not to be there, see `isReadable`. Of a multipart batch the text is looked at only; `beforeTransactions` does the rest.
 *
 * Answers 400 BODY_INVALID and 413 BODY_TOO_LARGE; nothing of the body is repeated, since it may hold a token.
 */
export function checkBodies(): RequestHandler {
  const { body_parser: options } = (cds.env as unknown as { server: { body_parser?: { limit?: string } } }).server;
  const parseJson = express.json({ ...options, strict: true });
  const parseText = express.text({ ...options, type: isMultipart });
  return function checkBody(req, res, next) {
    // Who is not signed in is told so, whatever is in the body.
    if (!cds.context?.user?.is('authenticated-user')) return next();
    const parse = isMultipart(req) ? parseText : parseJson;
    parse(req, res, (error?: unknown) => {
      const body = req.body as unknown;
      if ((error as { status?: number } | undefined)?.status === 413) next(refusal(413, 'BODY_TOO_LARGE'));
      else if (error || (typeof body === 'string' ? !isFlat(body) : body !== undefined && !isSound(body))) {
        next(refusal(400, 'BODY_INVALID'));
      } else next();
    });
  };
}

type Element = { key?: boolean; type?: string; is2many?: boolean; is2one?: boolean; _target?: Target };
type Elements = Record<string, Element>;
type Target = { elements?: Elements; actions?: Record<string, { params?: Elements }> };

/**
 * Whether rows stand where a relation takes some, an ID where a new row has one, and whole numbers where they belong:
 * CAP checks none of it, and fails over something else, or SQLite stores what PostgreSQL refuses.
 * @throws 400 VALUE_INVALID, with the element as its target
 */
export function assertShape(service: cds.ApplicationService, { event, data, target }: cds.Request): void {
  const isNew = event === 'CREATE' || event === 'NEW';
  const isWritten = isNew || ['UPDATE', 'PATCH', 'UPSERT'].includes(event);
  const operations = { ...service.operations, ...(target as Target | undefined)?.actions } as Target['actions'];
  const shape = isWritten ? (target as Target) : { elements: operations?.[event]?.params ?? {} };
  for (const row of [data].flat()) if (isObject(row)) assertRow(row, shape, isNew);
}

function assertRow(row: unknown, { elements = {} }: Target, isNew: boolean): void {
  for (const [name, value] of Object.entries(row as object) as [string, unknown][]) {
    const { key, type, is2many, is2one, _target } = elements[name] ?? {};
    if (value === null || value === undefined) continue;
    const rows: unknown[] = is2many && Array.isArray(value) ? value : [value];
    const fits = is2many || is2one ? Array.isArray(value) === !!is2many && rows.every(isObject) : true;
    const isKey = isNew && key && type === 'cds.UUID';
    if (!fits || (isKey && !isUUID(value)) || !isWhole(type, value)) {
      throw at(name, problem(400, 'VALUE_INVALID', name));
    }
    if (_target) for (const inner of rows) assertRow(inner, _target, false);
  }
}

/** Bits of the whole numbers that all databases store. */
const BITS: Record<string, number> = { 'cds.Integer': 31, 'cds.Int32': 31, 'cds.Int16': 15, 'cds.UInt8': 8 };

function isWhole(type: string | undefined, value: unknown): boolean {
  const bits = BITS[type ?? ''];
  if (bits === undefined || typeof value !== 'number') return true;
  const least = type === 'cds.UInt8' ? 0 : -(2 ** bits);
  return Number.isInteger(value) && value >= least && value < 2 ** bits;
}

/** With its text, since CAP has not begun to look texts up for this request. */
const refusal = (status: number, code: string) => Object.assign(problem(status, code), { message: textOf(code) });

const isMultipart = ({ headers }: IncomingMessage) => /\bmultipart\//i.test(headers['content-type'] ?? '');

function isSound(body: unknown): boolean {
  if (!isObject(body)) return false;
  const batch = body['requests'];
  const parts = Array.isArray(batch) ? batch.filter(isObject) : [];
  return isReadable(body) && parts.every((part) => isObject(part['body'] ?? {}) && !waitsForItself(part));
}

/** A part of a batch that depends on itself: CAP would wait for it without end, and so would whoever asks. */
function waitsForItself({ id, url, dependsOn }: Record<string, unknown>): boolean {
  const named = /^\$([^/]+)/.exec(typeof url === 'string' ? url : '')?.[1];
  return named === id || (Array.isArray(dependsOn) && dependsOn.includes(id));
}

/** Deeper than any body that this service knows; what CAP does with one that is nested a thousand times ends badly. */
const MAX_DEPTH = 50;

/**
 * Whether the JSON in the parts of a multipart body is an object everywhere, and not nested too deeply. JSON begins with
 * a line, and no string of it goes on in another one. A part must not come in chunks, which could end anywhere, and not
 * depend on another one by CAP's own number of it.
 */
function isFlat(multipart: string): boolean {
  // CAP numbers the parts as r1, r2 …, so that one could depend on itself.
  if (/^transfer-encoding|^[a-z]+ +\/?\$r\d/im.test(multipart)) return false;
  return multipart.split(/[\r\n]/).reduce(depthAfter, 0) <= MAX_DEPTH;
}

/** How deeply a line of JSON is nested where it ends; once it was too deep, or no object, it stays so. */
function depthAfter(before: number, line: string): number {
  if (before <= MAX_DEPTH && line.startsWith('--')) return 0;
  if (before === 0 && /^\s*(?:\[|null\s*$)/.test(line)) return Infinity;
  let depth = before;
  let quoted = false;
  for (let i = 0; i < line.length && depth <= MAX_DEPTH; i++) {
    const character = line[i]!;
    if (character === '"') quoted = !quoted;
    else if (quoted) i += character === '\\' ? 1 : 0;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth = Math.max(0, depth - 1);
  }
  return depth > MAX_DEPTH ? Infinity : depth;
}

/**
 * Whether nothing is in it that CAP or a database would fail over: a null inside a list, a text that is not `isStorable`,
 * and levels without end. Not recursive, since a body may be nested as deeply as its sender likes.
 */
export function isReadable(body: object): boolean {
  const open: [value: unknown, depth: number][] = [[body, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value === 'string' && !isStorable(value)) return false;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH || (Array.isArray(value) && value.includes(null))) return false;
    for (const inner of Object.values(value)) open.push([inner, depth + 1]);
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
