import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/index.ts';
import { basic, startApp, type AppProcess } from '../helpers/app/process.ts';

// Processes that start at the same time import the initial data once, and lose no data of each other.

const sandbox = await startSandbox({ seed: 'tiny' });
const folder = mkdtempSync(join(tmpdir(), 'leanix-start-'));
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const bringing = (...names: string[]) =>
  JSON.stringify({ version: 1, 'leanix_config.json': { configurations: names.map((name) => ({ name })) } });

const admin = { authorization: basic('admin') };

/** Starts the app on a database file, does something, and stops it. @returns the names of its configurations */
async function start(database: string, APP_SETTINGS?: string, work?: (app: AppProcess) => Promise<void>) {
  const url = join(folder, database);
  const app = await startApp({ ...sandbox.env(), APP_SETTINGS, cds_requires_db_credentials_url: url });
  await work?.(app);
  const { body } = await app.request('GET', '/odata/v4/settings/LeanIXConfigs?$orderby=name', admin);
  await app.stop();
  return body.value.map(({ name }: { name: string }) => name) as string[];
}

test('two instances that start at the same moment make one Default, and bring settings in once', async () => {
  await start('two.sqlite', undefined, async (app) => {
    const { body } = await app.request('GET', '/odata/v4/settings/LeanIXConfigs', admin);
    const path = `/odata/v4/settings/LeanIXConfigs(ID=${body.value[0].ID},IsActiveEntity=true)`;
    expect((await app.request('DELETE', path, admin)).status).toBe(204);
  });
  const begun = await Promise.all([start('two.sqlite'), start('two.sqlite')]);
  expect(begun).toEqual([['Default'], ['Default']]);
  const bundle = bringing('From outside', 'Second');
  const brought = await Promise.all([start('two.sqlite', bundle), start('two.sqlite', bundle)]);
  for (const names of brought) expect(names).toEqual(['Default', 'From outside', 'Second']);
});

test('two instances that start at the same moment on a file that is not there yet both keep what they bring in', async () => {
  for (const file of ['new-1.sqlite', 'new-2.sqlite', 'new-3.sqlite']) {
    await Promise.all(['First', 'Second'].map((name) => start(file, bringing(name))));
    expect(await start(file)).toEqual(['First', 'Second']);
  }
});
