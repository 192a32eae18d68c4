import { XMLParser } from 'fast-xml-parser';
import { looksLikeHtml, quote, RemoteError } from '../base/remote-error.ts';
import { parseJson } from '../btp/json.ts';
import type { Answer } from '../btp/transport.ts';
import { cut } from '../base/text.ts';

/** The role that Cloud Integration asks for, by what is read. */
export type Role = 'MonitoringDataRead' | 'WorkspacePackagesRead';

/** Maximum length of the part of a body that is read. */
const MAX_READ = 100_000;

/**
 * The meaning of a status other than 2xx: `CPI_ROLE_MISSING` (host, role) for 403; `CPI_TOKEN_INVALID` (host, reason)
 * for 401, after the transport has renewed the token in vain; `CPI_WRONG_PLAN` (host) if a web page answers 404 on a
 * host of the runtime, which the service key of the wrong plan leads to; `CPI_ERROR` (host, SAP's message) for
 * everything else.
 */
export function problemOf(answer: Answer, host: string, role: Role): RemoteError {
  const { status, text } = answer;
  const detail = messageOf(text);
  const fail = (code: string, ...args: string[]) =>
    new RemoteError(code, 'cpi', { args: [host, ...args], status, detail: detail || undefined });
  if (status === 403) return fail('CPI_ROLE_MISSING', role);
  if (status === 401) return fail('CPI_TOKEN_INVALID', 'HTTP 401');
  if (status === 404 && detail === '' && isRuntimeHost(host)) return fail('CPI_WRONG_PLAN');
  return fail('CPI_ERROR', detail || `HTTP ${status}`);
}

/** Whether a host only accepts messages. Service keys of the plan `integration-flow` name such hosts. */
function isRuntimeHost(host: string): boolean {
  return host.includes('-rt.');
}

/**
 * SAP's message in an error body, as one line: JSON with or without the `error` around it, or XML, which some paths
 * return for any request.
 * @returns an empty text for HTML and for a body without a message
 */
export function messageOf(body: string): string {
  const text = cut(body, MAX_READ).trim();
  if (text === '' || looksLikeHtml(text)) return '';
  const parsed = parse(text);
  if (parsed === undefined) return quote(text);
  const error = field(parsed, 'error') ?? parsed;
  const message = field(error, 'message');
  const value = field(message, 'value') ?? field(message, '#text') ?? message;
  return quote(value) || quote(field(error, 'code'));
}

/** The JSON or XML of a text as plain objects; undefined if it is neither. XML attributes are left out. */
export function parse(text: string): unknown {
  try {
    if (!text.startsWith('<')) return parseJson(text);
    const options = { ignoreAttributes: true, parseTagValue: false, removeNSPrefix: true };
    return new XMLParser(options).parse(text, true) as unknown;
  } catch {
    return undefined;
  }
}

/** A property of a value that may not be an object. */
export function field(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, name)
    ? (from as Record<string, unknown>)[name]
    : undefined;
}
