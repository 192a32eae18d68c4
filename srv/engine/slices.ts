import { setImmediate as breathe } from 'node:timers/promises';

/** So many entries are worked on before other work of the process gets its turn: a few milliseconds. */
const SLICE = 200;

/** Maps a long list, and lets the rest of the process work in between. */
export async function inSlices<T, R>(list: readonly T[], map: (entry: T) => R): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < list.length; i += SLICE) {
    // eslint-disable-next-line no-await-in-loop -- one slice after the other is the point
    if (i) await breathe();
    for (const entry of list.slice(i, i + SLICE)) results.push(map(entry));
  }
  return results;
}
