import { parseExpression } from '../../../../srv/core/access/expressions.ts';

const value = (text: string, context: object = {}) => parseExpression(text).evaluate(context);

const context = {
  task: { role: 'MEMBER' },
  owner: { department: 'Enterprise Architecture', email: 'ada@example.com' },
  request: { justification: 'New in the team' },
};

test.each([
  ['task.role', 'MEMBER'],
  ['owner.department = "IT" ? "ADMIN" : task.role', 'MEMBER'],
  ['$contains(owner.department, "Architect") ? "ADMIN" : "VIEWER"', 'ADMIN'],
  ['$substringBefore(owner.email, "@")', 'ada'],
  ['$uppercase($substring(owner.department, 0, 3))', 'ENT'],
  ['"Because: " & request.justification', 'Because: New in the team'],
  ['owner.manager.email', null],
  ['$length(owner.department) > 5 and task.role in ["MEMBER", "ADMIN"]', 'true'],
  ['$count($split("a,b,c", ",")) + 1', '4'],
  ['""', null],
  ['0.1 + 0.2', '0.3'],
  ['$string(0.1 + 0.2)', '0.3'],
  ['12345678901234567', '12345678901234568'],
  ['1 / 3', '0.333333333333333'],
])('%s gives %p', async (text, expected) => {
  expect(await value(text, context)).toBe(expected);
});

test.each([
  'a.',
  '',
  'function($n){$n}',
  '($f := function($n){$f($n)}; $f(1))',
  '$eval("1+1")',
  '$match("aaa", /(a+)+$/)',
  '[1..100000]',
  '$pad("x", 100000000)',
  '$ ~> | $ | {"role": "ADMIN"} |',
  '$map([1], $string)',
  '**',
  '{"a": 1}',
])('%s is refused when it is saved', (text) => {
  expect(() => parseExpression(text)).toThrow();
});

test.each([
  ['$length(task)', 'EXPRESSION_ARGUMENT', ['length']],
  ['task', 'EXPRESSION_NO_TEXT', []],
  ['$number(owner.email)', 'EXPRESSION_NO_NUMBER', ['number']],
  ['owner.email - 1', 'EXPRESSION_OPERAND', ['-']],
  ['$string(1 / 0)', 'EXPRESSION_INFINITE', []],
  ['1 / 0', 'EXPRESSION_INFINITE', []],
  ['-1 / 0', 'EXPRESSION_INFINITE', []],
  ['0 % 0', 'EXPRESSION_INFINITE', []],
])('%s fails where it is used, and the reason has nothing of the data', async (text, code, args) => {
  const error = await value(text, context).catch((thrown: unknown) => thrown as { code: string; args: string[] });
  expect(error).toMatchObject({ code, args: expect.arrayContaining(args) });
  expect(JSON.stringify(error)).not.toContain('ada');
});

test('what is no attribute of the data is not found in what data is made of', async () => {
  expect(await value('x.__proto__', { x: {} })).toBeNull();
  expect(await value('constructor.name', {})).toBeNull();
  expect(await value('x.constructor.constructor("return process")()', { x: {} })).toBeNull();
});

test('a result without end is refused', async () => {
  await expect(value('$join(list)', { list: ['x'.repeat(600), 'x'.repeat(600)] })).rejects.toThrow(
    'EXPRESSION_RESULT_TOO_LONG 1000',
  );
});
