import { nextPath, textField, type Page } from './odata.ts';

/** How one page is read, and what a link to another host means. */
export type Reader = {
  /** URL of the destination, which links to next pages are held against. */
  url: string;
  /** @param path below the service root, query included */
  read(path: string): Promise<Page>;
  foreign(next: string): Error;
};

const TOP = 500;

/** Sizes at which servers cut lists off: a short page of such a size may not be the last one. */
const ROUND = 100;

/**
 * All entries of a list that have an `Id`, each `Id` once. Follows the links to next pages; without one, goes on with
 * `$skip` until a page is short. A tenant that takes no notice of `$skip` gives the same page again: then the list is
 * asked for as a whole.
 * @throws what `reader.read` throws, and `reader.foreign` for a link that leaves the tenant
 */
export async function entries(path: string, reader: Reader): Promise<unknown[]> {
  const found = new Map<string, unknown>();
  const seen = new Set<string>();
  const take = ({ entries: page }: Page): number => {
    const before = found.size;
    for (const entry of page) {
      const id = textField(entry, 'Id');
      if (id !== null && !found.has(id)) found.set(id, entry);
    }
    return found.size - before;
  };
  const follow = (next: string): string | null => {
    const target = nextPath(next, reader.url);
    if (target === null) throw reader.foreign(next);
    // A link in a circle leads nowhere.
    return seen.has(target) ? null : target;
  };

  let skip = 0;
  let target: string | null = `${path}?$top=${TOP}&$skip=0`;
  let whole = false;
  while (target !== null) {
    seen.add(target);
    // eslint-disable-next-line no-await-in-loop -- each page tells where the next one is
    const page: Page = await reader.read(target);
    const fresh = take(page);
    skip += page.entries.length;
    if (page.next !== null && fresh > 0) {
      target = follow(page.next);
    } else if (whole || page.entries.length === 0 || (page.entries.length < TOP && page.entries.length % ROUND !== 0)) {
      target = null;
    } else if (fresh === 0) {
      whole = true;
      target = path;
    } else {
      target = `${path}?$top=${TOP}&$skip=${skip}`;
    }
  }
  return [...found.values()];
}
