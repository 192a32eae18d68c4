import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { build, deploy, deployed, startInstance } from '../../helpers/app/built.ts';
import { startPostgres, type Credentials } from '../../helpers/app/postgres.ts';
import type { AppProcess } from '../../helpers/app/process.ts';
import { MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const postgres = await startPostgres();
let sandbox: Sandbox;
let app: AppProcess | undefined;

beforeAll(async () => {
  if (!postgres) return;
  build();
  sandbox = await startSandbox({ seed: flows(5) });
});

afterAll(async () => {
  // Also after a failed test: a running process would keep the test runner from ending.
  await app?.kill();
  await sandbox?.stop();
  await postgres?.stop();
});

const both = postgres ? describe : describe.skip;

both('on PostgreSQL', () => {
  test('without tables the service ends with one line that says to run the deployer', async () => {
    const credentials = await postgres!.create('bare');
    const started = startInstance(sandbox, credentials).then((instance) => (app = instance));
    const { message } = await started.then(
      () => new Error('It started.'),
      (error: Error) => error,
    );
    const lines = message.split('\n').filter((line) => /"level":"error"|Error/.test(line));
    expect(lines).toEqual([
      expect.stringContaining('TABLES_MISSING: The database has no tables yet. Run the deployer'),
    ]);
  });

  test('two instances that start at the same moment on empty tables make one configuration to fill in', async () => {
    const credentials = await postgres!.create('empty');
    await deploy(sandbox, credentials);
    await startBoth(credentials);
    expect(await names('empty')).toEqual(['Default']);
  });

  test('two instances that start at the same moment bring APP_SETTINGS in once', async () => {
    const credentials = await postgres!.create('settings');
    await deploy(sandbox, credentials);
    const configurations = ['First', 'Second'].map((name) => ({
      name,
      mappings: [{ iflowField: 'name', leanixPath: '/name' }],
    }));
    const APP_SETTINGS = JSON.stringify({ version: 1, 'leanix_config.json': { configurations } });
    await startBoth(credentials, { APP_SETTINGS });
    expect(await names('settings')).toEqual(['First', 'Second']);
    expect(await postgres!.sql('settings', 'SELECT ID FROM leanix_FieldMapping')).toHaveLength(2);
    await startBoth(credentials, { APP_SETTINGS });
    expect(await names('settings')).toEqual(['First', 'Second']);
  });

  test('a new version is deployed over the data of an older one, and all data stays', async () => {
    const credentials = await postgres!.create('upgraded');
    const current = readFileSync(deployed, 'utf8');
    try {
      writeFileSync(deployed, JSON.stringify(older(JSON.parse(current))));
      await deploy(sandbox, credentials);
    } finally {
      writeFileSync(deployed, current);
    }
    await postgres!.sql('upgraded', OLD_DATA);
    const before = await postgres!.sql('upgraded', 'SELECT * FROM leanix_IFlowLink');
    for (let time = 1; time <= 2; time++) {
      await deploy(sandbox, credentials);
      const after = await postgres!.sql('upgraded', 'SELECT * FROM leanix_IFlowLink');
      expect(after).toEqual(before.map((row) => ({ ...row, config_id: null })));
    }
    const constraints = await postgres!.sql('upgraded', `SELECT conname AS name FROM pg_constraint`);
    expect(constraints.map(({ name }) => name)).toContain('leanix_iflowlink_factsheet');
  });

  test('a version that reads models is deployed over one that does not: its data stays, and connections read them', async () => {
    const credentials = await postgres!.create('withoutmodels');
    const current = readFileSync(deployed, 'utf8');
    try {
      writeFileSync(deployed, JSON.stringify(withoutModels(JSON.parse(current))));
      await deploy(sandbox, credentials);
    } finally {
      writeFileSync(deployed, current);
    }
    await postgres!.sql('withoutmodels', OLD_DATA);
    await postgres!.sql('withoutmodels', OLD_RUN);
    const iflows = await postgres!.sql('withoutmodels', 'SELECT * FROM leanix_IFlow');
    await deploy(sandbox, credentials);
    expect(await postgres!.sql('withoutmodels', 'SELECT * FROM leanix_IFlow')).toEqual(iflows);
    expect(await postgres!.sql('withoutmodels', 'SELECT name, readModels FROM leanix_LeanIXConfig')).toEqual([
      { name: 'Old', readmodels: true },
    ]);
    const runs = await postgres!.sql('withoutmodels', 'SELECT ID, status, laterUntil FROM leanix_SyncRun');
    expect(runs).toEqual([{ id: 'r1', status: 'completed', lateruntil: null }]);
    expect(await postgres!.sql('withoutmodels', 'SELECT * FROM leanix_Channel')).toEqual([]);
  });

  test('deploying again keeps what the service has stored, and it goes on with it', async () => {
    const credentials = await postgres!.create('again');
    await deploy(sandbox, credentials);
    const instance = (app = await startInstance(sandbox, credentials));
    const headers = { authorization: `Bearer ${await sandbox.btp.token('enterprise')}` };
    const ask = (method: string, path: string, body?: unknown) =>
      instance.request(method, `/odata/v4/${path}`, { ...headers, body });
    const [{ id }] = await postgres!.sql('again', 'SELECT ID FROM leanix_LeanIXConfig');
    const values = { leanixHost: sandbox.leanix.host, factSheetType: 'Interface', mappings: MAPPINGS };
    await ask('PATCH', `settings/LeanIXConfigs(ID=${id},IsActiveEntity=true)`, values);
    const run = async (action: string) => {
      const { body } = await ask('POST', `runtime/${action}`, {});
      for (;;) {
        const { body: row } = await ask('GET', `runtime/SyncRuns(${body.ID})`);
        if (row.finishedAt) return row;
        await sleep(20);
      }
    };
    await run('refresh');
    expect(await run('syncAll')).toMatchObject({ status: 'completed', created: 5 });
    // The models are read after the refresh, beside the run that was waited for.
    while ((await ask('GET', 'runtime/SyncRuns?$filter=isActive eq true')).body.value.length) await sleep(20);
    const before = await everything('again');
    expect(before['leanix_iflowlink']).toHaveLength(5);
    await deploy(sandbox, credentials);
    expect(await everything('again')).toEqual(before);
    expect(await run('syncAll')).toMatchObject({ status: 'completed', unchanged: 5 });
  });
});

async function startBoth(credentials: Credentials, env: Record<string, string> = {}): Promise<void> {
  const instances = await Promise.all([0, 1].map(() => startInstance(sandbox, credentials, { env })));
  await Promise.all(instances.map((instance) => instance.stop()));
}

async function names(database: string): Promise<string[]> {
  return (await postgres!.sql(database, 'SELECT name FROM leanix_LeanIXConfig ORDER BY name')).map(({ name }) => name);
}

/** All rows of the service's tables. */
async function everything(database: string): Promise<Record<string, unknown[]>> {
  const tables = await postgres!.sql(
    database,
    `SELECT table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_name LIKE 'leanix%'`,
  );
  const rows = await Promise.all(
    tables.map(async ({ name }) => [name, await postgres!.sql(database, `SELECT t.* FROM ${name} t ORDER BY t::text`)]),
  );
  return Object.fromEntries(rows) as Record<string, unknown[]>;
}

/** The model before links referred to their configuration. */
function older(model: any): unknown {
  const link = model.definitions['leanix.IFlowLink'];
  delete link.elements.config;
  delete link['@assert.unique.factSheet'];
  return model;
}

const OLD_DATA = `
  INSERT INTO leanix_LeanIXConfig (ID, name) VALUES ('c1', 'Old');
  INSERT INTO leanix_IFlow (ID, config_ID, artifactId, name) VALUES ('i1', 'c1', 'Flow_1', 'Flow 1');
  INSERT INTO leanix_IFlowLink (iflow_ID, status, factSheetId) VALUES ('i1', 'linked', 'f1');`;

const OLD_RUN = `
  INSERT INTO leanix_SyncRun (ID, config_ID, kind, status, leaseUntil) VALUES ('r1', 'c1', 'refresh', 'completed', now());`;

/** The model before models were read: only its tables, since views are created again. */
function withoutModels(model: any): unknown {
  const { definitions } = model;
  for (const name of Object.keys(definitions)) {
    if (/^(?:Runtime|Settings|Access)Service\b/.test(name)) delete definitions[name];
  }
  for (const name of ['IFlowModel', 'Channel', 'Call']) delete definitions[`leanix.${name}`];
  for (const name of ['model', 'channels', 'calls', 'calledBy']) delete definitions['leanix.IFlow'].elements[name];
  delete definitions['leanix.LeanIXConfig'].elements.readModels;
  delete definitions['leanix.SyncRun'].elements.laterUntil;
  return model;
}
