import type { Page } from 'playwright-core';
import { hindrances } from '../helpers/browser/accessibility.ts';
import type { Screen } from '../helpers/browser/browser.ts';
import { takesText } from '../helpers/browser/waits.ts';
import { launchScreens } from '../helpers/browser/screens.ts';

const app = await launchScreens();
let boss: Screen;
let page: Page;

const ACCESS = '#LeanIXAccess-manage';
const users = () => app.sandbox.leanix.state.users;
const user = (name: string) => users().find(({ email }) => email.startsWith(`${name}@`));
const dialog = () => page.locator('.sapMDialogOpen').last();
const inDialog = (name: string) => dialog().getByRole('button', { name, exact: true });
const closed = () => page.locator('.sapMDialog').filter({ visible: true }).first().waitFor({ state: 'hidden' });
/** Opens a menu of the toolbar. */
const openMenu = (name: string) =>
  page.locator('.sapMMenuBtn').filter({ hasText: name, visible: true }).first().click();
const inMenu = (name: string) => page.getByRole('menuitem', { name, exact: true });
const fill = async (label: string, text: string) => {
  const field = dialog()
    .getByRole('textbox', { name: label })
    .or(dialog().getByRole('combobox', { name: label }))
    .first();
  await takesText(field);
  await field.fill(text);
  await field.press('Tab');
};
const goTo = async (list: string) => {
  await openMenu('Go To');
  await inMenu(list).click();
};
const openAccount = async (screen: Screen, name: string) => {
  await screen.go(ACCESS);
  await screen.row(name).getByText(name, { exact: true }).first().click();
  await screen.sees('Role History');
};
const fine = async (name: string) => {
  await page.waitForLoadState('networkidle');
  await boss.shot(name);
  expect(await hindrances(page)).toEqual([]);
};

beforeEach(async () => {
  const ID = await app.begin();
  await app.configure();
  const settings = { peopleDestination: 'PEOPLE', silentInvite: true };
  const { status } = await app.as('enterprise').patch(`access/AccessConfigs(ID=${ID},IsActiveEntity=true)`, settings);
  expect(status).toBe(200);
  boss = await app.screens.window();
  page = boss.page;
});

async function imported(): Promise<void> {
  expect(await app.job('importAll')).toMatchObject({ status: 'completed' });
}

describe('importing', () => {
  test('an empty list says what to do, and Import leads to the run', async () => {
    await boss.go(ACCESS);
    await boss.sees('Choose Import in the list of accounts');
    await openMenu('Import');
    await inMenu('People, Accounts and Roles').click();
    await boss.sees(/^Completed$/);
    await fine('access-run');
  });

  test('the accounts are listed with what is to be known of them', async () => {
    await imported();
    await boss.go(ACCESS);
    await boss.sees('Accounts (16)');
    await boss.row('Bernd Brandt').getByText('Dormant').waitFor();
    await boss.row('Katya Kovac').getByText('Managed Externally').waitFor();
    await boss.row('Liam Lynch').getByText('Archived').waitFor();
    await fine('access-accounts');
  });

  test('an account shows its person and the history of its role', async () => {
    await imported();
    await openAccount(boss, 'Dilan Demir');
    await boss.sees('astrid.architect@halvorsen.example');
    await fine('access-account');
  });
});

describe('provisioning', () => {
  beforeEach(imported);

  test('an account is requested, waits as a task, is carried out, and is read back', async () => {
    await boss.go(ACCESS);
    await boss.button('Request Account').click();
    await dialog().waitFor();
    await fill('E-Mail', 'olga.olsen@halvorsen.example');
    await fill('Role', 'Member');
    await fill('Business Justification', 'Joins the team of architects');
    await fine('access-request');
    await inDialog('Request Account').click();
    await closed();
    await boss.row('olga.olsen').getByText('Open').waitFor();
    expect(user('olga.olsen')).toBeUndefined();
    await fine('access-tasks');
    await boss.button('Execute Tasks').click();
    await boss.sees(/^Completed$/);
    expect(user('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
    expect(app.sandbox.leanix.state.mails).toEqual([]);
    await boss.openRow('olga.olsen');
    await boss.sees('Result in LeanIX');
    await boss.sees('Joins the team of architects');
    await fine('access-task');
  });

  test('a role is changed from the page of the account, for a reason', async () => {
    await openAccount(boss, 'Dilan Demir');
    await boss.button('Change Access').click();
    await fill('Role', 'Viewer');
    await fill('Business Justification', 'Has moved to another department');
    await inDialog('Change Access').click();
    await closed();
    await goBackAndRun();
    expect(user('dilan.demir')).toMatchObject({ role: 'VIEWER', status: 'ACTIVE' });
    await openAccount(boss, 'Dilan Demir');
    await boss.row('Viewer').waitFor();
  });

  test('the account that the service uses is left alone, and the page says why', async () => {
    await boss.go(ACCESS);
    await boss.row('integration@technical').getByText('Used by This Service').click();
    await boss.sees('This service uses the API token of this account');
    await boss.button('Assign Person').waitFor();
    for (const action of ['Change Access', 'Remove Access', 'Remove Account'])
      expect(await boss.button(action).count()).toBe(0);
    await boss.shot('access-own');
  });

  test('a task that is not carried out yet can be withdrawn', async () => {
    await openAccount(boss, 'Hugo Hermans');
    await boss.button('Remove Account').click();
    await fill('Business Justification', 'By mistake');
    await inDialog('Remove Account').click();
    await closed();
    await boss.openRow('Remove Account');
    await boss.button('Withdraw').click();
    await dialog().getByRole('button').first().click();
    await boss.sees('Canceled');
    expect(user('hugo.hermans')).toMatchObject({ status: 'ACTIVE' });
  });
});

test('an import that would suspend too many stops, and goes on when somebody confirms it for a reason', async () => {
  await imported();
  app.sandbox.leanix.state.users = users().filter(({ email }) => !/^(mei|noah|jonas|katya|ines)\./.test(email));
  await boss.go(ACCESS);
  await openMenu('Import');
  await inMenu('Accounts').click();
  await boss.sees('Failed');
  await boss.button('Confirm').waitFor();
  await fine('access-stopped');
  await boss.go(ACCESS);
  await boss.sees('is waiting for confirmation');
  await goTo('Runs');
  await boss.openRow('Failed');
  await boss.button('Confirm').waitFor();
  // As from a notification.
  await page.reload();
  await boss.button('Confirm').click();
  await fill('Reason for Confirmation', 'A department was sold');
  await inDialog('Confirm').click();
  await closed();
  await boss.sees(/^Completed$/);
  const { body } = await app.as('enterprise').get(`access/Accounts/$count?$filter=state eq 'suspended'`);
  expect(body).toBe(6);
  await boss.go(ACCESS);
  await boss.row('Mei').getByText('No Longer in LeanIX').waitFor();
});

describe('others', () => {
  beforeEach(imported);

  test('an admin sees the accounts and what is missing, but changes nothing', async () => {
    const admin = await app.screens.window({ user: 'admin' });
    await admin.go(ACCESS);
    await admin.sees('ask your administrator for the role');
    await admin.row('Carla Costa').waitFor();
    for (const action of ['Import', 'Request Account', 'Change Access'])
      expect(await admin.button(action).count()).toBe(0);
    await openAccount(admin, 'Carla Costa');
    expect(await admin.button('Remove Account').count()).toBe(0);
  });

  test('on a phone, in German', async () => {
    const phone = await app.screens.window({ width: 390, height: 844, locale: 'de' });
    await phone.go(ACCESS);
    await phone.row('Carla Costa').waitFor();
    await phone.shot('access-accounts');
    expect(await phone.tooWide()).toEqual([]);
    await phone.row('Carla Costa').getByText('Carla Costa').first().click();
    await phone.sees('Rollenverlauf');
    await phone.shot('access-account');
    expect(await phone.tooWide()).toEqual([]);
  });
});

async function goBackAndRun(): Promise<void> {
  await boss.go(`${ACCESS}&/ProvisioningTasks`);
  await boss.button('Execute Tasks').click();
  await boss.sees(/^Completed$/);
}
