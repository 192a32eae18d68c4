import { launch, whileHeld } from '../../helpers/app/app.ts';
import { act, create, draft, saved } from '../../helpers/settings/settings.ts';

// Changes of a configuration are recorded with their values, and other important actions with their name, user and
// time.

const app = await launch();
const admin = app.as('admin');
const host = app.sandbox.leanix.host;
const TOKEN = 'recognisable-token-0004';

type Change = { doneAt: string; doneBy: string; element: string; before: string | null; after: string | null };
const historyOf = async (ID: string): Promise<Change[]> =>
  (await admin.get(`${saved(ID)}/changes?$orderby=doneAt`)).body.value;
const brief = (changes: Change[]) =>
  changes.map(({ doneBy, element, before, after }) => [doneBy, element, before, after]);
const entries = async (filter: string) =>
  (await admin.get(`settings/AuditEntries?${filter && `$filter=${filter}&`}$orderby=doneAt`)).body.value;
let started: string;

beforeAll(() => {
  started = new Date().toISOString();
});

describe('the change history of a configuration', () => {
  test('begins with the values that it was created with', async () => {
    const mappings = [{ iflowField: 'name', leanixPath: '/name', position: 1 }];
    const ID = await create(admin, { name: 'Created', category: 'api', mappings });
    const changes = await historyOf(ID);
    expect(brief(changes)).toEqual(
      expect.arrayContaining([
        ['admin', 'name', null, 'Created'],
        ['admin', 'category', null, 'api'],
        ['admin', 'mappings', null, 'name → /name (always)'],
      ]),
    );
    for (const { doneAt } of changes) {
      expect(doneAt >= started && doneAt <= new Date().toISOString()).toBe(true);
    }
  });

  test('has what a draft changes when it is saved, and nothing before', async () => {
    const ID = await create(admin, { name: 'Drafted', category: 'api' });
    const before = (await historyOf(ID)).length;
    const enterprise = app.as('enterprise');
    await act(enterprise, saved(ID), 'draftEdit');
    await enterprise.patch(draft(ID), { category: 'batch', description: 'Changed' });
    await enterprise.post(`${draft(ID)}/mappings`, { iflowField: 'id', leanixPath: '/alias' });
    expect(await historyOf(ID)).toHaveLength(before);
    expect((await act(enterprise, draft(ID), 'draftActivate')).status).toBe(200);
    const added = brief(await historyOf(ID)).slice(before);
    expect(added).toHaveLength(3);
    expect(added).toEqual(
      expect.arrayContaining([
        ['enterprise', 'category', 'api', 'batch'],
        ['enterprise', 'description', null, 'Changed'],
        ['enterprise', 'mappings', null, 'id → /alias (always)'],
      ]),
    );
  });

  test('has each change that is made without a draft, of the mappings as well', async () => {
    const ID = await create(admin, { name: 'Direct' });
    const before = (await historyOf(ID)).length;
    await admin.patch(saved(ID), { leanixHost: host });
    await admin.patch(saved(ID), { leanixHost: host });
    const row = { iflowField: 'name', leanixPath: '/name', IsActiveEntity: true };
    const { body } = await admin.post(`${saved(ID)}/mappings`, row);
    const mapping = `${saved(ID)}/mappings(ID=${body.ID},IsActiveEntity=true)`;
    await admin.patch(mapping, { leanixPath: '/alias' });
    await admin.delete(mapping);
    expect(brief(await historyOf(ID)).slice(before)).toEqual([
      ['admin', 'leanixHost', null, host],
      ['admin', 'mappings', null, 'name → /name (always)'],
      ['admin', 'mappings', 'name → /name (always)', 'name → /alias (always)'],
      ['admin', 'mappings', 'name → /alias (always)', null],
    ]);
  });

  test('has what an import changes, and nothing of one that is only tried out or refused', async () => {
    const ID = await create(admin, { name: 'Imported', category: 'api' });
    const before = (await historyOf(ID)).length;
    const bundle = (...configurations: object[]) =>
      JSON.stringify({ version: 1, 'leanix_config.json': { configurations } });
    const changed = { name: 'Imported', category: 'batch' };
    await admin.post('settings/importSettings', { bundle: bundle(changed), dryRun: true });
    await admin.post('settings/importSettings', { bundle: bundle(changed, { name: '' }) });
    await admin.patch(saved(ID), { leanixHost: 'https://wrong', category: 'wrong' });
    expect(await historyOf(ID)).toHaveLength(before);
    await admin.post('settings/importSettings', { bundle: bundle(changed) });
    expect(brief(await historyOf(ID)).slice(before)).toEqual([['admin', 'category', 'api', 'batch']]);
  });

  test('names the fields in the language of the reader', async () => {
    const ID = await create(admin, { name: 'Named' });
    const german = await admin.get(
      `${saved(ID)}/changes?sap-locale=de&$filter=element eq 'cpiDestination'&$expand=elementText`,
    );
    expect(german.body.value).toMatchObject([{ elementText: { name: 'Cloud-Integration-Destination' } }]);
    const named = (await admin.get('settings/ConfigElements')).body.value.map(({ code }: any) => code);
    const kept = (await admin.get('settings/ConfigChanges')).body.value.map(({ element }: Change) => element);
    expect(named).toEqual(expect.arrayContaining([...new Set(kept)]));
  });

  test('cannot be changed by anybody', async () => {
    const [entry] = await entries('');
    for (const path of ['AuditEntries', 'ConfigChanges']) {
      const one = `settings/${path}(${entry.ID})`;
      for (const answer of [
        await admin.post(`settings/${path}`, { doneBy: 'x' }),
        await admin.patch(one, { doneBy: 'x' }),
        await admin.delete(one),
      ]) {
        expect(answer.status).toBe(405);
      }
    }
  });
});

describe('the audit log', () => {
  test('says who stored a token for which host, and nothing of the token', async () => {
    const ID = await create(admin, { name: 'Token', leanixHost: host });
    const { apiTokens } = app.sandbox.leanix.state;
    apiTokens.push({ ...apiTokens[0]!, token: TOKEN });
    const given = { apiToken: TOKEN, expiresOn: '2031-05-01' };
    expect((await act(admin, saved(ID), 'storeApiToken', given)).status).toBe(204);
    expect(await entries(`config_ID eq ${ID} and action eq 'storeApiToken'`)).toMatchObject([
      { doneBy: 'admin', subject: 'Token', after: `LEANIX → ${host}` },
    ]);
    expect(brief(await historyOf(ID))).toContainEqual(['admin', 'tokenExpiresOn', null, '2031-05-01']);
    const all = JSON.stringify((await admin.get('settings/AuditEntries')).body);
    expect(all).not.toContain(TOKEN);
  });

  test('says who deleted a configuration, and keeps what was known of it', async () => {
    const ID = await create(admin, { name: 'Short-lived' });
    await admin.delete(saved(ID));
    const kept = await entries(`config_ID eq ${ID}`);
    expect(kept.at(-1)).toMatchObject({ action: 'deleteConfig', doneBy: 'admin', subject: 'Short-lived' });
    expect(kept.length).toBeGreaterThan(1);
  });

  test('says who started, cancelled and applied a run, and who linked and unlinked', async () => {
    const enterprise = app.as('enterprise');
    for (const { ID } of (await admin.get('settings/LeanIXConfigs?$select=ID')).body.value) {
      await admin.delete(saved(ID));
    }
    await create(admin, { name: 'Runs' });
    const configId = await app.configure();
    const refreshed = (await app.as('viewer').post('runtime/refresh')).body;
    await app.ended(refreshed.ID);
    const previewed = await app.run('preview');
    const applied = (await enterprise.post(`runtime/SyncRuns(${previewed.ID})/RuntimeService.apply`)).body;
    await app.ended(applied.ID);
    const cancelled = await whileHeld(app.sandbox.leanix.faults, {}, async () => {
      const { body: run } = await enterprise.post('runtime/match');
      await enterprise.post(`runtime/SyncRuns(${run.ID})/RuntimeService.cancel`);
      return run;
    });
    await app.ended(cancelled.ID);
    const [iflow] = (await enterprise.get('runtime/IFlows?$filter=linkStatus eq %27linked%27')).body.value;
    const unlinked = await enterprise.post(`runtime/IFlows(${iflow.ID})/RuntimeService.unlink`);
    expect(unlinked.status).toBe(200);
    await enterprise.post(`runtime/IFlows(${iflow.ID})/RuntimeService.link`, { factSheetId: iflow.factSheetId });
    const done = await entries(`config_ID eq ${configId} and action ne 'changeConfig'`);
    const { artifactId, factSheetId } = iflow;
    expect(done).toMatchObject([
      { doneBy: 'viewer', action: 'startRun', subject: refreshed.ID, element: 'refresh' },
      { doneBy: 'enterprise', action: 'startRun', subject: previewed.ID, element: 'preview' },
      { doneBy: 'enterprise', action: 'startRun', subject: applied.ID, element: 'apply' },
      { doneBy: 'enterprise', action: 'startRun', subject: cancelled.ID, element: 'match' },
      { doneBy: 'enterprise', action: 'cancelRun', subject: cancelled.ID, element: 'match' },
      { doneBy: 'enterprise', action: 'unlink', subject: artifactId, before: factSheetId, after: null },
      { doneBy: 'enterprise', action: 'link', subject: artifactId, before: null, after: factSheetId },
    ]);
  });

  test('says of what was refused no more than who was: it was not done', async () => {
    const before = (await entries(`action ne 'refused'`)).length;
    await app.as('viewer').post('runtime/syncAll');
    await app.as('enterprise').post('runtime/createFactSheets', { iflows: [] });
    await admin.post('settings/LeanIXConfigs', { name: '', IsActiveEntity: true });
    expect(await entries(`action ne 'refused'`)).toHaveLength(before);
  });
});
