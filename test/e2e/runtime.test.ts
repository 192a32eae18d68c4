import { company } from '../../sandbox/seed/company.ts';
import { PATIENT, whileHeld, WRITING } from '../helpers/app/app.ts';
import type { Screen } from '../helpers/browser/browser.ts';
import { launchScreens } from '../helpers/browser/screens.ts';

const FLOW = 'ADP to SuccessFactors: Payroll Results';
/** Full names are unique in LeanIX, even if the token cannot see the other fact sheet: creating this one fails. */
const TAKEN = 'AM Inspection Plan - S/4HANA to ServiceNow';
const seed = (host: string) => {
  const made = company(host);
  (made.leanix.factSheets ??= []).push({ type: 'Interface', name: TAKEN, restricted: true });
  return made;
};

const app = await launchScreens({
  seed,
  leanix: { mutationLatencyMs: 300 },
  config: { leanix: { batchSize: 20 }, ...PATIENT },
});
let all: Screen;

beforeEach(async () => {
  await app.begin();
  await app.configure({
    defaultTags: 'CPI-Managed',
    mappings: [
      { iflowField: 'name', leanixPath: '/name', position: 1 },
      { iflowField: 'description', leanixPath: '/description', position: 2 },
    ],
  });
  all = await app.screens.window();
});

async function matched(): Promise<void> {
  await app.run('refresh');
  await app.run('match');
}

/** Frees the name that prevented the creation of a fact sheet. */
function freeName(): void {
  const sheets = [...app.sandbox.leanix.state.factSheets.values()];
  const hidden = sheets.find((sheet) => sheet.restricted && JSON.stringify(sheet).includes(TAKEN));
  app.sandbox.editFactSheet(hidden!.id, { name: 'Something else' });
}

test('the list says what to do while it is empty, and Refresh reads what is deployed', async () => {
  await all.go('#LeanIXIFlow-manage');
  await all.sees('Choose Refresh to read the deployed iFlows');
  await all.shot('iflows-empty');
  await all.button('Refresh').click();
  await all.sees('iFlows (269)');
  expect(await all.row(FLOW).getByText('Not Linked').count()).toBe(0);
});

test('LeanIX Match fills the LeanIX column, with what can be done in each row', async () => {
  await app.run('refresh');
  await all.go('#LeanIXIFlow-manage');
  await all.button('LeanIX Match').click();
  await all.row(FLOW).getByText('Not Linked').waitFor();
  await all.row(FLOW).getByText('Create', { exact: true }).waitFor();
  const linked = all.row('ADP to SuccessFactors: Bank Transfer File');
  await linked.getByText('Linked', { exact: true }).waitFor();
  await linked.getByText('Update', { exact: true }).waitFor();
  const link = linked.getByRole('link');
  expect(await link.getAttribute('href')).toMatch(/factsheet\/Interface\//);
  expect(await link.getAttribute('target')).toBe('_blank');
  await link.locator('.sapUiIcon').waitFor();
  await all.shot('iflows');
});

test('one of several candidates is chosen', async () => {
  await matched();
  await all.go('#LeanIXIFlow-manage?linkStatus=ambiguous');
  const name = 'Ariba to S/4HANA: Sourcing Award';
  await all.row(name).getByText('Choose', { exact: true }).click();
  await all.sees('Which one documents this iFlow?');
  await all.canPress('Link', false);
  await all.page
    .getByRole('listitem')
    .filter({ hasText: 'Copied from the old workspace' })
    .or(all.page.getByRole('option').filter({ hasText: 'Copied from the old workspace' }))
    .first()
    .click();
  await all.shot('choose');
  await all.button('Link').click();
  await all.row(name).getByText('Linked', { exact: true }).waitFor();
});

test('one fact sheet is created from its row; the run says what was written, and the row is linked afterwards', async () => {
  await matched();
  await all.go('#LeanIXIFlow-manage');
  await all.row(FLOW).getByText('Create', { exact: true }).click();
  await all.sees('1 created');
  await all.sees('/name');
  await all.sees(/^Completed$/);
  await all.shot('run-create');
  await all.page.goBack();
  await all.row(FLOW).getByText('Linked', { exact: true }).waitFor();
});

test('a preview shows each field before and after; applied, it leads to its own run with progress', async () => {
  await matched();
  await all.go('#LeanIXIFlow-manage');
  await all.button('Preview').click();
  await all.sees('Changes (');
  await all.button('Apply').waitFor();
  await all.shot('preview');
  const preview = all.page.url();
  const apply = async () => {
    await all.button('Apply').click();
    await all.page.waitForURL((url) => url.href !== preview && url.hash.includes('SyncRuns('));
    await all.sees('Running');
    await all.sees(/^[1-9]\d* of 26\d done$/);
    await all.shot('run-progress');
  };
  await whileHeld(app.sandbox.leanix.faults, WRITING, apply, 4);
  await all.sees('Completed with Errors', 60_000);
});

test('what failed is named with the reason of LeanIX, and is tried again', async () => {
  await matched();
  const [taken] = await app.all(`runtime/IFlows?$filter=name eq '${TAKEN}'&$select=ID`);
  const created = await app.as('enterprise').post(`runtime/IFlows(${taken.ID})/RuntimeService.createFactSheet`);
  await app.ended(created.body.ID);
  await all.go(`#LeanIXIFlow-manage&/SyncRuns(${created.body.ID})`);
  await all.sees('1 failed');
  await all.page.locator('.sapMSlt').filter({ visible: true, hasText: 'All (' }).first().click();
  await all.page
    .getByText(/^Failed \(1\)/)
    .filter({ visible: true })
    .first()
    .click();
  await all.sees(`"${TAKEN}" was not written`);
  await all.shot('run-failed');
  freeName();
  await all.button('Retry Failed').click();
  await all.sees(/^1 created$/);
  await all.sees(/^Completed$/);
});

test('the second sync writes nothing', async () => {
  await matched();
  freeName();
  expect(await app.run('syncAll')).toMatchObject({ status: 'completed' });
  await all.go('#LeanIXIFlow-manage');
  await all.row(FLOW).getByText('Linked', { exact: true }).waitFor();
  await all.button('Sync All').click();
  await all.sees(/26\d unchanged/);
  await all.sees(/^Completed$/);
  expect(
    await all.page
      .getByText(/\d created|\d updated/)
      .filter({ visible: true })
      .count(),
  ).toBe(0);
  await all.shot('run-second-sync');
});

test('a run is canceled', async () => {
  await matched();
  await all.go('#LeanIXIFlow-manage');
  const cancel = async () => {
    await all.button('Sync All').click();
    await all.button('Cancel Run').click();
    await all.page
      .getByRole('alertdialog')
      .or(all.page.getByRole('dialog'))
      .getByRole('button', { name: 'Cancel Run' })
      .click();
    await all.sees('Being Canceled');
  };
  await whileHeld(app.sandbox.leanix.faults, WRITING, cancel);
  await all.sees('Changes already written are kept');
});

test('the object page has the error in the words of SAP, the fact sheet, and the history', async () => {
  await app.run('refresh');
  await all.go('#LeanIXIFlow-manage?status=Error');
  await all.sees(/^iFlows \(\d+\)$/);
  await all.rows().first().getByText('Error', { exact: true }).click();
  await all.sees('History');
  await all.sees('Deployed By');
  await all.shot('iflow');
});

test('the launchpad has live numbers that open the filtered list', async () => {
  await matched();
  await all.go();
  await all.page.locator('.sapMGT').filter({ hasText: 'iFlows' }).filter({ hasText: '269' }).first().waitFor();
  await all.shot('launchpad');
  await all.page.locator('.sapMGT').filter({ hasText: 'Not Linked' }).first().click();
  await all.page.locator('.sapMToken').getByText('Not Linked').waitFor();
  expect(await all.rows().getByText('Linked', { exact: true }).count()).toBe(0);
});

test('a viewer may look and refresh, and reads why there is no more', async () => {
  await matched();
  const viewer = await app.screens.window({ user: 'viewer' });
  await viewer.go('#LeanIXIFlow-manage');
  await viewer.sees('LeanIX Integration Enterprise Admin');
  await viewer.button('Refresh').waitFor();
  for (const action of ['LeanIX Match', 'Sync All', 'Create', 'Update']) {
    expect(await viewer.button(action).count()).toBe(0);
  }
  await viewer.shot('iflows-viewer');
});

test('on a phone, in German', async () => {
  await matched();
  await app.run('preview');
  const phone = await app.screens.window({ width: 390, height: 844, locale: 'de' });
  await phone.go('#LeanIXIFlow-manage');
  await phone.sees('Verknüpft');
  await phone.shot('iflows');
  await phone
    .rows()
    .first()
    .getByText(/ADP to/)
    .click();
  await phone.sees('Endpunkte');
  await phone.shot('iflow');
  await phone.go('#LeanIXIFlow-manage&/SyncRuns');
  await phone.sees('Vorschau');
  await phone.shot('runs');
});
