import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import cds from '@sap/cds';
import { access, apiToken, expiredApiToken, readOnlyApiToken, tags } from '../../../sandbox/seed/workspace-frame.ts';
import { startLeanIX, type LeanIXSandbox } from '../../../sandbox/leanix/server.ts';
import { createState } from '../../../sandbox/leanix/state.ts';
import { OutcomeUnknown } from '../../../srv/btp/errors.ts';
import type { FactSheet } from '../../../srv/catalog/types.ts';
import { writeBatch } from '../../../srv/leanix/batches.ts';
import {
  factSheetUrl,
  openClient,
  withLabels,
  type FieldSelection,
  type LeanIXClient,
  type Mutation,
} from '../../../srv/leanix/client.ts';

const EVERYTHING: FieldSelection = {
  displayName: true,
  description: true,
  tags: true,
  externalId: true,
  names: ['category', 'alias', 'lifecycle', 'interfaceIdSequence', 'noSuchField', 'fullName'],
};
const timing = { timeout: 5000, patience: 10_000, backoff: 5, maxBackoff: 20, tries: 5 };

let leanix: LeanIXSandbox;
let client: LeanIXClient;
const ids = Array.from({ length: 30 }, () => randomUUID());

beforeAll(() => {
  cds.log('leanix', 'silent');
});

beforeEach(async () => {
  leanix = await startLeanIX({
    state: createState({
      ...access,
      // Each test is its own workspace, so that none waits for the requests of another.
      workspace: { ...access.workspace, id: randomUUID() },
      tags: [...tags],
      tagGroups: [
        { name: 'Status', mode: 'SINGLE', tags: ['Live', 'Old'] },
        { name: 'Origin', mode: 'MULTIPLE', tags: ['CPI'], restrictToFactSheetTypes: ['Interface'] },
      ],
      factSheets: [
        ...ids.map((id, n) => ({
          id,
          type: 'Interface',
          name: `Interface ${n}`,
          description: `Number ${n}`,
          externalId: `cpi:tenant/${n}`,
          tags: n === 0 ? ['Live', 'GDPR'] : [],
          fields: n === 0 ? { category: 'api', alias: 'Zero', lifecycle: { active: '2026-01-01' } } : {},
          status: n === 29 ? ('ARCHIVED' as const) : ('ACTIVE' as const),
        })),
        { type: 'Application', name: 'SAP S/4HANA' },
      ],
    }),
  });
  process.env['LEANIX_ALLOWED_HOSTS'] = leanix.host;
  client = await open();
  await client.dataModel();
});

afterEach(async () => {
  delete process.env['LEANIX_ALLOWED_HOSTS'];
  (cds.env as { leanix?: object }).leanix = {};
  await leanix.stop();
});

const open = (token = apiToken) => openClient({ host: leanix.host, apiToken: token }, { timing });

const pageSize = (size: number) => ((cds.env as { leanix?: object }).leanix = { pageSize: size });

const create = (key: string, patches: Mutation['patches'] = []): Mutation => ({
  key,
  kind: 'create',
  name: `New ${key}`,
  type: 'Interface',
  patches,
});

async function readAll(from: LeanIXClient, type = 'Interface'): Promise<FactSheet[][]> {
  const pages: FactSheet[][] = [];
  for await (const page of from.pages(type, EVERYTHING)) pages.push(page);
  return pages;
}

/** Requests that the client counted, and that LeanIX saw, from here on. */
async function counted(work: () => Promise<unknown>): Promise<number> {
  const before = [client.requests, leanix.log.count({ token: false })];
  await work();
  const after = [client.requests, leanix.log.count({ token: false })];
  expect(after[0]! - before[0]!).toBe(after[1]! - before[1]!);
  return after[0]! - before[0]!;
}

describe('reading', () => {
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
});

describe('writing', () => {
  const options = { type: 'Interface', fields: EVERYTHING };

  test('sends all mutations in one request and gives back what came of them', async () => {
    const { active } = await client.byIds([ids[1]!], 'Interface', {});
    const mutations: Mutation[] = [
      create('new', [
        { op: 'add', path: '/externalId', value: JSON.stringify({ type: 'ExternalId', externalId: 'cpi:tenant/new' }) },
        { op: 'add', path: '/category', value: 'api' },
      ]),
      {
        key: 'old',
        kind: 'update',
        id: ids[1]!,
        rev: active.get(ids[1]!)!.rev,
        patches: [{ op: 'replace', path: '/description', value: 'quotes "and" {braces} $0' }],
      },
    ];
    const before = leanix.log.count({ write: true });
    const result = await client.write(mutations, options);
    expect(leanix.log.count({ write: true })).toBe(before + 1);
    expect(result.ok && result.factSheets.get('new')).toMatchObject({
      name: 'New new',
      externalId: 'cpi:tenant/new',
      fields: { category: 'api' },
    });
    expect(result.ok && result.factSheets.get('old')).toMatchObject({
      description: 'quotes "and" {braces} $0',
      rev: 1,
    });
  });

  test('stores nothing when LeanIX is only asked', async () => {
    const result = await client.write([create('a')], { ...options, validateOnly: true });
    expect(result.ok).toBe(true);
    expect((await readAll(client)).flat()).toHaveLength(29);
  });

  const bad = create('bad', [{ op: 'replace', path: '/descriptio', value: 'x' }]);

  test.each([
    ['null', false],
    ['null', true],
    ['aliasNull', false],
    ['aliasNull', true],
  ] as const)('names the one that LeanIX refuses (data: %s, old errors: %s)', async (shape, old) => {
    Object.assign(leanix.switches, { errorDataShape: shape, oldErrorShape: old, nullErrorsKey: old });
    const result = await client.write([create('good'), bad], options);
    expect(result).toMatchObject({ ok: false, failures: [{ key: 'bad', code: 'BUSINESS_LOGIC' }] });
    expect(!result.ok && result.failures[0]?.message).toContain('/descriptio');
    expect((await readAll(client)).flat()).toHaveLength(29);
    await expect(client.write([create('good')], options)).resolves.toMatchObject({ ok: true });
  });

  test('says when somebody else was faster', async () => {
    const update: Mutation = {
      key: 'u',
      kind: 'update',
      id: ids[2]!,
      rev: 0,
      patches: [{ op: 'replace', path: '/description', value: 'mine' }],
    };
    await client.write([update], options);
    await expect(client.write([update], options)).resolves.toMatchObject({
      ok: false,
      failures: [{ key: 'u', code: 'REVISION_CLASH' }],
    });
  });

  test.each(['lostAnswer', 'halfJson', 'html'] as const)(
    'never calls a lost answer anything else: %s',
    async (kind) => {
      leanix.faults.add({ match: { operation: 'mutation' }, kind });
      await expect(client.write([create('a')], options)).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(leanix.log.count({ write: true })).toBe(1);
    },
  );

  test('in a batch gets every good one in, and each once', async () => {
    leanix.faults.add({ match: { operation: 'mutation' }, kind: '429', retryAfter: '1' });
    const list = [...Array.from({ length: 49 }, (_, n) => create(`n${n}`)), bad];
    const outcomes = [];
    for await (const some of writeBatch(client, list, options)) outcomes.push(...some);
    expect(outcomes.filter((one) => !one.ok).map(({ key }) => key)).toEqual(['bad']);
    expect(outcomes).toHaveLength(50);
    expect((await readAll(client)).flat()).toHaveLength(29 + 49);
  });

  test('needs the right to', async () => {
    const reader = await open(readOnlyApiToken);
    const result = await reader.write([create('a')], options).catch((error: unknown) => error);
    expect(result).not.toMatchObject({ ok: true });
    expect((await readAll(client)).flat()).toHaveLength(29);
  });
});

describe('the token', () => {
  test('is exchanged once, however many ask', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    leanix.rotateBearers();
    await Promise.all([one.tags(), one.dataModel(), two.tags(), client.tags()]);
    expect(leanix.log.count({ token: true })).toBeLessThanOrEqual(3);
  });

  test('is exchanged again when the bearer has ended, within a write, too', async () => {
    leanix.rotateBearers();
    await expect(client.write([create('a')], { type: 'Interface', fields: {} })).resolves.toMatchObject({ ok: true });
    expect(leanix.log.count({ token: true })).toBe(2);
  });

  test('that is wrong or has expired is named so', async () => {
    for (const token of ['wrong', expiredApiToken]) {
      await expect((await open(token)).dataModel()).rejects.toMatchObject({ code: 'LEANIX_TOKEN_INVALID' });
    }
  });

  test('goes to allowed hosts only', async () => {
    delete process.env['LEANIX_ALLOWED_HOSTS'];
    const seen = leanix.log.count();
    await expect(open()).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    expect(leanix.log.count()).toBe(seen);
  });

  test('is in no error', async () => {
    leanix.faults.add({ match: { path: '/oauth2' }, times: 9, kind: 'status', status: 503, body: `token ${apiToken}` });
    const error: unknown = await (await open(`${apiToken}x`)).dataModel().catch((caught: unknown) => caught);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(apiToken);
  });
});

test('fact sheets have a page for people', () => {
  const id = ids[0]!;
  expect(factSheetUrl('acme.leanix.net', 'My Workspace', 'Interface', id)).toBe(
    `https://acme.leanix.net/My%20Workspace/factsheet/Interface/${id}`,
  );
  expect(factSheetUrl('acme.leanix.net', null, 'Interface', id)).toBeNull();
});
