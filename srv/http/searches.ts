import { parseSearch } from '../base/search.ts';
import { problem } from '../base/problem.ts';
import type { Select } from './cost.ts';

/** Transformations that a search cannot be combined with: CAP would search before or after them, not in their place. */
const TRANSFORMED = /\b(?:groupby|aggregate|concat|top|skip|topcount|bottomcount|ancestors|descendants|\w+\.\w+)\s*\(/i;

/**
 * Checks that all searches can be parsed and are applied where they stand.
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

/** A row count is an aggregation too, but groups nothing. */
const isAggregate = (column: Column) => column !== '*' && column.func !== undefined && column.as !== '$count';

/** All searched texts, including those of expanded lists. Not recursive, since a query may be nested deeply. */
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
