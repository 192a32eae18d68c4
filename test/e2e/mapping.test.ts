import { takesText } from '../helpers/browser/waits.ts';
import { launchSettings, type SettingsPage } from '../helpers/browser/settings.ts';

let on: SettingsPage;
const app = await launchSettings((opened) => (on = opened));

test('the usual rows are added, another one is typed, and rows change places', async () => {
  await on.setUp({ mappings: [] });
  await on.edit();
  await on.admin.button('Add Usual Rows').click();
  await on.admin.sees('Field Mapping (4)');
  // Input is not validated before the row is stored.
  await Promise.all([on.answered('POST LeanIXConfigs'), on.admin.button('Create').click()]);
  await on.admin.sees('Field Mapping (5)');
  await takesText(on.cell(4, 0));
  await on.cell(4, 0).fill('id');
  await on.cell(4, 0).press('Tab');
  await takesText(on.cell(4, 1));
  await on.cell(4, 1).fill('no slash');
  await on.cell(4, 1).press('Tab');
  await on.admin.sees('The table contains errors');
  await takesText(on.cell(4, 1));
  await on.cell(4, 1).fill('/alias');
  await on.cell(4, 1).press('Tab');
  await on.page.getByText('The table contains errors').waitFor({ state: 'hidden' });
  await on.admin.rows().nth(3).locator('.sapMCb').click();
  await on.admin.button('Move Up').click();
  await on.page.waitForFunction(
    () =>
      [...document.querySelectorAll<HTMLInputElement>('tr.sapMListTblRow input.sapMInputBaseInner')]
        .map((input) => input.value)
        .indexOf('/tags') === 7,
  );
  await on.save();
  expect((await on.setting()).mappings).toMatchObject([
    { iflowField: 'name', leanixPath: '/name' },
    { iflowField: 'description', leanixPath: '/description' },
    { iflowField: 'Status', leanixPath: '/tags' },
    { iflowField: 'version', leanixPath: '/release' },
    { iflowField: 'id', leanixPath: '/alias' },
  ]);
});

test('default tags come from the workspace, and free text besides', async () => {
  await on.setUp();
  await on.edit();
  const tags = on.page.locator('[id$=defaultTags-inner]');
  await takesText(tags);
  // Each response renders the list again, and a row that is being rendered takes no press.
  await Promise.all([on.answered("'managed'"), tags.fill('managed')]);
  await on.admin.shot('settings-tags-suggested');
  await on.page.getByRole('option', { name: 'CPI-Managed' }).filter({ visible: true }).click();
  await on.page.locator('.sapMToken', { hasText: 'CPI-Managed' }).waitFor();
  await takesText(tags);
  await tags.fill('Not There');
  await tags.press('Enter');
  await on.page.locator('[id$=defaultTags-vhi]').click();
  await on.dialog().getByText('EDI', { exact: true }).click();
  await on.admin.shot('settings-tags');
  await on.closeBy('Select');
  await on.page
    .getByRole('option', { name: 'EDI' })
    .or(on.page.locator('.sapMToken', { hasText: 'EDI' }))
    .first()
    .waitFor();
  await on.page.locator('.sapMToken', { hasText: 'Not There' }).locator('.sapMTokenIcon').click();
  await on.page.locator('.sapMToken', { hasText: 'Not There' }).waitFor({ state: 'detached' });
  await on.save();
  expect((await on.setting()).defaultTags).toBe('CPI-Managed, EDI');
});

test('Validate says what to do first while no iFlow is known', async () => {
  await on.setUp();
  await on.open();
  await on.admin.button('Validate').click();
  await on.dialog().getByText('Open iFlows and choose Refresh').waitFor();
  await on.admin.shot('settings-validate-first');
  await on.closeBy('Close');
});

test('Validate names the rows that LeanIX would refuse', async () => {
  await on.setUp();
  await app.run('refresh');
  await on.open();
  await on.admin.button('Validate').click();
  await on.admin.sees('LeanIX accepts all rows (5)');
  await on.admin.edit();
  await takesText(on.cell(1, 1));
  await on.cell(1, 1).fill('/notThere');
  await on.cell(1, 1).press('Tab');
  await on.admin.button('Validate').click();
  await on.dialog().getByText('LeanIX refuses /notThere').waitFor();
  await on.admin.shot('settings-validate');
  await on.closeBy('OK');
  await on.discard();
  await on.admin.button('Edit').waitFor();
});
