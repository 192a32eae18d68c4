import { setImmediate as turn } from 'node:timers/promises';
import type cds from '@sap/cds';
import { assertShape, isReadable } from './bodies.ts';
import { problem } from '../base/problem.ts';
import { aroundRequests } from './requests.ts';

/** The HTTP requests that share a transaction, by its context. */
const sharing = new WeakMap<object, Set<unknown>>();

/**
 * Runs remote checks before a transaction begins, since no remote call may be made inside one.
 *
 * The requests of an OData change set share a transaction, and CAP runs them in parallel. That transaction cannot be
 * ended for a remote call, and on SQLite a second one would block. Therefore a request that calls other systems must be
 * alone in its change set, as UI5 sends it. `check` is skipped if it is not.
 *
 * All kinds of requests pass here, so bodies are checked here too, see `isReadable` and `assertShape`.
 *
 * Call this after `init` of the service, see `aroundRequests`.
 * @param remote actions, functions and entities that call other systems: 400 CHANGE_SET_SHARED beside other requests
 * @param check what must be checked before a transaction begins
 */
export function beforeTransactions(
  service: cds.ApplicationService,
  remote: readonly string[],
  check: (req: cds.Request) => Promise<void> = () => Promise.resolve(),
): void {
  aroundRequests(service, async (req, handle) => {
    if (!isReadable(req.data as object)) throw problem(400, 'BODY_INVALID');
    assertShape(service, req);
    const isRemote = remote.includes(req.event === 'READ' ? (nameOf(req.target) ?? '') : req.event);
    const requests = sharersOf(req);
    // All requests of a change set begin in the same turn of the event loop. Reads need not know of the others.
    if (req.event === 'READ' && !isRemote) return handle();
    await turn();
    const shares = requests.size > 1;
    if (shares && isRemote) throw problem(400, 'CHANGE_SET_SHARED');
    if (!shares) await check(req);
    return oneByOne(req, handle);
  });
}

type Queue = { last: Promise<unknown>; entered: WeakSet<object>; failed: boolean };

const queues = new WeakMap<object, Queue>();

/**
 * Runs the requests of a change set one after the other, so that each sees what was stored before. After a failure no
 * further request starts, since PostgreSQL accepts no statement in a failed transaction.
 * @throws 424 CHANGE_SET_FAILED
 */
async function oneByOne(req: cds.Request, handle: () => Promise<unknown>): Promise<unknown> {
  const { _, context } = req as unknown as { _?: { req?: object }; context: object };
  const queue = queues.get(context) ?? { last: Promise.resolve(), entered: new WeakSet(), failed: false };
  queues.set(context, queue);
  // A request with several steps passes here more than once.
  if (!_?.req || queue.entered.has(_.req)) return handle();
  queue.entered.add(_.req);
  const before = queue.last;
  const { promise, resolve: leave } = Promise.withResolvers<void>();
  queue.last = promise;
  await before;
  try {
    if (queue.failed) throw problem(424, 'CHANGE_SET_FAILED');
    return await handle();
  } catch (error) {
    queue.failed = true;
    throw error;
  } finally {
    leave();
  }
}

const nameOf = (target: unknown) => (target as { name?: string } | undefined)?.name;

/** The requests known so far that share the transaction of this one, including itself. */
function sharersOf(req: cds.Request): ReadonlySet<unknown> {
  const { _, context } = req as unknown as { _?: { req?: object }; context: object };
  const requests = sharing.get(context) ?? new Set();
  if (_?.req) sharing.set(context, requests.add(_.req));
  return requests;
}
