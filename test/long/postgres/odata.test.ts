import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { build, deploy, startInstance } from '../../helpers/app/built.ts';
import { startPostgres } from '../../helpers/app/postgres.ts';
import type { AppProcess } from '../../helpers/app/process.ts';
import { flows } from '../../helpers/app/seeds.ts';
import { expectReliable } from '../../helpers/runtime/pages.ts';

// OData requests have the same results on the production database as on SQLite.

const DATABASE = 'odata';
const postgres = await startPostgres();
let sandbox: Sandbox;
let instance: AppProcess;

beforeAll(async () => {
  if (!postgres) return;
  build();
  const credentials = await postgres.create(DATABASE);
  sandbox = await startSandbox({ seed: flows(20) });
  await deploy(sandbox, credentials);
  instance = await startInstance(sandbox, credentials, { config: { query: { limit: { max: 3 } } } });
  const { ID } = (await ask('GET', 'settings/LeanIXConfigs')).body.value[0];
  const values = { leanixHost: sandbox.leanix.host, factSheetType: 'Interface', readModels: false };
  expect((await ask('PATCH', `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, values)).status).toBe(200);
  const { body: run } = await ask('POST', 'runtime/refresh', {});
  while (!(await ask('GET', `runtime/SyncRuns(${run.ID})`)).body.finishedAt) await sleep(50);
});

afterAll(async () => {
  await instance?.kill();
  await sandbox?.stop();
  await postgres?.stop();
});

async function ask(method: string, path: string, body?: unknown) {
  const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
  return instance.request(method, `/odata/v4/${path}`, { authorization, body });
}

const onPostgres = postgres ? describe : describe.skip;

onPostgres('on PostgreSQL', () => {
  test.each([
    ['Flow', 20],
    ['flow moves', 20],
    ['"flow 1"', 11],
    ['flow zzz', 0],
    ['NOT "flow 1"', 9],
    ['"flow 11" OR "flow 12"', 2],
  ])('%s is found in the right ones', async (search, expected) => {
    const { status, body } = await ask('GET', `runtime/IFlows/$count?$search=${encodeURIComponent(search)}`);
    expect({ status, body }).toEqual({ status: 200, body: expected });
  });

  test.each([1.5, 3_000_000_000, -3_000_000_000, 1e300])('%d is no position', async (position) => {
    const { ID } = (await ask('GET', 'settings/LeanIXConfigs')).body.value[0];
    const mappings = [{ iflowField: 'name', leanixPath: '/name', position }];
    const path = `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
    const { status, body } = await ask('PATCH', path, { mappings });
    expect({ status, ...body.error }).toMatchObject({ status: 400, code: 'VALUE_INVALID' });
    expect(body.error.target).toMatch(/position$/);
  });

  test('two connections of one name in one change set: the second is refused, and none is stored', async () => {
    const one = { method: 'POST', url: '/LeanIXConfigs', body: { name: 'Twice', IsActiveEntity: true } };
    const requests = ['0', '1'].map((id) => ({ id, atomicityGroup: 'g', ...one }));
    const { body } = await ask('POST', 'settings/$batch', { requests });
    const answers = (body.responses as { status: number; body: { error: { code: string } } }[]).map(
      ({ status, body: { error } }) => [status, error.code],
    );
    expect(answers).toEqual([
      [424, 'CHANGE_SET_FAILED'],
      [409, 'NAME_TAKEN'],
    ]);
    expect((await ask('GET', 'settings/LeanIXConfigs/$count')).body).toBe(1);
  });

  expectReliable(() => ({
    get: (path) => ask('GET', path),
    sql: (text) => postgres!.sql(DATABASE, text),
  }));
});
