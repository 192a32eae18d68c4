import { whileHeld, WRITING } from '../../helpers/app/app.ts';
import type { Screen } from '../../helpers/browser/browser.ts';
import { launchWork } from '../../helpers/browser/work.ts';

// Runs in their list and on their pages: in progress, ended, and on a phone.

const app = await launchWork();
let all: Screen;

beforeEach(async () => {
  all = await app.screens.window();
});

test('the list of runs says what each was about and what came of it', async () => {
  await app.run('createFactSheets', { iflows: await app.idsOf('Flow 3', 'Flow 4') });
  await app.run('preview');
  await app.run('createAllNew');
  await all.go('#LeanIXIFlow-manage&/SyncRuns');
  await all.page.getByRole('heading', { name: 'Runs', exact: true }).filter({ visible: true }).first().waitFor();
  await all.page.locator('#shellAppTitle').filter({ hasText: 'Runs' }).waitFor();
  await all.row('7 created').getByText('All iFlows').waitFor();
  await all.row('2 created').getByText('2 iFlows').waitFor();
  await all.row('Preview').getByText('8 to create').waitFor();
  expect(
    await all
      .row('LeanIX Match')
      .getByText(/\d (created|updated|unchanged|to )/)
      .count(),
  ).toBe(0);
  await all.shot('runs');
});

test('a run that ends while its page is being read is shown as it has ended', async () => {
  await all.go('#LeanIXIFlow-manage');
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  // The page reads several parts at once: the items are answered before the run ends, and the run itself afterwards.
  await all.page.route('**/$batch', async (route) => {
    if (/GET SyncRuns\([^/]+\)\?/.test(route.request().postData() ?? '')) await over;
    await route.continue();
  });
  const items = all.page.waitForResponse((answer) => (answer.request().postData() ?? '').includes('/items?'));
  await whileHeld(app.sandbox.leanix.faults, {}, async () => {
    await all.button('Preview').click();
    await items;
  });
  await app.ended((await app.lastRun()).ID);
  end();
  await all.row('Flow 1').waitFor();
  await all.sees('10 to create');
  await all.page.unroute('**/$batch');
});

test('a run goes on while the browser is offline, and the page catches up', async () => {
  await app.run('createAllNew');
  await app.configure({ defaultTags: 'CPI-Managed, EDI' });
  await all.go('#LeanIXIFlow-manage');
  const { run, left } = await whileHeld(app.sandbox.leanix.faults, WRITING, async () => {
    await all.button('Sync All').click();
    await all.sees('Running');
    all.expectTrouble();
    await all.page.context().setOffline(true);
    return { run: await app.lastRun(), left: new Date().toISOString() };
  });
  const ended = await app.ended(run.ID);
  await all.page.context().setOffline(false);
  expect(ended.updated).toBe(11);
  expect(ended.finishedAt > left).toBe(true);
  await all.sees('11 updated');
  await all.sees('Completed with Errors');
  await all.shot('run-offline');
});

test('on a phone, neither the list of runs nor a run scrolls sideways', async () => {
  await app.run('createAllNew');
  const phone = await app.screens.window({ width: 390, height: 844 });
  await phone.go('#LeanIXIFlow-manage&/SyncRuns');
  await phone.sees('1 failed');
  await phone.shot('runs');
  expect(await phone.tooWide()).toEqual([]);
  // What does not fit into the row is shown below the first column.
  await phone.page.getByText('1 failed').filter({ visible: true }).first().click();
  await phone.sees('9 created');
  await phone.sees('LeanIX says');
  await phone.shot('run-failed');
  expect(await phone.tooWide()).toEqual([]);
  // The list reads its rows again, and a row that is being rendered takes no press.
  const again = phone.page.waitForResponse((answer) => (answer.request().postData() ?? '').includes('GET SyncRuns?'));
  await Promise.all([again, phone.page.goBack()]);
  await phone.shot('runs-again');
  await phone.page.getByText('Refresh', { exact: true }).filter({ visible: true }).first().click();
  await phone.sees('Completed');
  await phone.shot('run');
  expect(await phone.tooWide()).toEqual([]);
});
