import { launch } from '../../helpers/app/app.ts';
import { found } from '../../helpers/app/changes.ts';
import { act, create, saved } from '../../helpers/settings/settings.ts';

// Connection tests, exports and refused requests are recorded: who, what, and when.

const app = await launch();
const admin = app.as('admin');
const NOBODY = '00000000-0000-4000-8000-000000000000';

type Entry = { doneBy: string; subject: string; element: string; times: number; after: string | null };

const entries = async (action: string): Promise<Entry[]> =>
  (await admin.get(`settings/AuditEntries?$filter=action eq '${action}'&$orderby=doneAt`)).body.value;
/** The number of refused requests of a user. */
async function times(doneBy: string, subject: string, element: string): Promise<number> {
  const own = (await entries('refused')).filter((one) => one.doneBy === doneBy && one.subject === subject);
  return own.filter((one) => one.element === element).reduce((sum, one) => sum + one.times, 0);
}
/** Waits for this number of records, and checks that there are no more. */
const kept = async (doneBy: string, subject: string, element: string, count = 1) =>
  expect(
    await found(app.changes, async () => {
      const now = await times(doneBy, subject, element);
      return now >= count ? now : undefined;
    }),
  ).toBe(count);

const OPERATIONS: [user: 'nobody' | 'viewer' | 'admin', method: string, path: string, subject: string][] = [
  ['viewer', 'POST', 'runtime/syncAll', 'runtime/syncAll'],
  ['admin', 'POST', `runtime/IFlows(${NOBODY})/RuntimeService.link`, 'runtime/IFlows.link'],
  ['viewer', 'GET', `runtime/IFlows(${NOBODY})/RuntimeService.syncPlan()`, 'runtime/IFlows.syncPlan'],
  ['nobody', 'POST', 'runtime/refresh', 'runtime/refresh'],
  ['viewer', 'GET', 'settings/exportSettings()', 'settings/exportSettings'],
  ['viewer', 'POST', 'settings/LeanIXConfigs', 'settings/LeanIXConfigs'],
  ['nobody', 'PATCH', `settings/LeanIXConfigs(ID=${NOBODY},IsActiveEntity=true)`, 'settings/LeanIXConfigs'],
  ['admin', 'POST', 'access/importAll', 'access/importAll'],
  ['admin', 'PATCH', `access/Jobs(ID=${NOBODY},IsActiveEntity=true)`, 'access/Jobs'],
  ['admin', 'POST', `access/Jobs(ID=${NOBODY},IsActiveEntity=true)/AccessService.draftEdit`, 'access/Jobs.draftEdit'],
  ['admin', 'POST', `access/Accounts(${NOBODY})/AccessService.addAccess`, 'access/Accounts.addAccess'],
  ['viewer', 'GET', 'access/exportConnectionPackage()', 'access/exportConnectionPackage'],
];

test.each(OPERATIONS)('%s is refused %s %s: kept', async (user, method, path, subject) => {
  const by = app.as(user);
  const asked = method === 'GET' ? by.get(path) : method === 'POST' ? by.post(path) : by.patch(path, {});
  expect((await asked).status).toBe(403);
  await kept(user, subject, method);
});

test('an empty tenant that a viewer says is meant so', async () => {
  const answer = await app.as('viewer').post('runtime/refresh', { acceptEmpty: true });
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'ADMIN_REQUIRED' } } });
  await kept('viewer', 'runtime/refresh', 'POST');
});

test('the parts of a batch, whether it is refused as a whole or not', async () => {
  const of = (...urls: string[]) => ({
    requests: urls.map((url, n) => ({
      ...{ id: String(n), method: url.startsWith('GET ') ? 'GET' : 'POST', url: url.replace('GET ', '/') },
      ...(!url.startsWith('GET ') && { headers: { 'content-type': 'application/json' }, body: {} }),
    })),
  });
  const runtime = await app.as('viewer').post('runtime/$batch', of('match', 'GET Me', 'preview'));
  expect(runtime.body.responses.map(({ status }: { status: number }) => status)).toContain(403);
  await kept('viewer', 'runtime/match', 'POST');
  expect((await app.as('viewer').post('settings/$batch', of('importSettings', 'GET LeanIXConfigs'))).status).toBe(403);
  await kept('viewer', 'settings/importSettings', 'POST');
  expect(await times('viewer', 'settings/LeanIXConfigs', 'GET')).toBe(0);
});

test('what is not in the model is kept without its name, and what only reads is not kept', async () => {
  const before = (await entries('refused')).length;
  expect((await app.as('nobody').get('settings/LeanIXConfigs')).status).toBe(403);
  expect((await app.as('nobody').get('runtime/IFlows')).status).toBe(403);
  for (const path of ['settings/Nothing', 'settings/Nothing2', 'settings/carla@halvorsen.example']) {
    expect((await app.as('nobody').post(path)).status).toBe(403);
  }
  await kept('nobody', 'settings/', 'POST', 3);
  const added = (await entries('refused')).slice(before).filter(({ doneBy }) => doneBy === 'nobody');
  expect(new Set(added.map(({ subject }) => subject))).toEqual(new Set(['settings/']));
});

test('of a batch that is refused as a whole, no more parts are looked at than a batch may have', async () => {
  const part = { method: 'POST', url: '/LeanIXConfigs/x/draftEdit', headers: {}, body: {} };
  const requests = Array.from({ length: 500 }, (_, n) => ({ ...part, id: String(n) }));
  expect((await app.as('viewer').post('settings/$batch', { requests })).status).toBe(403);
  await kept('viewer', 'settings/LeanIXConfigs.draftEdit', 'POST', 100);
});

test('a flood is one entry for each minute, with how often', async () => {
  const before = Date.now();
  const asked = Array.from({ length: 200 }, () => app.as('viewer').post('runtime/createFactSheets', { iflows: [] }));
  expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([403]));
  await kept('viewer', 'runtime/createFactSheets', 'POST', 200);
  const rows = (await entries('refused')).filter(({ subject }) => subject === 'runtime/createFactSheets');
  expect(rows.length).toBeLessThanOrEqual(Math.floor(Date.now() / 60_000) - Math.floor(before / 60_000) + 1);
});

test('connection tests, with no word of what was entered', async () => {
  const ID = await create(admin, { name: 'To be tested', leanixHost: app.sandbox.leanix.host });
  const apiToken = 'recognisable-token-0014';
  expect((await act(admin, saved(ID), 'testConnection', { apiToken })).status).toBe(200);
  const [entry] = await found(app.changes, async () => {
    const own = await entries('testConnection');
    return own.length ? own : undefined;
  });
  expect(entry).toMatchObject({ doneBy: 'admin', subject: 'To be tested', config_ID: ID, times: 1, after: null });
  expect(JSON.stringify(entry)).not.toContain(apiToken);
});

test('exports, with nothing of what they hold', async () => {
  await admin.get('settings/exportSettings()');
  await app.as('enterprise').get('access/exportConnectionPackage()');
  for (const [action, doneBy] of [
    ['exportSettings', 'admin'],
    ['exportPackage', 'enterprise'],
  ] as const) {
    const own = await found(app.changes, async () => {
      const rows = await entries(action);
      return rows.length ? rows : undefined;
    });
    expect(own).toMatchObject([{ doneBy, config_ID: null, times: 1, before: null, after: null }]);
  }
});
