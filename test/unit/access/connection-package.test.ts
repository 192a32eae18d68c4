import { parsePackage } from '../../../srv/access/connection-package.ts';
import { countTurns } from '../../helpers/app/turns.ts';

test('while a large package is read, the rest of the process gets its turn', async () => {
  const expression = 'a.'.repeat(400) + 'a';
  const mappings = [{ direction: 'import', target: 'department', expression }];
  const configurations = Array.from({ length: 500 }, (_, n) => ({ name: `Connection ${n}`, mappings }));
  const turns = countTurns();
  const configs = await parsePackage(JSON.stringify({ version: 1, 'leanix_access.json': { configurations } }));
  expect(configs).toHaveLength(500);
  expect(turns.stop()).toBeGreaterThan(20);
});
