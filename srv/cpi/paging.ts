import { nextPath, textField, type Page } from './odata.ts';

/** How to read a page, and the errors for a list that cannot be read to its end. */
export type Reader = {
  /** URL of the destination, which next links are checked against. */
  url: string;
  /** @param path below the service root, query included */
  read(path: string): Promise<Page>;
  foreign(next: string): Error;
  /** Nothing proves that the list is complete. */
  incomplete(reason: string): Error;
  /** Fewer entries are readable than the tenant counts. */
  short(listed: number, counted: number): Error;
};

/**
 * Proves that a list without a next link is complete: the number of entries that the tenant counts (null if it does
 * not), or the presence of expected entries. Without a proof, one more page is read.
 */
export type Proof = {
  count?: () => Promise<number | null>;
  suffices?: (ids: ReadonlySet<string>) => boolean;
};

const TOP = 500;

const CIRCLE = 'a list that goes on in a circle';
const CHANGES = 'a list that changes while it is read';
const CUT_OFF = 'a list that may be cut off';

/** How often a list is read again if it changes meanwhile. */
const ROUNDS = 3;

/** Servers cut off lists at multiples of this number. */
export const ROUND = 50;

/**
 * All entries of a list, each `Id` once. Follows next links; without one, continues with `$skip` until the list is
 * proven complete. Each such page begins with the last entry of the previous page. If it does not, a deployment may
 * have moved entries, and the list is read again. A tenant that ignores `$skip` returns the same page again: then the
 * whole list is requested at once, as for one that keeps changing.
 * @throws what `reader.read` throws; `reader.foreign` for a link that leaves the tenant; `reader.short` if the tenant
 * counts more than it lists; and `reader.incomplete` for an entry without `Id`, for circular links, and for a list that
 * may be cut off
 */
export async function entries(path: string, reader: Reader, proof: Proof = {}): Promise<unknown[]> {
  for (let round = 0; round < ROUNDS; round++) {
    // eslint-disable-next-line no-await-in-loop -- another round only where the list has changed
    const all = await entriesOnce(path, reader, proof);
    if (all) return all;
  }
  // The order may change each time, but a single answer is complete unless it was cut off.
  const all = await linkedEntries(path, reader);
  const counted = await proof.count?.();
  if (counted != null && all.length < counted) throw reader.short(all.length, counted);
  if (counted == null && all.length % ROUND === 0) throw reader.incomplete(CHANGES);
  return all;
}

/** Null if two pages do not fit together, or if there are fewer entries than the tenant counts. */
async function entriesOnce(path: string, reader: Reader, proof: Proof): Promise<unknown[] | null> {
  const list = listOf(reader);
  const from = (skip: number) => `${path}?$top=${TOP}&$skip=${skip}`;
  let counted: number | null | undefined;
  const isProven = async () => {
    if (counted === undefined) counted = (await proof.count?.()) ?? null;
    return counted === null ? !isCut && (proof.suffices?.(list.ids()) ?? false) : list.size() >= counted;
  };
  let read = 0;
  let target: string | null = from(0);
  let last: string | undefined;
  let whole = false;
  // After a short page, only an empty one proves the end.
  let isCut = false;
  /* eslint-disable no-await-in-loop -- each page tells where the next one is */
  while (target !== null) {
    const { ids, fresh, next }: Taken = await list.take(target);
    const count = ids.length;
    if (last !== undefined && ids[0] !== last && (fresh > 0 || count === 0)) return null;
    const isLast = count === 0 || (last !== undefined && count === 1);
    read += last === undefined ? count : count - 1;
    last = undefined;
    if (next !== null) {
      target = next;
    } else if ((await isProven()) || whole || isLast) {
      target = null;
    } else if (fresh === 0) {
      whole = true;
      target = path;
    } else {
      isCut ||= count < TOP;
      last = ids.at(-1);
      target = from(read - 1);
    }
    if (whole && target === null && counted == null && fresh === 0 && list.size() % ROUND === 0) {
      throw reader.incomplete(CUT_OFF);
    }
  }
  /* eslint-enable no-await-in-loop */
  return counted != null && list.size() < counted ? null : list.entries();
}

/** The same for a list that comes as a whole unless it has a next link. @throws as `entries` */
export async function linkedEntries(path: string, reader: Reader): Promise<unknown[]> {
  const list = listOf(reader);
  let target: string | null = path;
  while (target !== null) {
    // eslint-disable-next-line no-await-in-loop -- each page tells where the next one is
    const { ids, fresh, next, isLinked }: Taken = await list.take(target);
    if (isLinked && ids.length > 0 && fresh === 0) throw reader.incomplete(CIRCLE);
    target = next;
  }
  return list.entries();
}

/**
 * The content of a page: the IDs of its entries, the number of new ones, the next page, and whether a link led here.
 */
type Taken = { ids: string[]; fresh: number; next: string | null; isLinked: boolean };

function listOf(reader: Reader) {
  const found = new Map<string, unknown>();
  const asked = new Set<string>();
  const links = new Set<string>();
  return {
    size: () => found.size,
    ids: (): ReadonlySet<string> => new Set(found.keys()),
    entries: () => [...found.values()],
    async take(target: string): Promise<Taken> {
      asked.add(target);
      const page = await reader.read(target);
      const before = found.size;
      const ids: string[] = [];
      for (const entry of page.entries) {
        const id = textField(entry, 'Id');
        if (id === null) throw reader.incomplete('an entry without Id');
        if (!found.has(id)) found.set(id, entry);
        ids.push(id);
      }
      const [fresh, isLinked] = [found.size - before, links.has(target)];
      const next = page.next === null ? null : nextPath(page.next, reader.url);
      if (page.next !== null && next === null) throw reader.foreign(page.next);
      if (next !== null && (asked.has(next) || (isLinked && fresh === 0))) {
        throw reader.incomplete(CIRCLE);
      }
      if (next !== null) links.add(next);
      return { ids, fresh, next, isLinked };
    },
  };
}
