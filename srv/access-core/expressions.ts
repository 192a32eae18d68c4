import jsonata from 'jsonata';

/**
 * Expressions of the mappings: JSONata without what could run for long. There are paths, comparisons, conditions
 * (`a = "b" ? c : d`), operators, and these functions; none of their own, no loops, no regular expressions.
 */
const FUNCTIONS = [
  'boolean',
  'contains',
  'count',
  'exists',
  'join',
  'length',
  'lowercase',
  'not',
  'number',
  'replace',
  'split',
  'string',
  'substring',
  'substringAfter',
  'substringBefore',
  'trim',
  'uppercase',
] as const;

/** What an expression is made of; all other constructs of JSONata are refused. */
const PARTS = new Set('path name string number value variable binary unary function condition block filter'.split(' '));
const VARIABLES = new Set<string>(['', '$', ...FUNCTIONS]);
const OPERATORS_REFUSED = new Set(['..', '^', '#', '@', '~>', '{']);
const LIMITS = { timeout: 500, stack: 50, sequence: 1000 };
/** Longer texts are no attribute of anything. */
const MAX_RESULT = 1000;

/** Why an expression can't be used; the text is for people. */
export class ExpressionError extends Error {}

export type Expression = {
  /**
   * The value as a text; null where there is none.
   * @throws ExpressionError
   */
  evaluate(context: object): Promise<string | null>;
};

/** @throws ExpressionError */
export function parseExpression(text: string): Expression {
  const compiled = compile(text);
  check(compiled.ast());
  return {
    async evaluate(context) {
      let value: unknown;
      try {
        value = await compiled.evaluate(context);
      } catch (error) {
        throw new ExpressionError(reasonOf(error));
      }
      return toText(value);
    },
  };
}

function compile(text: string): jsonata.Expression {
  try {
    return jsonata(text, LIMITS);
  } catch (error) {
    throw new ExpressionError(reasonOf(error));
  }
}

/** Walks through everything the parser made of the text. */
function check(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(check);
  if (typeof node !== 'object' || node === null) return;
  const { type, value } = node as { type?: unknown; value?: unknown };
  const isOperator = type === 'binary' || type === 'unary';
  if (typeof type === 'string' && !PARTS.has(type)) throw new ExpressionError(`"${type}" is not supported`);
  if (type === 'variable' && !VARIABLES.has(String(value))) throw new ExpressionError(`$${String(value)} is not known`);
  if (isOperator && OPERATORS_REFUSED.has(String(value)))
    throw new ExpressionError(`"${String(value)}" is not supported`);
  for (const [key, inner] of Object.entries(node)) if (key !== 'value' || typeof inner === 'object') check(inner);
}

function toText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw new ExpressionError('the result is not a text');
  const text = `${value as string}`.trim();
  if (text.length > MAX_RESULT) throw new ExpressionError(`the result has more than ${MAX_RESULT} characters`);
  return text === '' ? null : text;
}

/** What JSONata says, which names what was expected and where; never what was in the data. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (!code) return 'it cannot be evaluated';
  return /^S/.test(code) ? (message ?? code) : `${code}, a value of another kind was expected`;
}
