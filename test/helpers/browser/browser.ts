/** A real browser for the tests of the screens. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, devices, type Browser, type Locator, type Page } from 'playwright-core';
import type { App } from '../app/app.ts';
import { findBrowser } from './find-browser.js';
import { countRequests, cursorPlaced, rested } from './waits.ts';

const SHOTS = join(import.meta.dirname, '..', '..', '..', '.screenshots');
/** `device` is a device of Playwright, with its user agent, touch and size. */
export type Window = {
  user?: 'viewer' | 'admin' | 'enterprise' | 'enterprise2';
  width?: number;
  height?: number;
  locale?: string;
  device?: string;
};

export type Screens = {
  /** A window of a signed-in user. It is closed by `close`. */
  open(window?: Window): Promise<Screen>;
  /** The window of a user with these properties; a new one after a clean start. */
  window(window?: Window): Promise<Screen>;
  /** Goes back to the launchpad in all windows, so that none asks for what is deleted next. */
  leave(): Promise<void>;
  /** Browser errors about this project in all windows, since the last call. */
  complaints(): string[];
  /** Addresses, messages and console errors of the windows, for the report of a failed test. */
  seen(): Promise<string>;
  close(): Promise<void>;
};

/** A window, and the actions of a user in it. */
export type Screen = {
  page: Page;
  /** Expects errors until the end of the test. */
  expectTrouble(): void;
  /** Goes to an intent, with its parameters and inner route, and waits until it is ready; to the launchpad without. */
  go(hash?: string): Promise<void>;
  button(name: string): Locator;
  /** Waits until a button is enabled, or exists and is disabled. */
  canPress(name: string, enabled?: boolean): Promise<void>;
  /** Starts editing the page, and waits until it is ready. */
  edit(): Promise<void>;
  /**
   * Waits for the focus on a page in edit mode. Fiori elements sets the focus late, which closes dialogs that were
   * opened before.
   */
  editing(): Promise<void>;
  row(text: string): Locator;
  rows(): Locator;
  /**
   * Opens the page of the row with a text. The text is pressed, since the middle of a row can be the edge of a column.
   */
  openRow(text: string): Promise<void>;
  /** Waits until a text is visible. */
  sees(text: string | RegExp, timeout?: number): Promise<void>;
  /** Elements that can be scrolled sideways. */
  tooWide(): Promise<string[]>;
  /** Waits until the page is complete and quiet. With `SCREENSHOTS=true`, keeps a screenshot for reviewers. */
  shot(name: string): Promise<void>;
};

export function browserFor(app: App): Screens {
  let browser: Promise<Browser> | undefined;
  const console: Console = { complaints: [], errors: [], expected: false };
  const pages: Page[] = [];
  const kept = new Map<string, Promise<Screen>>();
  const screens: Screens = {
    window(window = {}) {
      const key = JSON.stringify(window);
      const screen = kept.get(key) ?? screens.open(window);
      kept.set(key, screen);
      return screen;
    },
    async open(window) {
      const screen = await openWindow(await (browser ??= launchBrowser()), app, console, window);
      pages.push(screen.page);
      return screen;
    },
    async leave() {
      await Promise.all(pages.map(async (page) => (await goHome(page, app)) || page.goto('about:blank')));
    },
    complaints() {
      console.expected = false;
      console.errors.length = 0;
      return console.complaints.splice(0);
    },
    async seen() {
      const windows = await Promise.all(pages.map((page, index) => describe(page, index)));
      return [...windows, ...console.errors.slice(-5).map((text) => `Console: ${short(text)}`)].join('\n');
    },
    async close() {
      await (await browser)?.close();
      browser = undefined;
      kept.clear();
      pages.length = 0;
    },
  };
  return screens;
}

async function launchBrowser(): Promise<Browser> {
  const options = await findBrowser();
  if (!options) throw new Error('There is no browser to run the journeys in.');
  return chromium.launch(options);
}

/** `errors` includes those of the framework. */
type Console = { complaints: string[]; errors: string[]; expected: boolean };

const short = (text: string) => text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);

/** The address of a window, with its messages and dialogs. Keeps a screenshot. */
async function describe(page: Page, index: number): Promise<string> {
  const messages = page
    .locator('.sapMDialogOpen, .sapMMsgStrip, .sapMMessageToast, .sapMIllustratedMessage, .sapMMessagePage')
    .filter({ visible: true });
  const limited = page.screenshot({ path: picture(`failed-${index + 1}`), timeout: 5000 });
  const texts = await messages.allInnerTexts().catch(() => ['(cannot be read)']);
  await limited.catch(() => undefined);
  return [`Window ${index + 1}: ${page.url()}`, ...texts.map((text) => `  ${short(text)}`)].join('\n');
}

function picture(name: string): string {
  mkdirSync(SHOTS, { recursive: true });
  return join(SHOTS, `${name}.png`);
}

/** Texts about this project, in contrast to those about the framework. */
const OURS = /leanix[./]integration|AccessService|\/(runtime|settings|access|launchpad)\/|FormatException|odata\/v4/;

/**
 * Errors that Fiori elements logs in good order: announcements, and the busy state of a dialog of parameters, which is
 * not ended when the dialog is closed, 30 seconds later.
 */
const NOISE = /\[FUTURE FATAL\]|busy lock for fe::APD_/;

/** Pages on the way from an app to the launchpad. */
const closing = new WeakSet<Page>();

function listen(page: Page, console: Console): void {
  const complain = (text: string) => {
    if (!console.expected) console.complaints.push(text);
  };
  page.on('pageerror', (error) => {
    console.errors.push(String(error));
    // What the framework still had to do for an app that is closed.
    if (closing.has(page) && !OURS.test(error.stack ?? '')) return;
    complain(String(error));
  });
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error' || NOISE.test(text)) return;
    console.errors.push(text);
    if (OURS.test(text)) complain(text);
  });
  countRequests(page);
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() < 400 || pathname.startsWith('/resources/')) return;
    console.errors.push(`${response.status()} ${pathname}`);
    complain(`${response.status()} ${pathname}`);
  });
}

async function openWindow(browser: Browser, app: App, console: Console, window: Window = {}): Promise<Screen> {
  const { user = 'enterprise', locale = 'en', device } = window;
  const emulated = device === undefined ? undefined : devices[device];
  const { width, height } = emulated?.viewport ?? { width: 1366, height: 768, ...window };
  const context = await browser.newContext({
    viewport: { width, height },
    locale,
    reducedMotion: 'reduce',
    // A phone has touch, and so gets the larger controls.
    hasTouch: width < 600,
    ...emulated,
  });
  await context.addInitScript(() => Object.assign(globalThis, { 'sap-ui-config': { animationMode: 'none' } }));
  const page = await context.newPage();
  page.setDefaultTimeout(50_000);
  listen(page, console);

  const screen: Screen = {
    page,
    expectTrouble: () => void (console.expected = true),
    async go(hash = '') {
      await context.addCookies([{ name: 'leanix-local-user', value: user, url: app.url() }]);
      // A change of the hash alone would not restart the app; with a start from the launchpad, SAPUI5 is loaded once.
      if (hash.startsWith('#') && (await goHome(page, app))) {
        await page.evaluate((to) => void (location.hash = to), hash);
      } else {
        await page.goto('about:blank');
        await page.goto(`${app.url()}/launchpad/${hash}`);
      }
      if (hash.includes('#')) await cursorPlaced(page);
    },
    button: (name) => page.getByRole('button', { name, exact: true }).filter({ visible: true }).first(),
    canPress: (name, enabled = true) =>
      page
        .locator(enabled ? 'button:enabled' : 'button:disabled')
        .and(screen.button(name))
        .waitFor(),
    async edit() {
      await screen.button('Edit').click();
      await screen.editing();
    },
    editing: () => page.locator('input:focus, [role=checkbox]:focus').waitFor(),
    row: (text) => screen.rows().filter({ hasText: text }).first(),
    rows: () => page.locator('tbody tr.sapMListTblRow').filter({ visible: true }),
    openRow: (text) => screen.row(text).getByText(text).filter({ visible: true }).first().click(),
    async sees(text, timeout) {
      await page
        .getByText(text)
        .filter({ visible: true })
        .first()
        .waitFor(timeout ? { timeout } : {});
    },
    tooWide: () =>
      page.evaluate(() =>
        [document.documentElement, ...document.body.querySelectorAll('*')]
          .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
          .filter((element) => element.getBoundingClientRect().left + element.scrollWidth > innerWidth + 1)
          .filter(
            (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || !element.parentElement,
          )
          .map((element) => `${element.tagName}#${element.id}.${element.className}`),
      ),
    async shot(name) {
      await rested(page);
      if (process.env['SCREENSHOTS']) await page.screenshot({ path: picture(`${name}-${width}`) });
    },
  };
  return screen;
}

/**
 * Closes the app that is open, as the way back to the launchpad does.
 * @returns whether the launchpad is there; not if it was not loaded, or unsaved changes keep the app open
 */
async function goHome(page: Page, app: App): Promise<boolean> {
  if (!page.url().startsWith(`${app.url()}/launchpad/#`)) return false;
  if (await page.locator('.sapMDialogOpen').count()) return false;
  // An app that is closed while it works complains later.
  await rested(page);
  closing.add(page);
  await page.evaluate(() => void (location.hash = '#Shell-home'));
  const home = page.locator('.sapMGT').filter({ visible: true }).first();
  const isHome = await home.waitFor({ timeout: 3000 }).then(
    () => true,
    () => false,
  );
  closing.delete(page);
  return isHome;
}
