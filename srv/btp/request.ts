import type { HttpDestination } from '@sap-cloud-sdk/connectivity';
import cds from '@sap/cds';
import type { System } from '../base/remote-error.ts';

/**
 * An answer: header names are in lower case, the body is the text as it came. Where bytes were asked for, an answer 200
 * has them, and no text.
 */
export type Answer = { status: number; headers: Record<string, string>; text: string; bytes?: Uint8Array<ArrayBuffer> };

/** How to get at a system: the Cloud SDK's destination, and headers that go with every request, such as a bearer. */
export type Access = { destination: HttpDestination; headers?: Record<string, string> };

/**
 * Requests with the same key share one token bucket and its pauses; `burst` defaults to half of `perSecond`. Those that go
 * `behind` let all others pass, and fail as `…_BUSY` (503) where too many of them wait.
 */
export type Limit = { key: string; perSecond: number; burst?: number; behind?: boolean };

/** All in milliseconds, but `tries`. Defaults come from `cds.transport`. */
export type Timing = {
  /** One request, from the connection to the last byte. */
  timeout: number;
  /** How long answers 429 are put up with before the request fails as `…_BUSY`. */
  patience: number;
  /** The first pause before another try; it doubles from try to try. */
  backoff: number;
  /** The longest such pause. */
  maxBackoff: number;
  /** How often a read is sent in all when the system or the way to it fails. */
  tries: number;
};

const DEFAULTS: Timing = { timeout: 60_000, patience: 600_000, backoff: 500, maxBackoff: 30_000, tries: 5 };

/** As configured. */
export const configuredTiming = (): Timing => ({
  ...DEFAULTS,
  ...(cds.env as { transport?: Partial<Timing> }).transport,
});

export type Request = {
  system: System;
  access: Access;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Starts with one slash and goes after the destination's URL, query included. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** A write is sent once: when its answer is lost, the call fails with `OutcomeUnknown`. */
  write?: boolean;
  /** The body is no text but bytes, at most so many: the call fails with `…_TOO_LARGE` where there are more. */
  mostBytes?: number;
  limit?: Limit;
  /** Ends every wait, and cuts the connection of a read; a write that is under way is waited for. */
  signal?: AbortSignal;
  /** Asked once for another access when the system answers 401. */
  renew?: (used: Access) => Promise<Access>;
  /** Asked on 403, too: a system may judge by what a token says that was issued before somebody was given a role. */
  renewForbidden?: boolean;
  /**
   * Called right before a write is sent, after all that had to be waited for: what it throws ends the call, and nothing
   * is sent.
   */
  beforeWrite?: () => void;
  /** Called for every request that was really sent. */
  onRequest?: () => void;
  timing?: Partial<Timing>;
};
