import cds from '@sap/cds';

/** The property of the destinations that this service may use, if the operator requires it. */
export const RELEASED = 'leanix.integration';

/** Whether the operator requires the property: `cds.leanix.releasedDestinationsOnly`, off by default. */
export const releasedOnly = () =>
  (cds.env as { leanix?: { releasedDestinationsOnly?: boolean } }).leanix?.releasedDestinationsOnly === true;

/** Whether the properties of a destination release it for this service. */
export const isReleased = (properties: Record<string, unknown> = {}) => String(properties[RELEASED]) === 'true';
