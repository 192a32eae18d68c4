import type { Locator, Page } from 'playwright-core';
import { apiToken } from '../../sandbox/seed/workspace-frame.ts';
import type { Screen } from '../helpers/browser/browser.ts';
import { takesText } from '../helpers/browser/waits.ts';
import { launchScreens } from '../helpers/browser/screens.ts';
import { flows } from '../helpers/app/seeds.ts';

const app = await launchScreens({ seed: flows(3, [{ type: 'Interface', name: 'Flow 1' }]) });
let all: Screen;
let page: Page;

beforeEach(async () => {
  await app.begin();
  all = await app.screens.window();
  page = all.page;
});

const dialog = () => page.locator('.sapMDialogOpen').last();
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
const field = (name: string) =>
  page.getByRole('textbox', { name }).or(page.getByRole('combobox', { name })).filter({ visible: true }).first();

async function enter(name: string, text: string): Promise<void> {
  await takesText(field(name));
  await field(name).fill(text);
  const stored = page.waitForResponse((answer) => (answer.request().postData() ?? '').includes('PATCH LeanIXConfigs'));
  await Promise.all([stored, field(name).press('Tab')]);
}

/** Presses Tab, as a user without a mouse does, until an element has the focus, and presses a key there. */
async function tabTo(target: Locator, key: string): Promise<void> {
  for (let n = 0; n < 60; n++) {
    if (await target.evaluate((element) => element === document.activeElement)) return target.press(key);
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there.');
}

test('the list of iFlows leads to the settings, which take host, token, type and mapping', async () => {
  await all.go('#LeanIXIFlow-manage');
  await all.sees('The connection to LeanIX is not complete');
  await all.button('LeanIX Settings').click();
  await all.row('Default').getByText('Default').click();
  await all.edit();
  await enter('LeanIX Host', app.sandbox.leanix.host);
  await all.button('Enter API Token').click();
  const token = dialog().locator('input[type=password]');
  await takesText(token);
  await token.fill(apiToken);
  await inDialog('Store').click();
  await dialog().getByText('Workspace: halvorsen').waitFor();
  await inDialog('OK').click();
  // Only then is the focus back on the page, and stays.
  await page.locator('.sapMDialog').filter({ visible: true }).first().waitFor({ state: 'hidden' });
  await enter('Fact Sheet Type', 'Interface');
  await all.button('Add Usual Rows').click();
  await all.sees('Field Mapping (4)');
  await all.button('Save').click();
  await all.button('Edit').waitFor();
});

test('without a mouse, what is deployed is read and matched, and a fact sheet is created', async () => {
  await app.configure({ mappings: [{ iflowField: 'name', leanixPath: '/name', position: 1 }] });
  await all.go('#LeanIXIFlow-manage');
  await all.sees('Choose Refresh to read the deployed iFlows');
  await tabTo(all.button('Refresh'), 'Enter');
  await all.sees('iFlows (3)');
  await tabTo(all.button('LeanIX Match'), 'Enter');
  await all.row('Flow 2').getByText('Not Linked').waitFor();
  const create = all.row('Flow 2').getByRole('button', { name: 'Create' });
  await tabTo(all.row('Flow 1'), 'ArrowDown');
  // From a row into it.
  await page.keyboard.press('F7');
  await tabTo(create, 'Enter');
  await all.sees('1 created');
  await all.page.goBack();
  await all.row('Flow 2').getByText('Linked', { exact: true }).waitFor();
  const names = [...app.sandbox.leanix.state.factSheets.values()].map((sheet) => JSON.stringify(sheet));
  expect(names.filter((sheet) => sheet.includes('"Flow 2"'))).toHaveLength(1);
});
