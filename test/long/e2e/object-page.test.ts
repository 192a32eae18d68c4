import { company } from '../../../sandbox/seed/company.ts';
import type { Screen } from '../../helpers/browser/browser.ts';
import { takesText } from '../../helpers/browser/waits.ts';
import { MAPPINGS } from '../../helpers/runtime/runtime.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';

const NEW = 'ADP to SuccessFactors: Payroll Results';
const UNLINKED = 'AM Inspection Plan - S/4HANA to ServiceNow';
const LINKED = 'ADP to SuccessFactors: Bank Transfer File';
const seed = (host: string) => {
  const made = company(host);
  const wanted = ({ name }: { name: string }) => [NEW, UNLINKED, LINKED].includes(name);
  made.cpi.artifacts = made.cpi.artifacts.filter(wanted);
  made.cpi.designtime = made.cpi.designtime.filter(wanted);
  const designed = made.cpi.designtime.find(({ name }) => name === LINKED)!;
  const { id: name, version, description } = designed;
  made.cpi.endpoints = made.cpi.endpoints.filter((endpoint) => endpoint.name !== name);
  made.cpi.endpoints.push({ name, version, description, address: '/bank/files', protocol: 'SOAP', lastUpdated: 0 });
  (made.leanix.factSheets ??= []).push(
    { type: 'Interface', name: 'Payroll, the old way' },
    { type: 'Application', name: 'Payroll Suite' },
  );
  return made;
};

const app = await launchScreens({ seed });
let all: Screen;

const sheet = (name: string) => [...app.sandbox.leanix.state.factSheets.values()].find((one) => one.name === name)!;
const tab = (name: string) => all.page.getByRole('option', { name }).or(all.page.getByRole('tab', { name })).first();
const field = () => all.page.getByRole('dialog').locator('input').first();

async function open(screen: Screen, name: string): Promise<void> {
  const rows = await app.all(`runtime/IFlows?$filter=name eq '${name}'&$select=ID`);
  await screen.go(`#LeanIXIFlow-manage&/IFlows(${rows[0].ID})`);
  await screen.sees('Deployed By');
}

beforeEach(async () => {
  await app.begin();
  await app.configure({ defaultTags: 'CPI-Managed', mappings: MAPPINGS });
  await app.run('refresh');
  await app.run('match');
  all = await app.screens.window();
});

/** Links an iFlow to a fact sheet, as if a user had done so before. */
async function linked(name: string, factSheet: string): Promise<void> {
  const [{ ID }] = await app.all(`runtime/IFlows?$filter=name eq '${name}'&$select=ID`);
  const link = { factSheetId: sheet(factSheet).id };
  const { status } = await app.as('enterprise').post(`runtime/IFlows(${ID})/RuntimeService.link`, link);
  expect(status).toBe(200);
}

test('the endpoints are read when their section is opened', async () => {
  await open(all, LINKED);
  await all.sees('Integration Flow');
  await all.shot('object-general');
  app.sandbox.cpi.log.clear();
  await tab('Endpoints').click();
  await all.sees(/https:.*\/bank\/files$/);
  await all.sees('SOAP');
  expect(app.sandbox.cpi.log.count(({ token }) => !token)).toBe(1);
  await all.shot('object-endpoints');
});

test('a tenant that does not answer is told as such, and tried again', async () => {
  await open(all, LINKED);
  all.expectTrouble();
  app.sandbox.cpi.faults.add({ kind: 'status', status: 503, times: 100 });
  await tab('Endpoints').click();
  await all.sees(/cannot be reached/);
  await all.shot('object-endpoints-failed');
  app.sandbox.cpi.faults.clear();
  await all.button('Try Again').click();
  await all.sees(/\/bank\/files$/);
});

test('an iFlow that nobody calls says so', async () => {
  app.sandbox.cpi.state.endpoints = [];
  await open(all, NEW);
  await tab('Endpoints').click();
  await all.sees('No inbound endpoint');
});

test('what a sync would change is shown field by field, and nothing is started', async () => {
  const runs = await app.all('runtime/SyncRuns');
  await open(all, NEW);
  await tab('Pending Changes').click();
  await all.sees('The next sync creates a fact sheet with these values.');
  await all.sees('/release');
  await all.shot('object-plan-create');
  await open(all, LINKED);
  await tab('Pending Changes').click();
  await all.sees('The next sync changes these fields of the fact sheet.');
  await all.sees('CPI-Managed');
  await all.shot('object-plan');
  expect(await app.all('runtime/SyncRuns')).toEqual(runs);
});

test('a person links by typing a part of the name', async () => {
  await open(all, NEW);
  await all.button('Link …').click();
  await all.sees(`Which fact sheet documents "${NEW}"?`);
  // Not key by key: a dialog that is still opening ignores the first one.
  const found = all.page.waitForResponse((answer) => answer.url().includes("search='old%20way'"));
  await takesText(field());
  await Promise.all([found, field().fill('old way')]);
  await all.page.getByText('Payroll, the old way').first().waitFor();
  await all.shot('object-link');
  await all.page.getByText('Payroll, the old way').first().click();
  await all.page.getByRole('dialog').getByRole('button', { name: 'Link', exact: true }).click();
  await all.button('Unlink').waitFor();
  expect((await app.all(`runtime/IFlows?$filter=name eq '${NEW}'`))[0]).toMatchObject({
    linkStatus: 'linked',
    matchedBy: 'manual',
    factSheetId: sheet('Payroll, the old way').id,
  });
});

test('another one is linked by its address; where its type is another, a warning names both', async () => {
  await linked(NEW, 'Payroll, the old way');
  await open(all, NEW);
  await all.button('Link …').click();
  await all.sees('is currently linked to "Payroll, the old way"');
  const { id } = sheet('Payroll Suite');
  await takesText(field());
  await field().fill(`https://${app.sandbox.leanix.host}/halvorsen/factsheet/Application/${id}`);
  await all.page.getByRole('dialog').getByRole('button', { name: 'Link', exact: true }).click();
  await all.sees('of type Application, not Interface');
  await all.shot('object-link-warning');
  await all.button('Close').or(all.button('OK')).first().click();
  await all.page.getByRole('link', { name: 'Payroll Suite' }).first().waitFor();
});

test('after Unlink the iFlow can be created, linked and previewed', async () => {
  await linked(NEW, 'Payroll, the old way');
  await open(all, NEW);
  await tab('Pending Changes').click();
  await all.sees('The next sync changes these fields of the fact sheet.');
  await all.button('Unlink').click();
  await all.page
    .getByRole('dialog')
    .or(all.page.getByRole('alertdialog'))
    .getByRole('button', { name: 'Unlink' })
    .click();
  await all.button('Create').waitFor();
  await all.sees('The next sync creates a fact sheet with these values.');
  for (const action of ['Link …', 'Preview']) await all.button(action).waitFor();
  for (const action of ['Unlink', 'Update']) await all.button(action).waitFor({ state: 'hidden' });
  await all.shot('object-unlinked');
});

test('the history leads from a run to what it changed', async () => {
  const [{ ID }] = await app.all(`runtime/IFlows?$filter=name eq '${UNLINKED}'&$select=ID`);
  await app.run('createFactSheets', { iflows: [ID] });
  await open(all, UNLINKED);
  await tab('History').click();
  await all.row('Create').getByText('Create').first().click();
  await all.sees('/release');
  await all.page.getByRole('heading', { name: UNLINKED }).filter({ visible: true }).first().waitFor();
  await all.page.goBack();
  await all.row('Create').waitFor();
});

test('a viewer sees the endpoints, but not what the enterprise plan is for', async () => {
  const viewer = await app.screens.window({ user: 'viewer' });
  await open(viewer, LINKED);
  expect(await viewer.page.getByText('Pending Changes').filter({ visible: true }).count()).toBe(0);
  for (const action of ['Link …', 'Preview', 'Update']) expect(await viewer.button(action).count()).toBe(0);
  await viewer.go('#LeanIXIFlow-manage');
  await viewer.row(LINKED).waitFor();
  await viewer.page.getByText('Action', { exact: true }).filter({ visible: true }).first().waitFor({ state: 'hidden' });
  await viewer.shot('object-list-viewer');
});

test('on a phone, in German', async () => {
  const phone = await app.screens.window({ width: 390, height: 844, locale: 'de' });
  await phone.go('#LeanIXIFlow-manage');
  await phone.row(LINKED).waitFor();
  // The rows begin on the first screen, since the filters are collapsed.
  expect((await phone.row(LINKED).boundingBox())!.y).toBeLessThan(400);
  await phone.shot('object-list');
  const rows = await app.all(`runtime/IFlows?$filter=name eq '${LINKED}'&$select=ID`);
  await phone.go(`#LeanIXIFlow-manage&/IFlows(${rows[0].ID})`);
  await phone.sees('Integrationsflow');
  await phone.shot('object-general');
});
