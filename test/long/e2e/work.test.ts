import { readFile } from 'node:fs/promises';
import { PATIENT, whileHeld, WRITING } from '../../helpers/app/app.ts';
import type { Screen } from '../../helpers/browser/browser.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';
import { flows } from '../../helpers/app/seeds.ts';
import { create } from '../../helpers/settings/settings.ts';
import { rowsOf } from '../../helpers/browser/xlsx.ts';

/** Flow 1 and Flow 2 have fact sheets; the name of Flow 12 is taken by one that the token cannot see. */
const seed = flows(12, [
  { type: 'Interface', name: 'Flow 1' },
  { type: 'Interface', name: 'Flow 2' },
  { type: 'Interface', name: 'Flow 12', restricted: true },
]);
const NAME = [{ iflowField: 'name', leanixPath: '/name', position: 1 }];

const app = await launchScreens({
  seed,
  leanix: { mutationLatencyMs: 100 },
  config: { leanix: { batchSize: 1 }, ...PATIENT },
});
let all: Screen;

beforeAll(async () => {
  all = await app.screens.open();
  await app.configure({ mappings: NAME, defaultTags: 'CPI-Managed' });
  await app.run('refresh');
  await app.run('match');
});

const dialog = (screen: Screen) => screen.page.locator('.sapMDialogOpen').last();
const tick = (screen: Screen, name: string) => screen.row(name).getByRole('checkbox').click();
const tile = (screen: Screen, title: string, number: number) =>
  screen.page
    .locator('.sapMGT')
    .filter({ hasText: title })
    .filter({ hasText: new RegExp(`(?<!\\d)${number}(?!\\d)`) })
    .first();
const lastRun = async () => (await app.all('runtime/SyncRuns?$orderby=startedAt desc&$top=1'))[0];

describe('several rows at once', () => {
  test('Create is offered for rows that are all not linked, Update for rows that are all linked', async () => {
    await all.go('#LeanIXIFlow-manage');
    await tick(all, 'Flow 3');
    await all.canPress('Create');
    await all.canPress('Update', false);
    await tick(all, 'Flow 2');
    await all.canPress('Create', false);
    await all.canPress('Update', false);
    await tick(all, 'Flow 2');
  });

  test('the selected rows are created in one run', async () => {
    await tick(all, 'Flow 4');
    await all.button('Create').click();
    await all.sees('2 created');
    await all.sees('2 iFlows');
    await all.sees(/^Completed$/);
    expect(await lastRun()).toMatchObject({ kind: 'create', scope: '2 iFlows', total: 2, created: 2 });
    await all.page.goBack();
    await all.row('Flow 3').getByText('Linked', { exact: true }).waitFor();
    await all.row('Flow 4').getByText('Linked', { exact: true }).waitFor();
  });

  test('the selected rows are updated in one run', async () => {
    await all.go('#LeanIXIFlow-manage');
    await tick(all, 'Flow 1');
    await tick(all, 'Flow 2');
    await all.button('Update').click();
    await all.sees('2 updated');
    await all.sees(/^Completed$/);
    expect(await lastRun()).toMatchObject({ kind: 'update', total: 2, updated: 2 });
  });

  test('Create All New leaves nothing without a fact sheet, except what LeanIX refuses', async () => {
    await all.go('#LeanIXIFlow-manage');
    await all.button('Create All New').click();
    await all.sees('7 created');
    await all.sees('1 failed');
    await all.sees('All iFlows');
    await all.sees('Completed with Errors');
    expect((await app.all("runtime/IFlows?$filter=linkStatus ne 'linked'")).map(({ name }) => name)).toEqual([
      'Flow 12',
    ]);
  });
});

/** Downloads a table as a spreadsheet. @returns the texts of its rows, that with the headings first */
async function spreadsheet(table: string): Promise<string[][]> {
  const exported = all.page
    .locator(`[id*="${table}"][id$="-export-internalSplitBtn"], [id*="${table}"][id$="-export"]`)
    .first();
  const [download] = await Promise.all([
    all.page.waitForEvent('download'),
    exported.getByRole('button').or(exported).first().click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
  return rowsOf(await readFile(await download.path()));
}

test('the items of a run are downloaded as a spreadsheet', async () => {
  const [head, ...rows] = await spreadsheet('items');
  expect(head).toEqual(expect.arrayContaining(['iFlow', 'Action', 'Outcome', 'Message']));
  expect(rows).toHaveLength(8);
  expect(rows.find((row) => row.includes('Flow 12'))).toEqual(
    expect.arrayContaining(['Create', 'Failed', expect.stringContaining('LeanIX says')]),
  );
});

test('so is the list of iFlows, in words and without its buttons', async () => {
  await all.go('#LeanIXIFlow-manage');
  await all.row('Flow 1').waitFor();
  // One connection needs no column, which is known a moment after the rows.
  await all.page.getByRole('columnheader', { name: 'Connection' }).waitFor({ state: 'detached' });
  const [head, ...rows] = await spreadsheet('IFlows');
  expect(head).toEqual(['Name', 'Package', 'Version', 'Status', 'LeanIX', 'Fact Sheet', 'Last Synced (UTC)']);
  expect(rows.find(([name]) => name === 'Flow 1')?.slice(3, 6)).toEqual(['Started', 'Linked', 'Flow 1']);
});

test('the list of runs says what each was about and what came of it', async () => {
  await app.run('preview');
  await all.go('#LeanIXIFlow-manage&/SyncRuns');
  await all.page.getByRole('heading', { name: 'Runs', exact: true }).filter({ visible: true }).first().waitFor();
  await all.page.locator('#shellAppTitle').filter({ hasText: 'Runs' }).waitFor();
  await all.row('7 created').getByText('All iFlows').waitFor();
  await all.row('2 created').getByText('2 iFlows').waitFor();
  await all.row('Preview').getByText('1 to create').waitFor();
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
  // Of what the page asks for at once, the items are answered before the run ends, and the run itself afterwards.
  await all.page.route('**/$batch', async (route) => {
    if (/GET SyncRuns\([^/]+\)\?/.test(route.request().postData() ?? '')) await over;
    await route.continue();
  });
  const items = all.page.waitForResponse((answer) => (answer.request().postData() ?? '').includes('/items?'));
  await whileHeld(app.sandbox.leanix.faults, {}, async () => {
    await all.button('Preview').click();
    await items;
  });
  await app.ended((await lastRun()).ID);
  end();
  await all.row('Flow 1').waitFor();
  await all.sees('1 to create');
  await all.page.unroute('**/$batch');
});

describe('the launchpad', () => {
  test('says how many iFlows are not linked, and opens them', async () => {
    await all.go();
    await tile(all, 'Not Linked', 1).click();
    await all.sees('iFlows (1)');
    await all.row('Flow 12').waitFor();
  });

  test('says how many failed in the last run, and opens that run', async () => {
    await all.go();
    await tile(all, 'Failed', 1).click();
    await all.sees('Runs (1)');
    await all.row('1 failed').getByText('All iFlows').waitFor();
  });

  test('says what runs now, and opens it', async () => {
    await app.configure({ defaultTags: 'CPI-Managed, SAP-Integration' });
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
});

test('a run goes on while the browser is offline, and the page catches up', async () => {
  await app.configure({ defaultTags: 'CPI-Managed' });
  await app.configure({ defaultTags: 'CPI-Managed, EDI' });
  await all.go('#LeanIXIFlow-manage');
  const { run, left } = await whileHeld(app.sandbox.leanix.faults, WRITING, async () => {
    await all.button('Sync All').click();
    await all.sees('Running');
    all.expectTrouble();
    await all.page.context().setOffline(true);
    return { run: await lastRun(), left: new Date().toISOString() };
  });
  const ended = await app.ended(run.ID);
  await all.page.context().setOffline(false);
  expect(ended.updated).toBe(11);
  expect(ended.finishedAt > left).toBe(true);
  await all.sees('11 updated');
  await all.sees('Completed with Errors');
  await all.shot('run-offline');
});

describe.each([
  { user: 'viewer', notice: 'ask your administrator for the role', settings: false, sync: false },
  { user: 'admin', notice: 'ask your administrator for the role', settings: true, sync: false },
  { user: 'enterprise', notice: '', settings: true, sync: true },
] as const)('who signs in as $user', ({ user, notice, settings, sync }) => {
  let screen: Screen;
  /** Waits for the buttons of those who may sync; for others, the page has to be complete already. */
  const expectOffered = async (...names: string[]) => {
    for (const name of names) {
      if (sync) await screen.button(name).waitFor();
      else expect(await screen.button(name).count()).toBe(0);
    }
  };

  test(`sees ${settings ? 'the settings' : 'no settings'} in the launchpad`, async () => {
    screen = await app.screens.open({ user });
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
  const screen = await app.screens.open({ user: 'viewer' });
  const asked = Promise.withResolvers<void>();
  await screen.page.route(/\/odata\/v4\/runtime\/Me\b/, async (route) => {
    await asked.promise;
    await route.continue();
  });
  await screen.go('#LeanIXIFlow-manage');
  await screen.row('Flow 1').waitFor();
  asked.resolve();
  await screen.sees('ask your administrator for the role');
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
  const german = await app.screens.open();
  await german.go('?sap-language=de');
  await german.sees('Nicht verknüpft');
  await german.go('?sap-language=de#LeanIXIFlow-manage');
  await german.row('Flow 3').getByText('Verknüpft', { exact: true }).waitFor();
  await german.button('Alle synchronisieren').waitFor();
});

describe('with several connections', () => {
  beforeAll(async () => {
    await create(app.as('enterprise'), {
      name: 'Test tenant',
      leanixHost: app.sandbox.leanix.host,
      factSheetType: 'Application',
      mappings: NAME,
    });
  });

  const chooseTenant = async () => {
    await dialog(all).getByText('Which connection?').waitFor();
    // A dialog that is still opening takes the focus, and closes the list by that.
    await all.shot('connections');
    await dialog(all).locator('.sapMSlt').click();
    await all.page.getByRole('option', { name: 'Test tenant' }).click();
    await all.button('Continue').click();
  };

  const refreshes = async () => (await app.all("runtime/SyncRuns?$filter=kind eq 'refresh'")).length;

  test('the user is asked which one is meant, and may have second thoughts', async () => {
    const before = await refreshes();
    await all.go('#LeanIXIFlow-manage');
    await all.button('Refresh').click();
    await dialog(all).getByText('Which connection?').waitFor();
    await all.shot('connections');
    await dialog(all).getByRole('button', { name: 'Cancel' }).click();
    await all.page.locator('.sapMDialogOpen').waitFor({ state: 'detached' });
    expect(await refreshes()).toBe(before);
    await all.row('Flow 1').getByText('Default', { exact: true }).waitFor();
  });

  test('what follows is about the chosen one, and says so', async () => {
    await all.button('Refresh').click();
    await chooseTenant();
    await all.sees('Test tenant: Refreshed. Deployed iFlows: 12.');
    await all.sees('iFlows (24)');
    await all.button('Sync All').click();
    await chooseTenant();
    await all.sees('12 created');
    await all.sees('Test tenant');
    expect(await lastRun()).toMatchObject({ kind: 'sync', created: 12 });
  });
});

test.each([
  ['the launchpad', '', 'Not Linked'],
  ['the list of runs', '#LeanIXIFlow-manage&/SyncRuns', 'Sync All'],
])('on a phone, %s does not scroll sideways', async (_, hash, text) => {
  const phone = await app.screens.open({ width: 390, height: 844 });
  await phone.go(hash);
  await phone.sees(text);
  await phone.shot(hash ? 'runs' : 'launchpad');
  expect(await phone.tooWide()).toEqual([]);
  if (!hash) return;
  await phone.rows().first().click();
  await phone.sees('12 created');
  await phone.shot('run');
  expect(await phone.tooWide()).toEqual([]);
  // The list reads its rows again, and a row that is drawn anew at that moment takes no press.
  const again = phone.page.waitForResponse((answer) => (answer.request().postData() ?? '').includes('GET SyncRuns?'));
  await Promise.all([again, phone.page.goBack()]);
  await phone.shot('runs-again');
  // What does not fit beside the first column stands below it.
  await phone.page.getByText('1 failed').filter({ visible: true }).first().click();
  await phone.sees('LeanIX says');
  await phone.shot('run-failed');
  expect(await phone.tooWide()).toEqual([]);
});
