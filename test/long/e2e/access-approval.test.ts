import type { Screen } from '../../helpers/browser/browser.ts';
import { emailOf } from '../../helpers/access/access.ts';
import { jobOf } from '../../helpers/access/invariants.ts';
import { hindrances } from '../../helpers/browser/accessibility.ts';
import { launchScreens } from '../../helpers/browser/screens.ts';

// With the four-eyes principle, one enterprise admin requests and another one approves. A run stopped by a limit is
// shown and confirmed.

const ACCESS = '#LeanIXAccess-manage';

const app = await launchScreens();
const enterprise = app.as('enterprise');
let config: string;

const user = (name: string) => app.sandbox.leanix.state.users.find(({ email }) => email.startsWith(`${name}@`));
const govern = (settings: object) =>
  enterprise.patch(`access/AccessConfigs(ID=${config},IsActiveEntity=true)`, settings);
const running = { sandbox: app.sandbox, user: enterprise };
const tasks = () => app.all(`access/ProvisioningTasks?$filter=config_ID eq ${config}&$orderby=email`);
const request = async (name: string, by = enterprise): Promise<string> => {
  const wish = { config, email: emailOf(name), role: 'MEMBER', justification: 'Joins the team' };
  return (await by.post('access/requestAccount', wish)).body.ID;
};

const as = (who: 'enterprise' | 'enterprise2', window: { locale?: string; width?: number; height?: number } = {}) =>
  app.screens.window({ user: who, ...window });
const dialog = ({ page }: Screen) => page.locator('.sapMDialogOpen').last();
const inDialog = (screen: Screen, name: string) => dialog(screen).getByRole('button', { name, exact: true });
const closed = ({ page }: Screen) =>
  page.locator('.sapMDialog').filter({ visible: true }).first().waitFor({ state: 'hidden' });
const say = async (screen: Screen, label: string, text: string) => {
  await dialog(screen).getByRole('textbox', { name: label }).fill(text);
  await screen.page.keyboard.press('Tab');
};

beforeEach(async () => {
  await app.begin();
  config = await app.configure();
  await govern({ peopleDestination: 'PEOPLE', fourEyes: true, maxCreated: null, maxCreatedPercent: null });
  expect(await jobOf(running, 'importAll')).toMatchObject({ status: 'completed' });
});

test('four eyes and the limits are set in the settings of access', async () => {
  await govern({ fourEyes: false });
  const boss = await as('enterprise');
  await boss.go(`${ACCESS}&/AccessConfigs`);
  await boss.row('Default').getByText('Default').click();
  await boss.edit();
  await boss.page.getByRole('checkbox', { name: 'Four-Eyes Principle' }).click();
  const limit = boss.page.getByRole('textbox', { name: 'New Administrators in 24 Hours', exact: true });
  await limit.fill('1');
  await boss.page.keyboard.press('Tab');
  await boss.shot('access-limits-edit');
  await boss.button('Save').click();
  await boss.button('Edit').waitFor();
  await boss.shot('access-limits');
  const { body } = await enterprise.get(`access/AccessConfigs(ID=${config},IsActiveEntity=true)`);
  expect(body).toMatchObject({ fourEyes: true, maxAdmins: 1, maxAdminsPercent: null });
});

test('a task waits for the other one, who approves it; then it is carried out', async () => {
  const ID = await request('olga.olsen');
  const boss = await as('enterprise');
  await boss.go(`${ACCESS}&/ProvisioningTasks(${ID})`);
  await boss.sees('The task needs approval');
  await boss.shot('access-task-unapproved');
  expect(await hindrances(boss.page)).toEqual([]);
  boss.expectTrouble();
  await boss.button('Approve').click();
  await dialog(boss).getByText('enterprise', { exact: false }).first().waitFor();
  await boss.shot('access-task-own');
  await inDialog(boss, 'Close').click();
  expect(await tasks()).toMatchObject([{ approvedBy: null }]);

  const other = await as('enterprise2');
  await other.go(`${ACCESS}&/ProvisioningTasks(${ID})`);
  await other.button('Approve').click();
  await other.sees('enterprise2');
  await other.button('Execute').click();
  await other.sees(/^Completed$/);
  expect(user('olga.olsen')).toMatchObject({ role: 'MEMBER', status: 'INVITED' });
  expect(await tasks()).toMatchObject([{ status: 'done', requester: 'enterprise', approvedBy: 'enterprise2' }]);
});

test('a task is rejected for a reason, which it shows', async () => {
  const ID = await request('olga.olsen');
  const other = await as('enterprise2');
  await other.go(`${ACCESS}&/ProvisioningTasks(${ID})`);
  await other.button('Reject').click();
  await say(other, 'Reason', 'Nobody knows her');
  await other.shot('access-reject');
  await inDialog(other, 'Reject').click();
  await closed(other);
  await other.sees('Canceled');
  await other.sees('Nobody knows her');
  await other.shot('access-task-rejected');
  expect(await other.button('Approve').count()).toBe(0);
  expect(await tasks()).toMatchObject([{ status: 'canceled', code: 'TASK_REJECTED' }]);
});

test('a run that a limit has stopped shows the people who would leave, and the other one confirms it', async () => {
  const { people } = app.sandbox.btp.state;
  for (const person of people.slice(0, 3)) person.active = false;
  const stopped = await jobOf(running, 'importPeople');
  expect(stopped).toMatchObject({ code: 'THRESHOLD_EXCEEDED', canConfirm: true });
  const other = await as('enterprise2');
  await other.go(`${ACCESS}&/JobRuns(${stopped.ID})`);
  for (const { email } of people.slice(0, 3)) await other.row(email).waitFor();
  await other.shot('access-leavers');
  expect(await hindrances(other.page)).toEqual([]);
  await other.button('Confirm').click();
  await say(other, 'Reason for Confirmation', 'A department was sold');
  await inDialog(other, 'Confirm').click();
  await closed(other);
  await other.sees(/^Completed$/);
  const left = await app.all('access/People?$filter=active eq false');
  expect(left).toHaveLength(3);
});

test('in German, on a phone too', async () => {
  const ID = await request('olga.olsen');
  for (const window of [{ locale: 'de' }, { locale: 'de', width: 390, height: 844 }]) {
    const screen = await as('enterprise2', window);
    await screen.go(`${ACCESS}&/ProvisioningTasks(${ID})`);
    await screen.sees('Die Aufgabe muss genehmigt werden');
    await screen.shot('access-task-unapproved-de');
    expect(await screen.tooWide()).toEqual([]);
    await screen.go(`${ACCESS}&/AccessConfigs(ID=${config},IsActiveEntity=true)`);
    await screen.sees('Vier-Augen-Prinzip');
    await screen.shot('access-limits-de');
    expect(await screen.tooWide()).toEqual([]);
  }
});
