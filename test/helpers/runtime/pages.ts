import type { Answer } from '../app/app.ts';

/** An app whose pages have three rows, with 20 iFlows. */
export type Asked = { get(path: string): Promise<Answer>; sql(text: string): Promise<any[]> };

/** Various texts, including some that a database sorts differently from their bytes. */
const NAMES = [
  'b',
  'A',
  'a',
  'B',
  'ä',
  'Z',
  'z',
  'Ä',
  '',
  'a&$rows=1&$offset=1',
  "it's",
  '2025-01-01T00:00:00Z',
  '10',
  '9',
];

/** The requests, and the values of the order in their responses. */
const ORDERS = [
  'name',
  'name desc',
  'packageName',
  'packageName desc',
  'packageName,name desc',
  'packageName desc,deployedOn desc,name',
  'deployedOn',
  'deployedOn desc',
  'criticality desc,name',
  'status,linkStatus desc',
  'tolower(name) desc',
  'length(name),name',
  'config/name,name desc',
  'statusText/name desc,packageName',
];

const RUNS = 7;

/** Walks through lists on any database, also while rows are deleted. */
export function expectReliable(asked: () => Asked): void {
  const get = async (path: string) => {
    const { status, body } = await asked().get(path);
    expect({ path, status, error: body.error }).toEqual({ path, status: 200, error: undefined });
    return body as { value: any[]; '@odata.nextLink'?: string; '@odata.count'?: number };
  };
  const nextOf = (body: { '@odata.nextLink'?: string }) =>
    body['@odata.nextLink'] === undefined ? undefined : `runtime/${body['@odata.nextLink']}`;
  const walk = async (path: string, between: (page: any[]) => Promise<unknown> = () => Promise.resolve()) => {
    const pages: any[][] = [];
    for (let next: string | undefined = path; next;) {
      const body = await get(next);
      pages.push(body.value);
      next = nextOf(body);
      if (next) await between(body.value);
    }
    return pages;
  };

  beforeAll(async () => {
    const rows = await asked().sql('SELECT ID FROM leanix_IFlow ORDER BY ID');
    for (const [n, row] of rows.entries()) {
      const quoted = (text: string | undefined) => (text === undefined ? 'NULL' : `'${text.replaceAll("'", "''")}'`);
      const set = [
        `name = ${quoted(NAMES[n % NAMES.length])}`,
        `packageName = ${quoted([undefined, 'x', 'X', undefined, 'é'][n % 5])}`,
        `deployedOn = ${quoted(n % 3 ? `2025-01-0${1 + (n % 4)}T10:00:00.12${n % 2}Z` : undefined)}`,
      ];
      await asked().sql(`UPDATE leanix_IFlow SET ${set.join(', ')} WHERE ID = '${row.ID ?? row.id}'`);
    }
  });

  beforeAll(async () => {
    const [{ config }] = await asked().sql('SELECT config_ID AS config FROM leanix_SyncRun');
    for (let n = 0; n < RUNS; n++) {
      const at = `2025-01-01T10:00:00.00${n % 3}Z`;
      await asked().sql(
        `INSERT INTO leanix_SyncRun (ID, config_ID, kind, status, startedAt, finishedAt, leaseUntil, total, failed, scope) VALUES
        ('00000000-0000-4000-8000-00000000000${n}', '${config}', 'update', 'completed', '${at}', '${at}', '${at}', ${n % 2}, ${n % 2}, ${n % 2 ? 'NULL' : `'${'Ab'[n % 4 ? 0 : 1]}'`})`,
      );
    }
  });

  test.each(ORDERS)('each row comes once, in pages ordered by %s', async (order) => {
    const pages = await walk(`runtime/IFlows?$select=artifactId&$orderby=${order}`);
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 3, 3, 3, 2]);
    const ids = pages.flat().map(({ artifactId }) => artifactId as string);
    expect(new Set(ids).size).toBe(20);
    // The result without pages.
    const one: string[] = [];
    for (let skip = 0; skip < 20; skip += 3) {
      const { value } = await get(`runtime/IFlows?$select=artifactId&$orderby=${order}&$top=3&$skip=${skip}`);
      one.push(...value.map(({ artifactId }) => artifactId as string));
    }
    expect(ids).toEqual(one);
    expect(Object.keys(pages[0]![0] as object).sort()).toEqual(['ID', 'artifactId']);
  });

  test.each(['isActive desc,canRetry', 'scope,total desc', 'startedAt', 'config/name,kind'])(
    'each row of a list with calculated values comes once, by %s',
    async (order) => {
      const count = (await asked().get('runtime/SyncRuns/$count')).body as number;
      expect(count).toBeGreaterThan(RUNS);
      const rows = (await walk(`runtime/SyncRuns?$orderby=${order}`)).flat();
      expect(new Set(rows.map(({ ID }) => ID as string)).size).toBe(count);
      expect(rows).toHaveLength(count);
    },
  );

  test('$top, $skip and $count hold for the whole list', async () => {
    const path = 'runtime/IFlows?$select=artifactId&$orderby=packageName desc,name&$count=true';
    const all = (await walk(path)).flat();
    expect(await walk(`${path}&$top=7&$skip=2`)).toEqual([all.slice(2, 5), all.slice(5, 8), all.slice(8, 9)]);
    expect(await walk(`${path}&$top=6`)).toEqual([all.slice(0, 3), all.slice(3, 6)]);
    const first = await get(path);
    const second = await get(nextOf(first)!);
    expect([first['@odata.count'], second['@odata.count']]).toEqual([20, 20]);
  });

  test('a link that does not fit is refused', async () => {
    const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const text of [
      token({ c: [], r: 3, after: ['a'] }),
      token({ c: [], r: 3, after: [{ a: 1 }, 'b'] }),
      token({ c: [], r: 'x', after: ['a', 'b'] }),
      'abc',
    ]) {
      const { status, body } = await asked().get(`runtime/IFlows?$orderby=name&$skiptoken=${text}`);
      expect({ text, status, code: body.error?.code }).toEqual({ text, status: 400, code: 'URL_INVALID' });
    }
    const called = await asked().get("runtime/IFlows?$filter=comes_after(name,'[]')");
    expect(called.status).toBe(400);
  });

  test.each(['name desc', 'packageName,name'])(
    'no row is passed over when those before are deleted, by %s',
    async (order) => {
      const path = `runtime/IFlows?$select=artifactId&$orderby=${order}`;
      const before = (await walk(path)).flat().map(({ artifactId }) => artifactId as string);
      const deleted: string[] = [];
      const pages = await walk(path, async (page) => {
        // Including the last one, after which the next page begins.
        for (const { ID, artifactId } of page.slice(-1)) {
          deleted.push(artifactId as string);
          await asked().sql(`DELETE FROM leanix_IFlow WHERE ID = '${ID}'`);
        }
      });
      expect(deleted.length).toBeGreaterThan(3);
      expect(pages.flat().map(({ artifactId }) => artifactId as string)).toEqual(before);
    },
  );
}
