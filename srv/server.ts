import cds from '@sap/cds';
import { LeanIXConfigs } from '#cds-models/leanix';
import { inTransaction } from './engine/transaction.ts';
import { startWorker, stopWorker } from './engine/worker.ts';
import { isDuplicate } from './problem.ts';
import { addMissing, parseBundle } from './settings/bundle.ts';

const LOG = cds.log('leanix');

cds.on('served', async () => {
  await createTables();
  await importAppSettings();
  await createDefault();
  startWorker();
});

cds.on('shutdown', stopWorker);

/** On SQLite the tables are made here when the file has none; other databases are deployed to. */
async function createTables(): Promise<void> {
  const db = await cds.connect.to('db');
  if (db.kind !== 'sqlite') return;
  const tables = (await db.run(`SELECT count(*) AS n FROM sqlite_master WHERE name = 'leanix_LeanIXConfig'`)) as {
    n: number;
  }[];
  const { deploy } = cds as unknown as { deploy(model: unknown): { to(db: unknown): Promise<void> } };
  // The served model is compiled for the runtime already: tables are made from the plain one.
  if (!tables[0]?.n) await deploy(await cds.load('*')).to(db);
}

/** `APP_SETTINGS` brings in a settings bundle; configurations whose name exists already are left as they are. */
async function importAppSettings(): Promise<void> {
  const text = process.env['APP_SETTINGS'];
  if (!text) return;
  try {
    const configs = parseBundle(text);
    const added = await inTransaction(() => addMissing(configs));
    LOG.info('APP_SETTINGS brought in', added, 'configurations');
  } catch (error) {
    // Another instance that starts at the same moment may have been faster.
    if (isDuplicate(error)) LOG.info('APP_SETTINGS was brought in by another instance');
    else
      LOG.error(
        'APP_SETTINGS could not be brought in:',
        (error as Error & { args?: string[] }).args?.join(' ') ?? error,
      );
  }
}

/** There is always a configuration to fill in. */
async function createDefault(): Promise<void> {
  try {
    await inTransaction(async () => {
      const any = await SELECT.one.from(LeanIXConfigs).columns('ID');
      if (!any) await INSERT.into(LeanIXConfigs).entries({ name: 'Default' });
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}
