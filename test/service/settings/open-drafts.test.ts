import { launch } from '../../helpers/app/app.ts';
import { act, expectRefusal, saved } from '../../helpers/settings/settings.ts';

// Objects with an open draft are not changed: saving the draft would undo the change.

const app = await launch();
const enterprise = app.as('enterprise');
let ID: string;

beforeAll(async () => {
  ID = await app.configure();
});

const bundle = (description: string) =>
  JSON.stringify({ version: 1, 'leanix_config.json': { configurations: [{ name: 'Default', description }] } });
const connectionPackage = (dormantDays: number) =>
  JSON.stringify({ version: 1, 'leanix_access.json': { configurations: [{ name: 'Default', dormantDays }] } });

test('settings and tokens wait for a draft of the connection', async () => {
  await act(app.as('admin'), saved(ID), 'draftEdit');
  const imported = await enterprise.post('settings/importSettings', { bundle: bundle('New') });
  expectRefusal(imported, 409, 'DRAFT_OPEN');
  expect(imported.body.error.message).toContain('admin');
  const token = { apiToken: 'LXT_test_token', expiresOn: '2027-01-31' };
  expectRefusal(await act(enterprise, saved(ID), 'storeApiToken', token), 409, 'DRAFT_OPEN');
  const shown = await enterprise.post('settings/importSettings', { bundle: bundle('New'), dryRun: true });
  expect(shown.body).toMatchObject({ updated: 1 });
  expect((await enterprise.get(saved(ID))).body).toMatchObject({ description: null, tokenExpiresOn: null });
  await app.as('admin').delete(saved(ID).replace('true', 'false'));
  expect((await enterprise.post('settings/importSettings', { bundle: bundle('New') })).status).toBe(200);
  expect((await act(enterprise, saved(ID), 'storeApiToken', token)).status).toBe(204);
  const { body } = await enterprise.get(`settings/ConfigChanges?$filter=element eq 'description'`);
  expect(body.value).toMatchObject([{ doneBy: 'enterprise', after: 'New' }]);
});

test.each([
  ['AccessConfigs', () => Promise.resolve(ID)],
  [
    'Jobs',
    async () => (await enterprise.get(`access/Jobs?$filter=config_ID eq ${ID}&$top=1`)).body.value[0].ID as string,
  ],
])('a connection package waits for a draft of %s', async (entity, key) => {
  const at = `access/${entity}(ID=${await key()},IsActiveEntity=`;
  expect((await enterprise.post(`${at}true)/AccessService.draftEdit`)).status).toBe(201);
  const days = entity === 'Jobs' ? 30 : 40;
  const send = () => enterprise.post('access/importConnectionPackage', { bundle: connectionPackage(days) });
  expectRefusal(await send(), 409, 'DRAFT_OPEN');
  await enterprise.delete(`${at}false)`);
  expect((await send()).body).toMatchObject({ updated: 1 });
});

test('what a connection test found is said only with what it is known by', async () => {
  const select = async (elements: string) =>
    (await enterprise.get(`settings/LeanIXConfigs?$select=${elements}`)).body.value[0];
  const { connectionText } = await select('connectionText');
  expect(connectionText).toBe((await select('connectionText,leanixHost')).connectionText);
  expect(await select('ID,connectionStatus')).not.toHaveProperty('connectionText');
});
