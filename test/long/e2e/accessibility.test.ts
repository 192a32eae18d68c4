import type { Page } from 'playwright-core';
import { hindrances } from '../../helpers/browser/accessibility.ts';
import { PATIENT, whileHeld, WRITING } from '../../helpers/app/app.ts';
import type { Screen } from '../../helpers/browser/browser.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';
import { flows } from '../../helpers/app/seeds.ts';
import { act, create, saved } from '../../helpers/settings/settings.ts';

const seed = flows(12, [
  { type: 'Interface', name: 'Flow 1' },
  { type: 'Interface', name: 'Flow 2' },
  { type: 'Interface', name: 'Flow 2', description: 'The same name in another part of the company' },
  { type: 'Interface', name: 'Flow 12', restricted: true },
]);
const app = await launchScreens({ seed, config: { leanix: { batchSize: 2 }, ...PATIENT } });
const FIRST = { iflowField: 'name', leanixPath: '/name', position: 1 };
let all: Screen;
let page: Page;

beforeEach(async () => {
  await app.begin();
  all = await app.screens.window();
  page = all.page;
});

const dialog = () => page.locator('.sapMDialogOpen').last();
const fine = async () => expect(await hindrances(page)).toEqual([]);
/** A page is checked when it is complete and quiet. */
const looks = async (name: string) => {
  await page.waitForLoadState('networkidle');
  await all.shot(`a11y-${name}`);
  await fine();
};

test('the page to sign in', async () => {
  await page.goto(`${app.url()}/launchpad/signin.html`);
  await looks('signin');
});

test('the page while the screens are being prepared', async () => {
  const progress = { ready: false, done: 3, needed: 19 };
  await page.route('**/launchpad/progress', (route) => route.fulfill({ json: progress }));
  await page.goto(`${app.url()}/launchpad/preparing.html`);
  await all.sees('3 of 19 libraries');
  await all.shot('a11y-preparing');
  await fine();
  await page.unroute('**/launchpad/progress');
});

describe('before anything is set up', () => {
  test('the list of iFlows, with the notice of what is to be done', async () => {
    await all.go('#LeanIXIFlow-manage');
    await all.sees('The connection to LeanIX is not complete');
    await looks('iflows-notice');
  });

  test('the settings', async () => {
    await all.go('#LeanIXSettings-manage');
    await all.row('Default').getByText('Not set up yet').waitFor();
    await looks('settings-list');
  });
});

describe('settings', () => {
  beforeEach(async () => {
    const ID = await app.configure({ mappings: [FIRST], defaultTags: 'CPI-Managed' });
    expect(await act(app.as('admin'), saved(ID), 'testConnection')).toMatchObject({ status: 200 });
    await all.go('#LeanIXSettings-manage');
  });

  const openDefault = async () => {
    await all.row('Default').getByText('Default').click();
    await all.sees('Field Mapping (1)');
  };

  test('a configuration', async () => {
    await openDefault();
    await looks('settings');
  });

  test('the dialog that takes an API token', async () => {
    await openDefault();
    await all.button('Enter API Token').click();
    await dialog().locator('input[type=password]').waitFor();
    await looks('token');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  test('a configuration that is being edited', async () => {
    await openDefault();
    await all.edit();
    await all.button('Save').waitFor();
    await looks('settings-edit');
  });

  test('the choice of tags', async () => {
    await openDefault();
    await all.edit();
    await page.locator('[id$=defaultTags-vhi]').scrollIntoViewIfNeeded();
    await page.locator('.sapMToken', { hasText: 'CPI-Managed' }).waitFor();
    await page.locator('[id$=defaultTags-vhi]').click();
    await dialog().getByText('EDI', { exact: true }).waitFor();
    await looks('tags');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    // Nothing was changed, so no question appears.
    await all.button('Discard Draft').click();
    await all.button('Edit').waitFor();
  });

  test('the import with what it would change', async () => {
    const configurations = [{ name: 'Test tenant', leanixHost: app.sandbox.leanix.host }];
    const bundle = { version: 1, 'leanix_config.json': { configurations } };
    const buffer = Buffer.from(JSON.stringify(bundle));
    await all.button('Import').click();
    await dialog()
      .locator('input[type=file]')
      .setInputFiles({ name: 'leanix-settings.json', mimeType: 'application/json', buffer });
    await dialog().getByText('Connections that the import creates: 1').waitFor();
    await looks('import');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });
});

describe('iFlows and runs', () => {
  beforeEach(async () => {
    await app.configure({ mappings: [FIRST], defaultTags: 'CPI-Managed' });
    await app.run('refresh');
    await app.run('match');
  });

  /** The run that creates two fact sheets, one of which LeanIX refuses. */
  const created = async (): Promise<string> => {
    const flows = await app.all("runtime/IFlows?$filter=name in ('Flow 3','Flow 12')&$select=ID");
    const run = await app.run('createFactSheets', { iflows: flows.map(({ ID }) => ID) });
    expect(run).toMatchObject({ created: 1, failed: 1 });
    return run.ID;
  };

  test('the list of iFlows, with what can be done in each row', async () => {
    await all.go('#LeanIXIFlow-manage');
    await all.row('Flow 3').getByText('Not Linked').waitFor();
    await looks('iflows');
  });

  test('the choice among candidates', async () => {
    await all.go('#LeanIXIFlow-manage');
    await all.row('Flow 2').getByText('Choose', { exact: true }).click();
    await all.sees('Which one documents this iFlow?');
    await looks('choose');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  test('an iFlow', async () => {
    await all.go('#LeanIXIFlow-manage');
    await all.row('Flow 1').getByText('Flow 1', { exact: true }).first().click();
    await all.sees('History');
    await looks('iflow');
  });

  test('a run that goes on, and the question whether it is to be canceled', async () => {
    await all.go('#LeanIXIFlow-manage');
    const look = async () => {
      await all.button('Sync All').click();
      await all.sees(/^[1-9]\d* of \d+ done$/);
      await fine();
      await all.button('Cancel Run').click();
      await dialog().waitFor();
      await all.shot('a11y-cancel');
      await fine();
      await dialog().getByRole('button', { name: 'Keep' }).click();
    };
    await whileHeld(app.sandbox.leanix.faults, WRITING, look, 2);
  });

  test('a run that has ended', async () => {
    await all.go(`#LeanIXIFlow-manage&/SyncRuns(${await created()})`);
    await all.sees('Completed with Errors');
    await looks('run');
  });

  test('an item of a run', async () => {
    await all.go(`#LeanIXIFlow-manage&/SyncRuns(${await created()})`);
    await all.row('Flow 12').getByText('Flow 12', { exact: true }).first().click();
    await all.sees('was not written');
    await looks('item');
  });

  test('the list of runs', async () => {
    await all.go('#LeanIXIFlow-manage&/SyncRuns');
    await all.row('LeanIX Match').waitFor();
    await looks('runs');
  });

  test('the question which connection is meant', async () => {
    await create(app.as('enterprise'), {
      name: 'Test tenant',
      leanixHost: app.sandbox.leanix.host,
      factSheetType: 'Interface',
    });
    await all.go('#LeanIXIFlow-manage');
    await all.button('Refresh').click();
    await dialog().getByText('Which connection?').waitFor();
    await looks('connections');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  test('the launchpad', async () => {
    await all.go();
    await page.locator('.sapMGT').filter({ hasText: 'Not Linked' }).waitFor();
    await looks('launchpad');
  });
});
