import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import cds from '@sap/cds';
import { inTransaction } from './transaction.ts';
import { whenUnlocked } from './unlocked.ts';

const LOG = cds.log('leanix');

type Deploy = {
  (model: object): { to(db: unknown): Promise<void> };
  data(db: unknown, model: object, options: object): Promise<void>;
  resources(model: object): Promise<Record<string, unknown>>;
};
type Column = { name: string; definition: string };
/** Tables with their columns and statements, and the statements of views, in the order of creation. */
type Schema = { tables: Map<string, { sql: string; columns: Column[] }>; views: Map<string, string> };

/**
 * Upgrades a SQLite file to the data model: creates missing tables and columns and removes nothing, so that a process
 * of the previous version keeps working. One transaction: if two instances start at the same time, one does the work.
 */
export async function prepareSchema(): Promise<void> {
  const db = await cds.connect.to('db');
  const { credentials } = cds.requires['db'] as { credentials?: { url?: string } };
  // CAP itself creates a database in memory.
  if (db.kind !== 'sqlite' || credentials?.url === ':memory:') return;
  const { deploy } = cds as unknown as { deploy: Deploy };
  const version = await versionOf(deploy);
  const ask = async <T>(sql: string) => (await db.run(sql)) as unknown as T[];
  const current = async () =>
    (await ask<{ user_version: number }>('SELECT user_version FROM pragma_user_version'))[0]?.user_version;
  if ((await inTransaction(current)) === version) return;
  // The served model is already compiled for the runtime; tables are created from the plain one.
  const model = await cds.load('*');
  await whenUnlocked(() =>
    inTransaction(async () => {
      // Starts with a write lock: a transaction that reads first and writes later fails beside another writer.
      await db.run('PRAGMA application_id = 0');
      if ((await current()) === version) return;
      const [found] = await ask<{ n: number }>(
        `SELECT count(*) AS n FROM sqlite_master WHERE name = 'leanix_LeanIXConfig'`,
      );
      if (!found?.n) await deploy(model).to(db);
      else await upgrade(db, deploy, model, ask);
      await db.run(`PRAGMA user_version = ${version}`);
    }),
  );
}

/** A nonzero hash of the model and its initial data. */
async function versionOf(deploy: Deploy): Promise<number> {
  const hash = createHash('sha256').update(JSON.stringify(cds.model?.definitions));
  for (const file of Object.keys(await deploy.resources(cds.model as object)).sort()) {
    hash.update(file.split(/[\\/]/).at(-1)!);
    hash.update(readFileSync(file));
  }
  return (hash.digest().readUInt32BE() >>> 1) + 1;
}

type Ask = <T>(sql: string) => Promise<T[]>;

async function upgrade(db: { run(sql: string): unknown }, deploy: Deploy, model: object, ask: Ask): Promise<void> {
  const wanted = schemaOf(model);
  const rows = await ask<{ name: string; type: string; sql: string }>(
    `SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')`,
  );
  const present = new Map(rows.filter(({ type }) => type === 'table').map(({ name }) => [name.toLowerCase(), name]));
  const statements: string[] = [];
  let unknown = 0;
  for (const [name, { sql, columns }] of wanted.tables) {
    if (!present.has(name.toLowerCase())) {
      statements.push(sql);
      continue;
    }
    // eslint-disable-next-line no-await-in-loop -- inside the transaction
    const there = await ask<{ name: string }>(`SELECT name FROM pragma_table_xinfo('${name}')`);
    const names = new Set(there.map((column) => column.name.toLowerCase()));
    for (const column of columns) {
      if (names.delete(column.name.toLowerCase())) continue;
      statements.push(`ALTER TABLE ${name} ADD COLUMN ${column.definition}`);
    }
    unknown += names.size;
  }
  // A file of a newer version has everything that this version needs; its views are kept.
  if (unknown > 0 && statements.length === 0) return;
  for (const { type, name } of rows) if (type === 'view') statements.unshift(`DROP VIEW "${name}"`);
  statements.push(...wanted.views.values());
  for (const statement of statements) {
    // eslint-disable-next-line no-await-in-loop -- one after the other
    await db.run(statement);
  }
  await deploy.data(db, model, { schema_evolution: 'auto' });
  LOG.info('The local database was brought to the new data model');
}

/** Reads the columns of a new file by creating it in memory. */
function schemaOf(model: object): Schema {
  const compile = cds.compile as unknown as { to: { sql(model: object, options: object): string[] } };
  const scratch = new DatabaseSync(':memory:');
  const schema: Schema = { tables: new Map(), views: new Map() };
  for (const sql of compile.to.sql(model, { dialect: 'sqlite' })) {
    const [, kind, name] = /CREATE (TABLE|VIEW) "?([^\s"(]+)/i.exec(sql) ?? [];
    if (!kind || !name) continue;
    if (kind.toUpperCase() === 'VIEW') {
      schema.views.set(name, sql);
      continue;
    }
    scratch.exec(sql);
    const columns = scratch.prepare(`SELECT * FROM pragma_table_xinfo('${name}')`).all() as {
      name: string;
      type: string;
      notnull: number;
      dflt_value: string | null;
    }[];
    schema.tables.set(name, {
      sql,
      columns: columns.map(({ name: column, type, notnull, dflt_value }) => ({
        name: column,
        // Existing rows need a value, so a not-null column without a default cannot be added.
        definition: [
          `"${column}"`,
          type,
          dflt_value !== null && `DEFAULT ${dflt_value}`,
          notnull && dflt_value !== null && 'NOT NULL',
        ]
          .filter(Boolean)
          .join(' '),
      })),
    });
  }
  scratch.close();
  return schema;
}
