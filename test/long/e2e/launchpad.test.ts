import { whileHeld, WRITING } from '../../helpers/app/app.ts';
import type { Screen } from '../../helpers/browser/browser.ts';
import { launchWork } from '../../helpers/browser/work.ts';

// The launchpad, and the pages behind it for each role.

const app = await launchWork();

const tile = (screen: Screen, title: string, number: number) =>
  screen.page
    .locator('.sapMGT')
    .filter({ hasText: title })
    .filter({ hasText: new RegExp(`(?<!\\d)${number}(?!\\d)`) })
    .first();

describe('the launchpad', () => {
  let all: Screen;

  beforeEach(async () => {
    all = await app.screens.window();
  });

  test('says how many iFlows are not linked, and opens them', async () => {
    await all.go();
    await tile(all, 'Not Linked', 10).click();
    await all.sees('iFlows (10)');
    await all.row('Flow 12').waitFor();
    expect(await all.rows().getByText('Linked', { exact: true }).count()).toBe(0);
  });

  test('says how many failed in the last run, and opens that run', async () => {
    await app.run('createAllNew');
    await all.go();
    await tile(all, 'Failed', 1).click();
    await all.sees('Runs (1)');
    await all.row('1 failed').getByText('All iFlows').waitFor();
  });

  test('says what runs now, and opens it', async () => {
    const run = await whileHeld(app.sandbox.leanix.faults, WRITING, async () => {
      const { body } = await app.as('enterprise').post('runtime/syncAll');
      await all.go();
      await tile(all, 'Running Now', 1).click();
      await all.sees('Runs (1)');
      await all.row('Sync All').waitFor();
      return body;
    });
    await app.ended(run.ID);
  });

  test('does not scroll sideways on a phone', async () => {
    const phone = await app.screens.window({ width: 390, height: 844 });
    await phone.go();
    await phone.sees('Not Linked');
    await phone.shot('launchpad');
    expect(await phone.tooWide()).toEqual([]);
  });
});

describe.each([
  { user: 'viewer', notice: 'ask your administrator for the role', settings: false, sync: false },
  { user: 'admin', notice: 'ask your administrator for the role', settings: true, sync: false },
  { user: 'enterprise', notice: '', settings: true, sync: true },
] as const)('who signs in as $user', ({ user, notice, settings, sync }) => {
  let screen: Screen;

  beforeEach(async () => {
    screen = await app.screens.window({ user });
  });

  /** Waits for the buttons of users who can sync; for others, the page must be complete already. */
  const expectOffered = async (...names: string[]) => {
    for (const name of names) {
      if (sync) await screen.button(name).waitFor();
      else expect(await screen.button(name).count()).toBe(0);
    }
  };

  test(`sees ${settings ? 'the settings' : 'no settings'} in the launchpad`, async () => {
    await screen.go();
    await tile(screen, 'iFlows', 12).waitFor();
    expect(await screen.page.locator('.sapMGT').filter({ hasText: 'LeanIX Settings' }).count()).toBe(settings ? 1 : 0);
    await screen.sees('LeanIX Integration');
    await screen.shot(`launchpad-${user}`);
    if (!settings) return;
    await tile(screen, 'Tokens', 0).waitFor();
    await screen.page.locator('.sapMGT').filter({ hasText: 'LeanIX Settings' }).click();
    await screen.row('Default').getByText('Default').click();
    await screen.button('Edit').waitFor();
  });

  test(`may ${sync ? 'sync' : 'look and refresh'} in the list and on the pages`, async () => {
    await app.run('syncAll');
    await screen.go('#LeanIXIFlow-manage');
    await screen.row('Flow 3').waitFor();
    if (notice) await screen.sees(notice);
    await screen.button('Refresh').waitFor();
    await expectOffered('LeanIX Match', 'Create All New', 'Sync All', 'Update');
    await screen.row('Flow 3').getByText('Flow 3', { exact: true }).first().click();
    await screen.sees('History');
    await screen.sees('Deployed By');
    await expectOffered('Update', 'Unlink', 'Preview');
    await screen.go('#LeanIXIFlow-manage&/SyncRuns');
    await screen.row('1 failed').getByText('Sync All').click();
    await screen.sees('Outcome');
    await screen.sees('Completed with Errors');
    await expectOffered('Retry Failed');
  });
});

test('the values stand below their headings, also where the rows are there before it is known what the user may do', async () => {
  const screen = await app.screens.window({ user: 'viewer' });
  const asked = Promise.withResolvers<void>();
  const ME = /\/odata\/v4\/runtime\/Me\b/;
  await screen.page.route(ME, async (route) => {
    await asked.promise;
    await route.continue();
  });
  await screen.go('#LeanIXIFlow-manage');
  await screen.row('Flow 1').waitFor();
  asked.resolve();
  await screen.sees('ask your administrator for the role');
  await screen.page.unroute(ME);
  await screen.page.getByRole('columnheader', { name: 'Connection' }).waitFor({ state: 'detached' });
  const headings = await screen.page.locator('thead th').allInnerTexts();
  const values = await screen.row('Flow 1').locator('td').allInnerTexts();
  const below = (heading: string) => values[headings.indexOf(heading)];
  expect(below('Name')).toBe('Flow 1');
  expect(below('Status')).toMatch(/^Started/);
  expect(below('LeanIX')).toMatch(/^Linked/);
  expect(below('Fact Sheet')).toBe('Flow 1');
  expect(headings).not.toContain('Action');
});

test('an address with sap-language=de speaks German, whatever the browser does', async () => {
  const german = await app.screens.window();
  await german.go('?sap-language=de');
  await german.sees('Nicht verknüpft');
  await german.go('?sap-language=de#LeanIXIFlow-manage');
  await german.row('Flow 1').getByText('Verknüpft', { exact: true }).waitFor();
  await german.button('Alle synchronisieren').waitFor();
});
