import { looksLikeHtml, OutcomeUnknown, quote, RemoteError, systemError } from '../base/remote-error.ts';
import { parseJson } from '../btp/json.ts';
import type { Answer } from '../btp/transport.ts';
import type { Session } from './session.ts';

const PATH = '/services/pathfinder/v1/graphql';

/** An entry of `errors`. `alias` is the response key that `path` begins with; null if LeanIX names none. */
export type GraphQLProblem = { message: string; alias: string | null; errorType: string | null };

/** A readable answer; `data` is empty if LeanIX sent `null`. */
export type GraphQLAnswer = { data: Record<string, unknown>; problems: GraphQLProblem[] };

type Options = { write?: boolean; signal?: AbortSignal };

/**
 * Sends a document with its variables. `errors: null` and `[]` count as none; `errorType` is taken from `extensions`
 * or, as older servers had it, from the error itself.
 *
 * Errors: those of `send`; `LEANIX_NOT_A_WORKSPACE`, `LEANIX_FORBIDDEN`, `LEANIX_ERROR` by status; an answer that
 * cannot be read is `LEANIX_UNREADABLE`, after a write `OutcomeUnknown`.
 */
export async function ask(
  session: Session,
  query: string,
  variables: Record<string, unknown>,
  { write, signal }: Options = {},
): Promise<GraphQLAnswer> {
  const answer = await session.send({ method: 'POST', path: PATH, body: { query, variables }, write, signal });
  const body = parseObject(answer.text);
  const errors = body?.['errors'] ?? [];
  // Some servers send the errors of a request with a status of their own.
  if (!body || !Array.isArray(errors) || !('data' in body || errors.length > 0)) {
    if (write && answer.status < 300)
      throw new OutcomeUnknown('leanix', session.host, 'unreadable answer', answer.status);
    assertApi(session, answer);
    throw unreadable(session.host);
  }
  if (errors.length === 0) assertApi(session, answer);
  return { data: object(body['data']) ?? {}, problems: errors.map(problem) };
}

/**
 * Like `ask`, for reads: any error fails the whole read, since the data beside it is incomplete. `LEANIX_FORBIDDEN` if
 * LeanIX says that a permission is missing, else `LEANIX_ERROR`; both quote it.
 */
export async function query(
  session: Session,
  document: string,
  variables: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const { data, problems } = await ask(session, document, variables, { signal });
  if (problems[0]) throw readProblem(session.host, problems);
  return data;
}

/** The error for a read that LeanIX answered with errors. A missing permission takes precedence. */
export function readProblem(host: string, problems: GraphQLProblem[]): RemoteError {
  const denied = problems.find(({ message }) => /^No permission\b/i.test(message));
  const detail = (denied ?? problems[0])?.message ?? '';
  return systemError('leanix', denied ? 'FORBIDDEN' : 'ERROR', { args: [host, detail], detail, status: 200 });
}

/**
 * Reads a REST resource of LeanIX and unwraps its envelope `{status, errors, data}`; a body without one is returned as
 * it is. Errors as with `ask`.
 */
export async function get(session: Session, path: string, signal?: AbortSignal): Promise<unknown> {
  const answer = await session.send({ method: 'GET', path, signal });
  assertApi(session, answer);
  const body = parseObject(answer.text);
  if (!body) throw unreadable(session.host);
  if (body['status'] === 'ERROR') throw refused(session.host, answer.status, body);
  return 'data' in body ? body['data'] : body;
}

/** Rejects what is no answer of the API: web pages, and any status but success. */
export function assertApi({ host }: Session, { status, text }: Answer): void {
  if (looksLikeHtml(text) || status === 404) {
    throw systemError('leanix', 'NOT_A_WORKSPACE', { args: [host, `HTTP ${status}`], status });
  }
  if (status >= 300) throw refused(host, status, parseObject(text));
}

/** The error for a failure in the envelope of LeanIX's REST APIs; it quotes LeanIX. */
export function refused(host: string, status: number, body: Record<string, unknown> | null): RemoteError {
  const first = Array.isArray(body?.['errors']) ? object(body['errors'][0]) : null;
  const messages: unknown[] = Array.isArray(first?.['messages']) ? first['messages'] : [];
  const detail = [body?.['errorMessage'], body?.['message'], first?.['message'], ...messages].map(quote).find(Boolean);
  const args = [host, detail ?? `HTTP ${status}`];
  return systemError('leanix', status === 403 ? 'FORBIDDEN' : 'ERROR', { args, status, detail });
}

/** The error for an answer in an unknown form. */
export function unreadable(host: string): RemoteError {
  return systemError('leanix', 'UNREADABLE', { args: [host] });
}

function problem(error: unknown): GraphQLProblem {
  const { message, path, extensions, errorType } = object(error) ?? {};
  const kind = object(extensions)?.['errorType'] ?? errorType;
  const alias: unknown = Array.isArray(path) ? path[0] : null;
  return {
    message: quote(message),
    alias: typeof alias === 'string' ? alias : null,
    errorType: typeof kind === 'string' && /^[A-Z][A-Z_]{0,49}$/.test(kind) ? kind : null,
  };
}

/** The value as an object; null for everything else. */
export function object(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

export function parseObject(text: string): Record<string, unknown> | null {
  try {
    return object(parseJson(text));
  } catch {
    return null;
  }
}
