import type { Page } from 'playwright-core';
import type { Screen } from '../../helpers/browser/browser.ts';
import { rested, takesText } from '../../helpers/browser/waits.ts';
import { PATIENT, whileHeld } from '../../helpers/app/app.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';

// All changes of a user's access, with clicks only, until they are made in LeanIX.

const ACCESS = '#LeanIXAccess-manage';
const DAY = 86_400_000;

const app = await launchScreens({ config: PATIENT });
const enterprise = app.as('enterprise');
let boss: Screen;
let page: Page;
let config: string;

const user = (name: string) => app.sandbox.leanix.state.users.find(({ email }) => email.startsWith(`${name}@`));
const rows = async (path: string): Promise<any[]> => (await enterprise.get(`access/${path}`)).body.value;
const dialog = () => page.locator('.sapMDialogOpen').last();
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
const closed = () => page.locator('.sapMDialog').filter({ visible: true }).first().waitFor({ state: 'hidden' });
const tile = (name: string) => page.locator('.sapMGT').filter({ hasText: name }).first();

const fill = async (label: string, text: string) => {
  const field = dialog()
    .getByRole('textbox', { name: label })
    .or(dialog().getByRole('combobox', { name: label }))
    .first();
  await takesText(field);
  await field.fill(text);
  await field.press('Tab');
};
const openAccount = async (name: string) => {
  const [{ ID }] = await rows(`Accounts?$filter=displayName eq '${name}'`);
  await boss.go(`${ACCESS}&/Accounts(${ID})`);
  await boss.sees('Role History');
};
/** Requests a change on the page of an account. */
const ask = async (name: string, change: string, role?: string) => {
  await openAccount(name);
  await boss.button(change).click();
  if (role) await fill('Role', role);
  await fill('Business Justification', 'Agreed with the department');
  await inDialog(change).click();
  await closed();
  await boss.row(change).waitFor();
};

beforeEach(async () => {
  config = await app.begin();
  await app.configure({ tokenExpiresOn: new Date(Date.now() + 5 * DAY).toISOString().slice(0, 10) });
  await govern({ peopleDestination: 'PEOPLE' });
  expect(await app.job('importAll')).toMatchObject({ status: 'completed' });
  boss = await app.screens.window();
  page = boss.page;
});

async function govern(settings: object): Promise<void> {
  const { status } = await enterprise.patch(`access/AccessConfigs(ID=${config},IsActiveEntity=true)`, settings);
  expect(status).toBe(200);
}

async function request(email: string, role: string): Promise<void> {
  const task = { config, email, role, justification: 'Joins the team' };
  expect(await enterprise.post('access/requestAccount', task)).toMatchObject({ status: 200 });
}

test('a dialog says what is missing before it asks the service', async () => {
  await openAccount('Liam Lynch');
  await boss.button('Enable Account').click();
  await inDialog('Enable Account').click();
  await dialog().locator('[aria-invalid=true]').first().waitFor();
  await inDialog('Cancel').click();
  await closed();
  expect(await rows(`ProvisioningTasks?$filter=config_ID eq ${config}`)).toEqual([]);
});

test('an account is enabled, access is removed, an account is removed: the tasks say what will change, and do it', async () => {
  await ask('Liam Lynch', 'Enable Account', 'Member');
  await ask('Carla Costa', 'Remove Access');
  await ask('Hugo Hermans', 'Remove Account');
  await boss.go(ACCESS);
  await boss.sees('3 open tasks');
  await boss.go(`${ACCESS}&/ProvisioningTasks`);
  await boss.row('carla.costa').getByText('Member').waitFor();
  await boss.row('carla.costa').getByText('Viewer').waitFor();
  await boss.shot('access-tasks-open');
  await boss.openRow('liam.lynch');
  await boss.sees('The task is open. Choose Execute');
  await boss.shot('access-task-open');
  await whileHeld(app.sandbox.leanix.faults, { path: '/mtm/v1/' }, async () => {
    await boss.button('Execute').click();
    await boss.sees('Running');
  });
  await boss.sees(/^Completed$/);
  await boss.sees('Tasks done: 3, failed: 0.');
  await boss.shot('access-run-ended');
  expect(user('liam.lynch')).toMatchObject({ role: 'MEMBER', status: 'ACTIVE' });
  expect(user('carla.costa')).toMatchObject({ role: 'VIEWER', status: 'ACTIVE' });
  expect(user('hugo.hermans')).toMatchObject({ status: 'ARCHIVED' });
});

test('a task that failed says why, and is tried again', async () => {
  const invite = { method: 'POST', path: '/idm/invite' };
  const body = { status: 'ERROR', message: 'Not today.', errors: [], data: null };
  app.sandbox.leanix.faults.add({ match: invite, kind: 'status', status: 422, body });
  await request('olga.olsen@halvorsen.example', 'MEMBER');
  await boss.go(`${ACCESS}&/ProvisioningTasks`);
  await boss.button('Execute Tasks').click();
  await boss.sees('Completed with Errors');
  await boss.openRow('Failed');
  await boss.sees('Not today.');
  await boss.sees('then choose Try Again');
  await boss.shot('access-task-failed');
  await boss.button('Try Again').click();
  await boss.button('Execute').click();
  await boss.sees(/^Completed$/);
  expect(user('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
});

test('an account is taken from its person and given to another one', async () => {
  await openAccount('Greta Gustafsson');
  await boss.button('Remove Assignment').click();
  await dialog().getByRole('button').first().click();
  await boss.sees('Manually Removed');
  await boss.button('Assign Person').click();
  // A value help that is opened while its dialog still opens takes no choice.
  await rested(page);
  await dialog().locator('[id$="-vhi"]').first().click();
  await boss.shot('access-people-help');
  const person = dialog().locator('.sapMText', { hasText: 'ines.integration@halvorsen.example' });
  await person.click();
  await person.waitFor({ state: 'hidden' });
  await inDialog('Assign Person').click();
  await boss.sees(/^Manual$/);
  await boss.sees('ines.integration@halvorsen.example');
});

test('a connection package shows what it would change, and does it when that is confirmed', async () => {
  const { body } = await enterprise.get('access/exportConnectionPackage()');
  const bundle = JSON.parse(body.value);
  bundle['leanix_access.json'].configurations[0].dormantDays = 45;
  await boss.go(`${ACCESS}&/AccessConfigs`);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), boss.button('Import').click()]);
  const buffer = Buffer.from(JSON.stringify(bundle));
  await chooser.setFiles({ name: 'leanix-access.json', mimeType: 'application/json', buffer });
  const change = dialog().locator('tbody tr').filter({ hasText: 'Dormant After (Days)' });
  await change.waitFor();
  expect(await change.innerText()).toMatch(/90\s+45/);
  await boss.shot('access-package');
  expect(await rows('AccessConfigs')).toMatchObject([{ dormantDays: 90 }]);
  await inDialog('Import').click();
  await closed();
  await boss.row('45').waitFor();
  expect(await rows('AccessConfigs')).toMatchObject([{ dormantDays: 45 }]);
});

test('a job runs at once, and its page has the run', async () => {
  await boss.go(`${ACCESS}&/Jobs`);
  await boss.openRow('Import Roles');
  await boss.sees('No runs yet');
  await boss.button('Run Now').click();
  await boss.sees(/^Completed$/);
  await boss.go(`${ACCESS}&/Jobs`);
  await boss.openRow('Import Roles');
  await boss.row('Completed').waitFor();
  await boss.shot('access-job-run');
});

test('the tiles have their numbers, and open what they count', async () => {
  await request('paula.palm@halvorsen.example', 'VIEWER');
  const opens = async (name: string, count: string, what: () => Promise<unknown>) => {
    await boss.go();
    await tile(name).getByText(count, { exact: true }).waitFor();
    await tile(name).click();
    await what();
  };
  await opens('Tasks', '1', async () => {
    await boss.sees('Tasks (1)');
    await boss.row('paula.palm').waitFor();
  });
  await opens('Dormant Admins', '1', async () => {
    await boss.sees('Accounts (1)');
    await boss.row('Bernd Brandt').waitFor();
  });
  await opens('API Tokens', '1', () => boss.row('Expires in').waitFor());
});

test('where tasks are carried out at once, the page of the account shows it by itself', async () => {
  await boss.go(`${ACCESS}&/AccessConfigs`);
  await boss.openRow('Default');
  await boss.edit();
  await page.getByRole('checkbox', { name: 'Execute Immediately' }).click();
  await boss.button('Save').click();
  await boss.button('Edit').waitFor();
  await openAccount('Dilan Demir');
  await boss.button('Change Access').click();
  await fill('Role', 'Viewer');
  await fill('Business Justification', 'Has moved to another department');
  await inDialog('Change Access').click();
  await closed();
  await boss.row('Change Access').getByText('Done').waitFor();
  expect(user('dilan.demir')).toMatchObject({ role: 'VIEWER', status: 'ACTIVE' });
  await boss.shot('access-at-once');
});
