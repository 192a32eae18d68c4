import { setTimeout as delay } from 'node:timers/promises';
import { circuitBreakerDefaultOptions } from '@sap-cloud-sdk/resilience/internal';
import cds from '@sap/cds';
import { quote, RemoteError } from '../base/remote-error.ts';
import { configuredTiming, type Timing } from './request.ts';
import { retryAfter } from './retry-after.ts';
import { backoff } from './transport.ts';

// The Cloud SDK's circuit breaker would refuse calls for half a minute after ten failures, even if the service is back.
// The pauses here protect the service already.
circuitBreakerDefaultOptions.volumeThreshold = Number.MAX_SAFE_INTEGER;

/** The problem, and the requested pause in milliseconds. */
type Problem = { problem: RemoteError; asked?: number | null };

/**
 * Calls the Destination service with the Cloud SDK, which first gets a token from the UAA. If one of the two fails or
 * has too many requests, it tries again after a pause, as `send` does with other systems.
 *
 * Errors: `DESTINATION_SERVICE_DOWN`, `DESTINATION_SERVICE_BUSY` (with the text of the system);
 * `DESTINATION_SERVICE_DENIED` if it refuses this application; `DESTINATION_SERVICE_UNBOUND` without a binding;
 * `DESTINATION_INVALID` if the SDK cannot use the destination; and those that `work` throws.
 * @param name of the requested destination
 */
export async function askService<T>(work: () => Promise<T>, timing?: Partial<Timing>, name = ''): Promise<T> {
  const times = { ...configuredTiming(), ...timing };
  const patientUntil = performance.now() + times.patience;
  let failures = 0;
  let busy = 0;
  /* eslint-disable no-await-in-loop -- one try after the other */
  for (;;) {
    try {
      return await within(times.timeout, work());
    } catch (error) {
      const { problem, asked } = problemOf(error, name);
      const isBusy = problem.code === 'DESTINATION_SERVICE_BUSY';
      if (!isBusy && (problem.code !== 'DESTINATION_SERVICE_DOWN' || ++failures >= times.tries)) throw problem;
      const pause = Math.round((isBusy && asked) || backoff(isBusy ? busy++ : failures - 1, times));
      if (isBusy && performance.now() + pause > patientUntil) throw problem;
      cds.log('btp').info('waits before the next try', { code: problem.code, reason: problem.args[0], waits: pause });
      await delay(pause);
    }
  }
  /* eslint-enable no-await-in-loop */
}

/** The SDK's own timeout is not configurable. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = delay(ms, undefined, { signal: over.signal }).then(() => {
    throw Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' });
  });
  work.catch(() => undefined);
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

/**
 * The beginning of the Cloud SDK's error if it got no token. The text of @sap/xssec follows; nothing else of its error
 * is kept.
 */
const NO_TOKEN = /could not fetch client credentials token/i;

/** Translates an error of the SDK. Its causes are not kept: they contain the request with its headers. */
function problemOf(error: unknown, name: string): Problem {
  if (error instanceof RemoteError) return { problem: error };
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { response, code } = cause as { response?: Answered; code?: string };
    if (response?.status) return answered(response.status, wordsOf(response.data), response.headers);
    if (code) return { problem: serviceError('DOWN', code) };
    const text = cause.message.slice(0, 2000);
    if (/no binding|service binding/i.test(text))
      return { problem: new RemoteError('DESTINATION_SERVICE_UNBOUND', 'btp') };
    if (NO_TOKEN.test(text) && !(cause.cause instanceof Error)) return noToken(text);
    if (/time(?:d )?out/i.test(text)) return { problem: serviceError('DOWN', 'ETIMEDOUT') };
    // The SDK fails on an answer that is not JSON, such as a web page.
    if (cause instanceof TypeError || cause instanceof SyntaxError) return { problem: unreadable() };
  }
  return { problem: name ? new RemoteError('DESTINATION_INVALID', 'btp', { args: [name] }) : unreadable() };
}

const unreadable = () => serviceError('DOWN', 'unreadable answer');

type Answered = { status: number; data?: unknown; headers?: Record<string, unknown> };

/** An error answer of the service or the UAA. Only temporary errors are worth another try. */
function answered(status: number, words: string, headers: Record<string, unknown> = {}): Problem {
  const reason = [`HTTP ${status}`, words].filter(Boolean).join(': ');
  if (status === 429) {
    const named = Object.entries(headers).map(([header, value]): [string, string] => [
      header.toLowerCase(),
      String(value),
    ]);
    return { problem: serviceError('BUSY', reason, status), asked: retryAfter(Object.fromEntries(named)) };
  }
  return { problem: serviceError(status >= 500 || status === 408 ? 'DOWN' : 'DENIED', reason, status) };
}

/** Such as `… HTTP response from <url> was 503: <body>.` or `… could not be sent due to: FetchError: … ECONNRESET`. */
function noToken(text: string): Problem {
  const [, status, body = ''] = /\bwas (\d{3}): ([^]*)$/.exec(text) ?? [];
  if (status)
    return answered(Number(status), ['UAA', withoutSecrets(body.replace(/\.$/, ''))].filter(Boolean).join(': '));
  const reason = /time(?:d )?out/i.test(text) ? 'ETIMEDOUT' : /\bE[A-Z_]{4,}\b/.exec(text)?.[0];
  return { problem: serviceError('DOWN', `UAA: ${reason ?? 'unreadable answer'}`) };
}

function wordsOf(data: unknown): string {
  const { ErrorMessage } = (typeof data === 'object' && data !== null ? data : {}) as { ErrorMessage?: unknown };
  return withoutSecrets(ErrorMessage ?? data);
}

/** The service knows all secrets and may repeat one, so possible tokens and passwords are removed from its texts. */
const withoutSecrets = (text: unknown): string => quote(text).replace(/[\w+/=~-]{20,}/g, '…');

/** An error of the Destination service by the last part of its code. */
export const serviceError = (problem: 'DOWN' | 'BUSY' | 'DENIED', reason: string, status?: number) =>
  new RemoteError(`DESTINATION_SERVICE_${problem}`, 'btp', { args: [reason], status });

/**
 * The error that the Destination service returns if it could not get a token for a destination. Only 400 and 401 of the
 * token endpoint mean that the secret is wrong; this is found out when the destination is used.
 * @returns null in that case
 */
export function tokenProblem(error: string, name: string): RemoteError | null {
  const status = Number(/\bstatus(?: code)?:? (\d{3})\b/i.exec(error.slice(0, 2000))?.[1]);
  if (status === 400 || status === 401) return null;
  const words = withoutSecrets(error) || (status ? `HTTP ${status}` : 'no token');
  if (status === 429) return serviceError('BUSY', words, status);
  if (status > 401 && status < 500 && status !== 408) {
    return new RemoteError('DESTINATION_TOKEN_REFUSED', 'btp', { args: [name, words], status });
  }
  return serviceError('DOWN', words, status || undefined);
}
