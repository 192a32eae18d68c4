import type { HttpDestination } from '@sap-cloud-sdk/connectivity';
import cds from '@sap/cds';
import type { System } from '../base/remote-error.ts';

/**
 * An answer: header names are in lower case, the body is unchanged text. If bytes were requested, an answer 200 has
 * bytes and no text.
 */
export type Answer = { status: number; headers: Record<string, string>; text: string; bytes?: Uint8Array<ArrayBuffer> };

/** The access to a system: the Cloud SDK's destination, and headers of every request, such as a bearer. */
export type Access = { destination: HttpDestination; headers?: Record<string, string> };

/**
 * Requests with the same key share one token bucket and its pauses; `burst` defaults to half of `perSecond`. Requests
 * with `behind` let all others go first, and fail with `…_BUSY` (503) if too many of them wait.
 */
export type Limit = { key: string; perSecond: number; burst?: number; behind?: boolean };

/** All in milliseconds, except `tries`. The defaults are in `cds.transport`. */
export type Timing = {
  /** One request, from the connection to the last byte. */
  timeout: number;
  /** How long 429 is waited out before the request fails with `…_BUSY`. */
  patience: number;
  /** The first pause before another try; it doubles with each try. */
  backoff: number;
  /** The longest such pause. */
  maxBackoff: number;
  /** How often a read is sent in total if the system or the network fails. */
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
  /** Starts with one slash and is appended to the URL of the destination, including the query. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** A write is sent once. If its answer is lost, the call fails with `OutcomeUnknown`. */
  write?: boolean;
  /** Requests bytes instead of text, at most this number; longer answers fail with `…_TOO_LARGE`. */
  mostBytes?: number;
  limit?: Limit;
  /** Ends every wait and closes the connection of a read. A write that was sent is waited for. */
  signal?: AbortSignal;
  /** Called once for a new access after 401. */
  renew?: (used: Access) => Promise<Access>;
  /** Also call `renew` after 403: a token issued before a role was assigned may lack it. */
  renewForbidden?: boolean;
  /** Called right before a write is sent, after all waiting. If it throws, nothing is sent and the call ends. */
  beforeWrite?: () => void;
  /** Called for every request that was sent. */
  onRequest?: () => void;
  timing?: Partial<Timing>;
};
