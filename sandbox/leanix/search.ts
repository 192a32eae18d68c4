import { LeanIXError } from './errors.ts';
import { externalIdIn, type LeanIXState } from './state.ts';
import type { Switches } from './switches.ts';
import type { FactSheet } from './types.ts';

export interface SearchArguments {
  factSheetType?: string | null;
  filter?: FilterInput | null;
  sort?: ({ key: string; order?: 'asc' | 'desc' | null } | null)[] | null;
}

export interface FilterInput {
  facetFilters?: (FacetFilter | null)[] | null;
  ids?: string[] | null;
  externalIds?: string[] | null;
  fullTextSearch?: string | null;
  quickSearch?: string | null;
  displayName?: string | null;
}

interface FacetFilter {
  facetKey: string;
  operator?: 'OR' | 'AND' | 'NOR' | null;
  keys?: (string | null)[] | null;
}

export interface PageArguments {
  first?: number | null;
  after?: string | null;
}

type Test = (sheet: FactSheet) => boolean;

const DEFAULT_PAGE = 100;
const EMPTY = '__missing__';
const TRASH_BIN = 'TrashBin';

/** One page of a list. The default size is unknown, and so is what a cursor holds: here it is a position. */
export function page<T>(items: readonly T[], { first, after }: PageArguments) {
  const start = after ? positionOf(after) : 0;
  const end = start + Math.max(0, first ?? DEFAULT_PAGE);
  const nodes = items.slice(start, end);
  return {
    totalCount: items.length,
    edges: nodes.map((node, index) => ({ cursor: cursorAt(start + index + 1), node })),
    pageInfo: { hasNextPage: end < items.length, endCursor: nodes.length ? cursorAt(start + nodes.length) : null },
  };
}

/** Finds fact sheets; remembers the last result, as clients ask for it page by page. */
export class Search {
  #state: LeanIXState;
  #switches: Switches;
  #last: { key: string; result: FactSheet[] } = { key: '', result: [] };

  constructor(state: LeanIXState, switches: Switches) {
    this.#state = state;
    this.#switches = switches;
  }

  find(search: SearchArguments): FactSheet[] {
    const lag = this.#switches.listLagMs;
    const key = lag ? '' : `${this.#state.version} ${JSON.stringify(search)}`;
    if (!key || key !== this.#last.key) {
      this.#last = { key, result: findAsOf(this.#state, lag ? Date.now() - lag : Infinity, search) };
    }
    return this.#last.result;
  }
}

function findAsOf(state: LeanIXState, time: number, { factSheetType, filter, sort }: SearchArguments): FactSheet[] {
  const tests = [...testsOf(state, filter ?? {})];
  if (factSheetType) tests.push((sheet) => sheet.type === factSheetType);
  const found = state.factSheetsAsOf(time).filter((sheet) => !sheet.restricted && tests.every((test) => test(sheet)));
  const by = sort?.[0];
  if (!by) return found;
  const direction = by.order === 'desc' ? -1 : 1;
  return found.sort((a, b) => direction * compare(sortValue(a, by.key), sortValue(b, by.key)));
}

/** Different criteria must all be met. */
function testsOf(state: LeanIXState, filter: FilterInput): Test[] {
  const tests: Test[] = [];
  const facets = (filter.facetFilters ?? []).filter((facet) => facet !== null);
  const wantsArchived = facets.some(({ facetKey, keys }) => facetKey === TRASH_BIN && keys?.includes('archived'));
  tests.push((sheet) => (sheet.status === 'ARCHIVED') === wantsArchived);
  for (const facet of facets) if (facet.facetKey !== TRASH_BIN) tests.push(facetTest(state, facet));
  if (filter.ids) {
    const ids = new Set(filter.ids);
    tests.push((sheet) => ids.has(sheet.id));
  }
  if (filter.externalIds) tests.push(externalIdTest(state, filter.externalIds));
  const texts = [filter.fullTextSearch, filter.quickSearch, filter.displayName];
  texts.forEach((text, index) => {
    const wanted = text?.toLowerCase();
    // How exactly LeanIX searches texts is unknown: here it is a part of the text, whatever its case.
    if (wanted) tests.push((sheet) => searched(sheet, index === 0).some((part) => part.toLowerCase().includes(wanted)));
  });
  return tests;
}

function facetTest(state: LeanIXState, { facetKey, operator, keys }: FacetFilter): Test {
  const wanted = (keys ?? []).filter((key) => key !== null);
  const valuesOf = facetValues(state, facetKey);
  if (!valuesOf) throw new LeanIXError(`Invalid facet key '${facetKey}'`, 'BUSINESS_LOGIC');
  if (facetKey === 'FactSheetTypes') {
    const unknown = wanted.find((type) => !state.dataModel.factSheets[type]);
    if (unknown) throw new LeanIXError(`Invalid key '${unknown}' for facet '${facetKey}'`, 'BUSINESS_LOGIC');
  }
  if (!wanted.length) return () => true;
  return (sheet) => {
    const values = valuesOf(sheet);
    const has = (key: string) => (key === EMPTY ? !values.length : values.includes(key));
    if (operator === 'NOR') return !wanted.some(has);
    return operator === 'AND' ? wanted.every(has) : wanted.some(has);
  };
}

/** How to read what a facet looks at; nothing for an unknown facet. A tag group is a facet by its id. */
function facetValues(state: LeanIXState, facetKey: string): ((sheet: FactSheet) => readonly string[]) | undefined {
  if (facetKey === 'FactSheetTypes') return (sheet) => [sheet.type];
  if (facetKey === 'lxState') return (sheet) => [sheet.lxState];
  if (facetKey === 'hierarchyLevel') return () => ['1'];
  if (facetKey === '_TAGS_' || state.tagGroups.has(facetKey)) return (sheet) => sheet.tags;
  const selectable = Object.values(state.dataModel.factSheets).some(({ fields }) =>
    fields[facetKey]?.type.endsWith('_SELECT'),
  );
  if (!selectable) return undefined;
  return (sheet) => {
    const value = sheet.fields[facetKey] as string | string[] | null | undefined;
    return Array.isArray(value) ? value : value ? [value] : [];
  };
}

/** External ids are asked for as `<name of the field>/<value>`. */
function externalIdTest(state: LeanIXState, wanted: string[]): Test {
  const byField = new Map<string, Set<string>>();
  for (const path of wanted) {
    const { field, value } = externalIdPath(state, path);
    const values = byField.get(field) ?? new Set();
    byField.set(field, values.add(value));
  }
  return (sheet) => [...byField].some(([field, values]) => isIn(values, externalIdIn(sheet, field)));
}

/** The field and the value in a text such as `externalId/1234`; the value may hold further slashes. */
export function externalIdPath(state: LeanIXState, path: string): { field: string; value: string } {
  const slash = path.indexOf('/');
  const field = path.slice(0, slash);
  if (slash < 1 || !state.dataModel.externalIdFields[field]) {
    throw new LeanIXError(`Invalid external id '${path}'`, 'BUSINESS_LOGIC');
  }
  return { field, value: path.slice(slash + 1) };
}

function isIn(values: Set<string>, value: string | undefined): boolean {
  return value !== undefined && values.has(value);
}

function searched(sheet: FactSheet, everywhere: boolean): string[] {
  const alias = sheet.fields.alias;
  const texts = [sheet.fullName, sheet.name];
  if (everywhere) texts.push(sheet.description ?? '', externalIdIn(sheet, 'externalId') ?? '');
  if (everywhere && typeof alias === 'string') texts.push(alias);
  return texts;
}

function sortValue(sheet: FactSheet, key: string): string | number {
  if (key === 'displayName') return sheet.fullName;
  const value = { ...sheet.fields, ...sheet }[key as keyof FactSheet] as unknown;
  return typeof value === 'number' || typeof value === 'string' ? value : '';
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function cursorAt(position: number): string {
  return Buffer.from(`page:${position}`).toString('base64url');
}

function positionOf(cursor: string): number {
  const position = /^page:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (!position) throw new LeanIXError(`Invalid cursor '${cursor}'`, 'BUSINESS_LOGIC');
  return Number(position);
}
