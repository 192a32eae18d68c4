import { setTimeout as delay } from 'node:timers/promises';
import cds from '@sap/cds';
import { countRequest } from '../base/metrics.ts';
import { canceled, OutcomeUnknown, quote, RemoteError, systemError, type System } from '../base/remote-error.ts';
import { attempt, TOO_LARGE, type Attempt } from './attempt.ts';
import { gateOf } from './gate.ts';
import { hostOf } from './hosts.ts';
import { configuredTiming, type Answer, type Request, type Timing } from './request.ts';
import { retryAfter } from './retry-after.ts';

export type { Access, Answer, Limit, Request, Timing } from './request.ts';

/** For calls that a user waits for. */
export const IMPATIENT: Partial<Timing> = { timeout: 15_000, patience: 10_000, tries: 2 };

/** Failures that another try cannot fix: an unknown host name, an untrusted certificate. */
const LASTING = /^(?:ENOTFOUND|EPROTO|CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO_)/;

/**
 * Sends one request, and handles rate limit, timeout, 429, failures and an expired token.
 *
 * Resolves with answers with a status below 500, and with 501, which another try cannot change. Exceptions:
 * 429 is waited out by all requests that share the key of the limit: nothing was executed. After 401, `renew` is called
 * once, then the call fails with `…_TOKEN_INVALID`. A redirect is never followed: `…_REDIRECTED`.
 * A read that fails with 5xx or without an answer is sent again, and finally fails with `…_UNREACHABLE` (`…_ERROR`
 * after 500). A write that may have arrived fails with `OutcomeUnknown`. `CANCELED` follows the caller's signal.
 * An answer that is longer than allowed fails at once with `…_TOO_LARGE`.
 * Codes start with the system's name in capital letters; their arguments are host and reason.
 */
export async function send(request: Request): Promise<Answer> {
  return cancelable(request.system, request.signal, () =>
    insist(request, { ...configuredTiming(), ...request.timing }),
  );
}

/** Runs `work`. If it ends with the reason of the signal, the error becomes `CANCELED`. */
export async function cancelable<T>(
  system: System,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted && !(error instanceof RemoteError)) throw canceled(system);
    throw error;
  }
}

async function insist(request: Request, timing: Timing): Promise<Answer> {
  const { system, limit, renew, signal } = request;
  const host = hostOf(request.access.destination.url) ?? '';
  const fail = (problem: string, reason: string, status?: number) =>
    systemError(system, problem, { args: [host, reason], status });
  let access = request.access;
  let renewed = false;
  let failures = 0;
  let busy = 0;
  let busyUntil = Infinity;

  /* eslint-disable no-await-in-loop -- one try after the other, that is the point */
  for (;;) {
    if (limit?.behind) {
      const turn = gateOf(limit).enterBehind(signal);
      if (!turn) throw fail('BUSY', 'too many wait', 503);
      await turn;
    } else if (limit) await gateOf(limit).enter(signal);
    signal?.throwIfAborted();
    if (request.write) request.beforeWrite?.();
    const outcome = await attempt(request, access, timing.timeout);
    if (outcome.sent) request.onRequest?.();
    const status = outcome.answer?.status ?? 0;
    if (outcome.sent) countRequest(system, status || (outcome.reason ?? ''));

    if (outcome.answer && status === 429) {
      busyUntil = Math.min(busyUntil, performance.now() + timing.patience);
      const pause = retryAfter(outcome.answer.headers) || backoff(busy++, timing);
      if (performance.now() + pause > busyUntil) throw fail('BUSY', `HTTP 429`, 429);
      log(request, host, 'HTTP 429', pause);
      if (limit) gateOf(limit).close(pause);
      else await delay(pause, undefined, { signal });
    } else if (renew && !renewed && (status === 401 || (status === 403 && request.renewForbidden))) {
      renewed = true;
      access = await renew(access);
    } else if (status === 401) {
      throw fail('TOKEN_INVALID', 'HTTP 401', 401);
    } else if (outcome.answer && status >= 300 && status < 400) {
      throw fail('REDIRECTED', hostOf(outcome.answer.headers['location'] ?? '') ?? `HTTP ${status}`, status);
    } else if (outcome.answer && (status < 500 || status === 501)) {
      return outcome.answer;
    } else {
      signal?.throwIfAborted();
      const reason = outcome.reason ?? `HTTP ${status}`;
      if (reason === TOO_LARGE && !request.write) throw fail('TOO_LARGE', reason);
      if (request.write && outcome.sent) throw new OutcomeUnknown(system, host, reason, status || undefined);
      failures++;
      if (failures >= triesFor(outcome, timing)) {
        throw fail(status === 500 ? 'ERROR' : 'UNREACHABLE', reason, status || undefined);
      }
      const asked = outcome.answer ? retryAfter(outcome.answer.headers) : null;
      const pause = Math.min(asked ?? backoff(failures - 1, timing), timing.maxBackoff);
      log(request, host, reason, pause);
      await delay(pause, undefined, { signal });
    }
  }
  /* eslint-enable no-await-in-loop */
}

/** A 500 is probably caused by the request, so it gets fewer tries. */
function triesFor(outcome: Attempt, { tries }: Timing): number {
  if (outcome.reason) return LASTING.test(outcome.reason) ? 1 : tries;
  return outcome.answer?.status === 500 ? Math.min(3, tries) : tries;
}

/** Exponential backoff with jitter: between half of the pause and the whole pause. */
export function backoff(count: number, { backoff: first, maxBackoff }: Timing): number {
  return Math.min(maxBackoff, first * 2 ** count) * (0.5 + Math.random() / 2);
}

function log({ system, path }: Request, host: string, reason: string, pause: number) {
  const waits = Math.round(pause);
  cds.log(system).info('waits before the next try', { host, path: quote(path.split('?')[0]), reason, waits });
}
