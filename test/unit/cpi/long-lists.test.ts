import { artifacts, ids, list, next, open, startTenant, tenant, tenantUrl, type Reply } from './tenant.ts';

startTenant();

describe('long lists', () => {
  test('are read with $skip until all are there that the tenant counts', async () => {
    tenant.answer = (_, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(0, 1203).slice(skip, skip + 500));
    };
    const client = await open();
    tenant.counted = 1203;
    expect(ids(await client.runtimeArtifacts())).toEqual(ids(artifacts(0, 1203).map(({ Id }) => ({ id: Id }))));
    expect(client.requests).toBe(4);
  });

  test.each([
    ['$count', 120],
    ['one more page, where the tenant does not count', null],
  ])('that the server cuts off at 50 without a link are proven by %s', async (_, number) => {
    tenant.answer = (_path, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(0, 120).slice(skip, skip + 50));
    };
    const client = await open();
    tenant.counted = number;
    expect(await client.runtimeArtifacts()).toHaveLength(120);
    // Three pages and the count; without a count, also a page that begins and ends with the last entry.
    expect(client.requests).toBe(number === null ? 5 : 4);
    expect(await client.packages()).toHaveLength(120);
  });

  test('that the server cuts off at an odd number are read on', async () => {
    tenant.answer = (_, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(0, 100).slice(skip, skip + 37));
    };
    const client = await open();
    tenant.counted = 100;
    expect(await client.runtimeArtifacts()).toHaveLength(100);
    tenant.counted = null;
    expect(await client.runtimeArtifacts()).toHaveLength(100);
    expect(await client.packages(['A0', 'A99'])).toHaveLength(100);
  });

  test('that have less in them than the tenant counts fail', async () => {
    tenant.answer = (_, query) => list(Number(query.get('$skip')) < 50 ? artifacts(0, 50) : []);
    const client = await open();
    tenant.counted = 120;
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({
      code: 'CPI_LIST_INCOMPLETE',
      args: [client.tenantHost, '50', '120'],
    });
    tenant.counted = 0;
    tenant.answer = () => list([]);
    expect(await client.runtimeArtifacts()).toEqual([]);
  });

  test('of which nothing tells whether they were cut off fail', async () => {
    tenant.answer = () => list(artifacts(0, 50));
    const client = await open();
    const args = [client.tenantHost, 'a list that may be cut off'];
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_ERROR', args });
    tenant.counted = 50;
    expect(await client.runtimeArtifacts()).toHaveLength(50);
  });

  test('of packages need no further page where all are there that were known', async () => {
    tenant.answer = () => list(artifacts(0, 3));
    const client = await open();
    expect(await client.packages(['A0', 'A2'])).toHaveLength(3);
    expect(client.requests).toBe(1);
  });

  test.each<[string, number, (all: { Id: string }[]) => { Id: string }[]]>([
    ['an artifact of the first page is undeployed', 1203, (all) => all.slice(1)],
    ['so many are undeployed that there is no second page', 502, (all) => all.slice(3)],
    ['an artifact of the last page is deployed again, and moves to the front', 1203, (all) => [all[1100]!, ...all]],
  ])('are read anew when %s meanwhile: nobody is passed over', async (_, count, change) => {
    const before = artifacts(0, count);
    const after = change(before);
    tenant.answer = (_path, query) => {
      const skip = Number(query.get('$skip'));
      return list((tenant.asked.length === 1 ? before : after).slice(skip, skip + 500));
    };
    const found = ids(await (await open()).runtimeArtifacts());
    expect(found.toSorted()).toEqual([...new Set(after.map(({ Id }) => Id))].sort());
  });

  test('that come in another order with each page are taken in one answer', async () => {
    const all = artifacts(0, 1203);
    tenant.answer = (_path, query) => {
      const skip = query.get('$skip');
      if (skip === null) return list(all);
      const order = tenant.asked.length % 2 ? all : all.toReversed();
      return list(order.slice(Number(skip), Number(skip) + 500));
    };
    expect(ids(await (await open()).runtimeArtifacts())).toEqual(ids(all.map(({ Id }) => ({ id: Id }))));
  });

  test('that do not stop to change fail: a part never passes for the whole', async () => {
    tenant.answer = (_path, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(tenant.asked.length, 1203).slice(skip, skip + 500));
    };
    const client = await open();
    const args = [client.tenantHost, 'a list that changes while it is read'];
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_ERROR', args });
  });

  test('follow links to the next page, however they are written', async () => {
    tenant.answer = (_, query) => {
      const token = query.get('$skiptoken');
      if (token === null) return list(artifacts(0, 3), 'IntegrationRuntimeArtifacts?$skiptoken=3');
      if (token === '3') return list(artifacts(3, 6), `${tenantUrl}/api/v1/IntegrationRuntimeArtifacts?$skiptoken=6`);
      return list(artifacts(6, 7));
    };
    const client = await open();
    tenant.counted = 7;
    expect(await client.runtimeArtifacts()).toHaveLength(7);
    expect(client.requests).toBe(4);
  });

  test('a link to another host is refused: the token must not go there', async () => {
    tenant.answer = () => list(artifacts(0, 3), 'https://evil.example/api/v1/IntegrationRuntimeArtifacts?$skiptoken=3');
    const client = await open();
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({
      code: 'CPI_FOREIGN_NEXT',
      args: [client.tenantHost, 'https://evil.example/api/v1/IntegrationRuntimeArtifacts'],
    });
  });

  test.each<[string, (token: number) => Reply]>([
    ['to the page itself', (token) => list(artifacts(token, token + 3), next(token))],
    [
      'to the first page',
      (token) => list(artifacts(token, token + 3), token ? 'IntegrationRuntimeArtifacts?$top=500&$skip=0' : next(1)),
    ],
    ['to the same entries again and again', (token) => list(artifacts(0, 3), next(token + 1))],
    ['to the same entries, which then are all', (token) => list(artifacts(0, 3), token === 1 ? undefined : next(1))],
  ])('links that lead %s fail the list: a part never passes for the whole', async (_, page) => {
    tenant.answer = (_path, query) => page(Number(query.get('$skiptoken') ?? 0));
    const client = await open();
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({
      code: 'CPI_ERROR',
      args: [client.tenantHost, 'a list that goes on in a circle'],
    });
  });

  test('an entry that has no id fails the list: what is missing must not look undeployed', async () => {
    tenant.answer = () => list([{ Id: 'Orders' }, { Name: 'No id' }]);
    const client = await open();
    const problem = { code: 'CPI_ERROR', args: [client.tenantHost, 'an entry without Id'] };
    await expect(client.runtimeArtifacts()).rejects.toMatchObject(problem);
    await expect(client.packages()).rejects.toMatchObject(problem);
    await expect(client.designtimeArtifacts('Sales', 'IntegrationDesigntimeArtifacts')).rejects.toMatchObject(problem);
  });

  test('the artifacts of a package go on where a link says so, and fail where it leads nowhere', async () => {
    tenant.answer = (_, query) =>
      query.has('$skiptoken') ? list(artifacts(3, 5)) : list(artifacts(0, 3), 'IntegrationPackages?$skiptoken=3');
    const client = await open();
    const read = () => client.designtimeArtifacts('Sales', 'IntegrationDesigntimeArtifacts');
    expect(ids(await read())).toEqual(['A0', 'A1', 'A2', 'A3', 'A4']);
    tenant.answer = () => list(artifacts(0, 3), 'IntegrationPackages?$skiptoken=3');
    await expect(read()).rejects.toMatchObject({ code: 'CPI_ERROR' });
    tenant.answer = (_, query) =>
      list(artifacts(0, 3), query.has('$skiptoken') ? undefined : 'IntegrationPackages?$skiptoken=3');
    await expect(read()).rejects.toMatchObject({ code: 'CPI_ERROR' });
    tenant.answer = () => list(artifacts(0, 3), 'https://evil.example/api/v1/IntegrationPackages?$skiptoken=3');
    await expect(read()).rejects.toMatchObject({ code: 'CPI_FOREIGN_NEXT' });
  });

  test('where $skip is ignored the whole list is asked for', async () => {
    tenant.answer = (_, query) => list(query.has('$top') ? artifacts(0, 500) : artifacts(0, 800));
    const client = await open();
    tenant.counted = 800;
    expect(await client.runtimeArtifacts()).toHaveLength(800);
    expect(client.requests).toBe(4);
  });

  test('that are cut off at a round number without saying so are read on', async () => {
    tenant.answer = (_, query) => {
      const skip = Number(query.get('$skip'));
      return list(artifacts(0, 250).slice(skip, skip + 100));
    };
    const client = await open();
    expect(await client.runtimeArtifacts()).toHaveLength(250);
  });

  test('a page that fails fails the list: a part never passes for the whole', async () => {
    tenant.answer = (_, query) => (query.get('$skip') === '0' ? list(artifacts(0, 500)) : { status: 400, body: 'no' });
    const client = await open();
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({
      code: 'CPI_ERROR',
      args: [client.tenantHost, 'no'],
    });
    tenant.answer = () => ({ body: '<feed></feed>', type: 'application/xml' });
    await expect(client.runtimeArtifacts()).rejects.toMatchObject({ code: 'CPI_ERROR' });
  });
});
