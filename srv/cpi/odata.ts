import { parseJson } from '../btp/json.ts';
import { field } from './errors.ts';

/** One page of a list. */
export type Page = { entries: unknown[]; next: string | null };

/** The entries of a list; null for an invalid answer, which must never pass for an empty list. */
export function pageOf(text: string): Page | null {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch {
    return null;
  }
  const d = field(body, 'd');
  const entries = Array.isArray(d) ? (d as unknown[]) : field(d, 'results');
  const next = field(d, '__next');
  return Array.isArray(entries) ? { entries, next: typeof next === 'string' && next !== '' ? next : null } : null;
}

/** The number in an answer to `$count`; null if there is none. */
export function numberOf(text: string): number | null {
  const digits = text.trim();
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

/** The entries of an expanded list, with or without `results` around them. */
export function expanded(raw: unknown): unknown[] {
  const entries = Array.isArray(raw) ? (raw as unknown[]) : field(raw, 'results');
  return Array.isArray(entries) ? (entries as unknown[]) : [];
}

/**
 * A property that is a string or a number, as a string; null for anything else, blank strings, and missing properties.
 */
export function textField(from: unknown, name: string): string | null {
  const raw = field(from, name);
  if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
  return typeof raw === 'string' && raw.trim() !== '' ? raw : null;
}

/** A string for a key or a filter in a URL: quotation marks doubled, then percent-encoded. */
export function literal(value: string): string {
  return `'${encodeURIComponent(value.replaceAll("'", "''")).replaceAll("'", '%27')}'`;
}

/**
 * The path of the service root below the destination's URL, which may name only the host or the root itself.
 * @returns an empty text or `/api/v1`
 */
export function rootBelow(url: string): '' | '/api/v1' {
  return /\/api\/v1\/?$/i.test(new URL(url).pathname) ? '' : '/api/v1';
}

/**
 * The part of external IDs that identifies a tenant: its host, followed by `/location/<id>` if the destination's URL
 * has a runtime location, such as an Edge Integration Cell.
 */
export function tenantOf(host: string, url: string): string {
  const location = /\/location\/([^/]+)(?:\/api\/v1)?\/?$/i.exec(new URL(url).pathname)?.[1];
  return location === undefined ? host : `${host}/location/${location}`;
}

/**
 * The path of a next link below the service root. The link may be absolute, relative to the host, or relative to the
 * service root.
 * @returns null for another host or a path outside the service: the bearer must not go there
 */
export function nextPath(next: string, destinationUrl: string): string | null {
  const root = new URL(destinationUrl);
  root.pathname = root.pathname.replace(/\/$/, '') + rootBelow(destinationUrl) + '/';
  root.search = '';
  const target = URL.parse(next, root);
  // Cloud Integration writes the port of https into its links, even if the host has none.
  const samePort = target?.port === root.port || target?.port === '' || target?.port === '443';
  if (!target || !/^https?:$/.test(target.protocol) || target.hostname !== root.hostname || !samePort) return null;
  if (!target.pathname.startsWith(root.pathname)) return null;
  return '/' + target.pathname.slice(root.pathname.length) + target.search;
}
