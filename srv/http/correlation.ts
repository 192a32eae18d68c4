import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { asCaller } from '../base/caller.ts';

/** The names under which callers, the application router and Cloud Foundry hand on an id; the first one counts. */
const HEADERS = ['x-correlation-id', 'x-correlationid', 'x-request-id', 'x-vcap-request-id'];

/**
 * Gives each request an id of our own, under which its log lines, runs and remote calls are found: one that a caller
 * chose may belong to other requests too. The caller's is kept beside it, and is `caller_id` in the log.
 *
 * To be added before CAP makes its context.
 */
export function correlate(): RequestHandler {
  return function correlateRequest({ headers }, _, next) {
    const given = HEADERS.map((name) => headers[name]).find(Boolean);
    // Cloud Foundry's own stays: the log is known by it there.
    for (const name of HEADERS.slice(0, 3)) delete headers[name];
    headers['x-correlation-id'] = randomUUID();
    const caller = cleaned(given);
    // CAP's log repeats the headers of a request.
    if (caller) headers['caller-id'] = caller;
    else delete headers['caller-id'];
    asCaller(caller, next);
  };
}

/** At most 100 characters as ids have them: it must not look like anything else where it is shown. */
function cleaned(id: string | string[] | undefined): string | null {
  return (
    [id]
      .flat()[0]
      ?.slice(0, 100)
      .replace(/[^\w.:~+/=-]/g, '') || null
  );
}
