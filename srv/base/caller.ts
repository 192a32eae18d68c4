import { AsyncLocalStorage } from 'node:async_hooks';

const callers = new AsyncLocalStorage<string | null>();

/** Does `work` for the request to which its caller gave this id, or none. */
export const asCaller = <T>(id: string | null, work: () => T): T => callers.run(id, work);

/** The id that the caller gave to the request for which this is done: beside our own one, and not to be relied on. */
export const callerId = (): string | null => callers.getStore() ?? null;
