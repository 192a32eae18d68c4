import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

/** Flow 1 and Flow 2 have fact sheets that lack the release; the others have none. */
const documented = [1, 2].map((n) => ({ type: 'Interface', name: `Flow ${n}`, documents: `Flow_${n}` }));
const rows = [...MAPPINGS, { iflowField: 'id', leanixPath: '/alias', position: 3 }];
const app = await launchRuntime({
  seed: flows(6, documented),
  config: { leanix: { batchSize: 3, settleSeconds: 0 } },
});
const { sandbox } = app;
/** The sandbox forgets them when it restarts. */
const set = (values: object) => void Object.assign(sandbox.leanix.switches, values);
const factSheets = () => sandbox.leanix.state.factSheets;

/** Restarts, refreshes, and lets LeanIX refuse something. */
async function begun(refused: object, values: object = {}) {
  await app.begin({ mappings: rows, ...values });
  await app.run('refresh');
  set(refused);
  return app.snapshot();
}

const READ_ONLY = 'Workspace is in read-only mode';

describe('a workspace that takes no change for a while', () => {
  test.each([
    ['with a path', READ_ONLY, true, {}],
    ['without a path', READ_ONLY, false, {}],
    ['in other words, with another shape', 'Maintenance until 12:00', true, { oldErrorShape: true }],
    ['where one path is mapped only', READ_ONLY, false, {}, [MAPPINGS[0]]],
    ['where nothing is mapped', READ_ONLY, true, {}, []],
  ])(
    '%s: the run fails with its words, and nothing of it is remembered',
    async (_, words, path, more, mappings = rows) => {
      const before = await begun({ refuseWrites: words, refusalPath: path, ...more }, { mappings });
      const { result: run, writes } = await app.traffic(() => app.run('syncAll'));
      expect(run).toMatchObject({ status: 'failed', code: 'WRITES_REFUSED', created: 0, updated: 0 });
      expect(run.message).toContain(words);
      expect(writes).toBe(0);
      expect(app.changedSince(before)).toEqual([]);

      set({ refuseWrites: null });
      expect(await app.run('createAllNew')).toMatchObject({ status: 'completed', created: 4, failed: 0 });
      const { fields, description } = await app.factSheetOf('Flow_3');
      expect(fields).toMatchObject({ externalId: { externalId: `cpi:${sandbox.cpi.host}/Flow_3` } });
      if (mappings === rows) expect(fields).toMatchObject({ alias: 'Flow_3', release: '1.0.0' });
      if (!mappings.length) expect(description).toContain('Flow 3');

      sandbox.cpi.deploy({ id: 'Flow_3', name: 'Renamed' });
      await app.run('refresh');
      expect(await app.run('syncAll')).toMatchObject({ created: 0, failed: 0 });
      expect(factSheets().size).toBe(6);
    },
  );

  test('that begins while a run writes: the run fails, and each item says what became of it', async () => {
    await app.begin({ mappings: rows }, flows(12, documented));
    await app.run('refresh');
    let writes = 0;
    const begin = () => {
      if (++writes === 2) set({ refuseWrites: READ_ONLY });
    };
    sandbox.leanix.faults.add({
      kind: 'delay',
      ms: 0,
      times: 99,
      match: { body: /"validateOnly":false/ },
      meanwhile: begin,
    });
    const run = await app.run('createAllNew');
    sandbox.leanix.faults.clear();
    set({ refuseWrites: null });
    expect(run).toMatchObject({ code: 'WRITES_REFUSED', status: 'failed', total: 10, done: 10 });
    expect(run.created + run.failed).toBe(10);
    expect(run.failed).toBeGreaterThan(0);
    for (const { status, message } of await app.items(run))
      if (status === 'failed') expect(message).toContain(READ_ONLY);
    expect(await app.run('syncAll')).toMatchObject({ status: 'completed', failed: 0 });
    expect(factSheets().size).toBe(12);
    await app.begin({}, flows(6, documented));
  });
});

describe('the identity is never left out of a create:', () => {
  test('where LeanIX refuses it, each item fails, and the others are updated', async () => {
    await begun({ deniedFields: ['externalId'] });
    for (const action of ['syncAll', 'createAllNew', 'createAllNew']) {
      const run = await app.run(action);
      expect(run).toMatchObject({ status: 'completedWithError', created: 0, failed: 4 });
      const item = await app.itemOf(run, 'Flow_3');
      expect(item).toMatchObject({ action: 'create', status: 'failed', code: 'IDENTITY_REFUSED' });
      expect(item.message).toContain('No permission: fact_sheet_fields:update:interface:externalId');
    }
    expect((await app.factSheetOf('Flow_1')).fields).toMatchObject({ alias: 'Flow_1', release: '1.0.0' });
    expect(factSheets().size).toBe(2);
    set({ deniedFields: [] });
    expect(await app.run('createAllNew')).toMatchObject({ status: 'completed', created: 4 });
  });
});

describe('a missing permission', () => {
  test('for one field leaves that field out, and the run names it', async () => {
    await begun({ deniedFields: ['alias'] });
    const run = await app.run('syncAll');
    expect(run).toMatchObject({ status: 'completed', code: 'PATHS_REFUSED', created: 4, updated: 2, failed: 0 });
    expect(run.message).toContain('/alias (No permission: fact_sheet_fields:update:interface:alias)');
    expect(run.message).not.toContain('/release');
    const item = await app.itemOf(run, 'Flow_1');
    expect(item).toMatchObject({ status: 'done', code: 'PATH_REFUSED' });
    expect((await app.factSheetOf('Flow_3')).fields).toMatchObject({ release: '1.0.0' });
    expect((await app.factSheetOf('Flow_3')).fields).not.toHaveProperty('alias');
  });

  test('to create lets creates fail alone, and updates go on', async () => {
    await begun({ deniedMutations: ['createFactSheet'] });
    const { result: run, writes } = await app.traffic(() => app.run('syncAll'));
    expect(run).toMatchObject({ status: 'completedWithError', created: 0, updated: 2, failed: 4 });
    expect(writes).toBe(1);
    const item = await app.itemOf(run, 'Flow_3');
    expect(item).toMatchObject({ action: 'create', status: 'failed', code: 'CREATES_REFUSED' });
    expect(item.message).toContain('No permission: createFactSheet');
    expect(await app.run('createAllNew')).toMatchObject({ status: 'completedWithError', failed: 4 });
    set({ deniedMutations: [] });
    expect(await app.run('createAllNew')).toMatchObject({ status: 'completed', created: 4 });
  });

  test('to update lets updates fail alone, and creates go on', async () => {
    await begun({ deniedMutations: ['updateFactSheet'] });
    const run = await app.run('syncAll');
    expect(run).toMatchObject({ status: 'completedWithError', created: 4, updated: 0, failed: 2 });
    expect(await app.itemOf(run, 'Flow_1')).toMatchObject({ action: 'update', code: 'UPDATES_REFUSED' });
  });

  test('for both is a token that may only read', async () => {
    const before = await begun({ deniedMutations: ['createFactSheet', 'updateFactSheet'] });
    expect(await app.run('syncAll')).toMatchObject({ status: 'failed', code: 'TOKEN_READ_ONLY' });
    expect(app.changedSince(before)).toEqual([]);
  });
});

describe('mandatory fields of a workspace, where each field alone is refused', () => {
  test('are written together: no path is left out', async () => {
    await begun({ mandatoryFields: ['alias', 'release'] });
    const run = await app.run('syncAll');
    expect(run).toMatchObject({ status: 'completed', code: null, created: 4, updated: 2, failed: 0 });
    for (const alias of ['Flow_1', 'Flow_3']) {
      expect((await app.factSheetOf(alias)).fields).toMatchObject({ alias, release: '1.0.0' });
    }
    const { result: again, writes } = await app.traffic(() => app.run('syncAll'));
    expect(again).toMatchObject({ status: 'completed', code: null, unchanged: 6 });
    expect(writes).toBe(0);
  });

  test('are written without a path that is refused for itself, which is named', async () => {
    const missing = { iflowField: 'version', leanixPath: '/noSuchField', position: 4 };
    await begun({ mandatoryFields: ['alias', 'release'] }, { mappings: [...rows, missing] });
    const run = await app.run('syncAll');
    expect(run).toMatchObject({ status: 'completed', code: 'PATHS_REFUSED', created: 4, updated: 2, failed: 0 });
    expect(run.message).toContain('/noSuchField');
    for (const path of ['/alias', '/release']) expect(run.message).not.toContain(path);
    expect((await app.factSheetOf('Flow_3')).fields).toMatchObject({ alias: 'Flow_3', release: '1.0.0' });
  });

  test.each([
    ['none of which is mapped', 'syncAll', ['serviceLevel']],
    ['of which one is not mapped', 'createAllNew', ['alias', 'serviceLevel']],
  ])('%s, fail the run with the words of LeanIX, and no path is blamed', async (_, action, mandatoryFields) => {
    await begun({ mandatoryFields });
    const run = await app.run(action);
    expect(run).toMatchObject({ status: 'failed', code: 'WRITES_REFUSED', created: 0, updated: 0 });
    expect(run.message).toContain('Mandatory field serviceLevel is missing');
    set({ mandatoryFields: [] });
    expect(await app.run('syncAll')).toMatchObject({ status: 'completed', code: null, created: 4, updated: 2 });
  });
});

describe('a namesake that the token may not see', () => {
  // Full names are unique in LeanIX; that of an Interface contains its release.
  const hidden = { type: 'Interface', name: 'Flow 3', fields: { release: '1.0.0' }, restricted: true };

  test('is told as such, and not tried again before something has changed', async () => {
    await app.begin({ mappings: rows }, flows(6, [...documented, hidden]));
    await app.run('refresh');
    const first = await app.run('syncAll');
    expect(first).toMatchObject({ status: 'completedWithError', created: 3, failed: 1 });
    const item = await app.itemOf(first, 'Flow_3');
    expect(item.message).toContain('this token cannot see it');
    expect((await app.iflow('Flow_3')).linkCode).toBe('NAMESAKE_HIDDEN');

    const { result: second, mutations } = await app.traffic(() => app.run('syncAll'));
    expect(second).toMatchObject({ status: 'completed', skipped: 1, failed: 0 });
    expect(await app.itemOf(second, 'Flow_3')).toMatchObject({ status: 'skipped', code: 'NAMESAKE_STILL_HIDDEN' });
    expect(mutations).toBe(0);

    sandbox.cpi.deploy({ id: 'Flow_3', name: 'Flow 3b' });
    await app.run('refresh');
    expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: 1 });
  });

  test('that becomes visible is matched like any other', async () => {
    await app.begin({ mappings: rows }, flows(6, [...documented, hidden]));
    await app.run('refresh');
    await app.run('syncAll');
    const sheet = [...factSheets().values()].find(({ name }) => name === 'Flow 3')!;
    sandbox.leanix.state.put({ ...sheet, restricted: false });
    await app.run('syncAll');
    expect(await app.iflow('Flow_3')).toMatchObject({ linkStatus: 'linked', linkCode: null, factSheetId: sheet.id });
  });
});

test('before the first refresh a sync says that nothing was read yet', async () => {
  await app.begin({ mappings: rows }, flows(6, documented));
  for (const action of ['syncAll', 'createAllNew', 'preview']) {
    const run = await app.run(action);
    expect(run).toMatchObject({ status: 'completed', total: 0, code: 'NOTHING_READ_YET' });
    expect(run.message).toContain('choose Refresh');
  }
  await app.run('refresh');
  expect((await app.run('syncAll')).code).toBeNull();
});
