/**
 * Maps a list, `count` entries at a time. The results keep the order of the list. After a failure, no further entry is
 * started.
 */
export async function inParallel<T, R>(list: readonly T[], count: number, map: (entry: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = list.entries();
  const stop = new AbortController();
  const worker = async () => {
    for (const [index, entry] of rest) {
      if (stop.signal.aborted) return;
      // eslint-disable-next-line no-await-in-loop -- each worker takes one entry after the other
      results[index] = await map(entry);
    }
  };
  const workers = Array.from({ length: count }, worker);
  try {
    await Promise.all(workers);
  } finally {
    stop.abort();
  }
  return results;
}
