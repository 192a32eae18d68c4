import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../../sandbox/index.ts';
import { basic, startApp, type AppProcess } from '../../helpers/app/process.ts';

const sandbox = await startSandbox({ seed: 'tiny' });
const folder = mkdtempSync(join(tmpdir(), 'leanix-start-'));
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const bundle = JSON.stringify({
  version: 1,
  'leanix_config.json': {
    configurations: [
      { name: 'From outside', category: 'api', mappings: [{ iflowField: 'name', leanixPath: '/name' }] },
      { name: 'Second', leanixHost: 'your-company.leanix.net' },
    ],
  },
});

/** Starts the app on a database file, reads its configurations, and stops it. */
async function start(database: string, APP_SETTINGS?: string, work?: (app: AppProcess) => Promise<void>) {
  const url = join(folder, database);
  const app = await startApp({ ...sandbox.env(), APP_SETTINGS, cds_requires_db_credentials_url: url });
  const get = async () =>
    (await app.request('GET', '/odata/v4/settings/LeanIXConfigs?$expand=mappings&$orderby=name', admin)).body.value;
  await work?.(app);
  const configurations = await get();
  await app.stop();
  return { configurations, output: app.output() };
}
const admin = { authorization: basic('admin') };

test('an app without anything begins with one configuration to fill in, and keeps it over a restart', async () => {
  const first = await start('empty.sqlite');
  expect(first.configurations).toMatchObject([
    {
      name: 'Default',
      leanixHost: null,
      leanixDestination: 'LEANIX',
      cpiDestination: 'CPI',
      artifactTypes: 'INTEGRATION_FLOW',
    },
  ]);
  expect((await start('empty.sqlite')).configurations).toEqual(first.configurations);
});

test('APP_SETTINGS is brought in first, so that no Default is made; what exists is left as it is', async () => {
  const first = await start('settings.sqlite', bundle, async (app) => {
    const { body } = await app.request('GET', '/odata/v4/settings/LeanIXConfigs', admin);
    const { ID } = body.value.find(({ name }: { name: string }) => name === 'Second');
    const path = `/odata/v4/settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
    await app.request('PATCH', path, { ...admin, body: { description: 'by an admin', leanixHost: null } });
  });
  expect(first.configurations).toMatchObject([
    { name: 'From outside', category: 'api', mappings: [{ iflowField: 'name', leanixPath: '/name' }] },
    { name: 'Second', description: 'by an admin', leanixHost: null },
  ]);
  const again = await start('settings.sqlite', Buffer.from(bundle.replace('"api"', '"batch"')).toString('base64'));
  expect(again.configurations).toEqual(first.configurations);
});

test('base64 of a bundle is taken as well', async () => {
  const { configurations } = await start('base64.sqlite', Buffer.from(bundle).toString('base64'));
  expect(configurations.map(({ name }: { name: string }) => name)).toEqual(['From outside', 'Second']);
});

test('a broken APP_SETTINGS does not keep the app from starting, and the log says what is wrong', async () => {
  const secret = 'do-not-log-this';
  const wrong = bundle.replace('"category":"api"', `"apiToken":"${secret}"`);
  const { configurations, output } = await start('broken.sqlite', wrong);
  expect(configurations).toMatchObject([{ name: 'Default' }]);
  expect(output).toMatch(/APP_SETTINGS could not be brought in.*apiToken is unknown/);
  expect(output).not.toContain(secret);
  for (const text of ['no JSON', bundle.replace('your-company', 'https://your-company')]) {
    const other = await start('broken.sqlite', text);
    expect(other.configurations).toMatchObject([{ name: 'Default' }]);
    expect(other.output).toMatch(/APP_SETTINGS could not be brought in/);
  }
});

test('anybody may ask whether the app is up, and is told nothing else', async () => {
  const app = await startApp(sandbox.env());
  expect(await app.request('GET', '/health')).toEqual({ status: 200, body: { status: 'UP' } });
  const answer = await fetch(`${app.url}/health`);
  expect(await answer.text()).toBe('{"status":"UP"}');
  expect(answer.headers.has('x-powered-by')).toBe(false);
  await app.stop();
});
