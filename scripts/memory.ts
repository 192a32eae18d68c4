/**
 * How the service is started, so that its memory stays flat: V8 collects what is short-lived in steps of 2 MB and not of
 * 16, which takes no more processor time here and a quarter of the memory away. See docs/performance.md.
 */
export const MEMORY_FLAG = '--max-semi-space-size=2';
