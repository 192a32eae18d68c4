import { Calls, Channels, IFlowModels, SyncRuns } from '#cds-models/leanix';
import { whileHeld } from '../../helpers/app/app.ts';
import { flows } from '../../helpers/app/seeds.ts';
import { contentRequests, refreshAndAnalyze } from '../../helpers/runtime/analyze.ts';
import { launchRuntime, MAPPINGS } from '../../helpers/runtime/runtime.ts';
import type { ModelSpec } from '../../../sandbox/cpi/models/spec.ts';

// Failures while models are read, and their consequences.

const COUNT = 5;
const app = await launchRuntime({
  seed: flows(COUNT),
  config: { transport: { backoff: 5, maxBackoff: 20, timeout: 1000, patience: 20_000, tries: 2 } },
});
const { cpi } = app.sandbox;
const enterprise = app.as('enterprise');
const content = { path: /IntegrationDesigntimeArtifacts.*\/\$value/ };
const design = (id: string) => cpi.state.designtime.find((one) => one.id === id)!;
const iflow = async (id: string) =>
  (await app.all(`runtime/IFlows?$expand=channels($orderby=position),calls&$filter=artifactId eq '${id}'`))[0];

beforeEach(async () => {
  cpi.faults.clear();
  await app.begin({ readModels: true, mappings: MAPPINGS }, flows(COUNT));
  cpi.switches.designtimeRate = 0;
});

test('only what was deployed again is read again, with one request', async () => {
  expect(await refreshAndAnalyze(app)).toMatchObject({
    status: 'completed',
    total: COUNT,
    done: COUNT,
    updated: COUNT,
  });
  const before = await iflow('Flow_2');
  cpi.log.clear();
  cpi.deploy({ id: 'Flow_2' });
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completed', total: 1, done: 1, unchanged: 1 });
  expect(contentRequests(cpi)).toEqual([expect.stringContaining("Id='Flow_2',Version='1.0.0'")]);
  expect((await iflow('Flow_2')).channels).toEqual(before.channels);

  design('Flow_2').model = { senders: [], receivers: [], timer: true };
  cpi.setVersion('Flow_2', '1.1.0');
  await refreshAndAnalyze(app);
  expect(await iflow('Flow_2')).toMatchObject({ role: 'entry', pattern: 'scheduled', channels: [] });
});

test('a version that is no longer there is read from the current design, and this is told', async () => {
  cpi.saveVersion('Flow_3', '2.0.0');
  cpi.log.clear();
  await refreshAndAnalyze(app);
  expect(await iflow('Flow_3')).toMatchObject({ modelState: 'read', modelMessage: expect.stringContaining('1.0.0') });
  expect((await iflow('Flow_1')).modelMessage).toBeNull();
  expect(contentRequests(cpi)).toHaveLength(COUNT + 1);
});

const FAULTS: [NonNullable<ModelSpec['fault']>, string][] = [
  ['noZip', 'not a bundle'],
  ['cut', 'not a bundle'],
  ['noModel', 'has no model'],
  ['noXml', 'not a bundle'],
  ['documentType', 'document type'],
  ['deep', 'nested too deeply'],
  ['large', 'too large'],
  ['pathOutside', 'not a bundle'],
];

test('a bundle that is hostile or broken costs its iFlow a message and nothing else, until a day later', async () => {
  await app.begin({ readModels: true }, flows(FAULTS.length + 1));
  cpi.switches.designtimeRate = 0;
  await refreshAndAnalyze(app);
  const rowOf = (rows: any[], number: number) => rows.find(({ artifactId }) => artifactId === `Flow_${number + 1}`);
  const rows = () => app.all('runtime/IFlows?$expand=channels($orderby=position)');
  const known = await rows();
  FAULTS.forEach(([fault], number) => {
    design(`Flow_${number + 1}`).model = { senders: [], receivers: [], fault };
    cpi.setVersion(`Flow_${number + 1}`, '1.1.0');
  });
  cpi.deploy({ id: `Flow_${FAULTS.length + 1}` });

  const total = FAULTS.length + 1;
  const outcome = { status: 'completedWithError', code: 'MODELS_UNREADABLE', total, done: total, failed: total - 1 };
  expect(await refreshAndAnalyze(app)).toMatchObject(outcome);
  const after = await rows();
  FAULTS.forEach(([fault, message], number) => {
    const { channels, role, pattern } = rowOf(known, number);
    expect(channels).toHaveLength(2);
    const { modelState, modelMessage, ...rest } = rowOf(after, number);
    expect({ fault, modelState, modelMessage }).toEqual({
      fault,
      modelState: 'unreadable',
      modelMessage: expect.stringContaining(message),
    });
    expect(rest).toMatchObject({ channels, role, pattern });
  });
  expect(rowOf(after, FAULTS.length)).toMatchObject({ modelState: 'read', modelMessage: null });

  cpi.log.clear();
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completed', total: 0 });
  expect(contentRequests(cpi)).toEqual([]);
  design('Flow_4').model = undefined;
  await UPDATE.entity(IFlowModels).set({ retryAt: new Date().toISOString() }).where({ 'iflow.artifactId': 'Flow_4' });
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completed', total: 1 });
  expect(await iflow('Flow_4')).toMatchObject({ modelState: 'read', modelMessage: null });
});

test('an iFlow that is no longer designed says so', async () => {
  cpi.state.designtime = cpi.state.designtime.filter(({ id }) => id !== 'Flow_1');
  expect(await refreshAndAnalyze(app)).toMatchObject({ failed: 1 });
  const message = expect.stringContaining('no longer exists');
  expect(await iflow('Flow_1')).toMatchObject({ modelState: 'unreadable', modelMessage: message });
});

test.each([400, 403, 404, 500] as const)(
  'where content of a configure-only package is refused with %s, configuration and names serve',
  async (readOnlyContent) => {
    Object.assign(cpi.switches, { readOnlyContent });
    cpi.state.packages[0]!.mode = 'READ_ONLY';
    design('Flow_1').model = {
      senders: [],
      receivers: [],
      parameters: { Host: 'https://crm.halvorsen.test/api', Password: 'Sesame-2019!' },
    };
    cpi.log.clear();
    const run = await refreshAndAnalyze(app);
    const one = await iflow('Flow_1');
    expect(run).toMatchObject({ status: 'completed', done: COUNT, failed: 0 });
    expect(one).toMatchObject({ modelState: 'fromConfiguration', role: 'entry', pattern: null });
    expect(one.channels).toMatchObject([
      { direction: 'inbound', participant: 'S/4HANA', host: null },
      { direction: 'outbound', participant: 'Salesforce', host: 'crm.halvorsen.test' },
    ]);
    cpi.log.clear();
    expect(await refreshAndAnalyze(app)).toMatchObject({ total: 0 });
    expect(contentRequests(cpi)).toEqual([]);
  },
);

test('a token that may not read content ends the run once, with the name of the role', async () => {
  Object.assign(cpi.switches, { contentForbidden: true });
  cpi.log.clear();
  const run = await refreshAndAnalyze(app);
  expect(run).toMatchObject({ status: 'failed', code: 'CPI_ROLE_MISSING', done: 0 });
  expect(run.message).toContain('WorkspacePackagesRead');
  // Those in progress at the same time, each with its configuration.
  expect(contentRequests(cpi).length).toBeLessThanOrEqual(8);
  expect(await iflow('Flow_1')).toMatchObject({ modelState: 'notRead', status: 'Started' });

  cpi.switches.contentForbidden = false;
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completed', done: COUNT });
});

test('an iFlow that an access policy protects from the token fails alone', async () => {
  cpi.faults.add({ kind: 'status', status: 403, times: 9, match: { path: /Flow_3.*\/(?:\$value|Configurations)$/ } });
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completedWithError', done: COUNT, failed: 1 });
  const message = expect.stringContaining('WorkspacePackagesRead');
  expect(await iflow('Flow_3')).toMatchObject({ modelState: 'unreadable', modelMessage: message });
});

test('what a model has told stays while content fails', async () => {
  await refreshAndAnalyze(app);
  const { channels, role } = await iflow('Flow_3');
  cpi.deploy({ id: 'Flow_3' });
  cpi.faults.add({ kind: 'status', status: 500, times: 9, match: content });
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completedWithError', failed: 1 });
  expect(await iflow('Flow_3')).toMatchObject({ modelState: 'unreadable', channels, role });
});

test.each([
  ['breaks', { kind: 'reset' }],
  ['is down', { kind: 'status', status: 503 }],
] as const)('a tenant that %s ends the run, and nothing is called unreadable', async (_, fault) => {
  cpi.faults.add({ ...fault, times: 999, match: content });
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'failed', code: 'CPI_UNREACHABLE', done: 0 });
  expect(await iflow('Flow_1')).toMatchObject({ modelState: 'notRead' });
  cpi.faults.clear();
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completed', done: COUNT });
});

test.each([
  ['429', { kind: '429', retryAfter: '1' }],
  ['a connection that breaks', { kind: 'reset' }],
  ['status 500', { kind: 'status', status: 500 }],
  ['no answer', { kind: 'hang' }],
] as const)('%s once is made good', async (_, fault) => {
  cpi.faults.add({ ...fault, match: content, after: 1 });
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completed', done: COUNT, failed: 0 });
  expect(cpi.faults.hits).toHaveLength(1);
});

test.each([
  ['half of it', { kind: 'halfJson' }],
  ['a web page', { kind: 'html' }],
  ['nothing, each time', { kind: 'status', status: 503, times: 9 }],
] as const)('content of which comes %s fails alone', async (_, fault) => {
  cpi.faults.add({ times: 1, ...fault, match: { path: /Flow_2.*\/\$value/ } });
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completedWithError', done: COUNT, failed: 1 });
  expect(await iflow('Flow_2')).toMatchObject({ modelState: 'unreadable', channels: [] });
});

test('what is undeployed is neither read nor called', async () => {
  const link = (adapter: string, address: string) => [{ name: 'X', adapter, properties: { address } }];
  design('Flow_1').model = { senders: [], receivers: link('ProcessDirect', '/two') };
  design('Flow_2').model = { senders: link('ProcessDirect', '/two'), receivers: [] };
  await refreshAndAnalyze(app);
  const { ID } = await iflow('Flow_2');
  expect((await iflow('Flow_1')).calls).toMatchObject([{ called_ID: ID, status: 'resolved' }]);
  cpi.undeploy('Flow_2');
  cpi.log.clear();
  await refreshAndAnalyze(app);
  expect((await iflow('Flow_1')).calls).toMatchObject([{ called_ID: null, status: 'unresolved', address: '/two' }]);
  expect(contentRequests(cpi)).toEqual([]);
});

test('it blocks no other run, a second one is refused, and an instance of the version before never finds it', async () => {
  await app.configure({ readModels: false });
  await app.run('refresh');
  const { run, active } = await whileHeld(cpi.faults, content, async () => {
    const { status, body } = await app.as('viewer').post('runtime/analyze');
    expect(status).toBe(200);
    expect(await enterprise.post('runtime/analyze')).toMatchObject({
      status: 409,
      body: { error: { code: 'RUN_ACTIVE' } },
    });
    expect(await app.run('refresh')).toMatchObject({ status: 'completed' });
    expect(await app.run('syncAll')).toMatchObject({ status: 'completed', created: COUNT });
    // The query of that version, at any time.
    const far = new Date(Date.now() + 100 * 365 * 86_400_000).toISOString();
    const states = ['requested', 'running', 'cancelRequested'];
    const active = await SELECT.from(SyncRuns).where({ status: { in: states as never }, leaseUntil: { '<=': far } });
    return { run: body, active };
  });
  expect(active).toEqual([]);
  expect(await app.ended(run.ID)).toMatchObject({ kind: 'analyze', status: 'completed', done: COUNT });
});

test('one that was canceled begins anew, and reads what is left', async () => {
  await app.configure({ readModels: false });
  await app.run('refresh');
  const run = await whileHeld(cpi.faults, content, async () => {
    const { body } = await enterprise.post('runtime/analyze');
    await app.onRun(body.ID, 'cancel');
    return body;
  });
  const ended = await app.ended(run.ID);
  if (ended.status === 'canceled') {
    const again = await app.onRun(run.ID, 'resume');
    expect(again.status).toBe(200);
    expect(await app.ended(again.body.ID)).toMatchObject({ status: 'completed' });
  }
  expect(await iflow('Flow_1')).toMatchObject({ modelState: 'read' });
});

test('without Read Models, nothing follows a refresh; with the connection, models go', async () => {
  await refreshAndAnalyze(app);
  await app.configure({ readModels: false });
  await app.run('refresh');
  const runs = await app.all(`runtime/SyncRuns?$filter=kind eq 'analyze'`);
  expect(runs).toHaveLength(1);
  await app.begin();
  for (const entity of [IFlowModels, Channels, Calls]) {
    expect(await SELECT.from(entity as typeof Calls)).toEqual([]);
  }
});
