/**
 * How the service is started, so that its memory stays flat: V8 collects what is short-lived in steps of 4 MB and not of
 * 16, and lets garbage grow less before it looks through the whole heap, which may take 512 MB and needs a fifth of it
 * for 10,000 iFlows. Neither costs processor time. See docs/performance.md.
 */
export const MEMORY_FLAGS = '--max-semi-space-size=4 --max-old-space-size=512';
