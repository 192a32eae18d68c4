import { setTimeout as sleep } from 'node:timers/promises';
import cds from '@sap/cds';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';
import { act, draft, newDraft, saved } from '../../helpers/settings/settings.ts';

const app = await launchRuntime({ seed: flows(3), config: { leanix: { journalDays: 90, cleanUpSeconds: 0.2 } } });
const enterprise = app.as('enterprise');

const rows = (statement: string) => cds.db.run(statement) as Promise<any[]>;

/** Moves everything this many days into the past. */
async function age(days: number): Promise<void> {
  const earlier = (column: string) => `${column} = strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, '-${days} days')`;
  await rows(`UPDATE leanix_SyncRun SET ${earlier('startedAt')}, ${earlier('finishedAt')}`);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

const isThere = async ({ ID }: { ID: string }) => (await enterprise.get(`runtime/SyncRuns(${ID})`)).status === 200;
const gone = (run: { ID: string }) => until(async () => !(await isThere(run)));

async function apply(preview: { ID: string }) {
  const { body } = await app.onRun(preview.ID, 'apply');
  return app.ended(body.ID);
}

/** Another user edits all fact sheets, so each must be updated. */
function editAll(release: string): void {
  for (const { id } of app.sandbox.leanix.state.factSheets.values())
    app.sandbox.editFactSheet(id, { fields: { release } });
}

test('journals older than the days that are set go with all their items; the last run of each kind stays', async () => {
  await app.begin({ mappings: MAPPINGS });
  const old = [await app.run('refresh'), await app.run('syncAll'), await app.run('preview')];
  editAll('wrong');
  const last = [await app.run('refresh'), await app.run('syncAll'), await app.run('preview')];
  await age(91);
  const young = [await app.run('match'), await app.run('match')];
  await age(89);
  expect(await Promise.all([...last, ...young].map(isThere))).not.toContain(false);
  await Promise.all(old.map(gone));
  expect(await Promise.all([...last, ...young].map(isThere))).not.toContain(false);
  expect((await app.items(last[1])).map(({ changes }) => changes.length)).toEqual([1, 1, 1]);
  const orphans = await rows(`
    SELECT ID FROM leanix_SyncItem WHERE run_ID NOT IN (SELECT ID FROM leanix_SyncRun)
    UNION ALL SELECT item_ID FROM leanix_SyncItemChange WHERE item_ID NOT IN (SELECT ID FROM leanix_SyncItem)`);
  expect(orphans).toEqual([]);
  // Nothing is deleted if nothing is old.
  expect(await rows('SELECT ID FROM leanix_SyncRun')).toHaveLength(last.length + young.length);
});

test('a preview that is still there is not forgotten to have been applied', async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  const [first, second] = [await app.run('preview'), await app.run('preview')];
  await apply(second);
  await apply(first);
  await age(91);
  await gone(first);
  expect(await app.onRun(second.ID, 'apply')).toMatchObject({
    status: 409,
    body: { error: { code: 'ALREADY_APPLIED' } },
  });
});

test('what is known of a workspace goes once nobody edits or has saved its configuration', async () => {
  const kept = await app.begin({ mappings: MAPPINGS });
  await act(enterprise, saved(kept), 'testConnection');
  const values = { leanixHost: app.sandbox.leanix.host, factSheetType: 'Interface', readModels: false };
  const [edited, abandoned] = [await newDraft(enterprise, values), await newDraft(enterprise, values)];
  for (const ID of [edited, abandoned]) await act(enterprise, draft(ID), 'testConnection');
  const known = async () => {
    const found = await rows('SELECT DISTINCT config_ID AS ID FROM leanix_WorkspaceField');
    return found.map(({ ID }) => ID).sort();
  };
  expect(await known()).toEqual([kept, edited, abandoned].sort());
  // CAP silently deletes drafts that were not changed for 30 days.
  await rows(`DELETE FROM SettingsService_LeanIXConfigs_drafts WHERE ID = '${abandoned}'`);
  await until(async () => (await known()).length < 3);
  expect(await known()).toEqual([kept, edited].sort());
  await enterprise.delete(draft(edited));
});

test('what LeanIX refused is kept for a day', async () => {
  const ID = await app.begin({ mappings: [...MAPPINGS, { iflowField: 'id', leanixPath: '/nope', position: 3 }] });
  await app.run('refresh');
  await app.run('syncAll');
  const refused = () => rows(`SELECT path FROM leanix_RefusedPath WHERE config_ID = '${ID}'`);
  await sleep(500);
  expect(await refused()).toEqual([{ path: '/nope' }]);
  await rows(`UPDATE leanix_RefusedPath SET refusedAt = strftime('%Y-%m-%dT%H:%M:%fZ', refusedAt, '-25 hours')`);
  await until(async () => (await refused()).length === 0);
});
