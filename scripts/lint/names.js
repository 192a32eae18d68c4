/**
 * UI5 takes a text among the settings of a constructor for a binding where it has braces in it. What comes from people
 * is set by a setter, which takes it as it is; a text of our own, without values in it, may stand among the settings.
 */

/** Classes that are no controls, and take their texts as they are. */
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
