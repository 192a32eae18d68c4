/** How many iFlows, and how many fact sheets there are before the first sync. */
export type Size = {
  iflows: number;
  factSheets: number;
  /** Characters of each model; short ones unless it is told. */
  modelSize?: number;
};

/** Milliseconds from a request to its answer: for each request, and for each mutation in it. */
export type Pace = { requestMs: number; mutationMs: number };
