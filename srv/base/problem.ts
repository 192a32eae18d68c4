import cds from '@sap/cds';
import { RemoteError } from './remote-error.ts';
import { RunProblem } from './outcome.ts';

/**
 * An error for the caller of a service. CAP answers with `status`, `code`, and the text of the code in
 * `_i18n/messages.properties`, in the caller's language.
 */
export function problem(status: number, code: string, ...args: string[]): Error {
  const error = Object.assign(new Error(code), { status, code });
  // Not enumerable, so that it does not reach the client.
  return Object.defineProperty(error, 'args', { value: args });
}

/** The text of a message code: in English for journals, or in another language. */
export function textOf(code: string, args: readonly string[] = [], locale = 'en'): string {
  return cds.i18n.messages.at(code, locale, [...args]) ?? [code, ...args].join(': ');
}

/** Problems of the configuration that appear when another system is called. */
const SETTINGS_AT_FAULT = /^(?:HOST_|DESTINATION_(?!SERVICE_))/;

/** Turns an error of another system or of a configuration into one for the caller; returns other errors unchanged. */
export function asProblem(error: unknown): unknown {
  if (error instanceof RemoteError) {
    const isFull = error.status === 503 && error.code.endsWith('_BUSY');
    const status = SETTINGS_AT_FAULT.test(error.code) ? 409 : isFull ? 503 : 502;
    return Object.assign(problem(status, error.code, ...error.args), { $sanitize: false });
  }
  if (error instanceof RunProblem) {
    return problem(error.code === 'NOT_CONFIGURED' ? 400 : 409, error.code, ...error.args);
  }
  return error;
}

/** Whether a unique constraint of the database refused the row. */
export function isDuplicate(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'UNIQUE_CONSTRAINT_VIOLATION' || code === '23505' || /unique constraint/i.test(message ?? '');
}

/** Whether PostgreSQL (42P01) or SAP HANA (259) does not know a table. */
export function isTableMissing(error: unknown): boolean {
  return ['42P01', '259'].includes(String((error as { code?: unknown }).code));
}

type ServiceError = Error & {
  status?: number;
  code?: string | number;
  target?: string;
  details?: ServiceError[];
};

/** What CAP's own check reports about one element. */
export type InvalidInput = { code?: string | number; target?: string; args?: unknown[] };

/**
 * Gives errors of a service the codes of its contract.
 * @param duplicate translates a violated unique constraint, by the text that names it
 * @param invalid translates a finding of CAP's own checks, if it needs another code
 */
export function answerProblems(
  service: cds.ApplicationService,
  duplicate: (constraint: string) => Error,
  invalid: (found: InvalidInput) => Error | undefined = () => undefined,
): void {
  service.on('error', (error, req) => {
    const found = error as ServiceError;
    if (isDuplicate(found)) become(found, duplicate(found.message));
    for (const one of [found, ...(found.details ?? [])]) {
      const meaning = invalid(one);
      if (meaning) become(one, meaning);
      // While a draft is saved, Fiori elements finds its field through the parameter of this action.
      const saved = req.event === 'draftActivate';
      if (saved && one.target && !one.target.startsWith('in/')) one.target = `in/${one.target}`;
    }
  });
}

/** Some properties of CAP's errors are read-only, so they are redefined. */
function become(error: ServiceError, other: Error): void {
  const define = (name: string, value: unknown, enumerable = true) =>
    Object.defineProperty(error, name, { value, enumerable, writable: true, configurable: true });
  for (const [name, value] of Object.entries({ ...other, message: other.message })) define(name, value);
  define('args', (other as { args?: unknown[] }).args ?? [], false);
}
