import type { Screen, Window } from '../../helpers/browser/browser.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';
import { flows } from '../../helpers/app/seeds.ts';

// Every page on mobile devices: UI5 considers the user agent and touch, not only the width.

const seed = flows(12, [
  { type: 'Interface', name: 'Flow 1' },
  { type: 'Interface', name: 'Flow 2' },
  { type: 'Interface', name: 'Flow 2', description: 'The same name in another part of the company' },
]);
const app = await launchScreens({ seed });
const enterprise = app.as('enterprise');

/** With `SCREENSHOTS=true`, takes screenshots of each page in both languages, also at desktop size. */
const WINDOWS: (Window & { name: string })[] = [
  { name: 'iphone-de', device: 'iPhone 14', locale: 'de' },
  { name: 'ipad-en', device: 'iPad (gen 7)', locale: 'en' },
  { name: 'android-en', device: 'Pixel 7', locale: 'en' },
  ...(process.env['SCREENSHOTS']
    ? [
        { name: 'desktop-de', locale: 'de' },
        { name: 'desktop-en', locale: 'en' },
        { name: 'iphone-en', device: 'iPhone 14', locale: 'en' },
        { name: 'ipad-de', device: 'iPad (gen 7)', locale: 'de' },
      ]
    : []),
];

/** The lists; each has at least one row. */
const LISTS = [
  ['iflows', '#LeanIXIFlow-manage'],
  ['runs', '#LeanIXIFlow-manage&/SyncRuns'],
  ['settings', '#LeanIXSettings-manage'],
  ['accounts', '#LeanIXAccess-manage'],
  ['tasks', '#LeanIXAccess-manage&/ProvisioningTasks'],
  ['jobs', '#LeanIXAccess-manage&/Jobs'],
  ['job-runs', '#LeanIXAccess-manage&/JobRuns'],
  ['people', '#LeanIXAccess-manage&/People'],
  ['roles', '#LeanIXAccess-manage&/Entitlements'],
  ['governance', '#LeanIXAccess-manage&/AccessConfigs'],
] as const;

/** The pages, each with the list of its first row. */
const PAGES = [
  ['iflow', '#LeanIXIFlow-manage&/IFlows', "runtime/IFlows?$filter=name eq 'Flow 1'"],
  ['run', '#LeanIXIFlow-manage&/SyncRuns', "runtime/SyncRuns?$filter=kind eq 'preview'"],
  ['settings-page', '#LeanIXSettings-manage&/LeanIXConfigs', 'settings/LeanIXConfigs'],
  ['account', '#LeanIXAccess-manage&/Accounts', "access/Accounts?$filter=startswith(email,'carla')"],
  ['task', '#LeanIXAccess-manage&/ProvisioningTasks', 'access/ProvisioningTasks'],
  ['job', '#LeanIXAccess-manage&/Jobs', 'access/Jobs'],
  ['job-run', '#LeanIXAccess-manage&/JobRuns', 'access/JobRuns'],
  ['governance-page', '#LeanIXAccess-manage&/AccessConfigs', 'access/AccessConfigs'],
] as const;

beforeEach(() => app.once(prepare));

async function prepare(): Promise<void> {
  const config = await app.configure({ mappings: [{ iflowField: 'name', leanixPath: '/name', position: 1 }] });
  const governed = { peopleDestination: 'PEOPLE' };
  const path = `access/AccessConfigs(ID=${config},IsActiveEntity=true)`;
  expect(await enterprise.patch(path, governed)).toMatchObject({ status: 200 });
  await app.run('refresh');
  await app.run('match');
  await app.job('importAll');
  const task = { config, email: 'neu@example.com', role: 'MEMBER', justification: 'New in the team' };
  expect(await enterprise.post('access/requestAccount', task)).toMatchObject({ status: 200 });
  await app.run('preview');
}

/** The visible texts of rows that are out of view to the left or right; there are others for screen readers. */
const beyond = (screen: Screen): Promise<string[]> =>
  screen.page.evaluate(() =>
    [...document.querySelectorAll('tr.sapMListTblRow *, tr.sapMListTblSubRow *')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 1)
      .filter((one) => !one.closest('.sapUiHidden, .sapMTableScreenReaderOnly'))
      .filter((one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()))
      .filter((one) => one.getBoundingClientRect().left < 0 || one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => one.textContent),
  );

describe.each(WINDOWS)('$name', ({ name, ...window }) => {
  let screen: Screen;
  const isPhone = /iphone|android/.test(name);

  beforeEach(async () => {
    screen = await app.screens.window(window);
  });

  test('the launchpad', async () => {
    await screen.go();
    await screen.page.locator('.sapMGT').filter({ hasText: /\d/ }).first().waitFor();
    expect(await screen.tooWide()).toEqual([]);
    await screen.shot(`${name}-launchpad`);
  });

  test.each(LISTS)('the list of %s opens', async (list, hash) => {
    await screen.go(hash);
    await screen.rows().first().waitFor();
    await screen.shot(`${name}-${list}`);
    expect(await screen.tooWide()).toEqual([]);
    expect(await beyond(screen)).toEqual([]);
    // On a phone, filters would fill the first screen.
    if (isPhone) expect(await screen.page.locator('.sapUiMdcFilterBarBase').filter({ visible: true }).count()).toBe(0);
  });

  test.each(PAGES)('the page of the first %s opens', async (page, hash, path) => {
    const { body } = await enterprise.get(path);
    const { ID, IsActiveEntity } = body.value[0];
    await screen.go(`${hash}(${IsActiveEntity ? `ID=${ID},IsActiveEntity=true` : ID})`);
    await screen.page.locator('.sapUxAPObjectPageSection').filter({ visible: true }).first().waitFor();
    await screen.page.waitForLoadState('networkidle');
    await screen.shot(`${name}-${page}`);
    // UI5 allows only the header to be scrolled sideways.
    expect((await screen.tooWide()).filter((one) => !/sapMHdrCntr|HeaderContentContainer/.test(one))).toEqual([]);
  });

  test('name, status and LeanIX of an iFlow are to be read without scrolling sideways', async () => {
    const german = window.locale === 'de';
    await screen.go('#LeanIXIFlow-manage');
    await screen.row('Flow 3').waitFor();
    const list = screen.page.locator('table.sapMListTbl');
    for (const text of ['Flow 3', german ? 'Gestartet' : 'Started', german ? 'Nicht verknüpft' : 'Not Linked']) {
      const box = (await list.getByText(text, { exact: true }).filter({ visible: true }).first().boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(screen.page.viewportSize()!.width);
    }
  });
});
