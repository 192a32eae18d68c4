import type { Screen } from '../../helpers/browser/browser.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';
import { flows } from '../../helpers/app/seeds.ts';

// A tenant that no longer shows any artifact.

const app = await launchScreens({ seed: flows(12, [{ type: 'Interface', name: 'Flow 1' }]) });

const dialog = (screen: Screen) => screen.page.locator('.sapMDialogOpen').last();
const undeployed = () => app.all("runtime/IFlows?$filter=status eq 'Undeployed'");
const accepted = () => app.all("runtime/SyncRuns?$filter=kind eq 'refresh' and status eq 'completed'");
const sheets = () => JSON.stringify([...app.sandbox.leanix.state.factSheets.values()]);

beforeEach(async () => {
  await app.begin();
  await app.configure({ mappings: [{ iflowField: 'name', leanixPath: '/name', position: 1 }] });
  await app.run('refresh');
  await app.run('match');
  app.sandbox.cpi.state.artifacts = [];
});

test('an empty tenant is not believed: whoever is no admin is told who can confirm it', async () => {
  const viewer = await app.screens.window({ user: 'viewer' });
  await viewer.go('#LeanIXIFlow-manage');
  await viewer.button('Refresh').click();
  await dialog(viewer)
    .getByText('an administrator can choose Refresh in the list of iFlows and confirm this')
    .waitFor();
  expect(await viewer.button('Confirm Empty Tenant').count()).toBe(0);
  await viewer.button('Close').click();
  expect(await undeployed()).toEqual([]);
});

test.each([
  ['', 'Refresh', 'the deployed iFlows (12) get the status Undeployed', 'Keep', 'Started'],
  [
    '?sap-language=de',
    'Neu einlesen',
    'die deployten iFlows (12) den Status "Nicht mehr deployt"',
    'Beibehalten',
    'Gestartet',
  ],
])(
  'an empty tenant is a question to an admin, who can keep all as it was %s',
  async (query, refresh, question, keep, status) => {
    const before = await accepted();
    const admin = await app.screens.window({ user: 'admin' });
    await admin.go(`${query}#LeanIXIFlow-manage`);
    await admin.button(refresh).click();
    await dialog(admin).getByText(question).waitFor();
    await admin.shot(`empty-tenant${query && '-de'}`);
    await admin.button(keep).click();
    await admin.page.locator('.sapMDialogOpen').waitFor({ state: 'detached' });
    await admin.row('Flow 1').getByText(status, { exact: true }).waitFor();
    expect(await undeployed()).toEqual([]);
    expect(await accepted()).toEqual(before);
  },
);

test('an empty tenant shows all as undeployed once an admin has confirmed it, and LeanIX stays as it is', async () => {
  const before = sheets();
  const admin = await app.screens.window({ user: 'admin' });
  await admin.go('#LeanIXIFlow-manage');
  await admin.button('Refresh').click();
  await admin.button('Confirm Empty Tenant').click();
  await admin.sees('Refreshed. Deployed iFlows: 0.');
  await admin.row('Flow 1').getByText('Undeployed', { exact: true }).waitFor();
  await admin.shot('empty-tenant-confirmed');
  expect(await undeployed()).toHaveLength(12);
  expect(sheets()).toBe(before);
});

test('a match counts as linked only what is deployed', async () => {
  await app.run('refresh', { acceptEmpty: true });
  const all = await app.screens.window();
  await all.go('#LeanIXIFlow-manage');
  await all.button('LeanIX Match').click();
  await all.sees('Matched. Linked iFlows: 0 of 0.');
});
