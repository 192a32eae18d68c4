import cds from '@sap/cds';
import { tiny } from '../../../sandbox/seed/tiny.ts';
import { launchAccess } from '../../helpers/access/access.ts';
import { PATIENT } from '../../helpers/app/app.ts';
import { because } from '../../helpers/access/provisioning.ts';
import { jobsOf, WAITS } from '../../helpers/access/jobs.ts';

const app = await launchAccess({
  seed: tiny,
  config: { leanix: WAITS, ...PATIENT },
});
const enterprise = app.as('enterprise');
const { jobOf } = jobsOf(enterprise);

test('the overview counts what needs somebody', async () => {
  const ID = await app.start();
  await app.job('importAll');
  await app.onAccount('carla.costa', 'removeAccess', because);
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  await enterprise.patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, { tokenExpiresOn: soon });
  const { body } = await enterprise.get('access/Overview');
  expect(body).toMatchObject({
    openTasks: 1,
    failedTasks: 0,
    dormantAdmins: 1,
    tokensExpiring: 1,
    failedJobs: 0,
    isEnterpriseAdmin: true,
  });
  const { body: access } = await enterprise.get(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)`);
  expect(access).toMatchObject({ name: 'Test', tokenExpiresOn: soon, tokenCriticality: 2 });
  // The day may change during the test.
  expect(access.tokenText).toMatch(/\b(10|9) days/);
});

test('time zones can be searched', async () => {
  const { body } = await enterprise.get(`access/TimeZones?$search=berlin`);
  expect(body.value.map(({ name }: any) => name)).toEqual(['Europe/Berlin']);
  expect((await enterprise.get('access/TimeZones?$top=2&$count=true')).body['@odata.count']).toBeGreaterThan(300);
});

test('settings are changed in a draft too, and schedules', async () => {
  const ID = await app.start();
  const draft = `access/AccessConfigs(ID=${ID},IsActiveEntity=false)`;
  await enterprise.post(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)/AccessService.draftEdit`);
  expect((await enterprise.patch(draft, { maxRemoved: 1, peopleDestination: 'PEOPLE' })).status).toBe(200);
  const saved = await enterprise.post(`${draft}/AccessService.draftActivate`);
  expect(saved.body).toMatchObject({ maxRemoved: 1, peopleDestination: 'PEOPLE', name: 'Test' });
  const { body } = await enterprise.get(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)?$expand=mappings`);
  expect(body).toMatchObject({ maxRemoved: 1, maxCreated: 20, name: 'Test' });
  expect(body.mappings).toHaveLength(9);
  expect((await enterprise.get(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`)).body.name).toBe('Test');

  const { ID: jobId } = await jobOf('importAll');
  const job = `access/Jobs(ID=${jobId},IsActiveEntity=false)`;
  await enterprise.post(`access/Jobs(ID=${jobId},IsActiveEntity=true)/AccessService.draftEdit`);
  expect((await enterprise.patch(job, { schedule: 'weekly', weekday: 'friday', kind: 'provision' })).status).toBe(200);
  const planned = await enterprise.post(`${job}/AccessService.draftActivate`);
  expect(planned.body).toMatchObject({ schedule: 'weekly', kind: 'importAll' });
  expect(new Date(planned.body.nextRunAt as string).getUTCDay()).toBe(5);
});

test.each([
  [{ maxRemoved: -1 }, 'LIMIT_INVALID'],
  [{ maxRemovedPercent: 101 }, 'LIMIT_INVALID'],
  [{ dormantDays: null }, 'VALUE_INVALID'],
  [{ correlateBy: 'shoeSize' }, 'VALUE_INVALID'],
  [{ peopleDestination: 'no name' }, 'DESTINATION_NAME_INVALID'],
  [{ mappings: [{ direction: 'import', target: 'email', expression: 'a.' }] }, 'EXPRESSION_INVALID'],
  [{ mappings: [{ direction: 'import', target: 'role', expression: 'a' }] }, 'EXPRESSION_TARGET_UNKNOWN'],
  [{ mappings: [{ direction: 'valueOf', target: 'role', expression: 'a' }] }, 'EXPRESSION_TARGET_UNKNOWN'],
  [
    {
      mappings: [
        { direction: 'import', target: 'email', expression: 'a' },
        { direction: 'import', target: 'email', expression: 'b' },
      ],
    },
    'EXPRESSION_DUPLICATE',
  ],
])('settings with %p are refused', async (wrong, code) => {
  const { status, body } = await app.govern(wrong);
  expect([status, body.error?.code]).toEqual([400, code]);
});

test('a configuration takes its access with it when it is deleted', async () => {
  const ID = await app.start();
  await app.job('importAll');
  await enterprise.delete(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`);
  const entities = ['AccessConfig', 'AccessMapping', 'Account', 'Entitlement', 'Job'];
  for (const entity of entities) {
    const rows = await cds.tx(() => SELECT.from(`leanix.${entity}`));
    expect([entity, rows]).toEqual([entity, []]);
  }
});
