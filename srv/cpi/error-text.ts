import { looksLikeHtml } from '../base/remote-error.ts';
import { cut, storable } from '../base/text.ts';
import { field, parse } from './errors.ts';

const LIMIT = 2000;
const DEPTH = 10;
/** Maximum length of the part of a body that is read. */
const MAX_READ = 100_000;

/** Properties with text for users, or that lead to it, in reading order. */
const TELLING = ['error', 'message', 'messageText', 'value', '#text', 'parameter'];
const BELOW = ['childInstances', 'childMessageInstances'];

/**
 * The text that explains why an artifact did not start. Cloud Integration returns it in many forms: JSON with the text
 * in `message`, `parameter` or nested messages (possibly JSON in a string, cut off in the middle), XML, or plain text.
 * If there is only an ID such as `GenerationFailed`, it is used.
 * @returns lines without repetitions, at most 2000 characters; null if the body has no readable text
 */
export function readableError(answer: string): string | null {
  const body = cut(answer, MAX_READ);
  if (looksLikeHtml(body)) return null;
  const lines = new Set<string>();
  collect(body, lines, 0);
  const parsed = parse(body.trim());
  const id = field(field(parsed, 'message') ?? parsed, 'messageId');
  const text = storable([...lines].join('\n') || (typeof id === 'string' ? id : ''));
  return text.length > LIMIT ? `${cut(text, LIMIT - 1)}…` : text || null;
}

function collect(from: unknown, lines: Set<string>, depth: number): void {
  if (depth > DEPTH) return;
  if (typeof from === 'string') collectText(from, lines, depth);
  else if (typeof from === 'number' || typeof from === 'boolean') add(String(from), lines);
  else if (Array.isArray(from)) for (const one of from) collect(one, lines, depth + 1);
  else if (typeof from === 'object' && from !== null) collectObject(from, lines, depth);
}

function collectText(text: string, lines: Set<string>, depth: number): void {
  const trimmed = text.trim();
  const structured = /^[[{<]/.test(trimmed) ? parse(trimmed) : undefined;
  if (typeof structured === 'object') collect(structured, lines, depth + 1);
  else if (/^[[{]\s*["{[]/.test(trimmed)) for (const sentence of sentences(trimmed)) add(sentence, lines);
  else add(trimmed, lines);
}

function collectObject(from: object, lines: Set<string>, depth: number): void {
  const pattern = field(from, 'messageText') ?? field(field(from, 'message'), 'messageText');
  const known = [...TELLING, ...BELOW].filter((name) => Object.hasOwn(from, name));
  let names = known.length > 0 ? known : Object.keys(from).filter((name) => typeof field(from, name) === 'object');
  if (typeof pattern === 'string' && /\{\d+\}/.test(pattern)) {
    add(fill(pattern, field(from, 'parameter'), depth), lines);
    names = BELOW;
  }
  for (const name of names) collect(field(from, name), lines, depth + 1);
}

/** Replaces the placeholders `{0}`, `{1}` … of a message; one without a parameter stays. */
function fill(pattern: string, parameters: unknown, depth: number): string {
  const values = Array.isArray(parameters) ? (parameters as unknown[]) : [parameters];
  const texts = new Map<string, string | null>();
  // Both are cut before, since a pattern may repeat a placeholder many times.
  return cut(pattern, LIMIT).replace(/\{(\d{1,3})\}/g, (place, index: string) => {
    if (!texts.has(index)) texts.set(index, parameterText(values[Number(index)], depth));
    return texts.get(index) ?? place;
  });
}

function parameterText(value: unknown, depth: number): string | null {
  const lines = new Set<string>();
  collect(value, lines, depth + 1);
  const text = lines.size ? [...lines].join(' ') : typeof value === 'string' ? value : null;
  return cut(text, LIMIT);
}

/** The sentences in truncated JSON: quoted values that contain a space. */
function sentences(json: string): string[] {
  const found: string[] = [];
  for (const [, literal = '', colon] of json.matchAll(/("(?:[^"\\]|\\[^]?)*(?:"|$))(\s*:)?/g)) {
    const value = colon === undefined && literal.includes(' ') ? parse(literal) : undefined;
    if (typeof value === 'string') found.push(value);
  }
  return found;
}

function add(text: string, lines: Set<string>): void {
  const clean = text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]+/gu, ' ');
  for (const line of clean.split('\n')) if (line.trim() !== '') lines.add(line.trim());
}
