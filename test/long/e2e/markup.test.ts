import { readFile } from 'node:fs/promises';
import type { Screen } from '../../helpers/browser/browser.ts';
import { takesText } from '../../helpers/browser/waits.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';
import { flows } from '../../helpers/app/seeds.ts';
import { create, saved } from '../../helpers/settings/settings.ts';
import { hasFormulas, rowsOf } from '../../helpers/browser/xlsx.ts';

// Names and texts come from two other systems and from users. They are always shown unchanged.

const image = (where: string) => `<img src=x onerror="window.hacked='${where}'">`;
/** Bindings of UI5, one of them broken: a constructor that parses it fails. */
const BRACES = '{name} {= 6*7} {x: [';
const DANGEROUS = `Orders ${BRACES} ${image('iFlow')}`;
const AMBIGUOUS = `<script>window.hacked='candidate'</script> {{7*7}} {= 7*7}`;
const FORMULA = `=HYPERLINK("http://x.example","x") \${7*7} %3Cb%3E`;
const ERROR = `Failed: ${image('error')} <a href="javascript:window.hacked='link'">click</a>`;
const PREFIX = `javascript:window.hacked='text' ${image('description')}`;
const SETTING = `Main ${BRACES} ${image('configuration')}`;
const SECOND = `Second ${BRACES}`;
const TAG = `Tag ${BRACES}`;

const app = await launchScreens({
  seed: flows(
    3,
    [
      { type: 'Interface', name: AMBIGUOUS, description: PREFIX },
      { type: 'Interface', name: AMBIGUOUS, description: 'Another one' },
      { type: 'Interface', name: FORMULA, description: PREFIX },
    ],
    {
      Flow_1: { name: DANGEROUS, status: 'ERROR', error: ERROR },
      Flow_2: { name: AMBIGUOUS },
      Flow_3: { name: FORMULA },
    },
  ),
});
let all: Screen;

beforeEach(async () => {
  await app.begin();
  const ID = await app.configure({ mappings: [{ iflowField: 'name', leanixPath: '/name', position: 1 }] });
  const texts = { name: SETTING, description: `Says ${image('notes')}` };
  expect(await app.as('admin').patch(saved(ID), texts)).toMatchObject({ status: 200 });
  all = await app.screens.window();
});

async function matched(): Promise<void> {
  await app.run('refresh');
  await app.run('match');
}

/** No script ran, no text became an element, and every link leads to a page. */
async function expectHarmless(): Promise<void> {
  const found = await all.page.evaluate(() => ({
    hacked: (globalThis as { hacked?: string }).hacked ?? null,
    images: document.querySelectorAll('img[src="x"]').length,
    links: [...document.querySelectorAll('a[href]')]
      .map((link) => link.getAttribute('href')!)
      .filter((href) => /^\s*(?:javascript|data|vbscript):/i.test(href)),
  }));
  expect(found).toEqual({ hacked: null, images: 0, links: [] });
}

test('names are shown as they are in the list, and in its groups of actions', async () => {
  await all.go('#LeanIXIFlow-manage');
  await all.button('Refresh').click();
  await all.sees('iFlows (3)');
  for (const name of [DANGEROUS, AMBIGUOUS, FORMULA]) await all.row(name).waitFor();
  await all.button('LeanIX Match').click();
  await all.row(DANGEROUS).getByText('Not Linked').waitFor();
  await all.row(FORMULA).getByText('Linked', { exact: true }).waitFor();
  await expectHarmless();
  await all.shot('markup-iflows');
});

test('so are the fact sheets that one is chosen from, and the notice about it', async () => {
  await matched();
  await all.go('#LeanIXIFlow-manage');
  await all.row(AMBIGUOUS).getByText('Choose', { exact: true }).click();
  await all.sees('Which one documents this iFlow?');
  await all.sees(PREFIX);
  await expectHarmless();
  await all.page
    .getByRole('listitem')
    .filter({ hasText: PREFIX })
    .or(all.page.getByRole('option').filter({ hasText: PREFIX }))
    .first()
    .click();
  await all.button('Link').click();
  await all.row(AMBIGUOUS).getByText('Linked', { exact: true }).waitFor();
  await expectHarmless();
});

test('so are what a run wrote, and why it left something out', async () => {
  await matched();
  await all.go('#LeanIXIFlow-manage');
  await all.row(DANGEROUS).getByText('Create', { exact: true }).click();
  await all.sees('1 created');
  await all.sees(/^Completed$/);
  await all.sees(DANGEROUS);
  await expectHarmless();
  await all.page.goBack();
  await all.row(DANGEROUS).getByText('Linked', { exact: true }).waitFor();
  const { body } = await app.as('enterprise').get(`runtime/IFlows?$filter=artifactId eq 'Flow_1'`);
  const sheet = app.sandbox.leanix.state.factSheets.get(body.value[0].factSheetId)!;
  app.sandbox.editFactSheet(sheet.id, { name: `Somebody's ${image('fact sheet')}`, status: 'ARCHIVED' } as never);
  await all.row(DANGEROUS).getByText('Update', { exact: true }).click();
  // The fact sheet is missing, so the update is left out with the reason.
  await all.sees(`"${DANGEROUS}" has no fact sheet`);
  await expectHarmless();
  await all.shot('markup-run');
});

test('so are the name and the error of an iFlow on its page', async () => {
  await app.run('refresh');
  const { body } = await app.as('enterprise').get(`runtime/IFlows?$filter=artifactId eq 'Flow_1'`);
  const [{ ID, errorText }] = body.value;
  expect(errorText).toContain('Failed:');
  await all.go(`#LeanIXIFlow-manage&/IFlows(${ID})`);
  await all.sees(DANGEROUS);
  await all.sees(errorText);
  for (const hovered of await all.page.getByText(DANGEROUS).filter({ visible: true }).all()) await hovered.hover();
  await expectHarmless();
  await all.shot('markup-iflow');
});

test('so are the settings, their change history, and the question before they are deleted', async () => {
  await all.go('#LeanIXSettings-manage');
  await all.row(SETTING).locator('td').nth(2).click();
  await all.sees('Change History');
  await all.sees(`Says ${image('notes')}`);
  await all.page.getByRole('tab', { name: 'Change History' }).or(all.page.getByText('Change History')).first().click();
  const change = all
    .rows()
    .filter({ hasText: 'Description' })
    .filter({ hasText: image('notes') });
  await change.first().waitFor();
  expect(await change.first().innerText()).toContain('admin');
  await expectHarmless();
  await all.shot('settings-history');
  await all.button('Delete').click();
  await all.page
    .locator('.sapMDialogOpen')
    .filter({ hasText: image('configuration') })
    .waitFor();
  await expectHarmless();
  await all.page.locator('.sapMDialogOpen').getByRole('button', { name: 'Cancel' }).click();
});

test('so are the tags of the workspace, as suggestions, in their list and as tokens', async () => {
  const { page } = all;
  app.sandbox.leanix.state.addTag(TAG, null);
  await app.as('admin').post(`${saved(await app.configId())}/SettingsService.testConnection`);
  await all.go('#LeanIXSettings-manage');
  await all.row(SETTING).locator('td').nth(2).click();
  await all.edit();
  const tags = page.locator('[id$=defaultTags-inner]');
  const answered = page.waitForResponse(async (answer) => (await answer.text().catch(() => '')).includes('Tag {'));
  await takesText(tags);
  await tags.fill('Tag');
  await answered;
  await page.getByRole('option', { name: TAG }).filter({ visible: true }).click();
  await page.locator('.sapMToken', { hasText: TAG }).waitFor();
  await expectHarmless();
  await page.locator('[id$=defaultTags-vhi]').click();
  const dialog = page.locator('.sapMDialogOpen');
  await dialog.getByText(TAG, { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Select', exact: true }).click();
  await page.locator('.sapMToken', { hasText: TAG }).waitFor();
  expect(await page.locator('.sapMToken').filter({ visible: true }).allInnerTexts()).toEqual([TAG]);
  await expectHarmless();
  await all.shot('markup-tags');
  await all.button('Save').click();
  await all.button('Edit').waitFor();
  const { body } = await app.as('admin').get(`${saved(await app.configId())}?$select=defaultTags`);
  expect(body.defaultTags).toBe(TAG);
});

test('so are endpoints, whose links lead to pages only', async () => {
  await app.run('refresh');
  const endpoint = { name: 'Flow_1', version: '1.0.0', description: '', lastUpdated: 0, protocol: 'SOAP' as const };
  app.sandbox.cpi.state.endpoints.push(
    { ...endpoint, address: `/a/${BRACES}`, definitionName: BRACES, definitionUrl: "javascript:window.hacked='wsdl'" },
    { ...endpoint, address: '/b', definitionName: `Good ${BRACES}` },
  );
  const { body } = await app.as('enterprise').get(`runtime/IFlows?$filter=artifactId eq 'Flow_1'`);
  await all.go(`#LeanIXIFlow-manage&/IFlows(${body.value[0].ID})`);
  await all.page.getByRole('tab', { name: 'Endpoints' }).or(all.page.getByText('Endpoints')).first().click();
  await all.sees(`https://runtime.example.com/http/a/${BRACES}`);
  await all.page.locator('a[href="https://runtime.example.com/http/b?wsdl"]', { hasText: `Good ${BRACES}` }).waitFor();
  const bad = all.page.locator('a.sapMLnk', { hasText: BRACES }).filter({ hasNotText: 'Good' });
  await bad.waitFor();
  // If UI5 has no address, the link leads nowhere.
  expect((await bad.getAttribute('href')) ?? '#').toBe('#');
  await expectHarmless();
  await all.shot('markup-endpoints');
});

test('so are the names of accounts, on their list, on their page and as a spreadsheet', async () => {
  const { users } = app.sandbox.leanix.state;
  const named = (name: string) => users.find(({ email }) => email.startsWith(name))!;
  Object.assign(named('carla'), { firstName: 'Carla', lastName: image('account'), department: FORMULA });
  Object.assign(named('dilan'), { firstName: '=1+1', lastName: '-2+3', department: '@SUM(1)' });
  await app.job('importAll');
  const carla = async () => {
    const { body } = await app.as('enterprise').get(`access/Accounts?$filter=startswith(email,'carla')`);
    return body.value[0];
  };
  await all.go('#LeanIXAccess-manage');
  await all.row(`Carla ${image('account')}`).waitFor();
  await all.row('=1+1 -2+3').waitFor();
  await expectHarmless();
  await all.shot('markup-accounts');

  const exported = all.page
    .locator('[id$="-export-internalSplitBtn"], [id$="-export"]')
    .filter({ visible: true })
    .first();
  const [download] = await Promise.all([
    all.page.waitForEvent('download'),
    exported.getByRole('button').or(exported).first().click(),
  ]);
  const file = await readFile(await download.path());
  const texts = rowsOf(file).flat();
  for (const text of ['=1+1 -2+3', '@SUM(1)', FORMULA.replaceAll('"', '&quot;')]) {
    expect(texts.map((one) => one.replaceAll('"', '&quot;')).some((one) => one.includes(text))).toBe(true);
  }
  expect(hasFormulas(file)).toBe(false);

  await all.go(`#LeanIXAccess-manage&/Accounts(${(await carla()).ID})`);
  await all.sees('Role History');
  await all.sees(`Carla ${image('account')}`);
  await expectHarmless();
  await all.shot('markup-account');
});

test('so are the names of several connections, in the question which one is meant and in what is said about it', async () => {
  const { body: first } = await app
    .as('admin')
    .get(`${saved(await app.configId())}?$select=leanixHost,leanixDestination,cpiDestination,factSheetType`);
  const { leanixHost, leanixDestination, cpiDestination, factSheetType } = first;
  await app.run('refresh');
  await create(app.as('admin'), { name: SECOND, leanixHost, leanixDestination, cpiDestination, factSheetType });
  await all.go('#LeanIXIFlow-manage');
  await all.row(DANGEROUS).waitFor();
  await all.button('Refresh').click();
  await all.sees('Which connection?');
  const dialog = all.page.locator('.sapMDialogOpen');
  await dialog.locator('.sapMSlt').click();
  for (const name of [SETTING, SECOND]) {
    await all.page.getByRole('option', { name, exact: true }).filter({ visible: true }).waitFor();
  }
  await all.shot('markup-connections');
  await all.page.getByRole('option', { name: SECOND, exact: true }).filter({ visible: true }).click();
  await expectHarmless();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await all.rows().filter({ hasText: DANGEROUS }).filter({ hasText: SECOND }).first().waitFor();
  await expectHarmless();
  await all.shot('markup-second');
});
