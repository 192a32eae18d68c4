import cds from '@sap/cds';
import { launch } from '../../helpers/app/app.ts';

await launch();

test('on SQLite no commit waits for the disk, and no user with it', async () => {
  const db = await cds.connect.to('db');
  const NORMAL = 1;
  expect(await db.run('SELECT synchronous FROM pragma_synchronous')).toEqual([{ synchronous: NORMAL }]);
});
