import { setTimeout as sleep } from 'node:timers/promises';

/** With growing pauses, they take half a minute: creating all tables takes that long on a busy machine. */
const TRIES = 25;

/** Retries while another instance is writing; SQLite does not wait for it. */
export async function whenUnlocked<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      // eslint-disable-next-line no-await-in-loop -- a second try only after the first has failed
      return await work();
    } catch (error) {
      if (tries === TRIES || !/database is locked/.test((error as Error).message)) throw error;
      // eslint-disable-next-line no-await-in-loop
      await sleep(100 * tries);
    }
  }
}
