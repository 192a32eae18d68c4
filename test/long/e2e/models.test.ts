import { company } from '../../../sandbox/seed/company.ts';
import { processes } from '../../../sandbox/seed/processes.ts';
import { found } from '../../helpers/app/changes.ts';
import type { Screen } from '../../helpers/browser/browser.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';

// The connections of an iFlow, on its page and in the settings.

const PACKAGES = [0, 5].map((number) => processes[number]!.packageId);
const seed = (host: string) => {
  const { cpi, ...rest } = company(host);
  const designtime = cpi.designtime.filter(({ packageId, model }) => model && PACKAGES.includes(packageId));
  const ids = new Set(designtime.map(({ id }) => id));
  return { ...rest, cpi: { ...cpi, designtime, artifacts: cpi.artifacts.filter(({ id }) => ids.has(id)) } };
};

const app = await launchScreens({ seed });
let all: Screen;

const tab = (name: string) => all.page.getByRole('option', { name }).or(all.page.getByRole('tab', { name })).first();

/** Opens the iFlow of a package at this position among its topics. */
async function open(packageId: string, topic: number): Promise<void> {
  const { designtime } = app.sandbox.cpi.state;
  const { id } = designtime.filter((one) => one.packageId === packageId)[topic]!;
  const [row] = await app.all(`runtime/IFlows?$filter=artifactId eq '${id}'&$select=ID`);
  await all.go(`#LeanIXIFlow-manage&/IFlows(${row.ID})`);
  await all.sees('Deployed By');
  await tab('Connections').click();
}

beforeEach(async () => {
  await app.once(async () => {
    await app.begin();
    await app.configure({ readModels: true });
    await app.run('refresh');
    const run = await found(app.changes, async () => (await app.all(`runtime/SyncRuns?$filter=kind eq 'analyze'`))[0]);
    await app.ended(run.ID);
  });
  all = await app.screens.window();
});

test('channels of an entry, and whom it calls', async () => {
  await open(PACKAGES[0]!, 0);
  await all.sees('Entry');
  await all.row('HTTPS').getByText('Inbound').waitFor();
  await all.row('ProcessDirect').getByText('Outbound').waitFor();
  await all.row(`/${PACKAGES[0]}/step`).getByText('Found').waitFor();
  await all.shot('models-entry');
});

test('a segment names its host behind the Cloud Connector, and who calls it', async () => {
  await open(PACKAGES[0]!, 1);
  await all.sees('Segment');
  await all.row('SOAP').getByText('s4hana-prod').waitFor();
  await all.row('SOAP').getByText('HQ').waitFor();
  await all.row(`/${PACKAGES[0]}/step`).waitFor();
  await all.shot('models-segment');
});

test('an iFlow that could not be read says why', async () => {
  await open(PACKAGES[1]!, 4);
  await all.sees('Cannot Be Read');
  await all.sees(/not a bundle with a valid model/);
  await all.shot('models-unreadable');
});

test('the run has no items, and the settings have the switch', async () => {
  const [run] = await app.all(`runtime/SyncRuns?$filter=kind eq 'analyze'`);
  await all.go(`#LeanIXIFlow-manage&/SyncRuns(${run.ID})`);
  await all.sees('Read Models');
  expect(await all.page.getByRole('tab', { name: 'Items' }).count()).toBe(0);
  await all.shot('models-run');
  await all.go(`#LeanIXSettings-manage&/LeanIXConfigs(ID=${await app.configId()},IsActiveEntity=true)`);
  await all.sees('Read Models');
  await all.shot('models-settings');
});
