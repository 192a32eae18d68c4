import { launchLinks } from '../../helpers/runtime/links.ts';

const { app, link, matched, sandbox } = await launchLinks();

describe('where the fact sheet of an unlinked iFlow keeps its name, LeanIX refuses a second one:', () => {
  let id: string;
  const itemOfSync = async (action = 'syncAll') => app.itemOf(await app.run(action), 'Flow_2');
  const sends = async (action: string) => (await app.traffic(() => app.run(action))).mutations;

  beforeEach(async () => {
    await matched();
    await app.run('syncAll');
    ({ id } = await app.factSheetOf('Flow_2'));
    await app.onIFlow('Flow_2', 'unlink');
    const item = await itemOfSync();
    expect(item).toMatchObject({ status: 'failed', code: 'CONSTRAINT_VIOLATION' });
    expect(item.message).toMatch(/already exists.*Link the iFlow to the fact sheet that has the name, or rename one/);
  });

  test('the iFlow says so, and nothing is tried again while nothing changes', async () => {
    const { linkStatus, linkCode, linkMessage } = await app.iflow('Flow_2');
    expect({ linkStatus, linkCode }).toEqual({ linkStatus: 'notLinked', linkCode: 'FULL_NAME_TAKEN' });
    expect(linkMessage).toMatch(/Link the iFlow to the fact sheet that has the name, or rename one/);
    for (const action of ['createAllNew', 'syncAll', 'preview']) expect(await sends(action)).toBe(0);
    const run = await app.run('syncAll');
    expect(run).toMatchObject({ status: 'completed', failed: 0 });
    const item = await app.itemOf(run, 'Flow_2');
    expect(item).toMatchObject({ action: 'none', status: 'skipped', code: 'NAME_STILL_TAKEN' });
    expect(item.message).toMatch(/^"Flow 2" was left out\. .* Link the iFlow .* or rename one of the two/);
    const { ID } = await app.iflow('Flow_2');
    const { body } = await app.as('enterprise').get(`runtime/IFlows(${ID})/RuntimeService.syncPlan()`);
    expect(body).toMatchObject({ status: 'skipped', code: 'NAME_STILL_TAKEN', changes: [] });
  });

  test('who asks for that one has it tried', async () => {
    const { body } = await app.onIFlow('Flow_2', 'createFactSheet');
    const run = await app.ended(body.ID);
    expect(await app.itemOf(run, 'Flow_2')).toMatchObject({ status: 'failed', code: 'CONSTRAINT_VIOLATION' });
  });

  test.each<[string, () => unknown]>([
    ['the fact sheet is renamed in LeanIX', () => sandbox.editFactSheet(id, { name: 'Flow 2 (old)' })],
    ['the fact sheet is archived', () => sandbox.editFactSheet(id, { status: 'ARCHIVED' })],
    ['the fact sheet gets another release', () => sandbox.editFactSheet(id, { fields: { release: '0.1' } })],
    [
      'another version is deployed',
      async () => {
        sandbox.cpi.setVersion('Flow_2', '9.9.9');
        await app.run('refresh');
      },
    ],
    [
      'the iFlow is renamed',
      async () => {
        sandbox.cpi.deploy({ id: 'Flow_2', name: 'Flow 2 new' });
        await app.run('refresh');
      },
    ],
  ])('once %s, it is created', async (_what, change) => {
    await change();
    expect(await itemOfSync()).toMatchObject({ action: 'create', status: 'done' });
    expect(await app.iflow('Flow_2')).toMatchObject({ linkStatus: 'linked', linkCode: null, linkMessage: null });
    expect((await app.factSheetOf('Flow_2')).id).not.toBe(id);
    expect(await sends('syncAll')).toBe(0);
  });

  test('once the fact sheet is renamed, a match takes the note back', async () => {
    sandbox.editFactSheet(id, { name: 'Flow 2 (old)' });
    await app.run('match');
    expect(await app.iflow('Flow_2')).toMatchObject({ linkStatus: 'notLinked', linkCode: null, linkMessage: null });
  });

  test('a person may link the two again', async () => {
    expect((await link('Flow_2', id)).body).toMatchObject({ linkStatus: 'linked', linkCode: null, linkMessage: null });
    expect(await app.run('syncAll')).toMatchObject({ status: 'completed', failed: 0 });
    expect(await app.iflow('Flow_2')).toMatchObject({ linkStatus: 'linked', factSheetId: id });
  });
});
