import type { Page } from 'playwright-core';
import type { Screen } from '../../helpers/browser/browser.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';

// Users who delete a connection learn what is deleted with it, what is kept, and what prevents the deletion.

const app = await launchScreens();
const enterprise = app.as('enterprise');
let ID: string;
let boss: Screen;
let page: Page;

const dialog = () => page.locator('.sapMDialogOpen').last();
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
const exists = async () =>
  (await enterprise.get(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`)).status === 200;

beforeEach(async () => {
  ID = await app.begin();
  await app.configure();
  await app.run('refresh');
  boss = await app.screens.window();
  page = boss.page;
});

async function open(screen: Screen): Promise<void> {
  await screen.go('#LeanIXSettings-manage');
  await screen.row('Default').locator('td').nth(2).click();
  await screen.canPress('Delete');
}

/** Presses the button and confirms the question. The consequences are shown next. */
async function press(screen: Screen, name = 'Delete'): Promise<void> {
  await screen.button(name).click();
  await inDialog(name).click();
}

test('what goes with it, and a way back; only then is it deleted', async () => {
  const { body } = await enterprise.get(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)/deletionImpact()`);
  await open(boss);
  await press(boss);
  await dialog().getByText(`iFlows: ${body.iflows}, of which linked to a fact sheet: 0`).waitFor();
  await dialog().getByText(`Entries of the audit log: ${body.kept.auditEntries}`).waitFor();
  await boss.shot('deletion-object');
  await inDialog('Cancel').click();
  await boss.shot('deletion-kept');
  await page.locator('.sapMDialogOpen').waitFor({ state: 'detached' });
  await boss.canPress('Delete');
  await boss.shot('deletion-cancelled');
  expect(await exists()).toBe(true);

  await press(boss);
  await dialog().getByText('These are deleted with the connection').waitFor();
  await inDialog('Delete').click();
  await boss.shot('deletion-confirm');
  await boss.sees('No data found');
  await boss.shot('deletion-done');
  expect(await exists()).toBe(false);
});

test('from the list, in German', async () => {
  const german = await app.screens.window({ locale: 'de' });
  page = german.page;
  await german.go('#LeanIXSettings-manage');
  await german.row('Default').locator('.sapMCb').click();
  await press(german, 'Löschen');
  await dialog().getByText('Mit der Verbindung werden gelöscht').waitFor();
  await german.shot('deletion-list-de');
  await inDialog('Abbrechen').click();
  expect(await exists()).toBe(true);
});

test('open tasks stand in the way, and say so to an admin too', async () => {
  await app.job('importAccounts');
  const olga = { email: 'olga.olsen@halvorsen.example', role: 'MEMBER', justification: 'Olga Olsen is new' };
  expect((await enterprise.post('access/requestAccount', olga)).status).toBe(200);
  await open(boss);
  await press(boss);
  await dialog()
    .getByText(/open task/i)
    .waitFor();
  await boss.shot('deletion-tasks');
  await inDialog('Close').click();
  const admin = await app.screens.window({ user: 'admin' });
  page = admin.page;
  await open(admin);
  await press(admin);
  await dialog()
    .getByText(/enterprise/i)
    .waitFor();
  await admin.shot('deletion-enterprise');
  await inDialog('Close').click();
  expect(await exists()).toBe(true);
});
