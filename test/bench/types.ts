/** The number of iFlows, and of fact sheets before the first sync. */
export type Size = {
  iflows: number;
  factSheets: number;
  /** Characters of each model; short by default. */
  modelSize?: number;
};

/** Milliseconds from a request to its answer: for each request, and for each mutation in it. */
export type Pace = { requestMs: number; mutationMs: number };
