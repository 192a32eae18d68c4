import cds from '@sap/cds';
import type { Limit } from '../btp/transport.ts';

/** What `cds.leanix` may set. */
export type LeanIXSettings = {
  /** Requests a second to one workspace, 20 unless set, 30 at most (LeanIX allows a user 1800 a minute). */
  perSecond?: number;
  /** Fact sheets a page, 1000 unless set. */
  pageSize?: number;
  /** Requests of a run under way at the same time, 1 unless set. */
  inFlight?: number;
};

const MAX_PER_SECOND = 30;

/** The settings of the project, as they are now. */
export const settings = () => (cds.env as { leanix?: LeanIXSettings }).leanix ?? {};

/** Requests of a run under way at the same time. */
export const inFlight = () => Math.max(1, Math.floor(settings().inFlight ?? 1));

/**
 * The limit that all requests of this process to one workspace share. A second instance has its own; the two add up
 * only where each of them works on a run, so for two configurations of one workspace, and a run waits for each answer
 * before it asks again. The burst leaves room for the requests of the same second, so that none sees more than 30.
 */
export function politeness(workspace: string): Limit {
  const perSecond = Math.min(MAX_PER_SECOND, Math.max(0.1, settings().perSecond ?? 20));
  const burst = Math.max(1, Math.floor(Math.min(perSecond / 2, MAX_PER_SECOND - perSecond)));
  return { key: `leanix ${workspace}`, perSecond, burst };
}
