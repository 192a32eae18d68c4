import cds from '@sap/cds';
import { truths } from '../../../sandbox/seed/artifacts.ts';
import { company } from '../../../sandbox/seed/company.ts';
import { LEFT_OVER } from '../../../sandbox/seed/models.ts';
import { processes } from '../../../sandbox/seed/processes.ts';
import type { SeedMaker } from '../../../sandbox/seed/types.ts';
import { contentRequests, refreshAndAnalyze } from '../../helpers/runtime/analyze.ts';
import { launchRuntime } from '../../helpers/runtime/runtime.ts';

// Models of iFlows of the company, read from the sandbox.

/** Packages with all features of the company's models, including the one from SAP. */
const PACKAGES = [0, 1, 3, 4, 5, 6, 8, 9, 11, 12, 13, 39].map((number) => processes[number]!.packageId);

const seed: SeedMaker = (host) => {
  const { cpi, ...rest } = company(host);
  const designtime = cpi.designtime.filter(({ packageId }) => PACKAGES.includes(packageId));
  const elsewhere = new Set(cpi.designtime.filter((one) => !designtime.includes(one)).map(({ id }) => id));
  const artifacts = cpi.artifacts.filter(({ id }) => !elsewhere.has(id));
  return { ...rest, cpi: { ...cpi, designtime, artifacts } };
};

const app = await launchRuntime({ seed, config: { cpi: { perSecond: { designTime: 9, runtime: 49 } } } });
const { sandbox } = app;
const { cpi } = sandbox;
const enterprise = app.as('enterprise');

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

test('a refresh is followed by a run that reads what every iFlow connects; the next one asks for nothing', async () => {
  await app.begin({ readModels: true });
  cpi.switches.designtimeRate = 0;
  const run = await refreshAndAnalyze(app);
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
  expect(read).toBeGreaterThan(60);

  cpi.log.clear();
  expect(await refreshAndAnalyze(app)).toMatchObject({ status: 'completed', total: 0, failed: 0 });
  expect(contentRequests(cpi)).toEqual([]);
});

test('calls lead from one iFlow to the one that has the address or the queue', async () => {
  const rows = await iflowsById();
  const calls = [...rows.values()].flatMap((row) => row.calls.map((call: any) => ({ caller: row, ...call })));
  const of = (status: string) => calls.filter((call) => call.status === status);
  expect(of('resolved').length).toBeGreaterThan(15);
  for (const { caller, called } of of('resolved')) expect(called.packageId).toBe(caller.packageId);
  expect(of('ambiguous')).toEqual([expect.objectContaining({ address: '/common/notify', called: null })]);
  expect(of('dynamic').length).toBeGreaterThan(1);
  expect(of('unresolved').length).toBeGreaterThan(1);
  const [{ caller, called_ID }] = of('resolved');
  const { body } = await enterprise.get(`runtime/IFlows(${called_ID})?$expand=calledBy`);
  expect(body.calledBy.map((call: any) => call.caller_ID)).toEqual([caller.ID]);
});

test('of parameters nothing but hosts is in the database', async () => {
  const db = await cds.connect.to('db');
  const tables = (await db.run(`SELECT name FROM sqlite_master WHERE type = 'table'`)) as { name: string }[];
  let seen = 0;
  for (const { name } of tables) {
    const rows = JSON.stringify(await db.run(`SELECT * FROM "${name}"`));
    seen += rows.includes('s4hana-prod') ? 1 : 0;
    for (const secret of [...Object.values(LEFT_OVER), 'SFTP_USER', 'S4_RFC', 'SALESFORCE_OAUTH']) {
      expect({ name, found: rows.includes(secret) }).toEqual({ name, found: false });
    }
  }
  expect(seen).toBe(1);
});
