import cds from '@sap/cds';
import { launch, PATIENT, whileHeld } from '../../helpers/app/app.ts';
import { act, create, draft, everything, expectRefusal, saved } from '../../helpers/settings/settings.ts';

const app = await launch({ config: PATIENT });
const enterprise = app.as('enterprise');
const host = app.sandbox.leanix.host;

/** The number of rows in each table of the app, except the audit log, which is always kept. */
async function rowCounts(): Promise<Record<string, number>> {
  const tables = await cds.db.run(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'leanix%' AND name <> 'leanix_AuditEntry'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables as { name: string }[]) {
    counts[name] = ((await cds.db.run(`SELECT count(*) AS n FROM ${name}`)) as { n: number }[])[0]!.n;
  }
  return counts;
}

const values = (name: string) => ({
  name,
  leanixHost: host,
  readModels: false,
  factSheetType: 'Interface',
  mappings: [{ iflowField: 'version', leanixPath: '/release' }],
});

test('a configuration takes all that belongs to it with it, and nothing of the others', async () => {
  const kept = await create(enterprise, values('Kept'));
  for (const action of ['refresh', 'match', 'syncAll']) await app.run(action, { config: kept });
  await act(enterprise, saved(kept), 'testConnection');
  const before = await rowCounts();

  const ID = await create(enterprise, values('Deleted'));
  await act(enterprise, saved(ID), 'testConnection');
  for (const action of ['refresh', 'match', 'preview', 'syncAll']) await app.run(action, { config: ID });
  const full = await rowCounts();
  for (const table of ['IFlow', 'IFlowLink', 'SyncRun', 'SyncItem', 'WorkspaceTag', 'FieldMapping', 'DesignPackage']) {
    expect({ table, more: full[`leanix_${table}`]! > before[`leanix_${table}`]! }).toEqual({ table, more: true });
  }
  expect((await app.as('admin').delete(saved(ID))).status).toBe(204);
  expect(await rowCounts()).toEqual(before);
});

test('while a run is under way the configuration stays', async () => {
  const ID = await create(enterprise, values('Busy'));
  const state = await everything(app);
  const run = await whileHeld(app.sandbox.cpi.faults, {}, async () => {
    const { body: started } = await enterprise.post('runtime/refresh', { config: ID });
    expectRefusal(await enterprise.delete(saved(ID)), 409, 'RUN_ACTIVE');
    expect(await everything(app)).toEqual(state);
    return started;
  });
  expect(await app.ended(run.ID)).toMatchObject({ status: 'completed' });
  expect((await enterprise.delete(saved(ID))).status).toBe(204);
  expect((await enterprise.get(saved(ID))).status).toBe(404);
});

test('a configuration that somebody is editing is not deleted under their hands', async () => {
  const ID = await create(enterprise, values('Edited'));
  await act(enterprise, saved(ID), 'draftEdit');
  expect((await app.as('admin').delete(saved(ID))).status).toBe(403);
  await enterprise.delete(draft(ID));
  expect((await app.as('admin').delete(saved(ID))).status).toBe(204);
});
