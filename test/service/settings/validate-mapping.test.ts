import { launch } from '../../helpers/app/app.ts';
import { act, create, draft, expectHelpful, expectRefusal, newDraft, saved } from '../../helpers/settings/settings.ts';

const app = await launch();
const admin = app.as('admin');
const host = app.sandbox.leanix.host;
const row = (iflowField: string, leanixPath: string, position = 1) => ({ iflowField, leanixPath, position });
let ID: string;

beforeAll(async () => {
  ID = await app.configure();
  await app.run('refresh');
});

afterEach(() => app.sandbox.leanix.faults.clear());

const validate = (path: string, body: object = {}) => act(admin, path, 'validateMapping', body);

/** Creates a draft of the configuration with these rows, validates it, and discards it. */
const inDraft = async (mappings: object[], body: object = {}, values: object = {}) => {
  await act(admin, saved(ID), 'draftEdit');
  await admin.patch(draft(ID), values);
  for (const one of mappings) await admin.post(`${draft(ID)}/mappings`, one);
  const answer = await validate(draft(ID), body);
  await admin.delete(draft(ID));
  return answer;
};

test('nothing is said where all is well, and nothing is written', async () => {
  app.sandbox.leanix.log.clear();
  const { status, body } = await inDraft([
    row('name', '/name', 1),
    row('description', '/description', 2),
    row('version', '/release', 3),
  ]);
  expect({ status, value: body.value }).toEqual({ status: 200, value: [] });
  expect(app.sandbox.leanix.log.count({ write: true })).toBe(0);
});

test('each row that LeanIX refuses has one message that names it; the others have none', async () => {
  const { body } = await inDraft([
    row('name', '/name', 1),
    row('id', '/noSuchField', 2),
    row('version', '/release', 3),
    row('package_id', '/norThisOne', 4),
  ]);
  expect(body.value.map(({ iflowField, leanixPath, code }: any) => [iflowField, leanixPath, code])).toEqual([
    ['id', '/noSuchField', 'PATH_REFUSED'],
    ['package_id', '/norThisOne', 'PATH_REFUSED'],
  ]);
  for (const { message, leanixPath } of body.value) {
    expectHelpful(message, 'PATH_REFUSED');
    expect(message).toContain(leanixPath);
  }
});

test('a value that no option or tag has is told of beforehand', async () => {
  const { body } = await inDraft([row('name', '/category', 1), row('package_id', '/tags', 2)]);
  expect(body.value).toMatchObject([
    { leanixPath: '/category', code: 'VALUE_NOT_AN_OPTION' },
    { leanixPath: '/tags', code: 'TAG_UNKNOWN' },
  ]);
  for (const { message, code } of body.value) expectHelpful(message, code);
});

test('the artifact whose values are tried can be chosen', async () => {
  const artifactId = 'com.halvorsen.hr.employee.v1';
  const { body } = await inDraft([row('id', '/tags')], { artifactId });
  expect(body.value).toMatchObject([{ code: 'TAG_UNKNOWN', message: expect.stringContaining(artifactId) }]);
});

test('what is saved can be validated as well', async () => {
  const { status, body } = await validate(saved(ID));
  expect({ status, value: body.value }).toEqual({ status: 200, value: [] });
});

test('an artifact that is not there, and a tenant that was never read, have their own messages', async () => {
  expectRefusal(await inDraft([row('name', '/name')], { artifactId: 'no.such' }), 404, 'ARTIFACT_UNKNOWN');
  const values = { name: 'Never refreshed', leanixHost: host, factSheetType: 'Interface' };
  expectRefusal(await validate(draft(await newDraft(admin, values))), 409, 'NO_IFLOWS');
  expectRefusal(await validate(saved(await create(admin, values))), 409, 'NO_IFLOWS');
});

test('a configuration that is not complete or does not fit the workspace says what to mend', async () => {
  expectRefusal(await inDraft([], {}, { factSheetType: null }), 400, 'NOT_CONFIGURED');
  expectRefusal(await inDraft([], {}, { factSheetType: 'Robot' }), 409, 'FACT_SHEET_TYPE_UNKNOWN');
  expectRefusal(await inDraft([], {}, { defaultTags: 'Blue Moon' }), 409, 'DEFAULT_TAG_UNKNOWN');
  expectRefusal(await inDraft([], {}, { leanixHost: 'other.leanix.net' }), 409, 'HOST_MISMATCH');
  expectRefusal(await inDraft([], {}, { leanixDestination: 'NOT_THERE' }), 409, 'DESTINATION_MISSING');
});

test('LeanIX out of order is said to be so', async () => {
  app.sandbox.leanix.faults.add({ kind: 'status', status: 503, times: 30, match: { path: 'graphql' } });
  app.sandbox.leanix.faults.add({ kind: 'status', status: 503, times: 30, match: { path: 'pathfinder' } });
  expectRefusal(await inDraft([row('name', '/name')]), 502, 'LEANIX_UNREACHABLE');
});

test('a field that the token may not write is the trouble of its row', async () => {
  app.sandbox.leanix.switches.deniedFields = ['alias'];
  const { status, body } = await inDraft([
    row('name', '/name', 1),
    row('id', '/alias', 2),
    row('version', '/release', 3),
  ]);
  app.sandbox.leanix.switches.deniedFields = [];
  expect(status).toBe(200);
  expect(body.value).toMatchObject([{ iflowField: 'id', leanixPath: '/alias', code: 'PATH_REFUSED' }]);
  expect(body.value[0].message).toContain('No permission: fact_sheet_fields:update:interface:alias');
});

test('where nothing is created, rows are tried on a fact sheet that is there', async () => {
  Object.assign(app.sandbox.leanix.switches, { deniedMutations: ['createFactSheet'], deniedFields: ['alias'] });
  const { body } = await inDraft([row('name', '/name', 1), row('id', '/alias', 2)]);
  Object.assign(app.sandbox.leanix.switches, { deniedMutations: [], deniedFields: [] });
  expect(body.value).toMatchObject([{ leanixPath: '/alias', code: 'PATH_REFUSED' }]);
});

test('where nothing is written, that is said, and no row is blamed', async () => {
  app.sandbox.leanix.switches.refuseWrites = 'Workspace is in read-only mode';
  const answer = await inDraft([row('name', '/name', 1), row('version', '/release', 2)]);
  app.sandbox.leanix.switches.refuseWrites = null;
  expectRefusal(answer, 409, 'WRITES_REFUSED');
  expect(answer.body.error.message).toContain('Workspace is in read-only mode');
});

test('mandatory fields are no trouble of the rows that fill them', async () => {
  app.sandbox.leanix.switches.mandatoryFields = ['alias', 'release'];
  const { body } = await inDraft([row('name', '/name', 1), row('id', '/alias', 2), row('version', '/release', 3)]);
  app.sandbox.leanix.switches.mandatoryFields = [];
  expect(body.value).toEqual([]);
});

test('without rows it is about the description, which is written then', async () => {
  expect((await inDraft([])).body.value).toEqual([]);
  app.sandbox.leanix.switches.deniedFields = ['description'];
  const { body } = await inDraft([]);
  app.sandbox.leanix.switches.deniedFields = [];
  expect(body.value).toMatchObject([{ iflowField: null, leanixPath: '/description', code: 'PATH_REFUSED' }]);
});
