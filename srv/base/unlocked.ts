import { setTimeout as sleep } from 'node:timers/promises';

/** Another instance may be writing at the same moment; SQLite does not wait for it. */
export async function whenUnlocked<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      // eslint-disable-next-line no-await-in-loop -- a second try only after the first has failed
      return await work();
    } catch (error) {
      if (tries === 10 || !/database is locked/.test((error as Error).message)) throw error;
      // eslint-disable-next-line no-await-in-loop
      await sleep(100 * tries);
    }
  }
}
