import type { Response } from 'express';
import type { Switches } from './switches.ts';

/**
 * The allowed number of requests per second, counted over an interval (one second by default; LeanIX uses a minute).
 */
export interface RateLimit {
  perSecond: number;
  intervalSeconds?: number;
}

/** Counts the requests of each user. */
export class RateLimiter {
  #limit: RateLimit;
  #times = new Map<string, number[]>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Milliseconds until the next request of the user is allowed; 0 if this one is, and only then it counts. */
  waitOf(userId: string): number {
    const { perSecond, intervalSeconds = 1 } = this.#limit;
    const now = Date.now();
    const recent = (this.#times.get(userId) ?? []).filter((time) => time > now - intervalSeconds * 1000);
    this.#times.set(userId, recent);
    if (recent.length >= perSecond * intervalSeconds) return (recent[0] ?? now) + intervalSeconds * 1000 - now;
    recent.push(now);
    return 0;
  }
}

/** The answer to a user with too many requests. The text is documented, the form of the body is not. */
export function tooManyRequests(res: Response, waitMs: number, retryAfter: Switches['retryAfter']): void {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  if (retryAfter === 'seconds') res.set('Retry-After', String(seconds));
  if (retryAfter === 'date') res.set('Retry-After', new Date(Date.now() + (seconds + 1) * 1000).toUTCString());
  res.status(429).type('text/plain').send('USER_INTERVAL_REQUEST_LIMIT_EXCEEDED');
}
