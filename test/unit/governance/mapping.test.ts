import { mapper } from '../../../srv/governance/mapping.ts';
import { countTurns } from '../../helpers/app/turns.ts';
import type { AccessSettings } from '../../../srv/governance/settings.ts';

/** Mappings of an import with one expression. */
function settings(expression: string): AccessSettings {
  return { mappings: [{ direction: 'import', target: 'department', expression }] } as unknown as AccessSettings;
}

test('while the expressions of many rows are evaluated, the rest of the process gets its turn', async () => {
  const list = Array.from({ length: 500 }, () => 'x');
  const map = mapper(settings('$count(list[$ = "x"])'), 'import');
  const turns = countTurns();
  for (let row = 0; row < 100; row++) expect(await map({ list })).toEqual({ department: '500' });
  // Each row takes some milliseconds. Without pauses, there is no turn at all.
  expect(turns.stop()).toBeGreaterThan(20);
});

test('an expression without bounds fails its row, and the next one is evaluated', async () => {
  const map = mapper(settings('$replace(text, "a", text)'), 'import');
  await expect(map({ text: 'a'.repeat(1000) })).rejects.toMatchObject({ code: 'EXPRESSION_FAILED' });
  expect(await map({ text: 'ab' })).toEqual({ department: 'abb' });
});
