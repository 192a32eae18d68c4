import { companyCases } from '../../../sandbox/seed/company.ts';
import { tooLong } from '../../helpers/app/columns.ts';
import { launchRuntime } from '../../helpers/runtime/runtime.ts';

const app = await launchRuntime({ seed: 'company' });
const { cpi } = app.sandbox;
const cases = companyCases();
const enterprise = app.as('enterprise');

/** Cloud Integration requests, without those for tokens. */
const cpiRequests = () => cpi.log.count(({ token }) => !token);

let rows: Map<string, any>;
let first = 0;

beforeAll(async () => {
  await app.configure();
  cpi.log.clear();
  expect(await app.run('refresh')).toMatchObject({ status: 'completed', total: 269, done: 269, message: null });
  first = cpiRequests();
  rows = new Map((await app.iflows()).map((row) => [row.artifactId, row]));
});

test('a refresh shows every deployed integration flow, with package and description where there is one', () => {
  const deployed = cpi.state.artifacts.filter(({ type }) => type === 'INTEGRATION_FLOW');
  expect(rows.size).toBe(deployed.length);
  expect([...rows.keys()].sort()).toEqual(deployed.map(({ id }) => id).sort());
  for (const { id, name, version } of deployed) {
    const design = cpi.state.designtime.find((one) => one.id === id);
    const packageOf = cpi.state.packages.find((one) => one.id === design?.packageId);
    const row = rows.get(id);
    expect(row).toMatchObject({ name, version, type: 'INTEGRATION_FLOW', linkStatus: 'unknown' });
    expect(row).toMatchObject({ packageId: design?.packageId ?? null, packageName: packageOf?.name ?? null });
    if (!cases.htmlDescription.includes(id)) expect(row.description).toBe(design?.description || null);
  }
});

test('the state of each integration flow is told in the words of the monitor', () => {
  const statusOf = (ids: string[]) => [...new Set(ids.map((id) => rows.get(id).status))];
  expect(statusOf(cases.error)).toEqual(['Error']);
  expect(statusOf(cases.starting)).toEqual(['Starting']);
  expect(statusOf(cases.stopping)).toEqual(['Stopping']);
  expect([...rows.values()].filter(({ status }) => status === 'Started')).toHaveLength(269 - 6 - 4);
});

test('what is in error says why, in text that a person can read', () => {
  const texts = cases.error.map((id) => rows.get(id).errorText as string);
  expect(texts.join('\n')).toContain("Script file 'script1.groovy' not found");
  expect(texts.join('\n')).toContain("The externalized parameter 'Receiver_Address' has no value");
  expect(texts.join('\n')).toContain("Credential 'BANK_SFTP' is not deployed");
  expect(texts.join('\n')).toContain('The certificate of the receiver expired on 2025-04-30.');
  for (const text of texts) expect(text).not.toMatch(/[{}]|messageId/);
  for (const row of rows.values()) if (row.status !== 'Error') expect(row.errorText).toBeNull();
});

test('an integration flow whose package is gone has neither package nor description', () => {
  for (const id of cases.packageGone) {
    expect(rows.get(id)).toMatchObject({ packageId: null, packageName: null, description: null, sender: null });
  }
});

test('descriptions in HTML become plain text', () => {
  for (const id of cases.htmlDescription) {
    expect(rows.get(id).description).toMatch(/Runs every night; see the run book\.$/);
    expect(rows.get(id).description).not.toMatch(/[<>]|&nbsp;/);
  }
  for (const id of cases.noDescription) expect(rows.get(id).description).toBeNull();
});

test('the first refresh costs one request for each package and each error; the second one costs three requests in all', async () => {
  expect(first).toBe(3 + cpi.state.packages.length + cases.error.length);
  cpi.log.clear();
  expect(await app.run('refresh')).toMatchObject({ status: 'completed', total: 269, requests: 0 });
  expect(cpiRequests()).toBe(3);
  expect(await app.iflows()).toEqual([...rows.values()]);
});

test('a new version costs one more request, for its package', async () => {
  const [id] = cases.linkedByName;
  cpi.setVersion(id!, '9.0.0');
  cpi.log.clear();
  await app.run('refresh');
  expect(cpiRequests()).toBe(4);
  expect((await app.iflow(id!)).version).toBe('9.0.0');
});

test('what is undeployed stays as Undeployed, with its link, and comes back when it is deployed again', async () => {
  await app.run('match');
  const [id] = cases.linkedByExternalId;
  const before = await app.iflow(id!);
  expect(before.linkStatus).toBe('linked');
  cpi.undeploy(id!);
  await app.run('refresh');
  expect(await app.iflow(id!)).toEqual({
    ...before,
    status: 'Undeployed',
    statusCriticality: 0,
    errorText: null,
  });
  const version = before.version as string;
  cpi.deploy({ id: id!, version, name: before.name });
  await app.run('refresh');
  expect(await app.iflow(id!)).toMatchObject({ ID: before.ID, status: 'Started', factSheetId: before.factSheetId });
});

test('a package that cannot be read costs only its own descriptions, and is named', async () => {
  const [broken, other] = cpi.state.packages;
  for (const one of [broken!, other!]) one.modifiedDate += 60_000;
  broken!.broken = true;
  const inPackage = ({ id }: { id: string }) => cpi.state.designtime.filter(({ packageId }) => packageId === id);
  const changed = inPackage(other!)[0]!;
  changed.description = 'Rewritten.';
  const known = await app.all(`runtime/IFlows?$filter=packageId eq '${broken!.id}'`);
  expect(known.length).toBeGreaterThan(0);

  const run = await app.run('refresh');
  expect(run).toMatchObject({ status: 'completedWithError', code: 'REFRESH_INCOMPLETE', total: 269 });
  expect(run.message).toContain(`"${broken!.name}"`);
  expect(await app.all(`runtime/IFlows?$filter=packageId eq '${broken!.id}'`)).toEqual(known);
  expect((await app.iflow(changed.id)).description).toBe('Rewritten.');
  broken!.broken = false;
  expect(await app.run('refresh')).toMatchObject({ status: 'completed' });
});

test('texts of the tenant that are longer than any that can be kept are cut, and stop nothing', async () => {
  const long = (what: string) => `${what} ${'x'.repeat(3000)}`;
  const [id] = cases.linkedByExternalId;
  const design = cpi.state.designtime.find((one) => one.id === id)!;
  const packageOf = cpi.state.packages.find((one) => one.id === design.packageId)!;
  const before = [cpi.state.artifacts.find((one) => one.id === id)!, design, packageOf].map((one) => ({ ...one }));
  const version = `1.${'0'.repeat(100)}`;
  Object.assign(design, { name: long('Name'), version, sender: long('Sender'), receiver: long('Receiver') });
  Object.assign(packageOf, { name: long('Package'), modifiedDate: packageOf.modifiedDate + 120_000 });
  cpi.deploy({ id: id!, name: long('Name'), version, deployedBy: long('User') });
  expect(await app.run('refresh')).toMatchObject({ status: 'completed' });
  expect(await tooLong()).toEqual([]);
  expect(await app.iflow(id!)).toMatchObject({
    name: expect.stringMatching(/^Name x+$/),
    packageName: expect.stringMatching(/^Package x+$/),
    receiver: expect.stringMatching(/^Receiver x+$/),
  });
  expect(await app.all(`runtime/IFlows?$filter=startswith(sender,'Sender x')`)).toHaveLength(1);
  cpi.log.clear();
  await app.run('refresh');
  expect(cpiRequests()).toBe(3);
  const [artifact, ...others] = before;
  Object.assign(design, others[0]);
  Object.assign(packageOf, others[1], { modifiedDate: packageOf.modifiedDate + 120_000 });
  cpi.deploy(artifact as never);
  await app.run('refresh');
});

test('a tenant that shows nothing at all is a failed read, unless an admin says that it is meant', async () => {
  const before = await app.iflows();
  cpi.state.artifacts = [];
  const failed = await app.run('refresh');
  expect(failed).toMatchObject({ status: 'failed', code: 'CPI_EMPTY' });
  expect(failed.message).toContain('had 269 before');
  expect(await app.iflows()).toEqual(before);
  const refused = await app.as('viewer').post('runtime/refresh', { acceptEmpty: true });
  expect([refused.status, refused.body.error.code]).toEqual([403, 'ADMIN_REQUIRED']);
  expect(await app.run('refresh', { acceptEmpty: true })).toMatchObject({ status: 'completed' });
  const { body } = await enterprise.get(`runtime/IFlows/$count?$filter=status eq 'Undeployed'`);
  expect(body).toBe(269);
  const accepted = await app.as('admin').post('runtime/refresh', { acceptEmpty: true });
  expect(await app.ended(accepted.body.ID)).toMatchObject({ status: 'completed', startedBy: 'admin' });
});
