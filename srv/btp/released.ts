import cds from '@sap/cds';

/** The property of the destinations that this service may use, where the operator asks for it. */
export const RELEASED = 'leanix.integration';

/** Whether the operator asks for it: `cds.leanix.releasedDestinationsOnly`, off unless set. */
export const releasedOnly = () =>
  (cds.env as { leanix?: { releasedDestinationsOnly?: boolean } }).leanix?.releasedDestinationsOnly === true;

/** Whether a destination's own properties release it for this service. */
export const isReleased = (properties: Record<string, unknown> = {}) => String(properties[RELEASED]) === 'true';
