import { randomUUID } from 'node:crypto';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const app = await launchRuntime({
  seed: flows(6, [
    { type: 'Interface', name: 'Flow 1', documents: 'Flow_1' },
    { type: 'Interface', name: 'Flow 2' },
  ]),
});
const { sandbox } = app;
const enterprise = app.as('enterprise');
const idsOf = async (...artifactIds: string[]) => Promise.all(artifactIds.map(async (id) => (await app.iflow(id)).ID));
const runs = async () => (await enterprise.get('runtime/SyncRuns/$count')).body as number;

describe('rows that a person chooses', () => {
  beforeAll(async () => {
    await app.begin({ mappings: MAPPINGS });
    await app.run('refresh');
    await app.run('match');
  });

  test('are created as one run, each of them once, and those that are linked already are skipped', async () => {
    const [third, fourth, first] = await idsOf('Flow_3', 'Flow_4', 'Flow_1');
    const run = await app.run('createFactSheets', { iflows: [third, fourth, first, third] });
    expect(run).toMatchObject({ kind: 'create', status: 'completed', total: 3, created: 2, skipped: 1 });
    const linked = await app.itemOf(run, 'Flow_1');
    expect(linked).toMatchObject({ status: 'skipped', code: 'ALREADY_LINKED' });
    expect(linked.message).toContain('Use Update instead');
    expect(sandbox.leanix.state.factSheets.size).toBe(4);
    expect((await app.iflow('Flow_5')).linkStatus).toBe('notLinked');
  });

  test('are updated as one run, and those that have no fact sheet are skipped', async () => {
    const before = app.snapshot();
    const run = await app.run('updateFactSheets', { iflows: await idsOf('Flow_1', 'Flow_5', 'Flow_3') });
    expect(run).toMatchObject({ kind: 'update', status: 'completed', updated: 1, unchanged: 1, skipped: 1 });
    expect(await app.itemOf(run, 'Flow_5')).toMatchObject({ status: 'skipped', code: 'NOT_LINKED' });
    expect(app.changedSince(before).map(({ name }) => name)).toEqual(['Flow 1']);
  });

  test('may be single ones, by the button in the row', async () => {
    const created = await app.onIFlow('Flow_6', 'createFactSheet');
    expect(created).toMatchObject({ status: 200, body: { kind: 'create', status: 'requested', total: 1 } });
    expect(await app.ended(created.body.ID)).toMatchObject({ status: 'completed', created: 1, total: 1 });
    expect((await app.iflow('Flow_6')).linkStatus).toBe('linked');
    const updated = await app.onIFlow('Flow_2', 'updateFactSheet');
    expect(await app.ended(updated.body.ID)).toMatchObject({ kind: 'update', status: 'completed', updated: 1 });
    expect((await app.factSheetOf('Flow_2')).fields['release']).toBe('1.0.0');
  });

  test('are named by the run that is about them', async () => {
    const one = await app.onIFlow('Flow_6', 'updateFactSheet');
    const several = await app
      .ended(one.body.ID)
      .then(async () => app.run('updateFactSheets', { iflows: await idsOf('Flow_1', 'Flow_3') }));
    const all = await app.run('syncAll');
    expect([one.body.scope, several.scope, all.scope]).toEqual(['Flow 6', '2 iFlows', 'All iFlows']);
    const german = await enterprise.get(`runtime/SyncRuns(${all.ID})?sap-locale=de`);
    expect(german.body.scope).toBe('Alle iFlows');
  });
});

describe('what cannot be meant is refused, and nothing starts', () => {
  const unknown = '11111111-2222-4333-8444-555555555555';
  let before: { runs: number; rows: any[] };

  beforeAll(async () => {
    await app.begin({ mappings: MAPPINGS });
    await app.run('refresh');
    before = { runs: await runs(), rows: await app.iflows() };
    sandbox.leanix.log.clear();
  });
  afterEach(async () => {
    expect({ runs: await runs(), rows: await app.iflows() }).toEqual(before);
    expect(sandbox.leanix.log.count()).toBe(0);
  });

  const lists: [string, unknown, string | null][] = [
    ['an empty list', [], 'IFLOWS_INVALID'],
    ['no list', undefined, 'IFLOWS_INVALID'],
    ['null', null, 'IFLOWS_INVALID'],
    ['a text', 'x', null],
    ['a number among them', [7], null],
    ['null among them', [null], null],
    ['what is no UUID', ['Flow_1'], 'IFLOWS_INVALID'],
    ['an unknown iFlow', [unknown], 'IFLOWS_UNKNOWN'],
    ['more than any database takes at once', Array.from({ length: 70_000 }, () => randomUUID()), 'IFLOWS_UNKNOWN'],
  ];
  test.each(lists)('createFactSheets and updateFactSheets: %s', async (_what, iflows, code) => {
    for (const action of ['createFactSheets', 'updateFactSheets']) {
      const { status, body } = await enterprise.post(`runtime/${action}`, { iflows });
      expect(status).toBe(400);
      if (code) expect(body.error.code).toBe(code);
    }
  });

  test('a list with one unknown iFlow among known ones', async () => {
    const { status, body } = await enterprise.post('runtime/createFactSheets', {
      iflows: [...(await idsOf('Flow_3')), unknown],
    });
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'IFLOWS_UNKNOWN' });
  });

  test.each(['refresh', 'match', 'createAllNew', 'syncAll', 'preview'])(
    '%s for a configuration that is not there',
    async (action) => {
      for (const config of [unknown, 'not-a-uuid', "' or 1=1 --", 'x'.repeat(5000)]) {
        const { status, body } = await enterprise.post(`runtime/${action}`, { config });
        expect({ status, code: body.error.code }).toEqual({ status: 404, code: 'CONFIG_UNKNOWN' });
        expect(body.error.message.length).toBeLessThan(200);
      }
      expect((await enterprise.post(`runtime/${action}`, { config: 5 })).status).toBe(400);
      expect((await enterprise.post(`runtime/${action}`, { other: 'x' })).status).toBe(400);
    },
  );

  test('actions on an iFlow or a run that is not there', async () => {
    for (const action of ['createFactSheet', 'updateFactSheet', 'link', 'unlink']) {
      const body = action === 'link' ? { factSheetId: unknown } : {};
      expect((await enterprise.post(`runtime/IFlows(${unknown})/RuntimeService.${action}`, body)).status).toBe(404);
      const malformed = await enterprise.post(`runtime/IFlows('x')/RuntimeService.${action}`, body);
      expect([400, 404]).toContain(malformed.status);
    }
    for (const action of ['cancel', 'retryFailed', 'apply']) {
      expect((await enterprise.post(`runtime/SyncRuns(${unknown})/RuntimeService.${action}`)).status).toBe(404);
    }
  });

  test('writing to what is read-only', async () => {
    const { ID } = before.rows[0];
    const answers = [
      await enterprise.patch(`runtime/IFlows(${ID})`, { name: 'x' }),
      await enterprise.delete(`runtime/IFlows(${ID})`),
      await enterprise.post('runtime/IFlows', { name: 'x' }),
      await enterprise.post('runtime/SyncRuns', { kind: 'sync' }),
      await enterprise.post('runtime/Connections', { name: 'x' }),
    ];
    for (const { status } of answers) expect([403, 405]).toContain(status);
  });
});

describe('with several configurations', () => {
  let second: string;

  beforeAll(async () => {
    await app.begin({ mappings: MAPPINGS });
    await app.run('refresh');
    const { body } = await enterprise.post('settings/LeanIXConfigs', { name: 'Second', IsActiveEntity: true });
    second = body.ID;
  });

  test('the one that is meant has to be named', async () => {
    for (const action of ['refresh', 'match', 'createAllNew', 'syncAll', 'preview']) {
      const { status, body } = await enterprise.post(`runtime/${action}`);
      expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'CONFIG_REQUIRED' });
    }
  });

  test('one that is not complete says what is missing, but can be refreshed', async () => {
    for (const action of ['match', 'createAllNew', 'syncAll', 'preview']) {
      const { status, body } = await enterprise.post(`runtime/${action}`, { config: second });
      expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'NOT_CONFIGURED' });
      expect(body.error.message).toContain('leanixHost');
      expect(body.error.message).toContain('factSheetType');
    }
    expect(await app.run('refresh', { config: second })).toMatchObject({ status: 'completed', total: 6 });
    const { body } = await enterprise.get('runtime/Connections?$orderby=name');
    expect(body.value).toMatchObject([
      { name: 'Second', configured: false },
      { name: 'Test', configured: true },
    ]);
  });

  test('each has its own iFlows and runs, and no iFlows of two can be mixed', async () => {
    const rows = await app.all(`runtime/IFlows?$filter=artifactId eq 'Flow_3'`);
    expect(rows.map(({ config_ID }) => config_ID)).toContain(second);
    const { status, body } = await enterprise.post('runtime/createFactSheets', { iflows: rows.map(({ ID }) => ID) });
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'IFLOWS_MIXED' });
  });

  test('a fact sheet that one configuration is linked to is never found by name for another one', async () => {
    await enterprise.patch(`settings/LeanIXConfigs(ID=${second},IsActiveEntity=true)`, {
      leanixHost: sandbox.leanix.host,
      readModels: false,
      factSheetType: 'Interface',
    });
    const first = (await enterprise.get(`runtime/Connections?$filter=name eq 'Test'`)).body.value[0].ID;
    await app.run('match', { config: first });
    await app.run('match', { config: second });
    const linked = (await app.all(`runtime/IFlows?$filter=artifactId eq 'Flow_2'`)).filter(
      ({ linkStatus }) => linkStatus === 'linked',
    );
    expect(linked.map(({ config_ID }) => config_ID)).toEqual([first]);
  });
});
