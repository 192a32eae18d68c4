import { setTimeout as sleep } from 'node:timers/promises';
import { MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { launchLinks } from '../../helpers/runtime/links.ts';

const { app, link, matched, ownId, sandbox, sheet } = await launchLinks();

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
  // LeanIX refuses two fact sheets with the same name and release.
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
  // Names as LeanIX displays them, with their release.
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
