import { setTimeout as sleep } from 'node:timers/promises';
import { externalIdOf } from '../../../sandbox/seed/types.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { flows } from '../../helpers/app/seeds.ts';

const seed = flows(4, [
  { type: 'Interface', name: 'Flow 1', fields: { release: 'a' }, description: 'The old one.' },
  { type: 'Interface', name: 'Flow 1', fields: { release: 'b' }, description: 'The new one.', tags: ['SOX'] },
  { type: 'Interface', name: 'Flow 2', documents: 'Flow_2', tags: ['EMEA'] },
  { type: 'Interface', name: 'Flow 3' },
  { type: 'Interface', name: 'Retired', status: 'ARCHIVED' },
  { type: 'Interface', name: 'Secret', restricted: true },
  { type: 'Application', name: 'Billing' },
]);
const app = await launchRuntime({ seed });
const { sandbox } = app;

const sheet = (name: string, release?: string) =>
  [...sandbox.leanix.state.factSheets.values()].find(
    (one) => one.name === name && (!release || one.fields['release'] === release),
  )!;
const ownId = (artifactId: string) => ({ externalId: externalIdOf(sandbox.cpi.host, artifactId) });
const link = (artifactId: string, factSheetId: unknown) => app.onIFlow(artifactId, 'link', { factSheetId });

async function matched(): Promise<void> {
  await app.begin({ mappings: MAPPINGS, defaultTags: 'CPI-Managed' });
  await app.run('refresh');
  await app.run('match');
}

test('a person chooses one of the candidates: nothing is written until the next sync, which adopts it', async () => {
  await matched();
  expect(await app.iflow('Flow_1')).toMatchObject({ linkStatus: 'ambiguous' });
  const chosen = sheet('Flow 1', 'b');
  const before = app.snapshot();
  const { status, body } = await link('Flow_1', chosen.id);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    linkStatus: 'linked',
    matchedBy: 'manual',
    factSheetId: chosen.id,
    factSheetName: 'Flow 1',
  });
  expect((await app.iflow('Flow_1')).candidates).toEqual([]);
  expect(app.changedSince(before)).toEqual([]);

  await app.run('match');
  expect(await app.iflow('Flow_1')).toMatchObject({ matchedBy: 'manual', factSheetId: chosen.id });
  const rejected = sheet('Flow 1', 'a');
  await app.run('syncAll');
  expect((await app.factSheetOf('Flow_1')).fields['externalId']).toMatchObject(ownId('Flow_1'));
  expect(sandbox.leanix.state.factSheets.get(rejected.id)).toEqual(rejected);
});

test('who chooses another fact sheet later takes the identity off the first one, so that one of them has it', async () => {
  await matched();
  const [first, second] = [sheet('Flow 1', 'a'), sheet('Flow 1', 'b')];
  await link('Flow_1', first.id);
  await app.run('syncAll');
  expect(sandbox.leanix.state.factSheets.get(first.id)!.fields['externalId']).toMatchObject(ownId('Flow_1'));

  expect((await link('Flow_1', second.id)).status).toBe(200);
  expect(sandbox.leanix.state.factSheets.get(first.id)!.fields['externalId'] ?? null).toBeNull();
  // LeanIX takes no two fact sheets of one name and release.
  sandbox.editFactSheet(first.id, { name: 'Flow 1 (old)' });
  await app.run('syncAll');
  expect(sandbox.leanix.state.factSheets.get(second.id)!.fields['externalId']).toMatchObject(ownId('Flow_1'));
  expect(await app.iflow('Flow_1')).toMatchObject({ factSheetId: second.id });
});

test('of two people who choose different fact sheets for one iFlow, the later one is told of the other', async () => {
  await matched();
  const [first, second] = [sheet('Flow 1', 'a'), sheet('Flow 1', 'b')];
  sandbox.leanix.log.clear();
  const { promise: linked, resolve } = Promise.withResolvers<void>();
  sandbox.leanix.faults.add({ kind: 'delay', ms: 0, match: { operation: 'query' }, until: linked });
  const slow = link('Flow_1', first.id);
  while (!sandbox.leanix.log.count({ operation: 'query' })) await sleep(10);
  expect((await link('Flow_1', second.id)).status).toBe(200);
  resolve();
  expect(await slow).toMatchObject({ status: 409, body: { error: { code: 'LINK_CHANGED' } } });
  expect(await app.iflow('Flow_1')).toMatchObject({ factSheetId: second.id });
});

test('who chooses another fact sheet before anything was matched takes the identity off the one that has it', async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  const [documented, chosen] = [sheet('Flow 2'), sheet('Flow 1', 'b')];
  expect((await link('Flow_2', chosen.id)).status).toBe(200);
  sandbox.editFactSheet(documented.id, { name: 'Flow 2 (old)' });
  expect(await app.run('syncAll')).toMatchObject({ failed: 0 });
  expect(sandbox.leanix.state.factSheets.get(chosen.id)!.fields['externalId']).toMatchObject(ownId('Flow_2'));
  expect(sandbox.leanix.state.factSheets.get(documented.id)!.fields['externalId'] ?? null).toBeNull();
});

test('a fact sheet of another type may be chosen, with a warning; only what all types have is kept up to date', async () => {
  await matched();
  const chosen = sheet('Billing');
  const { ID } = await app.iflow('Flow_4');
  const answer = await fetch(`${app.url()}/odata/v4/runtime/IFlows(${ID})/RuntimeService.link`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('enterprise:enterprise')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ factSheetId: chosen.id }),
  });
  expect(answer.status).toBe(200);
  const [warning] = JSON.parse(decodeURIComponent(answer.headers.get('sap-messages')!));
  expect(warning).toMatchObject({ code: 'FACT_SHEET_TYPE_DIFFERS', numericSeverity: 3 });
  expect(warning.message).toMatch(/of type Application, not Interface/);
  const run = await app.run('syncAll');
  expect(await app.itemOf(run, 'Flow_4')).toMatchObject({ status: 'done', code: 'FACT_SHEET_TYPE_DIFFERS' });
  expect(await app.factSheetOf('Flow_4')).toMatchObject({ type: 'Application', name: 'Flow 4', fields: {} });
  const { mutations } = await app.traffic(() => app.run('syncAll'));
  expect(mutations).toBe(0);
});

test('a fact sheet can be named by its address in LeanIX', async () => {
  await matched();
  const { id } = sheet('Flow 1', 'b');
  const address = `https://${sandbox.leanix.host}/halvorsen/factsheet/Interface/${id}/dashboard?tab=relations`;
  expect((await link('Flow_1', ` ${address} `)).body).toMatchObject({ linkStatus: 'linked', factSheetId: id });
});

test('fact sheets of the configured type are found by a part of their name, with one request', async () => {
  await matched();
  const { ID } = await app.iflow('Flow_4');
  const find = (search: string, user: 'enterprise' | 'admin' = 'enterprise') =>
    app.as(user).get(`runtime/IFlows(${ID})/RuntimeService.findFactSheets(search='${encodeURIComponent(search)}')`);
  const { result, requests } = await app.traffic(() => find('flow'));
  // Names as LeanIX displays them: with their release.
  expect(result.body.value.map(({ name }: { name: string }) => name).sort()).toEqual([
    'Flow 1 a',
    'Flow 1 b',
    'Flow 2',
    'Flow 3',
  ]);
  expect(result.body.value[0]).toMatchObject({ type: 'Interface', factSheetId: sheet('Flow 1', 'a').id });
  expect(requests).toBe(1);
  for (const absent of ['Billing', 'Retired', 'Secret', `it''s 50% "off" / \\`, ' ']) {
    expect((await find(absent)).body.value).toEqual([]);
  }
  expect((await find('flow', 'admin')).body.error.code).toBe('ENTERPRISE_REQUIRED');
});

describe('linking is refused, and the link stays as it was,', () => {
  beforeAll(matched);

  test.each<[string, () => unknown, number, string]>([
    ['no fact sheet', () => null, 400, 'FACT_SHEET_REQUIRED'],
    ['a blank id', () => '  ', 400, 'FACT_SHEET_REQUIRED'],
    ['an unknown one', () => '11111111-2222-4333-8444-555555555555', 404, 'FACT_SHEET_UNKNOWN'],
    ['something that is no id', () => `x" } } { allFactSheets`, 404, 'FACT_SHEET_UNKNOWN'],
    ['one that the token may not see', () => sheet('Secret').id, 404, 'FACT_SHEET_UNKNOWN'],
    ['an archived one', () => sheet('Retired').id, 409, 'FACT_SHEET_ARCHIVED'],
    ['one with the external id of another iFlow', () => sheet('Flow 2').id, 409, 'FACT_SHEET_TAKEN'],
    ['one that another iFlow is linked to', () => sheet('Flow 3').id, 409, 'FACT_SHEET_TAKEN'],
  ])('for %s', async (_what, id, status, code) => {
    const [rows, sheets] = [await app.iflows(), app.snapshot()];
    const answer = await link('Flow_4', id());
    expect({ status: answer.status, code: answer.body.error.code }).toEqual({ status, code });
    expect(answer.body.error.message.length).toBeGreaterThan(20);
    expect(await app.iflows()).toEqual(rows);
    expect(app.changedSince(sheets)).toEqual([]);
  });
});

test('unlinking takes our external id off, nothing else, and the two are never matched again', async () => {
  await matched();
  await app.run('syncAll');
  const linked = await app.factSheetOf('Flow_2');
  expect(linked.fields['externalId']).toMatchObject(ownId('Flow_2'));
  const { status, body } = await app.onIFlow('Flow_2', 'unlink');
  expect(status).toBe(200);
  expect(body).toMatchObject({ linkStatus: 'notLinked', factSheetId: null, factSheetUrl: null, lastSyncedAt: null });
  const after = sandbox.leanix.state.factSheets.get(linked.id)!;
  const { fields, rev, updatedAt } = after;
  expect(after).toEqual({ ...linked, fields, rev, updatedAt });
  expect(fields).toEqual({ ...linked.fields, externalId: null });

  await app.run('match');
  expect((await app.iflow('Flow_2')).linkStatus).toBe('notLinked');
  // A person may still link them again.
  expect((await link('Flow_2', linked.id)).body).toMatchObject({ linkStatus: 'linked', matchedBy: 'manual' });
});

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

test('an external id that is not ours stays when the link is taken back', async () => {
  await matched();
  const id = sheet('Flow 3').id;
  sandbox.editFactSheet(id, { fields: { externalId: { externalId: 'SNOW-1' } } });
  const before = sandbox.leanix.state.factSheets.get(id);
  expect((await app.onIFlow('Flow_3', 'unlink')).status).toBe(200);
  expect(sandbox.leanix.state.factSheets.get(id)).toEqual(before);
});

test('a link that was made for another type gives its external id back too', async () => {
  await matched();
  await app.run('syncAll');
  await app.configure({ factSheetType: 'Application' });
  const { id } = await app.factSheetOf('Flow_2');
  expect((await app.onIFlow('Flow_2', 'unlink')).status).toBe(200);
  expect(sandbox.leanix.state.factSheets.get(id)?.fields['externalId']).toBeNull();
});

test('where the answer of LeanIX is lost, the link stays, and the person is told what to do', async () => {
  await matched();
  await app.run('syncAll');
  const { id } = await app.factSheetOf('Flow_2');
  sandbox.leanix.faults.add({ kind: 'lostAnswer', match: { operation: 'mutation' }, times: 1 });
  const { status, body } = await app.onIFlow('Flow_2', 'unlink');
  expect({ status, ...body.error }).toMatchObject({
    status: 502,
    code: 'LINK_OUTCOME_UNKNOWN',
    message: 'The response from LeanIX was lost. Check the fact sheet, then try again.',
  });
  expect(await app.iflow('Flow_2')).toMatchObject({ linkStatus: 'linked', factSheetId: id });
  expect((await app.onIFlow('Flow_2', 'unlink')).status).toBe(200);
});

test('what is not linked cannot be unlinked', async () => {
  await matched();
  expect(await app.onIFlow('Flow_4', 'unlink')).toMatchObject({ status: 409, body: { error: { code: 'NOT_LINKED' } } });
});

test('a linked fact sheet that LeanIX does not show any more is told as such, and nothing is made in its place', async () => {
  await matched();
  await app.run('syncAll');
  const { id, name } = await app.factSheetOf('Flow_2');
  sandbox.editFactSheet(id, { restricted: true });
  const count = sandbox.leanix.state.factSheets.size;
  await app.run('match');
  const row = await app.iflow('Flow_2');
  expect(row).toMatchObject({ linkStatus: 'linked', factSheetId: id, linkCode: 'FACT_SHEET_NOT_VISIBLE' });
  expect(row.linkMessage).toContain(`"${name}"`);
  const run = await app.run('syncAll');
  expect(await app.itemOf(run, 'Flow_2')).toMatchObject({ status: 'failed', code: 'FACT_SHEET_NOT_VISIBLE' });
  expect(sandbox.leanix.state.factSheets.size).toBe(count);
  sandbox.editFactSheet(id, { restricted: false });
  await app.run('match');
  expect(await app.iflow('Flow_2')).toMatchObject({ linkStatus: 'linked', linkCode: null, linkMessage: null });
});

test('a linked fact sheet that was archived leaves its iFlow not linked, with the reason', async () => {
  await matched();
  await app.run('syncAll');
  const { id } = await app.factSheetOf('Flow_2');
  sandbox.editFactSheet(id, { status: 'ARCHIVED' });
  await app.run('match');
  expect(await app.iflow('Flow_2')).toMatchObject({
    linkStatus: 'notLinked',
    factSheetId: null,
    linkCode: 'FACT_SHEET_ARCHIVED',
  });
  expect(await app.run('createAllNew')).toMatchObject({ status: 'completed', created: 1 });
  expect(await app.iflow('Flow_2')).toMatchObject({ linkStatus: 'linked', linkCode: null });
  expect((await app.factSheetOf('Flow_2')).id).not.toBe(id);
  expect(sandbox.leanix.state.factSheets.get(id)?.status).toBe('ARCHIVED');
});
