import jsonata from 'jsonata';
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

/** Nine entries; each further step of a path takes nine times as many. */
const NINE = '[1,2,3,4,5,6,7,8,9]';
const data = { text: 'a'.repeat(1000), list: Array.from({ length: 500 }, () => ({ name: 'abc' })) };

test.each([
  ['$replace(text, "a", text)', 'EXPRESSION_TOO_LARGE'],
  ['$join($split(text, ""), text)', 'EXPRESSION_TOO_LARGE'],
  [Array(12).fill('text').join('&'), 'EXPRESSION_TOO_LARGE'],
  ['$length([$$, $$, $$, $$, $$] & "")', 'EXPRESSION_TOO_LARGE'],
  // A list that contains itself twice, repeatedly: 2 to the power of 40 entries for a function that visits all of them.
  [`$string(${Array(40).fill('[[$],[$]]').join('.')})`, 'EXPRESSION_TOO_LARGE'],
  [`${NINE}.(${NINE}.(${NINE}.(${NINE}.(${NINE}))))`, 'EXPRESSION_ENDLESS'],
  ['list[$count($$.list[name = "abc"]) > 1]', 'EXPRESSION_ENDLESS'],
])('%s is stopped before it grows', async (text, code) => {
  await expect(value(text, data)).rejects.toMatchObject({ code });
  // The result is the same in each try and does not depend on the clock.
  await expect(value(text, data)).rejects.toMatchObject({ code });
});

test('what people write stays far below the bounds, whatever else is in the data', async () => {
  const people = { leanix: { user: { email: 'ada@example.com', note: 'x'.repeat(20_000) } }, ...data };
  expect(await value('$uppercase($substringBefore(leanix.user.email, "@"))', people)).toBe('ADA');
  expect(await value('$count(list.name)', people)).toBe('500');
  expect(await value('$count(list[name = "abc"])', people)).toBe('500');
  expect(await value(Array(40).fill('list[0].name').join('&'), people)).toBe('abc'.repeat(40));
});

test('one evaluation takes nothing from another one', async () => {
  const expression = parseExpression('$count(list[name = "abc"])');
  const all = await Promise.all(Array.from({ length: 20 }, () => expression.evaluate(data)));
  expect(all).toEqual(Array(20).fill('500'));
});

test("$replace and $join do what JSONata's do", async () => {
  const texts = ['a-b-c', 'a', '', '-', '--', 'a$1b'];
  const calls = [
    '$replace(x, "-", "+")',
    '$replace(x, "-", "+", 1)',
    '$replace(x, "-", "+", 0)',
    '$replace(x, "-", "")',
    '$replace(x, "-", "$1")',
    'x.$replace("-", "--")',
    '$replace(y, "-", "+")',
    '$join($split(x, "-"), ", ")',
    '$join($split(x, "-"))',
    '$join(x)',
    '$join(y, ", ")',
  ];
  for (const call of calls) {
    for (const x of texts) {
      const expected = ((await jsonata(call).evaluate({ x })) as string | undefined)?.trim();
      expect([call, x, await value(call, { x })]).toEqual([call, x, expected || null]);
    }
  }
  await expect(value('$replace("a", "", "b")')).rejects.toMatchObject({ code: 'EXPRESSION_ARGUMENT' });
  await expect(value('$replace("a", "a", "b", -1)')).rejects.toMatchObject({ code: 'EXPRESSION_ARGUMENT' });
});

test('a longer expression than can be stored is refused before it is read', () => {
  expect(() => parseExpression('1'.padEnd(1001))).toThrow('EXPRESSION_TOO_LONG 1000');
  expect(() => parseExpression('1'.padEnd(1000))).not.toThrow();
});
