import { OutcomeUnknown } from '../../../srv/base/remote-error.ts';
import { readOnlyApiToken } from '../../../sandbox/seed/workspace-frame.ts';
import { writeBatch } from '../../../srv/leanix/batches.ts';
import type { Mutation } from '../../../srv/leanix/client.ts';
import { create, EVERYTHING, ids, readAll, workspaceForEach, type Workspace } from '../../helpers/runtime/workspace.ts';

// Writing of fact sheets.

let leanix: Workspace['leanix'];
let client: Workspace['client'];
let open: Workspace['open'];

workspaceForEach((started) => ({ leanix, client, open } = started));

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

test.each(['lostAnswer', 'halfJson', 'html'] as const)('never calls a lost answer anything else: %s', async (kind) => {
  leanix.faults.add({ match: { operation: 'mutation' }, kind });
  await expect(client.write([create('a')], options)).rejects.toBeInstanceOf(OutcomeUnknown);
  expect(leanix.log.count({ write: true })).toBe(1);
});

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
