import type { Page } from 'playwright-core';
import { hindrances } from '../../helpers/browser/accessibility.ts';
import type { Screen } from '../../helpers/browser/browser.ts';
import { takesText } from '../../helpers/browser/waits.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';

// The setup by an enterprise admin: schedules of jobs, access settings, and the package that transports them.

const ACCESS = '#LeanIXAccess-manage';

const app = await launchScreens();
const enterprise = app.as('enterprise');
let boss: Screen;
let page: Page;

const dialog = () => page.locator('.sapMDialogOpen').last();
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
const fine = async (name: string) => {
  await boss.shot(name);
  expect(await hindrances(page)).toEqual([]);
};

beforeEach(async () => {
  const ID = await app.begin();
  await app.configure();
  const path = `access/AccessConfigs(ID=${ID},IsActiveEntity=true)`;
  expect(await enterprise.patch(path, { peopleDestination: 'PEOPLE' })).toMatchObject({ status: 200 });
  boss = await app.screens.window();
  page = boss.page;
});

test('a job is switched on for a time in a time zone, and says when it runs next', async () => {
  await boss.go(`${ACCESS}&/Jobs`);
  await boss.openRow('Import Accounts');
  await boss.edit();
  await enter('Schedule', 'Daily');
  await enter('Time Zone', 'Europe/Berlin');
  await boss.shot('access-job-edit');
  await boss.button('Save').click();
  await boss.button('Edit').waitFor();
  const { body } = await enterprise.get(`access/Jobs?$filter=kind eq 'importAccounts'`);
  expect(body.value[0]).toMatchObject({ schedule: 'daily', timeZone: 'Europe/Berlin' });
  expect(Date.parse(body.value[0].nextRunAt)).toBeGreaterThan(Date.now());
  await fine('access-job');
  await boss.go(`${ACCESS}&/Jobs`);
  await boss.row('Daily').waitFor();
  await fine('access-jobs');
});

test('the access settings are changed, and exported without any secret', async () => {
  await boss.go(`${ACCESS}&/AccessConfigs`);
  const [download] = await Promise.all([page.waitForEvent('download'), boss.button('Export').click()]);
  expect(download.suggestedFilename()).toBe('leanix-access.json');
  await fine('access-settings-list');
  await boss.row('Default').getByText('Default').click();
  await boss.edit();
  await enter('Dormant After (Days)', '30');
  await boss.shot('access-settings-edit');
  await boss.button('Save').click();
  await boss.button('Edit').waitFor();
  const { body } = await enterprise.get('access/AccessConfigs?$top=1');
  expect(body.value[0].dormantDays).toBe(30);
  await fine('access-settings');
});

test('an import of access settings says in words what it will change, and that new jobs stay off', async () => {
  const daily = { kind: 'importAll', schedule: 'daily', atTime: '06:00', timeZone: 'Europe/Berlin' };
  const configurations = [
    { name: 'Default', jobs: [daily], mappings: [] },
    { name: 'North', jobs: [daily] },
    { name: 'South' },
  ];
  const buffer = Buffer.from(JSON.stringify({ version: 1, 'leanix_access.json': { configurations } }));
  await boss.go(`${ACCESS}&/AccessConfigs`);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), boss.button('Import').click()]);
  await chooser.setFiles({ name: 'leanix-access.json', mimeType: 'application/json', buffer });
  await dialog().getByText('Connections that the import creates: 2, changes: 1').waitFor();
  await dialog().getByText('Daily at 06:00 (Europe/Berlin)', { exact: true }).waitFor();
  await dialog().getByText('Off until you switch it on under Jobs').waitFor();
  await dialog().getByText('None: attributes as in LeanIX').waitFor();
  await fine('access-import');
  expect(await app.all('access/Connections')).toHaveLength(1);
  await inDialog('Import').click();
  await boss.row('North').waitFor();
  await boss.row('South').waitFor();
});

test('people and roles are listed', async () => {
  await app.job('importAll');
  await boss.go(`${ACCESS}&/People`);
  await boss.row('quentin.quast@halvorsen.example').waitFor();
  await fine('access-people');
  await boss.go(`${ACCESS}&/Entitlements`);
  await boss.row('Viewer').waitFor();
  await fine('access-roles');
});

/** Fills in a field of a page that is being edited. */
async function enter(label: string, text: string): Promise<void> {
  const field = page.getByRole('combobox', { name: label }).or(page.getByRole('textbox', { name: label }));
  const shown = field.filter({ visible: true }).first();
  await takesText(shown);
  await shown.fill(text);
  await shown.press('Tab');
}
