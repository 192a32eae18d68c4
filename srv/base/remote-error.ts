import { cut } from './text.ts';

/** The remote systems of this service. */
export type System = 'leanix' | 'cpi' | 'btp' | 'scim' | 'alerts';

type Details = { args?: string[]; status?: number; detail?: string };

/**
 * A problem of a remote system that stops the work. `code` is a key of `_i18n/messages.properties`, `args` fill the
 * placeholders of its text, `status` is the HTTP status if there was an answer, and `detail` is the system's own text
 * as `quote` returns it. None of them contains a secret, HTML or the query part of a URL. No `cause` is kept: the
 * errors of HTTP clients contain the headers of the request.
 */
export class RemoteError extends Error {
  readonly code: string;
  readonly system: System;
  readonly args: string[];
  readonly status?: number;
  readonly detail?: string;

  constructor(code: string, system: System, { args = [], status, detail }: Details = {}) {
    super([code, ...args].join(' '));
    this.name = 'RemoteError';
    this.code = code;
    this.system = system;
    this.args = args;
    this.status = status;
    this.detail = detail;
  }
}

/**
 * The answer to a write was lost: timeout, closed connection, 5xx, or an unreadable body. The change may have been
 * stored, so look it up before writing again. `args`: host, reason.
 */
export class OutcomeUnknown extends RemoteError {
  constructor(system: System, host: string, reason: string, status?: number) {
    super('OUTCOME_UNKNOWN', system, { args: [host, reason], status });
    this.name = 'OutcomeUnknown';
  }
}

/** The caller canceled the work before it was sent, or while it waited for the remote system. */
export const canceled = (system: System) => new RemoteError('CANCELED', system);

/** The error of a system by the last part of its code, such as `UNREACHABLE` for `LEANIX_UNREACHABLE`. */
export function systemError(system: System, problem: string, details: Details): RemoteError {
  return new RemoteError(`${system.toUpperCase()}_${problem}`, system, details);
}

const MAX_QUOTE = 500;
/** Characters of a remote text to read. More than `quote` returns, since markup and tokens are removed. */
const MAX_READ = 2000;

/**
 * The part of a remote text that may be shown: one line of at most 500 characters, without tags, tokens, or the user
 * and query parts of URLs. Empty for anything but text, and for an HTML page.
 */
export function quote(text: unknown): string {
  if (typeof text !== 'string' || looksLikeHtml(text)) return '';
  const line = beginning(text)
    .replace(/<\/?[a-z!][^>]*>/gi, ' ')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]*@/gi, '$1')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s?"'<>]*)\?[^\s"'<>]*/gi, '$1')
    .replace(/\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/gi, '…')
    .replace(/\beyJ[\w-]+(?:\.[\w-]*)*/g, '…')
    .replace(/\bLXT_\w+/g, '…')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return cut(line, MAX_QUOTE);
}

/** The first words of a text. No word is cut, since half a secret would not be recognized as one. */
function beginning(text: string): string {
  if (text.length <= MAX_READ) return text;
  const head = text.slice(0, MAX_READ);
  const end = Math.max(...[' ', '\n', '\t', '<'].map((sign) => head.lastIndexOf(sign)));
  return end > 0 ? head.slice(0, end) : head;
}

/** Whether a body is a page for people, such as a login form, rather than an answer of an API. */
export function looksLikeHtml(text: string): boolean {
  return /^\s*(?:<!--[^]*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i.test(text.slice(0, 2000));
}
