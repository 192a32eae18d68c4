/**
 * Answers queries on rows that are not in a table, such as a list of another system: `$filter` with comparisons of
 * texts, `contains` and `startswith`, `$search`, `$orderby`, `$skip`, `$top` and `$count`.
 */

type Row = Record<string, unknown>;
type Expr = { ref?: string[]; val?: unknown; func?: string; args?: Expr[]; xpr?: Token[] };
type Token = Expr | string;

/** The parts of a CQN SELECT that are evaluated. */
export type ListQuery = {
  where?: Token[];
  search?: { val?: unknown }[];
  orderBy?: { ref?: string[]; sort?: string }[];
  limit?: { rows?: { val: number }; offset?: { val: number } };
  count?: boolean;
};

/** @throws RangeError for unsupported queries */
export function answerList<R extends Row>(rows: R[], query: ListQuery): R[] & { $count?: number } {
  const words = (query.search ?? []).flatMap(({ val }) => textOf(val).split(/\s/).filter(Boolean));
  const found = rows.filter(
    (row) =>
      (!query.where || isTrue(evaluate(query.where, row))) &&
      words.every((word) => Object.values(row).some((value) => textOf(value).includes(word))),
  );
  for (const { ref = [], sort } of [...(query.orderBy ?? [])].reverse()) {
    const sign = sort === 'desc' ? -1 : 1;
    found.sort((a, b) => sign * textOf(a[ref.at(-1)!]).localeCompare(textOf(b[ref.at(-1)!])));
  }
  const start = query.limit?.offset?.val ?? 0;
  const page: R[] & { $count?: number } = found.slice(start, start + (query.limit?.rows?.val ?? Infinity));
  if (query.count) page.$count = found.length;
  return page;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : '');
const isTrue = (value: unknown) => value === true;

/** An expression is a list: operands with `and`, `or`, `not` and comparisons between them. */
function evaluate(tokens: Token[], row: Row): unknown {
  for (const operator of ['or', 'and']) {
    const at = tokens.indexOf(operator);
    if (at < 0) continue;
    const [left, right] = [tokens.slice(0, at), tokens.slice(at + 1)].map((side) => isTrue(evaluate(side, row)));
    return operator === 'or' ? left || right : left && right;
  }
  if (tokens[0] === 'not') return !isTrue(evaluate(tokens.slice(1), row));
  const [left, operator, right] = tokens;
  if (tokens.length === 1) return valueOf(left!, row);
  if (tokens.length === 3 && operator === '=') return valueOf(left!, row) === valueOf(right!, row);
  if (tokens.length === 3 && (operator === '!=' || operator === '<>'))
    return valueOf(left!, row) !== valueOf(right!, row);
  throw new RangeError('not understood');
}

function valueOf(operand: Token, row: Row): unknown {
  if (typeof operand === 'string') throw new RangeError('not understood');
  if (operand.xpr) return evaluate(operand.xpr, row);
  if (operand.ref) return row[operand.ref.at(-1)!];
  if (operand.func)
    return call(
      operand.func.toLowerCase(),
      (operand.args ?? []).map((arg) => valueOf(arg, row)),
    );
  if ('val' in operand) return operand.val;
  throw new RangeError('not understood');
}

function call(name: string, [text, part]: unknown[]): unknown {
  const [whole, piece] = [text, part].map((one) => (typeof one === 'string' ? one : ''));
  if (name === 'contains') return whole!.includes(piece!);
  if (name === 'startswith') return whole!.startsWith(piece!);
  if (name === 'endswith') return whole!.endsWith(piece!);
  if (name === 'tolower' || name === 'lower') return whole!.toLowerCase();
  if (name === 'toupper' || name === 'upper') return whole!.toUpperCase();
  throw new RangeError('not understood');
}
