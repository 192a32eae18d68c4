/** A real browser for the tests of the screens. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import type { App } from './app.ts';
import { findBrowser } from './find-browser.js';

const SHOTS = join(import.meta.dirname, '..', '..', '.screenshots');
export type Window = { user?: 'viewer' | 'admin' | 'enterprise'; width?: number; height?: number; locale?: string };

export type Screens = {
  /** A window of a user who has signed in. It is closed by `close`. */
  open(window?: Window): Promise<Screen>;
  /** What the browser complained about in all windows since it was asked for last, as far as it is about this project. */
  complaints(): string[];
  close(): Promise<void>;
};

/** One window, and what a user does in it. */
export type Screen = {
  page: Page;
  /** Until the end of the test, the trouble that it provokes is no complaint. */
  expectTrouble(): void;
  /** Goes to an intent, with its parameters and inner route; the launchpad without. */
  go(hash?: string): Promise<void>;
  button(name: string): Locator;
  row(text: string): Locator;
  rows(): Locator;
  /** Waits until a text is to be seen. */
  sees(text: string | RegExp, timeout?: number): Promise<void>;
  /** What can be scrolled sideways. */
  tooWide(): Promise<string[]>;
  /** Keeps a picture of the page for people to look at. */
  shot(name: string): Promise<void>;
};

export function browserFor(app: App): Screens {
  let browser: Promise<Browser> | undefined;
  const console: Console = { complaints: [], expected: false };
  return {
    open: async (window) => openWindow(await (browser ??= launchBrowser()), app, console, window),
    complaints() {
      console.expected = false;
      return console.complaints.splice(0);
    },
    close: async () => (await browser)?.close(),
  };
}

async function launchBrowser(): Promise<Browser> {
  const options = await findBrowser();
  if (!options) throw new Error('There is no browser to run the journeys in.');
  return chromium.launch(options);
}

type Console = { complaints: string[]; expected: boolean };

/** Texts about this project, in contrast to those about the framework. */
const OURS = /leanix[./]integration|AccessService|\/(runtime|settings|access|launchpad)\/|FormatException|odata\/v4/;

function listen(page: Page, console: Console): void {
  const complain = (text: string) => {
    if (!console.expected) console.complaints.push(text);
  };
  page.on('pageerror', (error) => complain(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !text.includes('[FUTURE FATAL]') && OURS.test(text)) complain(text);
  });
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400 && !pathname.startsWith('/resources/')) complain(`${response.status()} ${pathname}`);
  });
}

async function openWindow(browser: Browser, app: App, console: Console, window: Window = {}): Promise<Screen> {
  const { user = 'enterprise', width = 1366, height = 768, locale = 'en' } = window;
  const context = await browser.newContext({
    viewport: { width, height },
    locale,
    reducedMotion: 'reduce',
    // A phone is touched, and so gets the roomy controls.
    hasTouch: width < 600,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(50_000);
  listen(page, console);

  const screen: Screen = {
    page,
    expectTrouble: () => void (console.expected = true),
    async go(hash = '') {
      await context.addCookies([{ name: 'leanix-local-user', value: user, url: app.url() }]);
      // A change of the hash alone would keep the app as it is.
      await page.goto('about:blank');
      await page.goto(`${app.url()}/launchpad/${hash}`);
    },
    button: (name) => page.getByRole('button', { name, exact: true }).filter({ visible: true }).first(),
    row: (text) => screen.rows().filter({ hasText: text }).first(),
    rows: () => page.locator('tbody tr.sapMListTblRow').filter({ visible: true }),
    async sees(text, timeout) {
      try {
        await page
          .getByText(text)
          .filter({ visible: true })
          .first()
          .waitFor(timeout ? { timeout } : {});
      } catch (error) {
        await screen.shot('failed');
        throw error;
      }
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
      mkdirSync(SHOTS, { recursive: true });
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`) });
    },
  };
  return screen;
}
