import cds from '@sap/cds';
import type { ErrorRequestHandler } from 'express';

/** The log names no user of the app and contains no part of a token. */

const LOG = cds.log('leanix');

/** Codes of refusals whose arguments name a person, or contain what was entered as a name. */
const PERSONAL =
  /^(?:DRAFT_|ACCOUNT_|TASK_|EMAIL_|ROLE_INVALID$|LAST_ADMIN$|NOT_CORRELATED$|OWNER_MISSING$|FOUR_EYES$)/;

type Refusal = Error & { status?: number; code?: string | number; args?: string[] };
type Format = (this: unknown, label: string, level: number, ...args: unknown[]) => unknown[];

/**
 * Logs that a token was refused, without its content. CAP's own message contains the whole payload with name and
 * e-mail; therefore `.cdsrc.json` mutes warnings of its logger `auth`.
 */
export function logRefusedTokens(): ErrorRequestHandler {
  return function logRefusedToken(error: unknown, req, _, next) {
    if (error === 401) LOG.warn('401 - A token was refused: it is not valid here', { path: req.baseUrl });
    next(error);
  };
}

/**
 * CAP names people in refusals: users who lack a role, and owners of drafts. So do our own refusals of access requests.
 * The response may name them, the log must not.
 */
export function keepNamesOut(): void {
  const { format } = cds.log as unknown as { format: Format };
  const logger = cds.log('odata') as unknown as { setFormat(format: Format): void };
  logger.setFormat(function (label, level, ...args) {
    const nameless = isRequest(args) ? [args[0], pathOf(args[1])] : args;
    return format.call(this, label, level, ...nameless.map((arg) => (isRefusal(arg) ? textOf(arg) : arg)));
  });
}

/** CAP logs each request with method, path, query options and body, which may name anybody. */
function isRequest(args: unknown[]): args is [method: string, path: string, ...details: unknown[]] {
  return typeof args[0] === 'string' && /^(?:> )?[A-Z]+$/.test(args[0]) && typeof args[1] === 'string';
}

/** String keys and parameters are in quotation marks. */
const pathOf = (path: string) => path.replace(/'[^']*'/g, "'…'");

function isRefusal(arg: unknown): arg is Refusal {
  return arg instanceof Error && ((arg as Refusal).status ?? 500) < 500;
}

function textOf({ message, status, code, args = [] }: Refusal): string {
  const names = [cds.context?.user?.id, ...(PERSONAL.test(String(code)) ? args : [])];
  const nameless = names.reduce<string>((text, name) => (name ? text.replaceAll(name, '…') : text), message);
  return code && String(code) !== String(status) ? `${code}: ${nameless}` : nameless;
}
