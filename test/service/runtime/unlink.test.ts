import { launchLinks } from '../../helpers/runtime/links.ts';

const { app, link, matched, ownId, sandbox, sheet } = await launchLinks();

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
  // A user can still link them again.
  expect((await link('Flow_2', linked.id)).body).toMatchObject({ linkStatus: 'linked', matchedBy: 'manual' });
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
