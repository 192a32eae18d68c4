import fc from 'fast-check';
import type { FactSheet } from '../../../srv/core/catalog/types.ts';
import { OutcomeUnknown, RemoteError } from '../../../srv/base/remote-error.ts';
import { writeBatch, type Outcome } from '../../../srv/leanix/batches.ts';
import type { Failure, Mutation, WriteResult } from '../../../srv/leanix/client.ts';

const options = { type: 'Interface', fields: {} };

const mutations = (count: number): Mutation[] =>
  Array.from({ length: count }, (_, n) => ({
    key: `k${n}`,
    kind: 'create',
    name: `n${n}`,
    type: 'Interface',
    patches: [],
  }));

const sheet = (key: string) => ({ id: `id of ${key}` }) as FactSheet;

/** A LeanIX that stores a whole request or nothing, and gives the set answers for wrong mutations. */
class FakeLeanIX {
  requests: string[][] = [];
  stored: string[] = [];
  readonly #answer: (keys: string[]) => Failure[] | Error;

  constructor(answer: (keys: string[]) => Failure[] | Error = () => []) {
    this.#answer = answer;
  }

  write(batch: readonly Mutation[]): Promise<WriteResult> {
    const keys = batch.map(({ key }) => key);
    this.requests.push(keys);
    const failures = this.#answer(keys);
    if (failures instanceof Error) return Promise.reject(failures);
    if (failures.length > 0) return Promise.resolve({ ok: false, failures });
    this.stored.push(...keys);
    return Promise.resolve({ ok: true, factSheets: new Map(keys.map((key) => [key, sheet(key)])) });
  }

  get sizes() {
    return this.requests.map((keys) => keys.length);
  }
}

const wrong = (key: string | null, code = 'BUSINESS_LOGIC'): Failure => ({ key, code, message: `wrong ${key}` });
const lost = () => new OutcomeUnknown('leanix', 'acme.leanix.net', 'HTTP 504', 504);

async function collect(leanix: FakeLeanIX, list: Mutation[]): Promise<Outcome[]> {
  const all: Outcome[] = [];
  for await (const outcomes of writeBatch(leanix, list, options)) all.push(...outcomes);
  return all;
}

const codes = (outcomes: Outcome[]) => Object.fromEntries(outcomes.map((one) => [one.key, one.ok ? 'ok' : one.code]));

test('a batch is one request', async () => {
  const leanix = new FakeLeanIX();
  const outcomes = await collect(leanix, mutations(50));
  expect(leanix.sizes).toEqual([50]);
  expect(outcomes).toHaveLength(50);
  expect(outcomes[7]).toEqual({ key: 'k7', ok: true, factSheet: sheet('k7') });
});

test('nothing to write is no request', async () => {
  const leanix = new FakeLeanIX();
  await expect(collect(leanix, [])).resolves.toEqual([]);
  expect(leanix.sizes).toEqual([]);
});

test('one that LeanIX names is taken out, and the others are sent again', async () => {
  const leanix = new FakeLeanIX((keys) => (keys.includes('k3') ? [wrong('k3', 'REVISION_CLASH'), wrong('k3')] : []));
  const outcomes = await collect(leanix, mutations(10));
  expect(leanix.sizes).toEqual([10, 9]);
  expect(outcomes.filter((one) => !one.ok)).toEqual([
    { key: 'k3', ok: false, code: 'REVISION_CLASH', message: 'wrong k3' },
  ]);
  expect(leanix.stored).toHaveLength(9);
});

test('several that LeanIX names at once are taken out at once', async () => {
  const bad = ['k0', 'k2'];
  const leanix = new FakeLeanIX((keys) => keys.filter((key) => bad.includes(key)).map((key) => wrong(key)));
  await collect(leanix, mutations(4));
  expect(leanix.sizes).toEqual([4, 2]);
  expect(leanix.stored).toEqual(['k1', 'k3']);
});

test('where LeanIX names none, halving finds it', async () => {
  const leanix = new FakeLeanIX((keys) => (keys.includes('k5') ? [wrong(null, 'LEANIX_REFUSED')] : []));
  const outcomes = await collect(leanix, mutations(8));
  expect(leanix.sizes).toEqual([8, 4, 4, 2, 1, 1, 2]);
  expect(outcomes.filter((one) => !one.ok)).toMatchObject([{ key: 'k5', code: 'LEANIX_REFUSED' }]);
});

test('an answer that names something else counts as one that names nothing', async () => {
  const leanix = new FakeLeanIX((keys) => (keys.includes('k1') ? [wrong('somebody')] : []));
  expect(codes(await collect(leanix, mutations(2)))).toEqual({ k0: 'ok', k1: 'BUSINESS_LOGIC' });
});

test('after a lost answer nothing of the request is sent again; what was not in it is', async () => {
  const answers = [[wrong(null)], lost()];
  const leanix = new FakeLeanIX(() => answers.shift() ?? []);
  const outcomes = await collect(leanix, mutations(4));
  expect(leanix.sizes).toEqual([4, 2, 2]);
  expect(codes(outcomes)).toEqual({ k0: 'OUTCOME_UNKNOWN', k1: 'OUTCOME_UNKNOWN', k2: 'ok', k3: 'ok' });
  expect(leanix.stored).toEqual(['k2', 'k3']);
});

test('a request that is too large is sent in parts', async () => {
  const tooLarge = new RemoteError('LEANIX_ERROR', 'leanix', { status: 413 });
  const leanix = new FakeLeanIX((keys) => (keys.length > 2 ? tooLarge : []));
  await collect(leanix, mutations(8));
  expect(leanix.stored).toHaveLength(8);
});

test('an error of all requests ends the work and leaves the rest unsent', async () => {
  const leanix = new FakeLeanIX(() => new RemoteError('LEANIX_FORBIDDEN', 'leanix', { status: 403 }));
  await expect(collect(leanix, mutations(10))).rejects.toMatchObject({ code: 'LEANIX_FORBIDDEN' });
  expect(leanix.requests).toHaveLength(1);
});

test('whoever stops between two requests leaves the rest unsent', async () => {
  const leanix = new FakeLeanIX((keys) => (keys.includes('k3') ? [wrong('k3')] : []));
  for await (const outcomes of writeBatch(leanix, mutations(10), options)) {
    expect(codes(outcomes)).toEqual({ k3: 'BUSINESS_LOGIC' });
    break;
  }
  expect(leanix.sizes).toEqual([10]);
});

test('whatever goes wrong, each ends once, and what is called stored is stored once', async () => {
  const kinds = fc.constantFrom('good', 'named', 'unnamed');
  await fc.assert(
    fc.asyncProperty(
      fc.array(kinds, { maxLength: 40 }),
      fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
      async (list, dice) => {
        const kindOf = (key: string) => list[Number(key.slice(1))];
        const leanix = new FakeLeanIX((keys) => {
          if (dice.next().value === 0) return lost();
          const named = keys.filter((key) => kindOf(key) === 'named').map((key) => wrong(key));
          if (named.length > 0) return named;
          return keys.some((key) => kindOf(key) === 'unnamed') ? [wrong(null)] : [];
        });
        const outcomes = await collect(leanix, mutations(list.length));
        expect(outcomes.map(({ key }) => key).sort()).toEqual(list.map((_, n) => `k${n}`).sort());
        expect(leanix.stored.toSorted()).toEqual(
          outcomes
            .filter(({ ok }) => ok)
            .map(({ key }) => key)
            .sort(),
        );
        for (const { key, ...end } of outcomes) {
          expect(end.ok ? ['good'] : end.code === 'OUTCOME_UNKNOWN' ? [kindOf(key)] : ['named', 'unnamed']).toContain(
            kindOf(key),
          );
        }
      },
    ),
  );
});
