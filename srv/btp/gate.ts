import { setTimeout as delay } from 'node:timers/promises';
import { TokenBucket } from 'limiter';
import type { Limit } from './request.ts';

/** The number of callers that can wait at low priority: each is a user in front of a screen. */
export const MOST_BEHIND = 20;

/**
 * A rate limit for one remote system, shared by all callers of this process with the same key: on average `perSecond`
 * requests per second, at most `burst` at once, in order of arrival. All wait while the system requests a pause.
 */
class Gate {
  readonly #bucket: TokenBucket;
  #closedUntil = 0;
  #line: Promise<void> = Promise.resolve();
  #waiting = 0;
  #behind: Promise<void> = Promise.resolve();
  #waitingBehind = 0;

  constructor({ perSecond, burst = Math.max(1, Math.floor(perSecond / 2)) }: Limit) {
    this.#bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: perSecond, interval: 1000 });
    this.#bucket.content = burst;
  }

  /** Resolves when the caller can send one request. Rejects with the signal's reason if the signal is aborted first. */
  enter(signal?: AbortSignal): Promise<void> {
    this.#waiting++;
    const turn = this.#line.then(() => this.#wait(signal)).finally(() => this.#waiting--);
    this.#line = turn.catch(() => undefined);
    return abortable(turn, signal);
  }

  /**
   * Waits at low priority.
   * @returns null if the queue of such callers is full
   */
  enterBehind(signal?: AbortSignal): Promise<void> | null {
    if (this.#waitingBehind >= MOST_BEHIND) return null;
    this.#waitingBehind++;
    const turn = this.#behind
      .then(async () => {
        // eslint-disable-next-line no-await-in-loop -- others may have come meanwhile
        while (this.#waiting > 0) await abortable(this.#line, signal);
        await this.enter(signal);
      })
      .finally(() => this.#waitingBehind--);
    this.#behind = turn.catch(() => undefined);
    return abortable(turn, signal);
  }

  /** Pauses all callers for some milliseconds. */
  close(ms: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, performance.now() + ms);
  }

  async #wait(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const closed = this.#closedUntil - performance.now();
      if (closed <= 0 && this.#bucket.tryRemoveTokens(1)) return;
      // eslint-disable-next-line no-await-in-loop -- waiting is what this loop is for
      await delay(Math.max(1, Math.ceil(closed > 0 ? closed : this.#bucket.getWaitTime(1))), undefined, { signal });
    }
  }
}

const gates = new Map<string, Gate>();

/** The gate of a key. It keeps the rate of its first call. */
export function gateOf(limit: Limit): Gate {
  let gate = gates.get(limit.key);
  if (!gate) gates.set(limit.key, (gate = new Gate(limit)));
  return gate;
}

/** The outcome of the promise, or a rejection with the signal's reason as soon as the signal is aborted. */
export async function abortable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  promise.catch(() => undefined);
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
