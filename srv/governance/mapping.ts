import { ATTRIBUTES, type Attribute, type Attributes } from '../core/access/accounts.ts';
import { ExpressionError, parseExpression, type Expression } from '../core/access/expressions.ts';
import { pacer } from '../base/give-way.ts';
import { cut } from '../base/text.ts';
import { textOf } from '../base/problem.ts';
import { DEFAULT_MAPPINGS, type AccessMapping, type AccessSettings, type Direction } from './settings.ts';

/** An expression that failed for one row, with its target: for the journal. */
export class MappingError extends Error {
  readonly code = 'EXPRESSION_FAILED';
  readonly args: string[];

  constructor(target: string, { code, args }: ExpressionError) {
    const reason = textOf(code, args);
    super(textOf('EXPRESSION_FAILED', [target, reason]));
    this.args = [target, reason];
  }
}

/** Evaluates the mappings of one direction. @throws MappingError */
export type Mapper = (context: object) => Promise<Record<string, string | null>>;

/**
 * Takes the expressions apart once, for many rows. What can't be used fails when it is used. Where a direction has no
 * rows, those hold that every configuration begins with.
 */
export function mapper({ mappings }: AccessSettings, direction: Direction): Mapper {
  const of = (all: readonly AccessMapping[]) => all.filter((row) => row.direction === direction);
  const own = of(mappings);
  const rows = (own.length ? own : of(DEFAULT_MAPPINGS)).map((row) => ({ ...row, parsed: parsed(row) }));
  const pause = pacer();
  return async (context) => {
    const result: Record<string, string | null> = {};
    for (const { target, parsed: expression } of rows) {
      if (expression instanceof ExpressionError) throw new MappingError(target, expression);
      /* eslint-disable no-await-in-loop -- nothing is waited for: the library is asynchronous by nature */
      await pause();
      try {
        result[target] = await expression.evaluate(context);
      } catch (error) {
        throw error instanceof ExpressionError ? new MappingError(target, error) : error;
      }
      /* eslint-enable no-await-in-loop */
    }
    return result;
  };
}

function parsed({ expression }: AccessMapping): Expression | ExpressionError {
  try {
    return parseExpression(expression);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

const MAX = 255;

/** What an import maps, as the attributes of an account; too long texts are cut, and who has no name goes by the e-mail. */
export function attributesOf(values: Record<string, string | null>): Attributes {
  const entries = ATTRIBUTES.map((name): [Attribute, string | null] => [name, cut(values[name] ?? null, MAX)]);
  const attributes = Object.fromEntries(entries) as Attributes;
  return { ...attributes, displayName: attributes.displayName ?? attributes.email ?? attributes.userName };
}
