import { AsyncLocalStorage } from 'node:async_hooks';

const callers = new AsyncLocalStorage<string | null>();

/** Does `work` for the request to which its caller gave this ID, or none. */
export const asCaller = <T>(id: string | null, work: () => T): T => callers.run(id, work);

/** The ID that the caller gave to the current request. It is kept beside the service's own ID and is not reliable. */
export const callerId = (): string | null => callers.getStore() ?? null;
