import cds from '@sap/cds';
import { truths } from '../../../sandbox/seed/artifacts.ts';
import { LEFT_OVER } from '../../../sandbox/seed/models.ts';
import { found } from '../../helpers/app/changes.ts';
import { launchRuntime } from '../../helpers/runtime/runtime.ts';

// Models of all iFlows of the company, read from the sandbox.

const app = await launchRuntime({ seed: 'company', config: { cpi: { perSecond: { designTime: 9, runtime: 49 } } } });
const { sandbox } = app;
const { cpi } = sandbox;
const enterprise = app.as('enterprise');

/** A refresh, and the run that follows it. */
async function refreshed(): Promise<any> {
  const run = await app.run('refresh');
  expect(run).toMatchObject({ status: 'completed' });
  const next = await found(app.changes, async () => {
    const { body } = await enterprise.get(
      `runtime/SyncRuns?$filter=kind eq 'analyze' and startedAt ge ${run.startedAt}&$orderby=startedAt desc`,
    );
    return body.value[0];
  });
  return app.ended(next.ID);
}

const contentRequests = () =>
  cpi.log.entries.filter(({ path }) => /\/\$value|\/Configurations/.test(path) && !path.includes('ErrorInformation'));
const iflowsById = async () => {
  const rows = await app.all('runtime/IFlows?$expand=channels($orderby=position),calls($expand=called)');
  return new Map(rows.map((row) => [row.artifactId as string, row]));
};
const shown = ({ direction, adapter, participant, kind, host, locationId, access, addressState, auxiliary }: any) => ({
  direction,
  adapter,
  participant,
  kind,
  host,
  locationId,
  access,
  addressState,
  auxiliary,
});

beforeAll(async () => {
  // The rate is that of a test, not of a tenant.
  cpi.switches.designtimeRate = 0;
});

test('a refresh is followed by a run that reads what every iFlow connects; the next one asks for nothing', async () => {
  await app.begin({ readModels: true });
  cpi.switches.designtimeRate = 0;
  const run = await refreshed();
  const deployed = cpi.state.artifacts.filter(({ type }) => type === 'INTEGRATION_FLOW').length;
  expect(run).toMatchObject({
    status: 'completedWithError',
    code: 'MODELS_UNREADABLE',
    total: deployed,
    done: deployed,
  });

  const rows = await iflowsById();
  const readOnly = new Set(cpi.state.packages.filter(({ mode }) => mode === 'READ_ONLY').map(({ id }) => id));
  const known = truths();
  let read = 0;
  let unreadable = 0;
  for (const { id } of cpi.state.artifacts.filter(({ type }) => type === 'INTEGRATION_FLOW')) {
    const row = rows.get(id);
    const design = cpi.state.designtime.find((one) => one.id === id);
    if (!design || design.model?.fault) {
      unreadable++;
      expect(row).toMatchObject({ modelState: 'unreadable', modelMessage: expect.any(String), channels: [] });
    } else if (readOnly.has(design.packageId)) {
      expect(row).toMatchObject({ modelState: 'fromConfiguration', pattern: null });
      const names = row.channels.map(({ participant }: any) => participant);
      expect(names).toEqual([row.sender, row.receiver].filter(Boolean));
    } else {
      read++;
      const truth = known.get(id)!;
      expect({ id, state: row.modelState, role: row.role, pattern: row.pattern }).toEqual({
        id,
        state: 'read',
        role: truth.role,
        pattern: truth.pattern,
      });
      expect(row.channels.map(shown)).toEqual(truth.channels);
    }
  }
  expect(run.failed).toBe(unreadable);
  expect(read).toBeGreaterThan(200);

  cpi.log.clear();
  expect(await refreshed()).toMatchObject({ status: 'completed', total: 0, failed: 0 });
  expect(contentRequests()).toEqual([]);
});

test('calls lead from one iFlow to the one that has the address or the queue', async () => {
  const rows = await iflowsById();
  const calls = [...rows.values()].flatMap((row) => row.calls.map((call: any) => ({ caller: row, ...call })));
  const of = (status: string) => calls.filter((call) => call.status === status);
  expect(of('resolved').length).toBeGreaterThan(60);
  for (const { caller, called } of of('resolved')) expect(called.packageId).toBe(caller.packageId);
  expect(of('ambiguous')).toEqual([expect.objectContaining({ address: '/common/notify', called: null })]);
  expect(of('dynamic').length).toBeGreaterThan(5);
  expect(of('unresolved').length).toBeGreaterThan(1);
  const [{ caller, called_ID }] = of('resolved') as any[];
  const { body } = await enterprise.get(`runtime/IFlows(${called_ID})?$expand=calledBy`);
  expect(body.calledBy.map((call: any) => call.caller_ID)).toEqual([caller.ID]);
});

test('of parameters nothing but hosts is in the database', async () => {
  const db = await cds.connect.to('db');
  const tables = (await db.run(`SELECT name FROM sqlite_master WHERE type = 'table'`)) as { name: string }[];
  let seen = 0;
  for (const { name } of tables) {
    // eslint-disable-next-line no-await-in-loop -- one table after the other
    const rows = JSON.stringify(await db.run(`SELECT * FROM "${name}"`));
    seen += rows.includes('s4hana-prod') ? 1 : 0;
    for (const secret of [...Object.values(LEFT_OVER), 'SFTP_USER', 'S4_RFC', 'SALESFORCE_OAUTH']) {
      expect({ name, found: rows.includes(secret) }).toEqual({ name, found: false });
    }
  }
  expect(seen).toBe(1);
});
