import { launch } from '../../helpers/app/app.ts';
import { flows } from '../../helpers/app/seeds.ts';

// Searches: every word counts, on every list, and unsupported searches are refused.

const names = ['Invoice France', 'Invoice Spain', 'Orders France', 'France sends an invoice', 'Payroll'];
const changes = Object.fromEntries(
  names.map((name, index) => [`Flow_${index + 1}`, { name, description: index ? '' : 'Calls "SAP" (Paris)' }]),
);

const app = await launch({ seed: flows(names.length, [], changes) });
const enterprise = app.as('enterprise');

beforeAll(async () => {
  await app.configure();
  await app.run('refresh');
});

const found = async (search: string) => {
  const { status, body } = await enterprise.get(`runtime/IFlows?$search=${encodeURIComponent(search)}`);
  expect([search, status]).toEqual([search, 200]);
  return (body.value as { name: string }[]).map(({ name }) => names.indexOf(name)).sort();
};

test.each([
  ['invoice', [0, 1, 3]],
  ['invoice france', [0, 3]],
  ['invoice zzz', []],
  ['"invoice" "france"', [0, 3]],
  ['"invoice france"', [0]],
  ['invoice AND france', [0, 3]],
  ['spain OR payroll', [1, 4]],
  ['NOT invoice', [2, 4]],
  ['france NOT invoice', [2]],
  ['NOT (invoice OR france)', [4]],
  ['(spain OR orders) france', [2]],
  [String.raw`"\"SAP\" (Paris)"`, [0]],
  ['NOT paris', [1, 2, 3, 4]],
])('%s is found in the right ones', async (search, expected) => {
  expect(await found(search)).toEqual(expected);
});

test('they are counted alike, and found in a list below a row', async () => {
  expect((await enterprise.get('runtime/IFlows/$count?$search=invoice france')).body).toBe(2);
  const { body } = await enterprise.get('runtime/IFlows?$count=true&$top=1&$search=NOT invoice');
  expect(body['@odata.count']).toBe(2);
  const packages = await enterprise.get('settings/LeanIXConfigs?$expand=mappings($search=name zzz)');
  expect(packages.status).toBe(200);
});

test.each([
  ['a word that belongs to nothing', '$search=invoice OR', 'SEARCH_INVALID'],
  ['nothing to leave out', '$search=NOT', 'SEARCH_INVALID'],
  ['a parenthesis that stays open', '$search=(invoice', 'SEARCH_INVALID'],
  ['more words than anybody types', `$search=${'a '.repeat(21)}`, 'SEARCH_INVALID'],
  ['something below a row that cannot be read', '$expand=history($search=a OR)', 'SEARCH_INVALID'],
  ['groups', '$apply=groupby((name))&$search=zzz', 'SEARCH_OF_GROUPS'],
  ['what is grouped afterwards', '$apply=search(france)/groupby((status))', 'SEARCH_OF_GROUPS'],
  ['the first ones', '$apply=top(1)/search(france)', 'SEARCH_OF_GROUPS'],
  ['results that are put together', '$apply=concat(top(1),identity)&$search=france', 'SEARCH_OF_GROUPS'],
])('a search of %s is refused', async (_what, query, code) => {
  const { status, body } = await enterprise.get(`runtime/IFlows?${query}`);
  expect({ status, code: body.error?.code }).toEqual({ status: 400, code });
});

test('what is searched by $apply is right', async () => {
  for (const apply of ['search(invoice france)', 'filter(not (name eq %27x%27))/search("invoice" france)']) {
    expect((await enterprise.get(`runtime/IFlows?$apply=${apply}`)).body.value).toHaveLength(2);
  }
});

test('connections are not found by who changed them', async () => {
  const count = async (search: string) =>
    (await enterprise.get(`settings/LeanIXConfigs?$search=${search}`)).body.value.length as number;
  expect([await count('enterprise'), await count('default'), await count('interface default')]).toEqual([0, 1, 1]);
});

test('nothing is found by a word that stands nowhere, on no list of any service', async () => {
  const lists: string[] = [];
  for (const service of ['settings', 'runtime', 'access']) {
    const { body } = await enterprise.get(service);
    for (const { url, kind = 'EntitySet' } of body.value as { url: string; kind?: string }[]) {
      if (kind === 'EntitySet' && url !== 'Endpoints') lists.push(`${service}/${url}`);
    }
  }
  expect(lists.length).toBeGreaterThan(40);
  for (const path of lists) {
    const { status, body } = await enterprise.get(`${path}?$search=a zzqzz`);
    expect({ path, status, rows: body.value?.length }).toEqual({ path, status: 200, rows: 0 });
  }
});
