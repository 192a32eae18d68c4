/** How often a list is read whose pages do not make a whole. */
const ROUNDS = 10;

/** What one reading of all pages brought: as many entries as there are, but some perhaps twice and others not at all. */
export type Reading<T> = { total: number; entries: readonly T[] };

/**
 * Reads a list whole, of whose order nothing is promised. Where it is another one from page to page, so that entries are
 * passed over, it is read again until all have come; where it has changed meanwhile, it is begun anew.
 * @param read reads all pages once; null where their number of entries changed meanwhile
 * @returns each entry once; null where the list does not stop to change
 */
export async function readWhole<T extends { id: string }>(read: () => Promise<Reading<T> | null>): Promise<T[] | null> {
  const found = new Map<string, T>();
  let total: number | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    // eslint-disable-next-line no-await-in-loop -- whether there is another round depends on what this one brings
    const reading = await read();
    // There are others now: more, fewer, or one has gone and another one has come.
    if (reading?.total !== total || found.size > (total ?? 0)) found.clear();
    total = reading?.total;
    for (const entry of reading?.entries ?? []) found.set(entry.id, entry);
    if (found.size === total) return [...found.values()];
  }
  return null;
}
