import { tiny } from '../../../sandbox/seed/tiny.ts';
import { launchAccess } from '../../helpers/access/access.ts';

// Drafts can change settings and schedules, but cannot bypass any check.

const app = await launchAccess({ seed: tiny });
const enterprise = app.as('enterprise');
const admin = app.as('admin');

let configId: string;
let jobId: string;
const accessAt = (active: boolean) => `access/AccessConfigs(ID=${configId},IsActiveEntity=${active})`;
const jobAt = (active: boolean) => `access/Jobs(ID=${jobId},IsActiveEntity=${active})`;
const edit = (path: string) => enterprise.post(`${path}/AccessService.draftEdit`);
const save = (path: string) => enterprise.post(`${path}/AccessService.draftActivate`);

/** All stored data except the state of drafts. */
const stored = async () => [
  await app.all('access/AccessConfigs?$filter=IsActiveEntity eq true&$expand=mappings($orderby=position)'),
  await app.all('access/Jobs?$filter=IsActiveEntity eq true&$orderby=kind'),
  await app.all('access/Accounts?$orderby=userId'),
];
const withoutDraft = (rows: any[][]) =>
  rows.map((list) => list.map(({ HasDraftEntity: _, modifiedAt: __, ...row }) => row));

beforeEach(async () => {
  configId = await app.start();
  await app.job('importAccounts');
  const { body } = await enterprise.get(`access/Jobs?$filter=kind eq 'importAll'`);
  jobId = body.value[0].ID;
});

test('what a job is and when it ran stay, whatever a draft says', async () => {
  const before = withoutDraft(await stored());
  await edit(jobAt(true));
  const other = '00000000-0000-4000-8000-000000000000';
  await enterprise.patch(jobAt(false), { kind: 'provision', config_ID: other });
  await enterprise.patch(jobAt(false), { nextRunAt: '2020-01-01T00:00:00Z', lastRunAt: '2020-01-01T00:00:00Z' });
  expect((await save(jobAt(false))).status).toBe(200);
  expect(withoutDraft(await stored())).toEqual(before);
  await edit(accessAt(true));
  await enterprise.patch(accessAt(false), { name: 'Renamed', tokenExpiresOn: '2050-01-01' });
  expect((await save(accessAt(false))).status).toBe(200);
  expect(withoutDraft(await stored())).toEqual(before);
});

test('what may not be saved is not saved by way of a draft either', async () => {
  const before = withoutDraft(await stored());
  await edit(accessAt(true));
  const { body: draft } = await enterprise.get(`${accessAt(false)}?$expand=mappings`);
  const mapping = `access/AccessMappings(ID=${draft.mappings[0].ID},IsActiveEntity=false)`;
  await enterprise.patch(mapping, { expression: '$eval("1")(' });
  expect(await save(accessAt(false))).toMatchObject({ status: 400, body: { error: { code: 'EXPRESSION_INVALID' } } });
  await enterprise.patch(mapping, { expression: 'leanix.user.email', target: 'role' });
  expect((await save(accessAt(false))).status).toBe(400);
  await edit(jobAt(true));
  await enterprise.patch(jobAt(false), { schedule: 'daily', timeZone: 'Middle/Earth' });
  expect((await save(jobAt(false))).status).toBe(400);
  expect(withoutDraft(await stored())).toEqual(before);
});

test('settings and jobs come with a configuration, and are neither made nor deleted apart from it', async () => {
  const before = withoutDraft(await stored());
  const [mapping] = before[0]![0].mappings;
  for (const [method, path, body] of [
    ['delete', `access/AccessMappings(ID=${mapping.ID},IsActiveEntity=true)`, undefined],
    ['delete', `${accessAt(true)}/mappings(ID=${mapping.ID},IsActiveEntity=true)`, undefined],
    ['post', 'access/AccessConfigs', { ID: configId }],
    ['post', 'access/AccessConfigs', { ID: configId, IsActiveEntity: true }],
    ['post', 'access/Jobs', { kind: 'provision', config_ID: configId }],
    ['post', 'access/Jobs', { kind: 'provision', config_ID: configId, IsActiveEntity: true }],
    ['post', 'access/AccessMappings', { access_ID: configId, direction: 'import', target: 'email', expression: '1' }],
    ['post', `${accessAt(true)}/mappings`, { direction: 'import', target: 'email', expression: '1' }],
    ['post', 'access/Accounts', { config_ID: configId, role: 'ADMIN' }],
    ['post', 'access/ProvisioningTasks', { config_ID: configId, kind: 'createAccount', email: 'x@y.example' }],
    ['delete', accessAt(true), undefined],
    ['delete', jobAt(true), undefined],
  ] as const) {
    const { status } = method === 'post' ? await enterprise.post(path, body) : await enterprise.delete(path);
    expect([path, status]).toEqual([path, expect.any(Number)]);
    expect([path, status >= 400 && status < 500]).toEqual([path, true]);
  }
  expect(withoutDraft(await stored())).toEqual(before);
});

test('mappings are added and deleted in a draft, and saved with it', async () => {
  await edit(accessAt(true));
  const { body: draft } = await enterprise.get(`${accessAt(false)}?$expand=mappings`);
  const gone = draft.mappings.find(({ target }: any) => target === 'department');
  expect((await enterprise.delete(`access/AccessMappings(ID=${gone.ID},IsActiveEntity=false)`)).status).toBe(204);
  const added = { direction: 'provision', target: 'message', expression: 'request.justification' };
  expect((await enterprise.post(`${accessAt(false)}/mappings`, added)).status).toBe(201);
  expect((await save(accessAt(false))).status).toBe(200);
  const { body: saved } = await enterprise.get(`${accessAt(true)}?$expand=mappings`);
  const targets = saved.mappings.map(({ target }: any) => target);
  expect(targets).toHaveLength(9);
  expect([targets.includes('department'), targets.includes('message')]).toEqual([false, true]);
});

test('who may only read makes no draft, and changes nobody’s', async () => {
  await edit(accessAt(true));
  await edit(jobAt(true));
  for (const [path, values] of [
    ['AccessConfigs', { maxRemoved: 1000 }],
    ['Jobs', { schedule: 'hours' }],
  ] as const) {
    const [active, draft] = path === 'Jobs' ? [jobAt(true), jobAt(false)] : [accessAt(true), accessAt(false)];
    for (const answer of [
      await admin.post(`${active}/AccessService.draftEdit`),
      await admin.patch(draft, values),
      await admin.patch(active, values),
      await admin.post(`${draft}/AccessService.draftActivate`),
      await admin.delete(draft),
    ]) {
      expect([path, answer.status, answer.body.error.code]).toEqual([path, 403, 'ENTERPRISE_REQUIRED']);
    }
  }
  expect((await enterprise.get(accessAt(false))).body).toMatchObject({ maxRemoved: 5 });
});
