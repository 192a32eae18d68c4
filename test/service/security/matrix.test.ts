import { join } from 'node:path';
import { playMatrix } from '../../helpers/operations/play.ts';
import { startProduction, type Production } from '../../helpers/app/production.ts';

// The sources in production mode; `test/long/build` runs the same tests on the build.

let production: Production;
afterAll(() => production.stop());

playMatrix(async () => {
  production = await startProduction();
  const { sandbox, app } = production;
  return { sandbox, url: app.url, model: join(import.meta.dirname, '..', '..', '..', 'srv') };
});

test('the health check needs no token, and says nothing else', async () => {
  expect(await production.app.request('GET', '/health')).toEqual({ status: 200, body: { status: 'UP' } });
});

test('no operation takes the name of a method of CAP unnoticed: nothing is warned of at the start', () => {
  expect(production.app.output()).toContain('AccessService');
  expect(production.app.output()).not.toMatch(/conflicts with method|"level":"(?:warn|error)".*cds\.serve/);
});
