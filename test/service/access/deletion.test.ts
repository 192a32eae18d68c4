import { tiny } from '../../../sandbox/seed/tiny.ts';
import { emailOf, launchAccess } from '../../helpers/access/access.ts';
import { NO_LIMITS } from '../../helpers/access/no-limits.ts';

// A connection through which access is governed can be deleted only by enterprise admins, and its history is kept.

const app = await launchAccess({ seed: tiny });
const enterprise = app.as('enterprise');
const admin = app.as('admin');
const because = { justification: 'Said so' };

const path = (ID: string) => `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`;
const codeOf = ({ status, body }: { status: number; body?: any }) => [status, body?.error?.code];
const rows = (entity: string, where: object) => SELECT.from(entity).where(where);

/** Calls a function by its name. */
async function impact(ID: string, by = enterprise): Promise<any> {
  const { status, body } = await by.get(`${path(ID)}/SettingsService.deletionImpact()`);
  expect(status).toBe(200);
  return body;
}

test('an admin deletes a connection that governs nothing', async () => {
  const ID = await app.start();
  expect(await impact(ID, admin)).toMatchObject({ accounts: 0, tasks: 0, code: null, message: null });
  expect((await admin.delete(path(ID))).status).toBe(204);
});

test('one with accounts, or with a job that is switched on, takes the enterprise scope', async () => {
  const ID = await app.start();
  const [job] = await app.all(`access/Jobs?$filter=config_ID eq ${ID} and kind eq 'catalog'`);
  const schedule = (schedule: string) =>
    enterprise.patch(`access/Jobs(ID=${job.ID},IsActiveEntity=true)`, { schedule });
  await schedule('daily');
  expect(codeOf(await admin.delete(path(ID)))).toEqual([403, 'ENTERPRISE_REQUIRED']);
  await schedule('off');
  await app.job('importAll');
  expect(await impact(ID, admin)).toMatchObject({
    code: 'ENTERPRISE_REQUIRED',
    message: expect.stringMatching(/enterprise/i),
  });
  expect(codeOf(await admin.delete(path(ID)))).toEqual([403, 'ENTERPRISE_REQUIRED']);
  expect((await enterprise.delete(path(ID))).status).toBe(204);
});

test('with open tasks it is refused; what governed access is kept, and says by itself whose it was', async () => {
  const ID = await app.start(NO_LIMITS);
  await app.job('importAll');
  await app.onAccount('hugo.hermans', 'addAccess', { role: 'MEMBER', ...because });
  await app.job('runProvisioning');
  const { body: open } = await app.onAccount('carla.costa', 'removeAccount', because);
  const { accounts } = await impact(ID);
  expect(await impact(ID)).toMatchObject({ tasks: 1, code: 'TASKS_OPEN', kept: { tasks: 1, days: 730 } });
  expect(codeOf(await enterprise.delete(path(ID)))).toEqual([409, 'TASKS_OPEN']);
  expect(await app.account('carla.costa')).toBeDefined();
  await enterprise.post(`access/ProvisioningTasks(${open.ID})/AccessService.cancel`);

  const shown = await impact(ID);
  const assignments = await SELECT.from('leanix.Assignment').where`account.config_ID = ${ID}`;
  expect(shown).toMatchObject({
    accounts,
    tasks: 0,
    code: null,
    kept: { tasks: 2, assignments: assignments.length, auditEntries: expect.any(Number) },
  });
  expect(shown.runs).toBe((await rows('leanix.SyncRun', { config_ID: ID })).length);
  expect((await enterprise.delete(path(ID))).status).toBe(204);

  expect(await rows('leanix.Account', { config_ID: ID })).toEqual([]);
  const kept = await rows('leanix.Assignment', { ID: { in: assignments.map(({ ID }: any) => ID) } });
  expect(kept).toHaveLength(assignments.length);
  for (const one of kept) expect(one).toMatchObject({ validTo: expect.any(String), configName: 'Test' });
  const hugo = kept.filter(({ email }: any) => email === emailOf('hugo.hermans'));
  expect(hugo.map(({ role }: any) => role).sort()).toEqual(['MEMBER', 'VIEWER']);
  const tasks = await app.all('access/ProvisioningTasks');
  expect(tasks.map(({ status, configName }) => [status, configName]).sort()).toEqual([
    ['canceled', 'Test'],
    ['done', 'Test'],
  ]);
  const [deed] = await rows('leanix.AuditEntry', { config_ID: ID, action: 'deleteConfig' });
  expect(JSON.parse(deed.before)).toMatchObject({
    settings: { name: 'Test', leanixDestination: 'LEANIX' },
    access: { fourEyes: false, correlateBy: 'email', jobs: expect.any(Array) },
    deleted: { accounts, runs: shown.runs },
    kept: { tasks: 2, assignments: assignments.length },
  });
  expect((await rows('leanix.AuditEntry', { config_ID: ID })).length).toBeGreaterThan(shown.kept.auditEntries);
});

test('what is kept of a deleted connection cannot be tried again', async () => {
  const ID = await app.start(NO_LIMITS);
  await app.job('importAll');
  const { body: task } = await app.onAccount('carla.costa', 'removeAccount', because);
  await UPDATE.entity('leanix.ProvisioningTask').set({ status: 'failed', activeKey: null }).where({ ID: task.ID });
  expect((await enterprise.delete(path(ID))).status).toBe(204);
  const answer = await enterprise.post(`access/ProvisioningTasks(${task.ID})/AccessService.retry`);
  expect(codeOf(answer)).toEqual([404, 'CONFIG_UNKNOWN']);
});
