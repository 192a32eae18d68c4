/** Readings before an inconsistent list is given up. */
const ROUNDS = 10;

/** One reading of all pages. Entries may be repeated or missing if the order changed between pages. */
export type Reading<T> = { total: number; entries: readonly T[] };

/**
 * Reads a complete list from a system that guarantees no order. It reads again until every entry was returned, and
 * starts over if the list changes in the meantime.
 * @param read reads all pages once; null if the number of entries changed
 * @returns each entry once; null if the list keeps changing
 */
export async function readWhole<T extends { id: string }>(read: () => Promise<Reading<T> | null>): Promise<T[] | null> {
  const found = new Map<string, T>();
  let total: number | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    // eslint-disable-next-line no-await-in-loop -- whether there is another round depends on what this one brings
    const reading = await read();
    // The list has changed: start over.
    if (reading?.total !== total || found.size > (total ?? 0)) found.clear();
    total = reading?.total;
    for (const entry of reading?.entries ?? []) found.set(entry.id, entry);
    if (found.size === total) return [...found.values()];
  }
  return null;
}
