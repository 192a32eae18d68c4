/** An error that is answered in OData's format. */
export class ODataError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Entity = Record<string, unknown>;

/** A piece of the path: `Name`, or `Name(key)`. A key without a name is kept under the empty name. */
export interface Segment {
  name: string;
  key?: Record<string, string>;
}

/** What a request asks for. */
export interface ODataRequest {
  segments: Segment[];
  options: URLSearchParams;
}

/** Reads a path below the service root, such as `IntegrationPackages('O2C')/IntegrationDesigntimeArtifacts`. */
export function parsePath(path: string): Segment[] {
  return path.split('/').filter(Boolean).map(parseSegment);
}

function parseSegment(encoded: string): Segment {
  let text: string;
  try {
    text = decodeURIComponent(encoded);
  } catch {
    throw new ODataError(400, 'The request URI is not encoded properly');
  }
  const [, name = '', predicate] = /^([^(]*)(?:\((.*)\))?$/s.exec(text) ?? [];
  return predicate === undefined ? { name: text } : { name, key: parseKey(predicate) };
}

/** Reads `'x'` or `Id='x',Version='active'`; a quote inside a literal is doubled. */
function parseKey(predicate: string): Record<string, string> {
  const key: Record<string, string> = {};
  const part = /\s*(?:(\w+)\s*=\s*)?'((?:[^']|'')*)'\s*(,|$)/y;
  while (part.lastIndex < predicate.length) {
    const match = part.exec(predicate);
    if (!match) throw new ODataError(400, `Invalid key predicate: ${predicate}`);
    key[match[1] ?? ''] = unquote(match[2] ?? '');
  }
  return key;
}

/** Entities that fit a `$filter` of the only kind there is: `A eq 'x' or B eq 'y'`. */
export function applyFilter(entities: Entity[], filter: string | null, properties: readonly string[]): Entity[] {
  if (filter === null) return entities;
  const conditions: [string, string][] = [];
  const condition = /\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*(\bor\b|$)/y;
  while (conditions.length === 0 || condition.lastIndex < filter.length) {
    const match = condition.exec(filter);
    const property = match?.[1] ?? '';
    if (!match || !properties.includes(property)) throw new ODataError(400, `Invalid filter expression: ${filter}`);
    conditions.push([property, unquote(match[2] ?? '')]);
  }
  return entities.filter((entity) => conditions.some(([property, value]) => entity[property] === value));
}

/** Entities in the order of `$orderby`. */
export function applyOrder(entities: Entity[], orderby: string | null, properties: readonly string[]): Entity[] {
  if (orderby === null) return entities;
  const terms = orderby.split(',').map((term) => {
    const [, property = '', direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/.exec(term) ?? [];
    if (!properties.includes(property)) throw new ODataError(400, `Invalid orderby expression: ${orderby}`);
    return { property, sign: direction === 'desc' ? -1 : 1 };
  });
  return entities.toSorted((a, b) => {
    for (const { property, sign } of terms) {
      const [left, right] = [String(a[property]), String(b[property])];
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
}

/** Entities with the properties of `$select` only. */
export function applySelect(entities: Entity[], select: string | null, properties: readonly string[]): Entity[] {
  if (select === null) return entities;
  const names = select.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !properties.includes(name));
  if (unknown !== undefined) throw new ODataError(400, `Invalid select item: ${unknown}`);
  return entities.map((entity) => Object.fromEntries(['__metadata', ...names].map((name) => [name, entity[name]])));
}

/** A number such as `$top`; undefined if it is not there. */
export function numberOption(options: URLSearchParams, name: string): number | undefined {
  const text = options.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw new ODataError(400, `Invalid value for ${name}: ${text}`);
  return Number(text);
}

/** A text as an OData literal in a URL. */
export function literal(text: string): string {
  return `'${encodeURIComponent(text.replaceAll("'", "''")).replaceAll('%27', "'")}'`;
}

/** `/Date(…)/`, as OData V2 writes a time in JSON. */
export function odataDate(milliseconds: number): string {
  return `/Date(${milliseconds})/`;
}

function unquote(text: string): string {
  return text.replaceAll("''", "'");
}
