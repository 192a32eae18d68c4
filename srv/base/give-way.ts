import { setImmediate as nextTurn } from 'node:timers/promises';

/** Turns of the event loop that a user's request takes to its answer; where nobody asks they are over at once. */
const TURNS = 4;

/** So many entries are worked on before the rest of the process gets its turn: a few milliseconds. */
const SLICE = 200;

/** Lets the rest of the process work: requests that have come are answered, and do not wait for one slice after the other. */
export async function giveWay(): Promise<void> {
  // eslint-disable-next-line no-await-in-loop -- one turn after the other is the point
  for (let turn = 0; turn < TURNS; turn++) await nextTurn();
}

/** Milliseconds of work after which the others come next. */
const LONG = 10;

/** What gives way where it is called, but only when a while has passed since the last time. */
export function pacer(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since <= LONG) return;
    await giveWay();
    since = performance.now();
  };
}

/** Maps a long list, and gives way in between. */
export async function inSlices<T, R>(list: readonly T[], map: (entry: T) => R): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < list.length; i += SLICE) {
    // eslint-disable-next-line no-await-in-loop -- one slice after the other is the point
    if (i) await giveWay();
    for (const entry of list.slice(i, i + SLICE)) results.push(map(entry));
  }
  return results;
}
