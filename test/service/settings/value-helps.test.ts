import { launch } from '../../helpers/app/app.ts';
import { tooLong } from '../../helpers/app/columns.ts';
import { act, create, draft, newDraft, saved } from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');
const host = app.sandbox.leanix.host;
const { token } = app.sandbox.leanix.state.apiTokens[0]!;

describe('the value helps', () => {
  const HELPS = ['FactSheetTypes', 'Categories', 'FieldPaths', 'Tags'];
  const helps = async (ID: string) => {
    const found: Record<string, any[]> = {};
    for (const help of HELPS) {
      found[help] = (await admin.get(`settings/${help}?$filter=config_ID eq ${ID}&$top=1000`)).body.value;
    }
    return found;
  };

  test('name a path once, also where the data model names what every fact sheet has', async () => {
    const { dataModel } = app.sandbox.leanix.state;
    const { fields } = dataModel.factSheets['Interface']!;
    app.sandbox.leanix.state.dataModel = {
      ...dataModel,
      factSheets: {
        ...dataModel.factSheets,
        Interface: { ...dataModel.factSheets['Interface']!, fields: { ...fields, description: { type: 'STRING' } } },
      },
    };
    const ID = await newDraft(admin, { name: 'Frank', leanixHost: host, factSheetType: 'Interface' });
    expect((await act(admin, draft(ID), 'testConnection')).body).toMatchObject({ ok: true, code: 'CONNECTED' });
    const found = (await helps(ID))['FieldPaths']!.filter(({ factSheetType }) => factSheetType === 'Interface');
    expect(found.filter(({ path }) => path === '/description')).toHaveLength(1);
    app.sandbox.leanix.state.dataModel = dataModel;
  });

  test('are filled by the test, for a draft that was never saved too, and outlive the save', async () => {
    const ID = await newDraft(admin, { name: 'Helped', leanixHost: host });
    expect(Object.values(await helps(ID)).flat()).toHaveLength(0);
    await act(admin, draft(ID), 'testConnection');
    const found = await helps(ID);
    expect(found['FactSheetTypes']).toContainEqual(
      expect.objectContaining({ name: 'Interface', hasExternalId: true, label: expect.any(String) }),
    );
    expect(found['Categories']!.length).toBeGreaterThan(0);
    expect(found['Categories']).toContainEqual(expect.objectContaining({ factSheetType: 'Interface', name: 'api' }));
    const paths = found['FieldPaths']!.filter(({ factSheetType }) => factSheetType === 'Interface').map(
      ({ path }) => path,
    );
    expect(paths).toEqual(expect.arrayContaining(['/name', '/description', '/displayName', '/tags', '/release']));
    expect(paths).not.toContain('/externalId');
    expect(found['Tags']).toContainEqual(expect.objectContaining({ name: 'CPI-Managed', tagGroup: 'Integration' }));
    expect(found['Tags']).toContainEqual(expect.objectContaining({ name: 'GDPR', tagGroup: null }));
    await act(admin, draft(ID), 'draftActivate');
    expect(await helps(ID)).toEqual(found);
    await act(admin, saved(ID), 'testConnection');
    expect(await helps(ID)).toEqual(found);
  });

  test('go with a draft that is discarded before it was ever saved', async () => {
    const ID = await newDraft(admin, { name: 'Thrown away', leanixHost: host });
    await act(admin, draft(ID), 'testConnection');
    expect((await admin.delete(draft(ID))).status).toBe(204);
    expect(Object.values(await helps(ID)).flat()).toHaveLength(0);
  });

  test('stay those of the configuration’s host when another host is tested', async () => {
    const ID = await newDraft(admin, { name: 'Own helps', leanixHost: 'your-company.leanix.net' });
    expect((await act(admin, draft(ID), 'testConnection', { host, apiToken: token })).body.ok).toBe(true);
    expect(Object.values(await helps(ID)).flat()).toHaveLength(0);
  });

  test('are filled by a host that is entered for the test while the configuration has none', async () => {
    const ID = await newDraft(admin, { name: 'No host yet' });
    expect((await act(admin, draft(ID), 'testConnection', { host, apiToken: token })).body.ok).toBe(true);
    expect((await helps(ID))['FactSheetTypes']).toContainEqual(expect.objectContaining({ name: 'Interface' }));
  });

  test.each([{ factSheetType: 'Robot' }, { factSheetType: 'Interface', defaultTags: 'Blue Moon' }])(
    'are filled where the workspace lacks what is configured, so that it can be corrected: %j',
    async (wrong) => {
      const ID = await newDraft(admin, { name: 'To correct', leanixHost: host, ...wrong });
      expect((await act(admin, draft(ID), 'testConnection')).body.ok).toBe(false);
      expect((await helps(ID))['FactSheetTypes']).toContainEqual(expect.objectContaining({ name: 'Interface' }));
    },
  );

  test('are cut where the workspace has texts that are too long to be kept, and so is its name', async () => {
    const { state } = app.sandbox.leanix;
    const before = { workspace: { ...state.workspace }, dataModel: structuredClone(state.dataModel) };
    const tag = state.tags.values().next().value!;
    const group = state.tagGroups.values().next().value!;
    const names = [tag.name, group.name];
    const long = 'x'.repeat(2000);
    tag.name = group.name = `Tag ${long}`;
    state.workspace.name = `Work ${long}`;
    state.dataModel.factSheets[`Type${long}`] = { fields: {} };
    state.dataModel.factSheets['T'.repeat(90)] = { fields: { ['f'.repeat(300)]: { type: `KIND ${long}` } } };
    state.dataModel.factSheets['Interface']!.fields['category']!.values!.push(`key ${long}`);
    const apiToken = 'sandbox0000TokenOfTheLongNames';
    state.apiTokens.push({ ...state.apiTokens[0]!, token: apiToken });
    const ID = await newDraft(admin, { name: 'Long', leanixHost: host });
    const { status, body } = await act(admin, draft(ID), 'testConnection', { apiToken });
    expect({ status, ok: body.ok }).toEqual({ status: 200, ok: true });
    expect(await tooLong()).toEqual([]);
    expect((await admin.get(draft(ID))).body.workspaceName).toMatch(/^Work x{250}$/);
    expect((await helps(ID))['FactSheetTypes']).toContainEqual(expect.objectContaining({ name: 'Interface' }));
    Object.assign(state, before);
    [tag.name, group.name] = names as [string, string];
    await admin.delete(draft(ID));
  });

  test('stay when the draft of a saved configuration is discarded', async () => {
    const ID = await create(admin, { name: 'Stays', leanixHost: host });
    await act(admin, saved(ID), 'testConnection');
    await act(admin, saved(ID), 'draftEdit');
    await admin.delete(draft(ID));
    expect((await helps(ID))['FactSheetTypes']!.length).toBeGreaterThan(0);
  });

  test('cannot be written by a client', async () => {
    for (const help of HELPS) {
      expect((await admin.post(`settings/${help}`, { config_ID: await app.configId() })).status).toBe(405);
    }
  });
});
