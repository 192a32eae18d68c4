import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startSandbox } from '../../sandbox/index.ts';
import { basic, startApp } from '../helpers/app/process.ts';

// At its start, the app upgrades a SQLite file of an older version, with its data.

const sandbox = await startSandbox({ seed: 'tiny' });
const folder = mkdtempSync(join(tmpdir(), 'leanix-older-'));
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const STATEMENTS = readFileSync(join(import.meta.dirname, 'first-version.sql'), 'utf8');
const start = (file: string) => startApp({ ...sandbox.env(), cds_requires_db_credentials_url: join(folder, file) });

/** A file of the first version with one connection. `more` changes it further. */
function olderFile(name: string, more = ''): string {
  const db = new DatabaseSync(join(folder, name));
  db.exec(STATEMENTS);
  db.exec(`UPDATE leanix_LeanIXConfig SET leanixHost = 'kept.leanix.net', factSheetType = 'Interface'`);
  db.exec(more);
  db.close();
  return name;
}

function look<T>(name: string, sql: string): T[] {
  const db = new DatabaseSync(join(folder, name));
  const rows = db.prepare(sql).all() as T[];
  db.close();
  return rows;
}

async function connections(file: string): Promise<unknown[]> {
  const app = await start(file);
  const elements = '$select=name,leanixHost,factSheetType,connectionStatus&$expand=mappings';
  const { status, body } = await app.request('GET', `/odata/v4/settings/LeanIXConfigs?${elements}`, {
    authorization: basic('admin'),
  });
  await app.stop();
  expect(status).toBe(200);
  return body.value as unknown[];
}

const kept = expect.objectContaining({ name: 'Default', leanixHost: 'kept.leanix.net', factSheetType: 'Interface' });
const schema = (file: string) =>
  look<{ name: string }>(file, `SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name`);

test('a file of the first version keeps its data, and has all that a new one has', async () => {
  const file = olderFile('first.sqlite');
  expect(await connections(file)).toEqual([kept]);
  await connections('new.sqlite');
  expect(schema(file)).toEqual(expect.arrayContaining(schema('new.sqlite')));
});

test('tables, columns and views that a file lacks are added, and those who start at the same moment do it once', async () => {
  const views = look<{ name: string }>(olderFile('probe.sqlite'), `SELECT name FROM sqlite_master WHERE type = 'view'`);
  const lacking = [
    ...views.map(({ name }) => `DROP VIEW "${name}"`),
    'DROP TABLE leanix_RefusedPath',
    'ALTER TABLE leanix_LeanIXConfig DROP COLUMN connectionStatus',
  ];
  const file = olderFile('lacking.sqlite', lacking.join(';'));
  expect(await Promise.all([connections(file), connections(file)])).toEqual([[kept], [kept]]);
  expect(schema(file)).toEqual(expect.arrayContaining(schema('new.sqlite')));
});

test('connections of an older file read models', async () => {
  const file = olderFile('models.sqlite');
  await connections(file);
  expect(look(file, 'SELECT name, readModels FROM leanix_LeanIXConfig')).toEqual([{ name: 'Default', readModels: 1 }]);
  expect(look(file, 'SELECT ID FROM leanix_Channel')).toEqual([]);
});

test('a file of a newer version is left as it is', async () => {
  const file = olderFile('newer.sqlite');
  await connections(file);
  const change = new DatabaseSync(join(folder, file));
  change.exec('ALTER TABLE leanix_LeanIXConfig ADD COLUMN ofTheFuture TEXT; PRAGMA user_version = 7');
  change.close();
  const views = () => look(file, `SELECT name, rootpage, rowid FROM sqlite_master WHERE type = 'view'`);
  const before = views();
  expect(await connections(file)).toEqual([kept]);
  expect(views()).toEqual(before);
});
