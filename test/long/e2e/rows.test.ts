import { readFile } from 'node:fs/promises';
import type { Screen } from '../../helpers/browser/browser.ts';
import { launchWork, NAME } from '../../helpers/browser/work.ts';
import { rowsOf } from '../../helpers/browser/xlsx.ts';
import { create } from '../../helpers/settings/settings.ts';

// Actions on rows of a list: for several rows, as a spreadsheet, and with several connections.

const app = await launchWork();
let all: Screen;

beforeEach(async () => {
  all = await app.screens.window();
});

const tick = (name: string) => all.row(name).getByRole('checkbox').click();

describe('several rows at once', () => {
  beforeEach(() => all.go('#LeanIXIFlow-manage'));

  test('Create is offered for rows that are all not linked, Update for rows that are all linked', async () => {
    await tick('Flow 3');
    await all.canPress('Create');
    await all.canPress('Update', false);
    await tick('Flow 2');
    await all.canPress('Create', false);
    await all.canPress('Update', false);
    await tick('Flow 2');
    await all.canPress('Create');
  });

  test('the selected rows are created in one run', async () => {
    await tick('Flow 3');
    await tick('Flow 4');
    await all.button('Create').click();
    await all.sees('2 created');
    await all.sees('2 iFlows');
    await all.sees(/^Completed$/);
    expect(await app.lastRun()).toMatchObject({ kind: 'create', scope: '2 iFlows', total: 2, created: 2 });
    await all.page.goBack();
    await all.row('Flow 3').getByText('Linked', { exact: true }).waitFor();
    await all.row('Flow 4').getByText('Linked', { exact: true }).waitFor();
  });

  test('the selected rows are updated in one run', async () => {
    await tick('Flow 1');
    await tick('Flow 2');
    await all.button('Update').click();
    await all.sees('2 updated');
    await all.sees(/^Completed$/);
    expect(await app.lastRun()).toMatchObject({ kind: 'update', total: 2, updated: 2 });
  });

  test('Create All New leaves nothing without a fact sheet, except what LeanIX refuses', async () => {
    await all.button('Create All New').click();
    await all.sees('9 created');
    await all.sees('1 failed');
    await all.sees('All iFlows');
    await all.sees('Completed with Errors');
    expect((await app.all("runtime/IFlows?$filter=linkStatus ne 'linked'")).map(({ name }) => name)).toEqual([
      'Flow 12',
    ]);
  });
});

describe('as a spreadsheet', () => {
  /** Downloads a table. @returns the texts of its rows, including the headings */
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

  test('the items of a run are downloaded', async () => {
    const { ID } = await app.run('createFactSheets', { iflows: await app.idsOf('Flow 3', 'Flow 4', 'Flow 12') });
    await all.go(`#LeanIXIFlow-manage&/SyncRuns(${ID})`);
    await all.row('Flow 12').waitFor();
    const [head, ...rows] = await spreadsheet('items');
    expect(head).toEqual(expect.arrayContaining(['iFlow', 'Action', 'Outcome', 'Message']));
    expect(rows).toHaveLength(3);
    expect(rows.find((row) => row.includes('Flow 12'))).toEqual(
      expect.arrayContaining(['Create', 'Failed', expect.stringContaining('LeanIX says')]),
    );
  });

  test('so is the list of iFlows, in words and without its buttons', async () => {
    await all.go('#LeanIXIFlow-manage');
    await all.row('Flow 1').waitFor();
    // The column disappears a moment after the rows are there, since there is only one connection.
    await all.page.getByRole('columnheader', { name: 'Connection' }).waitFor({ state: 'detached' });
    const [head, ...rows] = await spreadsheet('IFlows');
    expect(head).toEqual(['Name', 'Package', 'Version', 'Status', 'LeanIX', 'Fact Sheet', 'Last Synced (UTC)']);
    expect(rows).toHaveLength(12);
    expect(rows.find(([name]) => name === 'Flow 1')?.slice(3, 6)).toEqual(['Started', 'Linked', 'Flow 1']);
  });
});

describe('with several connections', () => {
  const dialog = () => all.page.locator('.sapMDialogOpen').last();

  beforeEach(async () => {
    await create(app.as('enterprise'), {
      name: 'Test tenant',
      leanixHost: app.sandbox.leanix.host,
      factSheetType: 'Application',
      mappings: NAME,
    });
    await all.go('#LeanIXIFlow-manage');
  });

  const chooseTenant = async () => {
    await dialog().getByText('Which connection?').waitFor();
    // A dialog that is still opening takes the focus, which closes the list.
    await all.shot('connections');
    await dialog().locator('.sapMSlt').click();
    await all.page.getByRole('option', { name: 'Test tenant' }).click();
    await all.button('Continue').click();
  };

  const refreshes = async () => (await app.all("runtime/SyncRuns?$filter=kind eq 'refresh'")).length;

  test('the user is asked which one is meant, and may have second thoughts', async () => {
    const before = await refreshes();
    await all.button('Refresh').click();
    await dialog().getByText('Which connection?').waitFor();
    await all.shot('connections');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
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
    expect(await app.lastRun()).toMatchObject({ kind: 'sync', created: 12 });
  });
});
