/**
 * In the settings of a constructor, UI5 treats text with braces as a binding. Text from people goes through a setter
 * instead; fixed texts are allowed.
 */

/** Classes that are no controls and do not parse bindings. */
const NO_CONTROLS = 'Filter|JSONModel|Message|Sorter';

/** `text(api, 'key')`. */
const OWN_TEXT = '[callee.name="text"][arguments.length=2][arguments.1.type="Literal"]';

const COMPUTED = [
  'Identifier',
  'MemberExpression',
  'TemplateLiteral',
  'BinaryExpression',
  'LogicalExpression',
  'ConditionalExpression',
  'AwaitExpression',
  'ChainExpression',
  'TSAsExpression',
  'TSNonNullExpression',
  `CallExpression:not(${OWN_TEXT})`,
];

const SETTINGS = `NewExpression[callee.name!=/^(?:${NO_CONTROLS})$/] > ObjectExpression`;
const message = 'UI5 takes braces in it for a binding: call a setter.';

export const namesAreTexts = [
  ...COMPUTED.map((node) => ({ selector: `${SETTINGS} > Property > ${node}.value`, message })),
  { selector: `${SETTINGS} > SpreadElement`, message },
  { selector: 'CallExpression[callee.property.name="data"][arguments.length>1]', message },
];
