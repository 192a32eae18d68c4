import type { Pace, Size } from './types.ts';

/** The minimum of requests to LeanIX and Cloud Integration, and of seconds. */
export type Floor = { requests: number; seconds: number };

const PAGE = 1000;
const BATCH = 50;
/** Of Cloud Integration: entries of a page, packages read in parallel, design-time requests per second. */
const CPI = { page: 500, parallel: 4, perSecond: 8 };
const PER_PACKAGE = 50;

const pages = (count: number, size = PAGE) => Math.max(1, Math.ceil(count / size));

/** All fact sheets of the type, after the data model; the tag library is read with a page. */
export function reading(factSheets: number, { requestMs }: Pace): Floor {
  const requests = 1 + pages(factSheets);
  return { requests, seconds: (requests * requestMs) / 1000 };
}

/** The same, followed by writes in batches, `inFlight` of them in parallel. */
export function writing(factSheets: number, changes: number, pace: Pace, inFlight: number): Floor {
  const read = reading(factSheets, pace);
  const batches = Math.ceil(changes / BATCH);
  const ms = Math.ceil(batches / inFlight) * pace.requestMs + (changes * pace.mutationMs) / inFlight;
  return { requests: read.requests + batches, seconds: read.seconds + ms / 1000 };
}

/** The list of deployed artifacts, the packages, and the content of these packages. */
export function refreshing({ iflows }: Size, packages: number, { requestMs }: Pace): Floor {
  const lists = pages(iflows, CPI.page) + pages(iflows / PER_PACKAGE, CPI.page);
  const looking = Math.max((packages * requestMs) / CPI.parallel, (packages * 1000) / CPI.perSecond);
  return { requests: lists + packages, seconds: (lists * requestMs + looking) / 1000 };
}

/** One request for each model. */
export const readingModels = ({ iflows }: Size): Floor => ({ requests: iflows, seconds: iflows / CPI.perSecond });
