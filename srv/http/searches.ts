import { parseSearch } from '../base/search.ts';
import { problem } from '../base/problem.ts';
import type { Select } from './cost.ts';

/** Transformations that a search cannot be put together with: CAP would search before or after them, not in their place. */
const TRANSFORMED = /\b(?:groupby|aggregate|concat|top|skip|topcount|bottomcount|ancestors|descendants|\w+\.\w+)\s*\(/i;

/**
 * Whether everything that is searched for can be read, and is searched where it stands.
 * @param apply the text of `$apply`
 * @throws 400 SEARCH_INVALID; SEARCH_OF_GROUPS
 */
export function assertSearches(queries: readonly Select[], apply: unknown): void {
  const plain = typeof apply === 'string' ? apply.replace(/'(?:[^']|'')*'/g, '') : '';
  if (/\bsearch\s*\(/i.test(plain) && TRANSFORMED.test(plain)) throw problem(400, 'SEARCH_OF_GROUPS');
  for (const query of queries) {
    for (let one: Select | undefined = query; one; one = one.from.SELECT) {
      if (!one.search) continue;
      const isGrouped = one.groupBy ?? one.columns?.some((column) => isAggregate(column));
      if (isGrouped || one.from.SELECT || queries.length > 1) throw problem(400, 'SEARCH_OF_GROUPS');
    }
    for (const text of searchedIn(query)) {
      if (typeof text !== 'string' || !parseSearch(text)) throw problem(400, 'SEARCH_INVALID');
    }
  }
}

type Column = NonNullable<Select['columns']>[number];

/** The number of rows is one too, but nothing is grouped for it. */
const isAggregate = (column: Column) => column !== '*' && column.func !== undefined && column.as !== '$count';

/** All texts that are searched for, in lists below the rows too. Not recursive, since a query may be nested deeply. */
function searchedIn(query: object): unknown[] {
  const texts: unknown[] = [];
  const open: unknown[] = [query];
  while (open.length) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const { search } = next as { search?: { val?: unknown }[] };
    if (Array.isArray(search)) texts.push(...search.map(({ val }) => val));
    open.push(...(Object.values(next) as unknown[]));
  }
  return texts;
}
