import { hash } from 'node:crypto';
import cds from '@sap/cds';
import { startBTP, type BTP } from '../../../sandbox/btp/server.ts';
import { createBTPState, putDestination } from '../../../sandbox/btp/state.ts';
import { newPeopleSwitches, type Person } from '../../../sandbox/btp/people.ts';
import { forgetDestination } from '../../../srv/btp/destinations.ts';
import type { RemoteError } from '../../../srv/base/remote-error.ts';
import { readPeople } from '../../../srv/scim/people.ts';

let btp: BTP;
const before = { ...process.env };
const timing = { timeout: 2000, patience: 2000, backoff: 5, maxBackoff: 20, tries: 2 };

const people = Array.from({ length: 230 }, (_, n): Person => ({
  id: `P${n}`,
  userName: `user${n}`,
  email: `user${n}@example.com`,
  firstName: 'User',
  lastName: String(n),
  department: n % 2 ? 'Sales' : '',
  manager: n ? 'P0' : null,
  active: n !== 7,
}));

beforeAll(async () => {
  for (const name of ['btp', 'scim']) cds.log(name, 'silent');
  btp = await startBTP({ state: createBTPState() });
});

beforeEach(() => {
  process.env['VCAP_SERVICES'] = JSON.stringify(btp.vcapServices());
  btp.faults.clear();
  Object.assign(btp.people, newPeopleSwitches());
  btp.state.people = people;
  connect(btp.state.peopleClient.secret);
});

afterAll(async () => {
  process.env = before;
  await btp.stop();
});

function connect(password: string, path = '/scim') {
  forgetDestination('PEOPLE');
  putDestination(btp.state, 'instance', {
    Name: 'PEOPLE',
    Type: 'HTTP',
    ProxyType: 'Internet',
    URL: `${btp.url}${path}`,
    Authentication: 'BasicAuthentication',
    User: btp.state.peopleClient.id,
    Password: password,
  });
}

const read = () => readPeople('PEOPLE', { timing });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: RemoteError) => error.code,
  );

test('everybody is read, page by page, with department and manager', async () => {
  const found = await read();
  expect(found).toHaveLength(230);
  expect(found[1]).toEqual({
    id: 'P1',
    userName: 'user1',
    email: 'user1@example.com',
    firstName: 'User',
    lastName: '1',
    department: 'Sales',
    managerId: 'P0',
    active: true,
  });
  expect(found[0]).toMatchObject({ department: null, managerId: null });
  expect(found[7]).toMatchObject({ active: false });
});

test('a text that no database takes is read without what it does not take', async () => {
  btp.state.people = [{ ...people[0]!, lastName: 'Ad\0ams' }];
  expect(await read()).toMatchObject([{ lastName: 'Adams' }]);
});

test('an empty directory is one', async () => {
  btp.state.people = [];
  expect(await read()).toEqual([]);
});

test('wrong credentials are told', async () => {
  connect('wrong');
  expect(await codeOf(read())).toBe('SCIM_TOKEN_INVALID');
});

test('a URL that is no SCIM service is told', async () => {
  connect(btp.state.peopleClient.secret, '/elsewhere');
  expect(await codeOf(read())).toMatch(/^SCIM_(?:ERROR|UNREADABLE)$/);
});

test.each([
  ['somebody goes', people.slice(1)],
  ['somebody comes first and the last one goes', [{ ...people[0]!, id: 'P230' }, ...people.slice(0, -1)]],
])('a list that moves while it is read is read again: %s', async (_, later) => {
  const meanwhile = () => (btp.state.people = later);
  btp.faults.add({ match: { path: 'startIndex=201' }, kind: 'delay', ms: 1, meanwhile });
  expect((await read()).map(({ id }) => id).sort()).toEqual(later.map(({ id }) => id).sort());
});

test('a directory that lists its people in another order with each page is read until all have come', async () => {
  let pages = 0;
  const order = ({ id }: Person) => hash('sha1', `${pages} ${id}`);
  const meanwhile = () => {
    pages++;
    btp.state.people = people.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  };
  btp.faults.add({ match: { path: '/Users' }, times: 99, kind: 'delay', ms: 0, meanwhile });
  expect((await read()).map(({ id }) => id).sort()).toEqual(people.map(({ id }) => id).sort());
  expect(pages).toBeGreaterThan(3);
});

test('a list that does not stop to move is not taken for all people', async () => {
  const meanwhile = () => (btp.state.people = btp.state.people.slice(1));
  btp.faults.add({ match: { path: 'startIndex=101' }, times: 99, kind: 'delay', ms: 0, meanwhile });
  expect(await codeOf(read())).toBe('SCIM_CHANGED');
});

test('a page that fails for good fails the whole read', async () => {
  btp.faults.add({ match: { path: 'startIndex=101' }, times: 9, kind: 'status', status: 503 });
  expect(await codeOf(read())).toBe('SCIM_UNREACHABLE');
});

const idsOf = (found: readonly { id: string }[]) => found.map(({ id }) => id).sort();

test.each([
  [230, 100],
  [200, 100],
  [100, 100],
  [120, 20],
  [16, 100],
])(
  'a total that is the size of the page is followed to the end: %d people in pages of %d',
  async (number, pageLimit) => {
    Object.assign(btp.people, { total: 'page', pageLimit });
    btp.state.people = people.slice(0, number);
    expect(idsOf(await read())).toEqual(idsOf(btp.state.people));
  },
);

test.each([100, 200, 16])(
  'a service that refuses what lies behind its end is read whole: %d people',
  async (number) => {
    btp.people.refusesBeyond = true;
    btp.state.people = people.slice(0, number);
    expect(await read()).toHaveLength(number);
  },
);

test('a service without pages is read whole', async () => {
  Object.assign(btp.people, { ignoresStartIndex: true, pageLimit: 1000 });
  btp.state.people = people.slice(0, 60);
  expect(await read()).toHaveLength(60);
});

test.each([
  ['its total differs from page to page', { total: 'rest' as const }],
  ['it gives the first page again', { ignoresStartIndex: true }],
  ['it gives the first page again, and takes it for all', { ignoresStartIndex: true, total: 'page' as const }],
])('broken paging is named, and nobody is taken for gone: %s', async (_, switches) => {
  Object.assign(btp.people, switches);
  const before = btp.log.entries.length;
  expect(await codeOf(read())).toBe('SCIM_PAGING');
  expect(btp.log.entries.slice(before).filter(({ path }) => path.includes('/Users')).length).toBeLessThan(9);
});
