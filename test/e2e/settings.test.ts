import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { apiToken, readOnlyApiToken } from '../../sandbox/seed/workspace-frame.ts';
import { takesText, type Screen } from '../helpers/browser/browser.ts';
import { launchScreens } from '../helpers/browser/screens.ts';
import { act, create, saved } from '../helpers/settings/settings.ts';

const app = await launchScreens();
let admin: Screen;
let page: Page;

beforeEach(async () => {
  await app.begin();
  admin = await app.screens.window({ user: 'admin' });
  page = admin.page;
});

const MAPPINGS = ['name /name', 'description /description', 'Status /tags', 'version /release', 'id /alias'].map(
  (row, index) => {
    const [iflowField, leanixPath] = row.split(' ');
    return { iflowField, leanixPath, position: index + 1 };
  },
);
/** Sets the connection up and tests it, as an admin would have done before: what the workspace has is known then. */
async function setUp(values: object = {}): Promise<void> {
  const ID = await app.configure({ category: 'api', mappings: MAPPINGS, ...values });
  expect(await act(app.as('admin'), saved(ID), 'testConnection')).toMatchObject({ status: 200 });
}

const field = (name: string) =>
  page.getByRole('textbox', { name }).or(page.getByRole('combobox', { name })).filter({ visible: true }).first();
const dialog = () => page.locator('.sapMDialogOpen').last();
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
/** Presses the button that closes the dialog. Only then is the focus back on the page, and does not jump any more. */
async function closeBy(name: string): Promise<void> {
  await inDialog(name).click();
  await page.locator('.sapMDialog').filter({ visible: true }).first().waitFor({ state: 'hidden' });
}
const cell = (row: number, column: number) => admin.rows().nth(row).locator('input.sapMInputBaseInner').nth(column);
const setting = async () =>
  (await app.as('admin').get(`settings/LeanIXConfigs?$filter=name eq 'Default'&$expand=mappings($orderby=position)`))
    .body.value[0];

/** Waits for the answer to a request that begins now. */
const answered = (request: string) =>
  page.waitForResponse((answer) => (answer.request().postData() ?? '').includes(request));

/** Types into a field and leaves it, then waits until the draft has it. */
async function enter(name: string, text: string): Promise<void> {
  await takesText(field(name));
  await field(name).fill(text);
  await Promise.all([answered('PATCH LeanIXConfigs'), field(name).press('Tab')]);
}

async function openDefault(screen: Screen): Promise<void> {
  await screen.go('#LeanIXSettings-manage');
  await screen.row('Default').locator('td').nth(2).click();
  await screen.sees('Field Mapping');
}

async function editDefault(): Promise<void> {
  await openDefault(admin);
  await admin.edit();
}

async function save(): Promise<void> {
  await admin.button('Save').click();
  await admin.button('Edit').waitFor();
}

describe('the first set-up', () => {
  test('the list says that nothing is set up yet', async () => {
    await admin.go('#LeanIXSettings-manage');
    await admin.row('Default').getByText('Not set up yet').waitFor();
    await admin.shot('settings-new');
  });

  test('a host with https:// is refused at its field', async () => {
    await editDefault();
    await enter('LeanIX Host', `https://${app.sandbox.leanix.host}/`);
    await page.locator('.sapMInputBaseContentWrapperError').waitFor();
    await field('LeanIX Host').focus();
    await admin.sees('Enter only the host');
    await enter('LeanIX Host', app.sandbox.leanix.host);
    await page.locator('.sapMInputBaseContentWrapperError').waitFor({ state: 'detached' });
    await admin.sees('Not tested yet');
    await save();
    expect((await setting()).leanixHost).toBe(app.sandbox.leanix.host);
  });

  test('the API token is masked, is tried out before it is stored, and is gone from the page afterwards', async () => {
    await setUp();
    await editDefault();
    await admin.button('Enter API Token').click();
    const token = dialog().locator('input[type=password]');
    await token.fill(readOnlyApiToken);
    await inDialog('Test').click();
    await dialog().getByText('can read but not write').waitFor();
    await dialog().getByText('A token that was stored before is still in use').waitFor();
    await admin.shot('settings-token');
    await token.fill(apiToken);
    await dialog()
      .getByRole('combobox', { name: 'Expires On' })
      .or(dialog().locator('[id$=tokenExpiry-inner]'))
      .first()
      .fill('Dec 31, 2099');
    await inDialog('Store').click();
    await dialog().getByText('Workspace: halvorsen').waitFor();
    await dialog().getByText('Role of the token: Admin').waitFor();
    await admin.shot('settings-tested');
    await closeBy('OK');
    await admin.sees('Valid until Dec 31, 2099');
    expect(await page.content()).not.toContain(apiToken);
    await save();
    expect(JSON.stringify(await setting())).not.toContain(apiToken);
    expect(await setting()).toMatchObject({ tokenExpiresOn: '2099-12-31', connectionStatus: 'connected' });
  });

  test('type and category are suggested by the workspace, and anything else may be typed', async () => {
    await setUp({ factSheetType: '', category: '', mappings: [] });
    await editDefault();
    await takesText(field('Fact Sheet Type'));
    await field('Fact Sheet Type').pressSequentially('Interf');
    await admin.sees('Show All Items');
    await enter('Fact Sheet Type', 'Interface');
    await takesText(field('Category'));
    await field('Category').pressSequentially('ap');
    await admin.sees('API');
    await enter('Category', 'my own');
    expect(await field('Category').inputValue()).toBe('my own');
    await enter('Category', 'api');
    await save();
    expect(await setting()).toMatchObject({ factSheetType: 'Interface', category: 'api' });
  });

  test('the usual rows are added, another one is typed, and rows change places', async () => {
    await setUp({ mappings: [] });
    await editDefault();
    await admin.button('Add Usual Rows').click();
    await admin.sees('Field Mapping (4)');
    // What is typed before the row is stored is not judged yet.
    await Promise.all([answered('POST LeanIXConfigs'), admin.button('Create').click()]);
    await admin.sees('Field Mapping (5)');
    await takesText(cell(4, 0));
    await cell(4, 0).fill('id');
    await cell(4, 0).press('Tab');
    await takesText(cell(4, 1));
    await cell(4, 1).fill('no slash');
    await cell(4, 1).press('Tab');
    await admin.sees('The table contains errors');
    await takesText(cell(4, 1));
    await cell(4, 1).fill('/alias');
    await cell(4, 1).press('Tab');
    await page.getByText('The table contains errors').waitFor({ state: 'hidden' });
    await admin.rows().nth(3).locator('.sapMCb').click();
    await admin.button('Move Up').click();
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll<HTMLInputElement>('tr.sapMListTblRow input.sapMInputBaseInner')]
          .map((input) => input.value)
          .indexOf('/tags') === 7,
    );
    await save();
    expect((await setting()).mappings).toMatchObject([
      { iflowField: 'name', leanixPath: '/name' },
      { iflowField: 'description', leanixPath: '/description' },
      { iflowField: 'Status', leanixPath: '/tags' },
      { iflowField: 'version', leanixPath: '/release' },
      { iflowField: 'id', leanixPath: '/alias' },
    ]);
  });

  test('default tags come from the workspace, and free text besides', async () => {
    await setUp();
    await editDefault();
    const tags = page.locator('[id$=defaultTags-inner]');
    await takesText(tags);
    // Each answer draws the list anew, and a row that is drawn anew at that moment takes no press.
    await Promise.all([answered("'managed'"), tags.fill('managed')]);
    await admin.shot('settings-tags-suggested');
    await page.getByRole('option', { name: 'CPI-Managed' }).filter({ visible: true }).click();
    await page.locator('.sapMToken', { hasText: 'CPI-Managed' }).waitFor();
    await takesText(tags);
    await tags.fill('Not There');
    await tags.press('Enter');
    await page.locator('[id$=defaultTags-vhi]').click();
    await dialog().getByText('EDI', { exact: true }).click();
    await admin.shot('settings-tags');
    await closeBy('Select');
    await page
      .getByRole('option', { name: 'EDI' })
      .or(page.locator('.sapMToken', { hasText: 'EDI' }))
      .first()
      .waitFor();
    await page.locator('.sapMToken', { hasText: 'Not There' }).locator('.sapMTokenIcon').click();
    await page.locator('.sapMToken', { hasText: 'Not There' }).waitFor({ state: 'detached' });
    await save();
    expect((await setting()).defaultTags).toBe('CPI-Managed, EDI');
  });

  test('it is saved as it was entered, and is tested once more', async () => {
    await setUp({ defaultTags: 'CPI-Managed' });
    await editDefault();
    await enter('Category', 'logicalInterface');
    await save();
    await admin.shot('settings');
    expect(await setting()).toMatchObject({
      leanixHost: app.sandbox.leanix.host,
      factSheetType: 'Interface',
      category: 'logicalInterface',
      defaultTags: 'CPI-Managed',
      mappings: MAPPINGS,
    });
    await admin.button('Test Connection').click();
    await dialog().getByText('Connected.').waitFor();
    await closeBy('OK');
    await admin.go('#LeanIXSettings-manage');
    await admin.row('Default').getByText('Connected').waitFor();
    await admin.shot('settings-list');
  });
});

test('who leaves and comes back finds the draft as it was', async () => {
  await setUp();
  await editDefault();
  await enter('Description', 'written before lunch');
  await admin.go();
  await admin.go('#LeanIXSettings-manage');
  await admin.row('Default').getByText('Draft').waitFor();
  await admin.row('Default').locator('td').nth(2).click();
  await admin.editing();
  // The field may be there before its value is.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('textarea')].some((area) => area.value === 'written before lunch'),
  );
  expect(await field('Description').inputValue()).toBe('written before lunch');
  await admin.button('Discard Draft').click();
  await admin.button('Discard').click();
  await admin.button('Edit').waitFor();
  expect((await setting()).description).toBeNull();
});

test('Validate says what to do first while no iFlow is known', async () => {
  await setUp();
  await openDefault(admin);
  await admin.button('Validate').click();
  await dialog().getByText('Open iFlows and choose Refresh').waitFor();
  await admin.shot('settings-validate-first');
  await closeBy('Close');
});

test('Validate names the rows that LeanIX would refuse', async () => {
  await setUp();
  await app.run('refresh');
  await openDefault(admin);
  await admin.button('Validate').click();
  await admin.sees('LeanIX accepts all rows (5)');
  await admin.edit();
  await takesText(cell(1, 1));
  await cell(1, 1).fill('/notThere');
  await cell(1, 1).press('Tab');
  await admin.button('Validate').click();
  await dialog().getByText('LeanIX refuses /notThere').waitFor();
  await admin.shot('settings-validate');
  await closeBy('OK');
  await admin.button('Discard Draft').click();
  await admin.button('Discard').click();
  await admin.button('Edit').waitFor();
});

test('what cannot be saved is said at its field', async () => {
  await admin.go('#LeanIXSettings-manage');
  await admin.button('Create').click();
  await admin.editing();
  await enter('Name', 'Default');
  await page.getByRole('button', { name: 'Create', exact: true }).filter({ visible: true }).last().click();
  await admin.sees('Another connection already has this name');
  await admin.shot('settings-refused');
  await page.locator('.sapMInputBaseContentWrapperError').first().waitFor();
  expect(await page.locator('.sapMInputBaseContentWrapperError').count()).toBe(1);
  await admin.button('Discard Draft').click();
  await admin.button('Discard').click();
  await admin.sees('Connections (1)');
});

test('settings are exported, and an import shows what it will change before it does', async () => {
  await setUp();
  await admin.go('#LeanIXSettings-manage');
  const [download] = await Promise.all([page.waitForEvent('download'), admin.button('Export').click()]);
  expect(download.suggestedFilename()).toBe('leanix-settings.json');
  const file = join(tmpdir(), `leanix-settings-${process.pid}.json`);
  const broken = join(tmpdir(), `leanix-broken-${process.pid}.json`);
  await download.saveAs(file);
  const text = await readFile(file, 'utf8');
  expect(text).not.toContain(apiToken);
  const bundle = JSON.parse(text);
  const [first] = bundle['leanix_config.json'].configurations;
  bundle['leanix_config.json'].configurations = [
    { ...first, category: 'logicalInterface' },
    { ...first, name: 'Test tenant' },
  ];

  await admin.button('Import').click();
  const chooser = dialog().locator('input[type=file]');
  await writeFile(broken, '{"version": 7}');
  await chooser.setInputFiles(broken);
  await dialog().getByText('cannot be read').waitFor();
  await writeFile(file, JSON.stringify(bundle));
  await chooser.setInputFiles(file);
  await dialog().getByText('Connections that the import creates: 1, changes: 1').waitFor();
  await dialog().getByText('logicalInterface').first().waitFor();
  await admin.shot('settings-import');
  expect((await setting()).category).toBe('api');
  await inDialog('Import').click();
  await admin.sees('Connections created: 1, changed: 1');
  await admin.row('Test tenant').waitFor();
  expect((await setting()).category).toBe('logicalInterface');
  await rm(file);
  await rm(broken);
});

test('an API token that expires soon is orange, one that has expired is red', async () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await setUp();
  await create(app.as('admin'), { name: 'Test tenant' });
  const { body } = await app.as('admin').get('settings/LeanIXConfigs?$orderby=name');
  for (const [index, tokenExpiresOn] of [inDays(5), inDays(-3)].entries()) {
    await app
      .as('admin')
      .patch(`settings/LeanIXConfigs(ID=${body.value[index].ID},IsActiveEntity=true)`, { tokenExpiresOn });
  }
  await admin.go('#LeanIXSettings-manage');
  // The day may end meanwhile.
  await admin
    .row('Default')
    .locator('.sapMObjStatusWarning', { hasText: /Expires in [45] days/ })
    .waitFor();
  await admin.row('Test tenant').locator('.sapMObjStatusError', { hasText: 'Expired on' }).waitFor();
  await admin.shot('settings-list-expiry');
  const { ID } = await setting();
  await app.as('admin').patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, { tokenExpiresOn: inDays(-3) });
  await openDefault(admin);
  await admin.button('Test Connection').click();
  await page.locator('.sapMMessageBoxWarning', { hasText: 'the API token expired on' }).waitFor();
  await closeBy('OK');
});

test('on a phone and in German', async () => {
  await setUp();
  const phone = await app.screens.window({ user: 'admin', width: 390, height: 844, locale: 'de' });
  await phone.go('#LeanIXSettings-manage');
  await phone.sees('Verbunden');
  await phone.shot('settings-list-de');
  expect(await phone.tooWide()).toEqual([]);
  await phone.row('Default').getByText('Default').click();
  await phone.sees('LeanIX-Workspace');
  await phone.shot('settings-de');
  expect(await phone.tooWide()).toEqual([]);
});

test('a viewer does not get in', async () => {
  const viewer = await app.screens.window({ user: 'viewer' });
  viewer.expectTrouble();
  await viewer.go('#LeanIXSettings-manage');
  await viewer.sees('Could not open app');
});
