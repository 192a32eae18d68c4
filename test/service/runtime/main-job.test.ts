import { launch } from '../../helpers/app/app.ts';

const app = await launch({ seed: 'company' });

test('an enterprise admin gets from nothing to a catalogue that is true, and the second sync writes nothing', async () => {
  await app.configure({
    category: 'api',
    defaultTags: 'CPI-Managed',
    mappings: [
      { iflowField: 'name', leanixPath: '/name', position: 1 },
      { iflowField: 'version', leanixPath: '/release', position: 2 },
    ],
  });
  expect(await app.run('refresh')).toMatchObject({ status: 'completed', total: 269, done: 269 });
  expect(await app.run('match')).toMatchObject({ status: 'completed' });
  expect(await app.run('createAllNew')).toMatchObject({ status: 'completed', failed: 0 });
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', failed: 0 });

  app.sandbox.leanix.log.clear();
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 0, updated: 0 });
  expect(app.sandbox.leanix.log.count({ operation: 'mutation' })).toBe(0);
});
