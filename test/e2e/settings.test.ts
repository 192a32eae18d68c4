import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiToken, readOnlyApiToken } from '../../sandbox/seed/workspace-frame.ts';
import { takesText } from '../helpers/browser/waits.ts';
import { launchSettings, MAPPINGS, type SettingsPage } from '../helpers/browser/settings.ts';
import { create } from '../helpers/settings/settings.ts';

let on: SettingsPage;
const app = await launchSettings((opened) => (on = opened));

describe('the first set-up', () => {
  test('the list says that nothing is set up yet', async () => {
    await on.admin.go('#LeanIXSettings-manage');
    await on.admin.row('Default').getByText('Not set up yet').waitFor();
    await on.admin.shot('settings-new');
  });

  test('a host with https:// is refused at its field', async () => {
    await on.edit();
    await on.enter('LeanIX Host', `https://${app.sandbox.leanix.host}/`);
    await on.page.locator('.sapMInputBaseContentWrapperError').waitFor();
    await on.field('LeanIX Host').focus();
    await on.admin.sees('Enter only the host');
    await on.enter('LeanIX Host', app.sandbox.leanix.host);
    await on.page.locator('.sapMInputBaseContentWrapperError').waitFor({ state: 'detached' });
    await on.admin.sees('Not tested yet');
    await on.save();
    expect((await on.setting()).leanixHost).toBe(app.sandbox.leanix.host);
  });

  test('the API token is masked, is tried out before it is stored, and is gone from the page afterwards', async () => {
    await on.setUp();
    await on.edit();
    await on.admin.button('Enter API Token').click();
    const token = on.dialog().locator('input[type=password]');
    await token.fill(readOnlyApiToken);
    await on.inDialog('Test').click();
    await on.dialog().getByText('can read but not write').waitFor();
    await on.dialog().getByText('A token that was stored before is still in use').waitFor();
    await on.admin.shot('settings-token');
    await token.fill(apiToken);
    await on
      .dialog()
      .getByRole('combobox', { name: 'Expires On' })
      .or(on.dialog().locator('[id$=tokenExpiry-inner]'))
      .first()
      .fill('Dec 31, 2099');
    await on.inDialog('Store').click();
    await on.dialog().getByText('Workspace: halvorsen').waitFor();
    await on.dialog().getByText('Role of the token: Admin').waitFor();
    await on.admin.shot('settings-tested');
    await on.closeBy('OK');
    await on.admin.sees('Valid until Dec 31, 2099');
    expect(await on.page.content()).not.toContain(apiToken);
    await on.save();
    expect(JSON.stringify(await on.setting())).not.toContain(apiToken);
    expect(await on.setting()).toMatchObject({ tokenExpiresOn: '2099-12-31', connectionStatus: 'connected' });
  });

  test('type and category are suggested by the workspace, and anything else may be typed', async () => {
    await on.setUp({ factSheetType: '', category: '', mappings: [] });
    await on.edit();
    await takesText(on.field('Fact Sheet Type'));
    await on.field('Fact Sheet Type').pressSequentially('Interf');
    await on.admin.sees('Show All Items');
    await on.enter('Fact Sheet Type', 'Interface');
    await takesText(on.field('Category'));
    await on.field('Category').pressSequentially('ap');
    await on.admin.sees('API');
    await on.enter('Category', 'my own');
    expect(await on.field('Category').inputValue()).toBe('my own');
    await on.enter('Category', 'api');
    await on.save();
    expect(await on.setting()).toMatchObject({ factSheetType: 'Interface', category: 'api' });
  });

  test('it is saved as it was entered, and is tested once more', async () => {
    await on.setUp({ defaultTags: 'CPI-Managed' });
    await on.edit();
    await on.enter('Category', 'logicalInterface');
    await on.save();
    await on.admin.shot('settings');
    expect(await on.setting()).toMatchObject({
      leanixHost: app.sandbox.leanix.host,
      factSheetType: 'Interface',
      category: 'logicalInterface',
      defaultTags: 'CPI-Managed',
      mappings: MAPPINGS,
    });
    await on.admin.button('Test Connection').click();
    await on.dialog().getByText('Connected.').waitFor();
    await on.closeBy('OK');
    await on.admin.go('#LeanIXSettings-manage');
    await on.admin.row('Default').getByText('Connected').waitFor();
    await on.admin.shot('settings-list');
  });
});

test('who leaves and comes back finds the draft as it was', async () => {
  await on.setUp();
  await on.edit();
  await on.enter('Description', 'written before lunch');
  await on.admin.go();
  await on.admin.go('#LeanIXSettings-manage');
  await on.admin.row('Default').getByText('Draft').waitFor();
  await on.admin.row('Default').locator('td').nth(2).click();
  await on.admin.editing();
  // The field may appear before its value.
  await on.page.waitForFunction(() =>
    [...document.querySelectorAll('textarea')].some((area) => area.value === 'written before lunch'),
  );
  expect(await on.field('Description').inputValue()).toBe('written before lunch');
  await on.discard();
  await on.admin.button('Edit').waitFor();
  expect((await on.setting()).description).toBeNull();
});

test('what cannot be saved is said at its field', async () => {
  await on.admin.go('#LeanIXSettings-manage');
  await on.admin.button('Create').click();
  await on.admin.editing();
  await on.enter('Name', 'Default');
  await on.page.getByRole('button', { name: 'Create', exact: true }).filter({ visible: true }).last().click();
  await on.admin.sees('Another connection already has this name');
  await on.admin.shot('settings-refused');
  await on.page.locator('.sapMInputBaseContentWrapperError').first().waitFor();
  expect(await on.page.locator('.sapMInputBaseContentWrapperError').count()).toBe(1);
  await on.discard();
  await on.admin.sees('Connections (1)');
});

test('settings are exported, and an import shows what it will change before it does', async () => {
  await on.setUp();
  await on.admin.go('#LeanIXSettings-manage');
  const [download] = await Promise.all([on.page.waitForEvent('download'), on.admin.button('Export').click()]);
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

  await on.admin.button('Import').click();
  const chooser = on.dialog().locator('input[type=file]');
  await writeFile(broken, '{"version": 7}');
  await chooser.setInputFiles(broken);
  await on.dialog().getByText('cannot be read').waitFor();
  await writeFile(file, JSON.stringify(bundle));
  await chooser.setInputFiles(file);
  await on.dialog().getByText('Connections that the import creates: 1, changes: 1').waitFor();
  await on.dialog().getByText('logicalInterface').first().waitFor();
  await on.admin.shot('settings-import');
  expect((await on.setting()).category).toBe('api');
  await on.inDialog('Import').click();
  await on.admin.sees('Connections created: 1, changed: 1');
  await on.admin.row('Test tenant').waitFor();
  expect((await on.setting()).category).toBe('logicalInterface');
  await rm(file);
  await rm(broken);
});

test('an API token that expires soon is orange, one that has expired is red', async () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await on.setUp();
  await create(app.as('admin'), { name: 'Test tenant' });
  const { body } = await app.as('admin').get('settings/LeanIXConfigs?$orderby=name');
  for (const [index, tokenExpiresOn] of [inDays(5), inDays(-3)].entries()) {
    await app
      .as('admin')
      .patch(`settings/LeanIXConfigs(ID=${body.value[index].ID},IsActiveEntity=true)`, { tokenExpiresOn });
  }
  await on.admin.go('#LeanIXSettings-manage');
  // The day may change during the test.
  await on.admin
    .row('Default')
    .locator('.sapMObjStatusWarning', { hasText: /Expires in [45] days/ })
    .waitFor();
  await on.admin.row('Test tenant').locator('.sapMObjStatusError', { hasText: 'Expired on' }).waitFor();
  await on.admin.shot('settings-list-expiry');
  const { ID } = await on.setting();
  await app.as('admin').patch(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, { tokenExpiresOn: inDays(-3) });
  await on.open();
  await on.admin.button('Test Connection').click();
  await on.page.locator('.sapMMessageBoxWarning', { hasText: 'the API token expired on' }).waitFor();
  await on.closeBy('OK');
});

test('on a phone and in German', async () => {
  await on.setUp();
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
