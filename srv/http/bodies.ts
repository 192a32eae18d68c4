import type { IncomingMessage } from 'node:http';
import cds from '@sap/cds';
import express, { type RequestHandler } from 'express';
import { isStorable } from '../base/text.ts';
import { problem, textOf } from '../base/problem.ts';
import { at } from './inputs.ts';
import { isUUID } from './requests.ts';

/**
 * Checks every request body before CAP reads it: it must be a JSON object that `isReadable` accepts. Of a multipart
 * batch, only the text is checked here; `beforeTransactions` does the rest.
 *
 * Answers 400 BODY_INVALID and 413 BODY_TOO_LARGE. The answer quotes nothing of the body, which may hold a token.
 */
export function checkBodies(): RequestHandler {
  const { body_parser: options } = (cds.env as unknown as { server: { body_parser?: { limit?: string } } }).server;
  const parseJson = express.json({ ...options, strict: true });
  const parseText = express.text({ ...options, type: isMultipart });
  return function checkBody(req, res, next) {
    // Without authentication, the answer is 401, whatever the body is.
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
 * Checks that relations hold rows, new rows have a valid ID, and integers are whole. CAP checks none of this: it fails
 * later, or SQLite stores what PostgreSQL refuses.
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

/** Bits of the integers that all databases store. */
const BITS: Record<string, number> = { 'cds.Integer': 31, 'cds.Int32': 31, 'cds.Int16': 15, 'cds.UInt8': 8 };

function isWhole(type: string | undefined, value: unknown): boolean {
  const bits = BITS[type ?? ''];
  if (bits === undefined || typeof value !== 'number') return true;
  const least = type === 'cds.UInt8' ? 0 : -(2 ** bits);
  return Number.isInteger(value) && value >= least && value < 2 ** bits;
}

/** Brings its text along, since CAP has not yet set up its texts for this request. */
const refusal = (status: number, code: string) => Object.assign(problem(status, code), { message: textOf(code) });

const isMultipart = ({ headers }: IncomingMessage) => /\bmultipart\//i.test(headers['content-type'] ?? '');

function isSound(body: unknown): boolean {
  if (!isObject(body)) return false;
  const batch = body['requests'];
  const parts = Array.isArray(batch) ? batch.filter(isObject) : [];
  return isReadable(body) && parts.every((part) => isObject(part['body'] ?? {}) && !waitsForItself(part));
}

/** A part of a batch that depends on itself: CAP would wait for it forever. */
function waitsForItself({ id, url, dependsOn }: Record<string, unknown>): boolean {
  const named = /^\$([^/]+)/.exec(typeof url === 'string' ? url : '')?.[1];
  return named === id || (Array.isArray(dependsOn) && dependsOn.includes(id));
}

/** More levels than any valid body has. CAP fails badly over a thousand levels. */
const MAX_DEPTH = 50;

/**
 * Whether the JSON in all parts of a multipart body is an object that is not nested too deeply. JSON starts on a new
 * line, and its strings do not span lines. Parts must not be chunked, since a chunk may end anywhere, and must not
 * depend on a number that CAP assigns.
 */
function isFlat(multipart: string): boolean {
  // CAP numbers the parts as r1, r2 …, so a part could depend on itself.
  if (/^transfer-encoding|^[a-z]+ +\/?\$r\d/im.test(multipart)) return false;
  return multipart.split(/[\r\n]/).reduce(depthAfter, 0) <= MAX_DEPTH;
}

/** The nesting depth of the JSON at the end of a line. Once it is too deep, or not an object, it stays so. */
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
 * Whether a value is free of what CAP or a database fails over: null in a list, text that is not `isStorable`, and too
 * many levels. Not recursive, since the sender decides how deeply a body is nested.
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
