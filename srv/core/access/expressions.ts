import jsonata from 'jsonata';
import { bound, ExpressionError } from './expression-bounds.ts';

export { ExpressionError };

/**
 * Expressions of the mappings: JSONata without anything that could run for long. Allowed are paths, comparisons,
 * conditions (`a = "b" ? c : d`), operators, and these functions; no functions defined in the expression, no loops, and
 * no regular expressions.
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

/** The allowed parts of an expression; all other constructs of JSONata are refused. */
const PARTS = new Set('path name string number value variable binary unary function condition block filter'.split(' '));
const VARIABLES = new Set<string>(['', '$', ...FUNCTIONS]);
const OPERATORS_REFUSED = new Set(['..', '^', '#', '@', '~>', '{']);
const LIMITS = { stack: 50, sequence: 1000 };
/** The length of the database column. */
const MAX_EXPRESSION = 1000;
/** Longer texts cannot be attributes. */
const MAX_RESULT = 1000;

export type Expression = {
  /**
   * The value as a text; null if there is none.
   * @throws ExpressionError
   */
  evaluate(context: object): Promise<string | null>;
};

/** @throws ExpressionError */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_EXPRESSION) throw new ExpressionError('EXPRESSION_TOO_LONG', String(MAX_EXPRESSION));
  const compiled = compile(text);
  check(compiled.ast());
  const evaluate = bound(compiled);
  return {
    async evaluate(context) {
      let value: unknown;
      try {
        value = await evaluate(context);
      } catch (error) {
        throw reasonOf(error);
      }
      return toText(value);
    },
  };
}

function compile(text: string): jsonata.Expression {
  try {
    return jsonata(text, LIMITS);
  } catch (error) {
    throw reasonOf(error);
  }
}

/** Checks everything that the parser found in the text. */
function check(node: unknown): void {
  if (Array.isArray(node)) return node.forEach(check);
  if (typeof node !== 'object' || node === null) return;
  const { type, value } = node as { type?: unknown; value?: unknown };
  const isOperator = type === 'binary' || type === 'unary';
  if (typeof type === 'string' && !PARTS.has(type)) throw new ExpressionError('EXPRESSION_UNSUPPORTED', type);
  if (type === 'variable' && !VARIABLES.has(String(value))) {
    throw new ExpressionError('EXPRESSION_NAME_UNKNOWN', `$${String(value)}`);
  }
  if (isOperator && OPERATORS_REFUSED.has(String(value))) {
    throw new ExpressionError('EXPRESSION_UNSUPPORTED', String(value));
  }
  for (const [key, inner] of Object.entries(node)) if (key !== 'value' || typeof inner === 'object') check(inner);
}

function toText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw new ExpressionError('EXPRESSION_NO_TEXT');
  const text = `${(typeof value === 'number' ? rounded(value) : value) as string}`.trim();
  if (text.length > MAX_RESULT) throw new ExpressionError('EXPRESSION_RESULT_TOO_LONG', String(MAX_RESULT));
  return text === '' ? null : text;
}

/** A number with the digits that `$string` of JSONata gives it: 0.1 + 0.2 is 0.3. */
function rounded(value: number): number {
  if (!Number.isFinite(value)) throw new ExpressionError('EXPRESSION_INFINITE');
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}

/** Message codes for the codes of JSONata. Each gets the token, what was expected, and the position. */
const REASONS: Record<string, string> = {
  S0101: 'EXPRESSION_UNCLOSED',
  S0105: 'EXPRESSION_UNCLOSED',
  S0106: 'EXPRESSION_UNCLOSED',
  S0202: 'EXPRESSION_EXPECTED',
  S0203: 'EXPRESSION_ENDS_BEFORE',
  S0207: 'EXPRESSION_ENDS',
  T0410: 'EXPRESSION_ARGUMENT',
  T0411: 'EXPRESSION_ARGUMENT',
  T0412: 'EXPRESSION_ARGUMENT',
  T2001: 'EXPRESSION_OPERAND',
  T2002: 'EXPRESSION_OPERAND',
  T2009: 'EXPRESSION_OPERAND',
  T2010: 'EXPRESSION_OPERAND',
  D1011: 'EXPRESSION_ENDLESS',
  D2015: 'EXPRESSION_ENDLESS',
  D1001: 'EXPRESSION_INFINITE',
  D3001: 'EXPRESSION_INFINITE',
  D3030: 'EXPRESSION_NO_NUMBER',
};

/** Translates an error of JSONata. It contains what was expected and where, but no data. */
function reasonOf(error: unknown): ExpressionError {
  if (error instanceof ExpressionError) return new ExpressionError(error.code, ...error.args);
  const { code = '', token, value, position } = error as Record<string, string | number | undefined>;
  const isSyntax = String(code).startsWith('S');
  const reason = REASONS[code] ?? (isSyntax ? 'EXPRESSION_SYNTAX' : 'EXPRESSION_KIND');
  // During the evaluation, a value comes from the data.
  return new ExpressionError(
    reason,
    String(token ?? code),
    isSyntax ? String(value ?? '') : '',
    String(position ?? ''),
  );
}
