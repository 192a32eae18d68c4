/** The value of the last row of a page, for each part of the order. */
export type Mark = { value: string | number | boolean | null; desc: boolean };

/** Name of the function. Function names in OData consist of letters, so no client can call this one. */
export const COMES_AFTER = 'comes_after';

type Expression = { val?: unknown; list?: Expression[]; sort?: 'asc' };
/** CAP's query translator: `val` adds a value and returns its placeholder. */
type Translator = {
  orderBy(order: Expression[], localized: boolean): string[];
  val(value: { val: unknown }): string;
};
type Service = {
  kind: string;
  class: { CQN2SQL: { Functions: Record<string, (this: Translator, ...args: Expression[]) => string> } };
};

/**
 * Adds the function `comes_after(order, marks)` to queries on SQLite and PostgreSQL. It returns whether a row comes
 * after another one. `order` is the list of sort criteria; `marks` are `Mark[]` as JSON. Null is smaller than any
 * value, and texts are compared with CAP's collation.
 */
export function addComesAfter(service: object): void {
  const { kind, class: its } = service as Service;
  its.CQN2SQL.Functions[COMES_AFTER] = function (order, { val }) {
    const marks = JSON.parse(String(val)) as Mark[];
    const parts = order.list ?? [order];

    const sorted = (part: Expression): string => {
      // Inherits what CAP found out about this part.
      const term = Object.create(part, { sort: { value: 'asc', enumerable: true } }) as Expression;
      return this.orderBy([term], true)[0]!.replace(/ ASC(?: NULLS FIRST)?$/, '');
    };
    const bound = (value: Mark['value']): string => {
      // On SQLite, CAP changes texts that look like times.
      const isChanged = kind === 'sqlite' && typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
      if (!isChanged) return this.val({ val: value });
      return `(${this.val({ val: value.slice(0, 4) })} || ${this.val({ val: value.slice(4) })})`;
    };
    const isAfter = (part: Expression, { value, desc }: Mark): string => {
      if (value === null) return desc ? '1 = 0' : `${sorted(part)} IS NOT NULL`;
      if (!desc) return `${sorted(part)} > ${bound(value)}`;
      return `${sorted(part)} < ${bound(value)} OR ${sorted(part)} IS NULL`;
    };
    const isSame = (part: Expression, { value }: Mark): string =>
      value === null ? `${sorted(part)} IS NULL` : `${sorted(part)} = ${bound(value)}`;
    // Creates each text at its place in the order, since values are bound in this order.
    const from = (index: number): string => {
      const [part, mark] = [parts[index]!, marks[index]!];
      const after = isAfter(part, mark);
      if (index === parts.length - 1) return `(${after})`;
      return `(${after} OR (${isSame(part, mark)} AND ${from(index + 1)}))`;
    };
    return from(0);
  };
}
