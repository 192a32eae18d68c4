import { nextPath, textField, type Page } from './odata.ts';

/** How one page is read, and what it means where a list cannot be read to its end. */
export type Reader = {
  /** URL of the destination, which links to next pages are held against. */
  url: string;
  /** @param path below the service root, query included */
  read(path: string): Promise<Page>;
  foreign(next: string): Error;
  /** The list cannot be told completely. */
  incomplete(reason: string): Error;
};

const TOP = 500;

const CIRCLE = 'a list that goes on in a circle';

/** How often a list is begun anew that changes while it is read. */
const ROUNDS = 3;

/** Sizes at which servers cut lists off: a short page of such a size may not be the last one. */
const ROUND = 100;

/**
 * All entries of a list, each `Id` once. Follows the links to next pages; without one, goes on with `$skip` until a page
 * is short. Each such page begins with the last entry of the page before: where it does not, something was deployed or
 * undeployed meanwhile, others have moved and may have been passed over, and the list is begun anew. A tenant that takes
 * no notice of `$skip` gives the same page again: then the list is asked for as a whole, as where it never stops to change.
 * @throws what `reader.read` throws, `reader.foreign` for a link that leaves the tenant, and `reader.incomplete` for an
 * entry without `Id`, for links that lead in a circle, and for a list that does not stop to change and is cut off as a whole
 */
export async function entries(path: string, reader: Reader): Promise<unknown[]> {
  for (let round = 0; round < ROUNDS; round++) {
    // eslint-disable-next-line no-await-in-loop -- another round only where the list has changed
    const all = await entriesOnce(path, reader);
    if (all) return all;
  }
  // Its order may be another one each time. In one answer nothing is passed over, unless that was cut off.
  const all = await linkedEntries(path, reader);
  if (all.length % ROUND === 0) throw reader.incomplete('a list that changes while it is read');
  return all;
}

/** Null where two pages do not fit together. */
async function entriesOnce(path: string, reader: Reader): Promise<unknown[] | null> {
  const list = listOf(reader);
  const from = (skip: number) => `${path}?$top=${TOP}&$skip=${skip}`;
  let read = 0;
  let target: string | null = from(0);
  let last: string | undefined;
  let whole = false;
  while (target !== null) {
    // eslint-disable-next-line no-await-in-loop -- each page tells where the next one is
    const { ids, fresh, next, isLinked }: Taken = await list.take(target);
    const count = ids.length;
    if (last !== undefined && ids[0] !== last && (fresh > 0 || count === 0)) return null;
    read += last === undefined ? count : count - 1;
    last = undefined;
    const isShort = count < TOP && count % ROUND !== 0;
    if (next !== null) {
      target = next;
    } else if (whole || count === 0 || (isShort && !(isLinked && fresh === 0))) {
      target = null;
    } else if (fresh === 0) {
      whole = true;
      target = path;
    } else {
      last = ids.at(-1);
      target = from(read - 1);
    }
  }
  return list.entries();
}

/** The same for a list that comes as a whole, unless a link says otherwise. @throws as `entries` */
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

/** What a page has: its entries' ids, how many of them are new, where it goes on, and whether a link led to it. */
type Taken = { ids: string[]; fresh: number; next: string | null; isLinked: boolean };

function listOf(reader: Reader) {
  const found = new Map<string, unknown>();
  const asked = new Set<string>();
  const links = new Set<string>();
  return {
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
