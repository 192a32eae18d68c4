import { tiny } from '../../../sandbox/seed/tiny.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';

const app = await launchRuntime({ seed: tiny });
const { sandbox } = app;
const ENTITIES = ['Connections', 'IFlows', 'SyncRuns', 'SyncItems', 'Me'];
const readers = ['viewer', 'admin', 'enterprise'] as const;

let operations: [path: string, body: object][];
let rows: any[];

beforeAll(async () => {
  await app.begin({ mappings: MAPPINGS });
  await app.run('refresh');
  const run = await app.run('syncAll');
  rows = await app.iflows();
  const { ID, factSheetId } = rows[0];
  const onRow = (action: string) => `runtime/IFlows(${ID})/RuntimeService.${action}`;
  const onRun = (action: string) => `runtime/SyncRuns(${run.ID})/RuntimeService.${action}`;
  operations = [
    ...['match', 'createAllNew', 'syncAll', 'preview'].map((one): [string, object] => [`runtime/${one}`, {}]),
    ['runtime/createFactSheets', { iflows: [ID] }],
    ['runtime/updateFactSheets', { iflows: [ID] }],
    [onRow('createFactSheet'), {}],
    [onRow('updateFactSheet'), {}],
    [onRow('link'), { factSheetId }],
    [onRow('unlink'), {}],
    [onRun('cancel'), {}],
    [onRun('retryFailed'), {}],
    [onRun('apply'), {}],
    [onRun('resume'), {}],
  ];
});

test.each(readers)('%s may see everything and refresh', async (user) => {
  for (const entity of ENTITIES) expect((await app.as(user).get(`runtime/${entity}`)).status).toBe(200);
  const { status, body } = await app.as(user).post('runtime/refresh');
  expect(status).toBe(200);
  expect(await app.ended(body.ID)).toMatchObject({ status: 'completed', startedBy: user });
});

test.each(['viewer', 'admin', 'nobody'] as const)(
  '%s is told that all else needs the enterprise plan',
  async (user) => {
    sandbox.leanix.log.clear();
    for (const [path, body] of operations) {
      const answer = await app.as(user).post(path, body);
      expect({ path, status: answer.status, code: answer.body.error.code }).toEqual({
        path,
        status: 403,
        code: 'ENTERPRISE_REQUIRED',
      });
      expect(answer.body.error.message).toContain('Enterprise Admin');
    }
    expect(sandbox.leanix.log.count()).toBe(0);
    expect(await app.iflows()).toEqual(rows);
  },
);

test('bad input does not get around that', async () => {
  for (const body of [{}, { iflows: [] }, { iflows: ['x'] }]) {
    const answer = await app.as('viewer').post('runtime/createFactSheets', body);
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'ENTERPRISE_REQUIRED' } } });
  }
  const unknown = `runtime/IFlows(11111111-2222-4333-8444-555555555555)/RuntimeService.unlink`;
  expect((await app.as('admin').post(unknown)).status).toBe(403);
});

test('who has no role sees nothing and refreshes nothing', async () => {
  for (const entity of ENTITIES) expect((await app.as('nobody').get(`runtime/${entity}`)).status).toBe(403);
  const [{ ID }] = rows as [any];
  expect((await app.as('nobody').get(`runtime/IFlows(${ID})`)).status).toBe(403);
  expect((await app.as('nobody').get(`runtime/IFlows(${ID})/candidates`)).status).toBe(403);
  const answer = await app.as('nobody').post('runtime/refresh');
  expect(answer.status).toBe(403);
  expect(answer.body.error.code).not.toBe('ENTERPRISE_REQUIRED');
});

test('who is not signed in gets 401, whatever is asked for', async () => {
  const anonymous = app.as();
  for (const entity of ENTITIES) expect((await anonymous.get(`runtime/${entity}`)).status).toBe(401);
  for (const [path, body] of [...operations, ['runtime/refresh', {}] as const]) {
    expect((await anonymous.post(path, body)).status).toBe(401);
  }
  expect((await fetch(`${app.url()}/odata/v4/runtime/$metadata`)).status).toBe(401);
  expect(await app.iflows()).toEqual(rows);
});

test('health says up to anyone, and nothing else', async () => {
  const answer = await fetch(`${app.url()}/health`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: 'UP' });
});

test('the screens can ask what the user may do', async () => {
  const me = async (user: (typeof readers)[number]) => (await app.as(user).get('runtime/Me')).body;
  expect(await me('viewer')).toMatchObject({ isAdmin: false, isEnterpriseAdmin: false, configured: true });
  expect(await me('admin')).toMatchObject({ isAdmin: true, isEnterpriseAdmin: false, configured: true });
  expect(await me('enterprise')).toMatchObject({ isAdmin: true, isEnterpriseAdmin: true, configured: true });
  await app.configure({ factSheetType: null });
  expect(await me('viewer')).toMatchObject({ configured: false });
});
