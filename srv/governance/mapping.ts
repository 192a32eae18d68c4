import { ATTRIBUTES, type Attribute, type Attributes } from '../core/access/accounts.ts';
import { ExpressionError, parseExpression, type Expression } from '../core/access/expressions.ts';
import { pacer } from '../base/give-way.ts';
import { cut } from '../base/text.ts';
import { textOf } from '../base/problem.ts';
import { givesRole } from '../core/access/task-plan.ts';
import type { TaskContext } from './tasks.ts';
import { DEFAULT_MAPPINGS } from './defaults.ts';
import { type AccessMapping, type AccessSettings, type Direction } from './settings.ts';

/** Why the mappings give no value for a row; shown in the journal. */
export class MappingError extends Error {
  readonly code: string;
  readonly args: string[];

  constructor(code: string, ...args: string[]) {
    super(textOf(code, args));
    this.code = code;
    this.args = args;
  }
}

const failed = (target: string, { code, args }: ExpressionError) =>
  new MappingError('EXPRESSION_FAILED', target, textOf(code, args));

/** Evaluates the mappings of one direction. @throws MappingError */
export type Mapper = (context: object) => Promise<Record<string, string | null>>;

/**
 * Parses the expressions once for many rows; an invalid one fails when it is used. Without rows in a direction, the
 * default mappings apply.
 */
export function mapper({ mappings }: AccessSettings, direction: Direction): Mapper {
  const of = (all: readonly AccessMapping[]) => all.filter((row) => row.direction === direction);
  const own = of(mappings);
  const rows = (own.length ? own : of(DEFAULT_MAPPINGS)).map((row) => ({ ...row, parsed: parsed(row) }));
  const pause = pacer();
  return async (context) => {
    const result: Record<string, string | null> = {};
    for (const { target, parsed: expression } of rows) {
      if (expression instanceof ExpressionError) throw failed(target, expression);
      /* eslint-disable no-await-in-loop -- nothing is waited for: the library is asynchronous by nature */
      await pause();
      try {
        result[target] = await expression.evaluate(context);
      } catch (error) {
        throw error instanceof ExpressionError ? failed(target, error) : error;
      }
      /* eslint-enable no-await-in-loop */
    }
    return result;
  };
}

/**
 * Refuses to grant a role by an expression about an unknown owner or manager: its "else" branch could grant more than
 * intended.
 * @throws MappingError OWNER_MISSING
 */
export function assertOwnerKnown({ mappings }: AccessSettings, { task, owner }: TaskContext): void {
  if (owner || !givesRole(task.kind)) return;
  const role = mappings.find(({ direction, target }) => direction === 'provision' && target === 'role');
  if (role && namesOwner(role.expression)) throw new MappingError('OWNER_MISSING', task.email);
}

/** Whether an expression uses one of these names outside of texts. */
function namesOwner(expression: string): boolean {
  const code = expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  return /\b(?:owner|manager)\b/.test(code);
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

/** The mapped attributes of an account. Long texts are cut; the e-mail replaces a missing name. */
export function attributesOf(values: Record<string, string | null>): Attributes {
  const entries = ATTRIBUTES.map((name): [Attribute, string | null] => [name, cut(values[name] ?? null, MAX)]);
  const attributes = Object.fromEntries(entries) as Attributes;
  return { ...attributes, displayName: attributes.displayName ?? attributes.email ?? attributes.userName };
}
