import cds from '@sap/cds';
import { RemoteError } from './btp/errors.ts';
import { RunProblem } from './engine/outcome.ts';

/**
 * An error for the caller of a service. CAP answers it with `status` and `code`, and with the text that
 * `_i18n/messages.properties` has for the code, in the caller's language.
 */
export function problem(status: number, code: string, ...args: string[]): Error {
  const error = Object.assign(new Error(code), { status, code });
  // Only for the text: what can be enumerated goes to the client.
  return Object.defineProperty(error, 'args', { value: args });
}

/** The text of a message code: in English, for journals, or in another language. */
export function textOf(code: string, args: readonly string[] = [], locale = 'en'): string {
  return cds.i18n.messages.at(code, locale, [...args]) ?? [code, ...args].join(': ');
}

/** What goes wrong in another system or in a configuration, as an error for the caller; other errors as they are. */
export function asProblem(error: unknown): unknown {
  if (error instanceof RemoteError) {
    return Object.assign(problem(502, error.code, ...error.args), { $sanitize: false });
  }
  if (error instanceof RunProblem) return problem(409, error.code, ...error.args);
  return error;
}

/** Whether the database refused a row because another one has the same value already. */
export function isDuplicate(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'UNIQUE_CONSTRAINT_VIOLATION' || code === '23505' || /unique constraint/i.test(message ?? '');
}

type ServiceError = Error & { status?: number; code?: string | number; target?: string };

/**
 * Gives errors of a service the codes of its contract.
 * @param duplicate what a unique constraint of the database means in this service
 */
export function answerProblems(service: cds.ApplicationService, duplicate: () => Error): void {
  service.on('error', (error, req) => {
    const found = error as ServiceError;
    // Fiori elements finds the field of a draft that is being saved through the parameter of that action.
    if (req.event === 'draftActivate' && found.target && !found.target.startsWith('in/'))
      found.target = `in/${found.target}`;
    if (isDuplicate(found)) Object.assign(found, { args: [] }, duplicate(), { message: duplicate().message });
    const { status, code } = found;
    if ((status === 403 || Number(code) === 403) && needsEnterprise(service, req as cds.Request)) {
      Object.assign(found, { code: 'ENTERPRISE_REQUIRED', status: 403, message: 'ENTERPRISE_REQUIRED' });
    }
  });
}

function needsEnterprise(service: cds.ApplicationService, req: cds.Request): boolean {
  type Guarded = { '@requires'?: string | string[] } | undefined;
  const target = req.target as { actions?: Record<string, Guarded> } | undefined;
  const operations = service.operations as unknown as Record<string, Guarded>;
  const operation = target?.actions?.[req.event] ?? operations[req.event];
  return operation?.['@requires'] === 'EnterpriseAdmin';
}
