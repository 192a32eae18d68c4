import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import cds from '@sap/cds';
import { access, tags } from '../../../sandbox/seed/workspace-frame.ts';
import { factSheetUrl, withLabels, type LeanIXClient } from '../../../srv/leanix/client.ts';
import { create, EVERYTHING, ids, readAll, workspaceForEach, type Workspace } from '../../helpers/runtime/workspace.ts';

// Reading of fact sheets, tags and the data model.

let leanix: Workspace['leanix'];
let client: Workspace['client'];
let open: Workspace['open'];

workspaceForEach((started) => ({ leanix, client, open } = started));

const pageSize = (size: number) => ((cds.env as { leanix?: object }).leanix = { pageSize: size });

/** Requests that the client counted, and that LeanIX received, from now on. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  const before = [client.requests, leanix.log.count({ token: false })];
  await work();
  const after = [client.requests, leanix.log.count({ token: false })];
  expect(after[0]! - before[0]!).toBe(after[1]! - before[1]!);
  return after[0]! - before[0]!;
}

test('tells who the token is', async () => {
  await expect(client.identity()).resolves.toMatchObject({
    userId: access.apiTokens[0]!.userId,
    workspaceName: access.workspace.name,
    role: 'ADMIN',
  });
});

test('takes types, fields and external ids from the data model', async () => {
  const { types } = await client.dataModel();
  expect([...types.keys()]).toContain('Interface');
  const type = types.get('Interface')!;
  expect(type.hasExternalId).toBe(true);
  expect(type.fields.get('category')).toMatchObject({ type: 'SINGLE_SELECT' });
  expect(type.fields.get('category')!.values.map(({ key }) => key)).toContain('api');
  expect(type.fields.get('interfaceIdSequence')).toMatchObject({ type: 'EXTERNAL_ID' });
  expect(types.get('Objective')?.hasExternalId).toBe(false);
});

test('puts labels in place of keys, and does without them', async () => {
  const model = await client.dataModel();
  const labels = new Map([
    [
      'Interface',
      { label: 'Interface', fields: new Map([['category', { label: null, values: new Map([['api', 'API']]) }]]) },
    ],
  ]);
  const { values } = withLabels(model, labels).types.get('Interface')!.fields.get('category')!;
  expect(values).toContainEqual({ key: 'api', label: 'API' });
  expect(values).toContainEqual({ key: 'logicalInterface', label: 'logicalInterface' });
  leanix.faults.add({ match: { path: '/languages' }, times: 9, kind: 'status', status: 404 });
  await expect(client.labels()).resolves.toEqual(new Map());
  await expect((await open()).labels()).resolves.toBeInstanceOf(Map);
});

test('has the whole tag library in one request', async () => {
  expect(await counted(() => client.tags())).toBe(1);
  const library = await client.tags();
  expect(library.map(({ name }) => name).sort()).toEqual(['CPI', 'Live', 'Old', ...tags].sort());
  expect(library.find(({ name }) => name === 'Live')?.group).toMatchObject({ name: 'Status', mode: 'SINGLE' });
  expect(library.find(({ name }) => name === 'CPI')?.group?.restrictToFactSheetTypes).toEqual(['Interface']);
  expect(library.find(({ name }) => name === 'GDPR')?.group).toBeNull();
});

test('goes through all pages of active fact sheets', async () => {
  pageSize(10);
  const paged = await open();
  const pages = await readAll(paged);
  expect(pages.map((page) => page.length)).toEqual([10, 10, 9]);
  // The data model comes first.
  expect(paged.requests).toBe(1 + 3);
  expect(
    pages
      .flat()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(ids.slice(0, 29).sort());
});

test('goes through them once more when one was archived meanwhile: none that moved is passed over', async () => {
  pageSize(10);
  const paged = await open();
  const meanwhile = () => void leanix.state.edit(ids[0]!, { status: 'ARCHIVED' });
  leanix.faults.add({ kind: 'delay', ms: 0, after: 1, match: { path: 'graphql' }, meanwhile });
  const found = new Set((await readAll(paged)).flat().map(({ id }) => id));
  expect(ids.slice(1, 29).filter((id) => !found.has(id))).toEqual([]);
  expect(paged.requests).toBe(1 + 3 + 3);
});

test('fails where they do not stop to change: none that moved is taken for missing', async () => {
  pageSize(10);
  const paged = await open();
  const left = ids.slice(0, 20);
  const meanwhile = () => void leanix.state.edit(left.pop()!, { status: 'ARCHIVED' });
  leanix.faults.add({ kind: 'delay', ms: 0, times: Infinity, match: { path: 'graphql' }, meanwhile });
  await expect(readAll(paged)).rejects.toMatchObject({ code: 'FACT_SHEETS_CHANGED', args: [leanix.host] });
});

test('takes what was asked for, as far as the type has it', async () => {
  const { active } = await client.byIds([ids[0]!], 'Interface', EVERYTHING);
  const live = leanix.log.count();
  expect(active.get(ids[0]!)).toMatchObject({
    name: 'Interface 0',
    type: 'Interface',
    displayName: 'Interface 0',
    description: 'Number 0',
    externalId: 'cpi:tenant/0',
    rev: 0,
    status: 'ACTIVE',
    fields: { category: 'api', alias: 'Zero', lifecycle: { phases: [{ phase: 'active', startDate: '2026-01-01' }] } },
  });
  expect(active.get(ids[0]!)!.tagIds).toHaveLength(2);
  expect(live).toBeGreaterThan(0);
  const bare = (await client.byIds([ids[0]!], 'Interface', {})).active.get(ids[0]!);
  expect(bare).toMatchObject({ description: null, externalId: null, displayName: null, tagIds: [], fields: {} });
  for (const type of (await client.dataModel()).types.keys()) await readAll(client, type);
});

test('takes no text that no database takes', async () => {
  leanix.state.edit(ids[0]!, { name: 'Num\0ber', fields: { alias: 'Ze\0ro' } });
  const { active } = await client.byIds([ids[0]!], 'Interface', EVERYTHING);
  expect(active.get(ids[0]!)).toMatchObject({ name: 'Number', fields: { alias: 'Zero' } });
});

test('starts the next page before the last is used up', async () => {
  pageSize(10);
  const paged = await open();
  const pages = paged.pages('Interface', {});
  await pages.next();
  while (paged.requests < 1 + 2) await sleep(5);
  await sleep(100);
  expect(paged.requests).toBe(1 + 2);
  await pages.return();
});

test('fails with the page that cannot be read', async () => {
  pageSize(10);
  const paged = await open();
  for (const kind of ['halfJson', 'html'] as const) {
    leanix.faults.add({ match: { path: '/graphql' }, after: 1, kind });
    await expect(readAll(paged)).rejects.toMatchObject({
      code: kind === 'html' ? 'LEANIX_NOT_A_WORKSPACE' : 'LEANIX_UNREADABLE',
    });
  }
  leanix.faults.add({ match: { path: '/graphql' }, kind: 'status', status: 503, times: 2 });
  await expect(readAll(paged)).resolves.toHaveLength(3);
});

test('stops in the middle when it is called off', async () => {
  pageSize(10);
  const paged = await open();
  await paged.dataModel();
  leanix.faults.add({ match: { path: '/graphql' }, kind: 'hang' });
  const abort = new AbortController();
  const first = paged.pages('Interface', {}, abort.signal).next();
  setTimeout(() => abort.abort(), 50);
  await expect(first).rejects.toMatchObject({ code: 'CANCELED' });
});

test('finds active and archived fact sheets by id in one request', async () => {
  const asked = [...ids, randomUUID()];
  let found: Awaited<ReturnType<LeanIXClient['byIds']>> | undefined;
  expect(await counted(async () => (found = await client.byIds(asked, 'Interface', {})))).toBe(1);
  expect([...found!.active.keys()].sort()).toEqual(ids.slice(0, 29).sort());
  expect([...found!.archived.values()]).toEqual([{ id: ids[29], name: 'Interface 29' }]);
  pageSize(10);
  const paged = await open();
  expect((await paged.byIds(asked, 'Interface', {})).active.size).toBe(29);
  expect(await counted(() => client.byIds([], 'Interface', {}))).toBe(0);
});

test('keeps all of a fact sheet where LeanIX takes no notice of the question for archived ones', async () => {
  const info = { hasNextPage: false, endCursor: null };
  const [full, thin] = [{ description: 'Number 1', rev: 3, tags: [{ id: 't' }] }, {}].map((more) => ({
    pageInfo: info,
    edges: [{ node: { id: ids[1], name: 'Interface 1', type: 'Interface', status: 'ACTIVE', ...more } }],
  }));
  const body = JSON.stringify({ data: { active: full, archived: thin } });
  leanix.faults.add({ match: { body: /TrashBin/ }, kind: 'status', status: 200, body });
  const { active, archived } = await client.byIds([ids[1]!], 'Interface', EVERYTHING);
  expect(active.get(ids[1]!)).toMatchObject({ description: 'Number 1', rev: 3, tagIds: ['t'] });
  expect(archived.size).toBe(0);
});

test('finds fact sheets by external id', async () => {
  const found = await client.byExternalIds(['cpi:tenant/3', 'cpi:tenant/99'], 'Interface', {});
  expect(found.map(({ id, externalId }) => [id, externalId])).toEqual([[ids[3], 'cpi:tenant/3']]);
  expect(await counted(() => client.byExternalIds(['x'], 'Objective', {}))).toBe(0);
});

test('reads one by one what must not lag, and leaves out what is not there', async () => {
  leanix.switches.listLagMs = 60_000;
  const result = await client.write([create('a')], { type: 'Interface', fields: {} });
  const created = result.ok ? result.factSheets.get('a')!.id : '';
  expect((await client.byIds([created], 'Interface', {})).active.size).toBe(0);
  const found = await client.fresh([created, ids[1]!, randomUUID(), ids[29]!], 'Interface', { description: true });
  expect([...found.values()].map(({ name, status }) => [name, status])).toEqual([
    ['New a', 'ACTIVE'],
    ['Interface 1', 'ACTIVE'],
    ['Interface 29', 'ARCHIVED'],
  ]);
});

test('refuses a type that cannot be one, and tells when LeanIX knows none of that name', async () => {
  await expect(readAll(client, 'Interface { id }')).rejects.toMatchObject({ code: 'TYPE_INVALID' });
  await expect(readAll(client, 'Foo')).rejects.toMatchObject({ code: 'LEANIX_ERROR' });
});

test('fact sheets have a page for people', () => {
  const id = ids[0]!;
  expect(factSheetUrl('acme.leanix.net', 'My Workspace', 'Interface', id)).toBe(
    `https://acme.leanix.net/My%20Workspace/factsheet/Interface/${id}`,
  );
  expect(factSheetUrl('acme.leanix.net', null, 'Interface', id)).toBeNull();
});
