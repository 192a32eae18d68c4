import { setImmediate as nextTurn } from 'node:timers/promises';

/** Turns of the event loop that one user request needs. Without requests, they pass at once. */
const TURNS = 4;

/** Entries to process before the rest of the process gets its turn: a few milliseconds of work. */
const SLICE = 200;

/** Lets waiting requests run before the work continues. */
export async function giveWay(): Promise<void> {
  // eslint-disable-next-line no-await-in-loop -- one turn after the other is the point
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
}

/** Milliseconds of work between two pauses. */
const LONG = 10;

/** Returns a function that pauses, but only if some time has passed since its last pause. */
export function pacer(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since <= LONG) return;
    await giveWay();
    since = performance.now();
  };
}

/** Maps a long list with pauses for the rest of the process. */
export async function inSlices<T, R>(list: readonly T[], map: (entry: T) => R): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < list.length; i += SLICE) {
    // eslint-disable-next-line no-await-in-loop -- one slice after the other is the point
    if (i) await giveWay();
    for (const entry of list.slice(i, i + SLICE)) results.push(map(entry));
  }
  return results;
}
