import cds from '@sap/cds';
import { launch } from '../../helpers/app/app.ts';
import { create, draft, saved } from '../../helpers/settings/settings.ts';

// The cost of each read is checked before it runs, so that no user blocks the others.

const app = await launch();
const viewer = app.as('viewer');
let runId: string;

beforeAll(async () => {
  const configId = await app.configId();
  const at = new Date().toISOString();
  runId = cds.utils.uuid();
  const runs = [runId, ...Array.from({ length: 39 }, () => cds.utils.uuid())];
  await cds.tx(async () => {
    const common = { config_ID: configId, kind: 'sync', status: 'completed', startedAt: at, leaseUntil: at };
    await INSERT.into('leanix.SyncRun').entries(runs.map((ID) => ({ ID, ...common })));
    const items = runs.flatMap((run_ID, n) =>
      Array.from({ length: n ? 30 : 1001 }, (_, position) => ({ ID: cds.utils.uuid(), run_ID, position, name: 'One' })),
    );
    await INSERT.into('leanix.SyncItem').entries(items);
  });
});

test.each([
  ['a list in a list', 'SyncRuns?$expand=items($expand=changes)'],
  ['a list in a list with an end to one of them', 'SyncRuns?$expand=items($top=5;$expand=changes)'],
  ['a list that leads back to itself', 'SyncItems?$expand=run($expand=items($expand=iflow($expand=history)))'],
  [
    'three lists, each with an end',
    'SyncRuns?$expand=items($top=2;$expand=iflow($expand=history($top=2;$expand=changes($top=2))))',
  ],
  ['a set joined with itself', 'SyncRuns?$apply=groupby((items/run/items/name))'],
  ['groups over a list', 'IFlows?$apply=groupby((history/ID))'],
  ['the greatest over a list', 'SyncRuns?$apply=aggregate(items/position with max as last)'],
  ['an order over a list', 'SyncRuns?$orderby=items/name'],
  ['a filter over a list', "SyncRuns?$filter=items/name eq 'One'"],
  ['what is in a list of a list', "IFlows?$filter=history/any(h:h/run/items/any(i:i/name eq 'x'))"],
  [
    'a filter below a row',
    "SyncRuns?$expand=items($top=1;$filter=iflow/history/any(h:h/run/items/any(i:i/name eq 'x')))",
  ],
  ['four results put together', 'IFlows?$apply=concat(identity,identity,identity,identity)'],
])('%s is refused', async (_what, path) => {
  const { status, body } = await viewer.get(`runtime/${path}`);
  expect({ status, code: body.error?.code }).toEqual({ status: 400, code: 'QUERY_TOO_DEEP' });
  expect(body.error.message).toMatch(/expand one list/);
});

test.each([
  ['more rows than there may be', 'SyncRuns?$expand=items($top=700)', 'QUERY_TOO_LARGE'],
  ['two lists at once', 'SyncItems?$expand=changes($top=10),iflow($expand=history($top=10))', 'QUERY_TOO_LARGE'],
  ['lists in lists', 'SyncRuns?$expand=items($top=100;$expand=changes($top=100))', 'QUERY_TOO_LARGE'],
])('%s are refused', async (_what, path, code) => {
  const { status, body } = await viewer.get(`runtime/${path}`);
  expect({ status, code: body.error?.code }).toEqual({ status: 400, code });
  expect(body.error.message).toMatch(/\$top/);
});

test('a list that is read along ends at a thousand entries, and is read page by page by itself', async () => {
  const { status, body } = await viewer.get(`runtime/SyncRuns(${runId})?$expand=items`);
  expect({ status, code: body.error?.code }).toEqual({ status: 400, code: 'LIST_TOO_LONG' });
  expect(await app.all(`runtime/SyncRuns(${runId})/items`)).toHaveLength(1001);
  const first = await viewer.get(`runtime/SyncRuns(${runId})?$expand=items($top=1001)`);
  expect(first.body.items).toHaveLength(1001);
});

test('of short lists all entries come along', async () => {
  const { body } = await viewer.get(`runtime/SyncRuns?$filter=ID ne ${runId}&$expand=items`);
  expect(body.value.map(({ items }: { items: unknown[] }) => items.length)).toEqual(Array(39).fill(30));
});

test('the parts of a batch share what there is', async () => {
  const get = (url: string, n: number) => ({ id: String(n), method: 'GET', url });
  const batch = async (urls: string[]) => {
    const { body } = await viewer.post('runtime/$batch', { requests: urls.map(get) });
    return (body.responses as { status: number; body: { error?: { code: string } } }[]).map(
      ({ status, body }) => body.error?.code ?? status,
    );
  };
  const screen = Array(100).fill('/SyncItems?$top=30&$expand=run,iflow');
  expect(await batch(screen)).toEqual(Array(100).fill(200));
  const many = await batch(Array(30).fill('/SyncItems?$top=1000'));
  expect([many.filter((one) => one === 200).length, new Set(many)]).toEqual([20, new Set([200, 'QUERY_TOO_LARGE'])]);
  expect(new Set(await batch(Array(100).fill('/IFlows')))).toEqual(new Set([200]));
});

test.each(['$top=-1', '$skip=-1', '$top=99999999999999999999', '$expand=items($top=-1)'])(
  '%s is no part of a list',
  async (option) => {
    const { status, body } = await viewer.get(`runtime/SyncRuns?${option}`);
    expect({ status, code: body.error?.code }).toEqual({ status: 400, code: 'URL_INVALID' });
  },
);

test('an operation on a row answers with no more of it than a read of that row', async () => {
  const admin = app.as('admin');
  const mappings = [{ iflowField: 'name', leanixPath: '/name', position: 1 }];
  const ID = await create(admin, { name: 'Opened', mappings });
  const deep = '$expand=mappings($expand=config($expand=mappings))';
  const opened = async (operation: string, at: (ID: string) => string, query: string) => {
    const { status, body } = await admin.post(`${at(ID)}/SettingsService.${operation}?${query}`, {});
    return [status, body.error?.code ?? body.mappings?.length];
  };
  expect(await opened('draftEdit', saved, deep)).toEqual([400, 'QUERY_TOO_DEEP']);
  expect(await opened('draftEdit', saved, '$expand=mappings,DraftAdministrativeData')).toEqual([201, 1]);
  expect(await opened('draftPrepare', draft, deep)).toEqual([400, 'QUERY_TOO_DEEP']);
  expect(await opened('draftActivate', draft, deep)).toEqual([400, 'QUERY_TOO_DEEP']);
  expect(await opened('draftActivate', draft, '$expand=mappings')).toEqual([200, 1]);
});
