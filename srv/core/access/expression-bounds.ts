import jsonata from 'jsonata';

/** Why an expression can't be used, as a message code and the arguments of its text. */
export class ExpressionError extends Error {
  readonly code: string;
  readonly args: string[];

  constructor(code: string, ...args: string[]) {
    super([code, ...args].join(' '));
    this.code = code;
    this.args = args;
  }
}

/** Maximum size of one value during evaluation: characters of a text, or entries of a list with everything in them. */
const MAX_SIZE = 10_000;
/** Maximum total size of all values of one evaluation. Each counts at least `STEP`, so there are at most 4,000. */
const MAX_EFFORT = 200_000;
const STEP = 50;

type Effort = { spent: number };

/** Limits the size and number of values. JSONata limits neither, and its timeout depends on the load of the process. */
export function bound(expression: jsonata.Expression): (context: object) => Promise<unknown> {
  expression.registerFunction('replace', replace, '<s-ssn?:s>');
  expression.registerFunction('join', join, '<a<s>s?:s>');
  // JSONata calls this with each evaluated value of any kind.
  expression.assign(
    Symbol.for('jsonata.__evaluate_exit') as unknown as string,
    (_node: unknown, _input: unknown, environment: jsonata.Environment, value: unknown) => {
      const effort = environment.lookup(EFFORT) as Effort;
      effort.spent += STEP + assertSmall(sizeOf(value));
      if (effort.spent > MAX_EFFORT) throw new ExpressionError('EXPRESSION_ENDLESS');
    },
  );
  return (context) => expression.evaluate(context, { [EFFORT]: { spent: 0 } satisfies Effort });
}

/** A name that no expression can use. */
const EFFORT = 'effort of this evaluation';

function assertSmall(size: number): number {
  if (size > MAX_SIZE) throw new ExpressionError('EXPRESSION_TOO_LARGE', String(MAX_SIZE));
  return size;
}

/**
 * The size of a value; counting stops beyond the limit. An object counts as one, but with its content inside a list.
 */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return 1;
  let size = 0;
  const open: unknown[] = [value];
  while (open.length && size <= MAX_SIZE) {
    const next = open.pop();
    const inner = typeof next === 'object' && next !== null ? Object.values(next) : [];
    size += 1 + (typeof next === 'string' ? next.length : 0);
    if (size + inner.length > MAX_SIZE) return size + inner.length;
    for (const entry of inner) open.push(entry);
  }
  return size;
}

/** JSONata's own function grows without limit before the result can be checked. */
function replace(text: string | undefined, pattern: string, replacement: string, limit = Infinity): string | undefined {
  if (text === undefined) return undefined;
  if (pattern === '' || limit < 0) throw new ExpressionError('EXPRESSION_ARGUMENT', 'replace');
  const parts = text.split(pattern);
  const replaced = Math.min(parts.length - 1, Math.ceil(limit));
  assertSmall(text.length + replaced * (replacement.length - pattern.length));
  const rest = parts.slice(replaced).join(pattern);
  return [...parts.slice(0, replaced), rest].join(replacement);
}

/** As for `replace`. */
function join(texts: string[] | undefined, separator = ''): string | undefined {
  if (texts === undefined) return undefined;
  assertSmall(texts.reduce((length, text) => length + text.length + separator.length, 0));
  return texts.join(separator);
}
