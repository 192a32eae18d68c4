import type { Page } from 'playwright-core';
import { act, saved } from '../settings/settings.ts';
import type { Screen } from './browser.ts';
import { takesText } from './waits.ts';
import { launchScreens, type ScreensApp } from './screens.ts';

/** The rows of the field mapping after the setup of a connection. */
export const MAPPINGS = ['name /name', 'description /description', 'Status /tags', 'version /release', 'id /alias'].map(
  (row, index) => {
    const [iflowField, leanixPath] = row.split(' ');
    return { iflowField, leanixPath, position: index + 1 };
  },
);

/** The page of the connection for an admin. */
export class SettingsPage {
  readonly app: ScreensApp;
  readonly admin: Screen;
  readonly page: Page;

  constructor(app: ScreensApp, admin: Screen) {
    this.app = app;
    this.admin = admin;
    this.page = admin.page;
  }

  /** Sets up the connection and tests it by API, so that the workspace's metadata is known. */
  async setUp(values: object = {}): Promise<void> {
    const ID = await this.app.configure({ category: 'api', mappings: MAPPINGS, ...values });
    expect(await act(this.app.as('admin'), saved(ID), 'testConnection')).toMatchObject({ status: 200 });
  }

  field(name: string) {
    const box = this.page.getByRole('textbox', { name }).or(this.page.getByRole('combobox', { name }));
    return box.filter({ visible: true }).first();
  }

  cell(row: number, column: number) {
    return this.admin.rows().nth(row).locator('input.sapMInputBaseInner').nth(column);
  }

  dialog() {
    return this.page.locator('.sapMDialogOpen').last();
  }

  inDialog(name: string) {
    return this.dialog().getByRole('button', { name, exact: true });
  }

  /** Presses the button that closes the dialog, and waits until the focus is back on the page and stays there. */
  async closeBy(name: string): Promise<void> {
    await this.inDialog(name).click();
    await this.page.locator('.sapMDialog').filter({ visible: true }).first().waitFor({ state: 'hidden' });
  }

  /** The stored connection. */
  async setting(): Promise<any> {
    const path = `settings/LeanIXConfigs?$filter=name eq 'Default'&$expand=mappings($orderby=position)`;
    return (await this.app.as('admin').get(path)).body.value[0];
  }

  /** Waits for the answer to a request that starts now. */
  answered(request: string) {
    return this.page.waitForResponse((answer) => (answer.request().postData() ?? '').includes(request));
  }

  /** Types into a field and leaves it, then waits until the draft has the value. */
  async enter(name: string, text: string): Promise<void> {
    await takesText(this.field(name));
    await this.field(name).fill(text);
    await Promise.all([this.answered('PATCH LeanIXConfigs'), this.field(name).press('Tab')]);
  }

  async open(screen = this.admin): Promise<void> {
    await screen.go('#LeanIXSettings-manage');
    await screen.row('Default').locator('td').nth(2).click();
    await screen.sees('Field Mapping');
  }

  async edit(): Promise<void> {
    await this.open();
    await this.admin.edit();
  }

  async save(): Promise<void> {
    await this.admin.button('Save').click();
    await this.admin.button('Edit').waitFor();
  }

  async discard(): Promise<void> {
    await this.admin.button('Discard Draft').click();
    await this.admin.button('Discard').click();
  }
}

/**
 * Starts the app with its screens, and opens a window of an admin before each test. Await it once, at the top of a test
 * file.
 * @param use gets the page
 */
export async function launchSettings(use: (opened: SettingsPage) => void): Promise<ScreensApp> {
  const app = await launchScreens();
  beforeEach(async () => {
    await app.begin();
    use(new SettingsPage(app, await app.screens.window({ user: 'admin' })));
  });
  return app;
}
