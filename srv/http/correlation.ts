import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { asCaller } from '../base/caller.ts';

/** The headers in which callers, the application router and Cloud Foundry pass on an ID. The first one counts. */
const HEADERS = ['x-correlation-id', 'x-correlationid', 'x-request-id', 'x-vcap-request-id'];

/**
 * Gives each request an ID of its own, which marks its log lines, runs and remote calls. An ID that a caller chose may
 * belong to other requests too; it is kept as `caller_id` in the log.
 *
 * Add this before CAP creates its context.
 */
export function correlate(): RequestHandler {
  return function correlateRequest({ headers }, _, next) {
    const given = HEADERS.map((name) => headers[name]).find(Boolean);
    // Cloud Foundry's own ID stays, since Cloud Foundry's log uses it.
    for (const name of HEADERS.slice(0, 3)) delete headers[name];
    headers['x-correlation-id'] = randomUUID();
    const caller = cleaned(given);
    // CAP's log repeats the headers of a request.
    if (caller) headers['caller-id'] = caller;
    else delete headers['caller-id'];
    asCaller(caller, next);
  };
}

/**
 * At most 100 characters that are usual in IDs, so that the ID cannot be mistaken for anything else where it is shown.
 */
function cleaned(id: string | string[] | undefined): string | null {
  return (
    [id]
      .flat()[0]
      ?.slice(0, 100)
      .replace(/[^\w.:~+/=-]/g, '') || null
  );
}
