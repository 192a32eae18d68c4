import cds from '@sap/cds';
import type { Limit } from '../btp/transport.ts';

/** Settings in `cds.leanix`. */
export type LeanIXSettings = {
  /** Requests per second to one workspace, 20 by default, 30 at most (LeanIX allows a user 1800 per minute). */
  perSecond?: number;
  /** Fact sheets per page, 1000 by default. */
  pageSize?: number;
  /** Requests of a run in parallel, 1 by default. */
  inFlight?: number;
};

const MAX_PER_SECOND = 30;

/** The current settings of the project. */
export const settings = () => (cds.env as { leanix?: LeanIXSettings }).leanix ?? {};

/** Requests of a run in parallel. */
export const inFlight = () => Math.max(1, Math.floor(settings().inFlight ?? 1));

/**
 * The limit that all requests of this process to one workspace share. A second instance has its own. The two add up
 * only if both work on runs of the same workspace, and a run waits for each answer before its next request. The burst
 * leaves room for the requests of the same second, so that none sees more than 30.
 */
export function politeness(workspace: string): Limit {
  const perSecond = Math.min(MAX_PER_SECOND, Math.max(0.1, settings().perSecond ?? 20));
  const burst = Math.max(1, Math.floor(Math.min(perSecond / 2, MAX_PER_SECOND - perSecond)));
  return { key: `leanix ${workspace}`, perSecond, burst };
}
