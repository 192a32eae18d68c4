import cds from '@sap/cds';
import type { ErrorRequestHandler } from 'express';

/** Nobody who works with the app is named in its log, and nothing of a token stands there. */

const LOG = cds.log('leanix');

/** Codes of refusals whose arguments name somebody, or are what somebody has typed in place of a name. */
const PERSONAL =
  /^(?:DRAFT_|ACCOUNT_|TASK_|EMAIL_|ROLE_INVALID$|LAST_ADMIN$|NOT_CORRELATED$|OWNER_MISSING$|FOUR_EYES$)/;

type Refusal = Error & { status?: number; code?: string | number; args?: string[] };
type Format = (this: unknown, label: string, level: number, ...args: unknown[]) => unknown[];

/**
 * Says that a token was refused, and nothing of it. What CAP says itself holds the whole payload, with name and e-mail;
 * therefore its logger `auth` is kept from warnings in `.cdsrc.json`.
 */
export function logRefusedTokens(): ErrorRequestHandler {
  return function logRefusedToken(error: unknown, req, _, next) {
    if (error === 401) LOG.warn('401 - A token was refused: it is not valid here', { path: req.baseUrl });
    next(error);
  };
}

/**
 * CAP names people when it refuses them: who lacks a role, and who has a draft. So do our own refusals of what is asked
 * for somebody's access. The answer may say so, the log not.
 */
export function keepNamesOut(): void {
  const { format } = cds.log as unknown as { format: Format };
  const logger = cds.log('odata') as unknown as { setFormat(format: Format): void };
  logger.setFormat(function (label, level, ...args) {
    const nameless = isRequest(args) ? [args[0], pathOf(args[1])] : args;
    return format.call(this, label, level, ...nameless.map((arg) => (isRefusal(arg) ? textOf(arg) : arg)));
  });
}

/** CAP logs each request with its method, its path, and its query options and body, which may name anybody. */
function isRequest(args: unknown[]): args is [method: string, path: string, ...details: unknown[]] {
  return typeof args[0] === 'string' && /^(?:> )?[A-Z]+$/.test(args[0]) && typeof args[1] === 'string';
}

/** Keys and parameters that are texts stand in quotation marks. */
const pathOf = (path: string) => path.replace(/'[^']*'/g, "'…'");

function isRefusal(arg: unknown): arg is Refusal {
  return arg instanceof Error && ((arg as Refusal).status ?? 500) < 500;
}

function textOf({ message, status, code, args = [] }: Refusal): string {
  const names = [cds.context?.user?.id, ...(PERSONAL.test(String(code)) ? args : [])];
  const nameless = names.reduce<string>((text, name) => (name ? text.replaceAll(name, '…') : text), message);
  return code && String(code) !== String(status) ? `${code}: ${nameless}` : nameless;
}
