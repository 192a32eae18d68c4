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
  close(): Promise<void>;
};

/** One window, and what a user does in it. */
export type Screen = {
  page: Page;
  /** What the browser complained about, as far as it is about this project. */
  complaints: string[];
  /** Goes to an intent, with its parameters and inner route; the launchpad without. */
  go(hash?: string): Promise<void>;
  button(name: string): Locator;
  row(text: string): Locator;
  rows(): Locator;
  /** Waits until a text is to be seen. */
  sees(text: string | RegExp, timeout?: number): Promise<void>;
  /** Keeps a picture of the page for people to look at. */
  shot(name: string): Promise<void>;
};

export function browserFor(app: App): Screens {
  let browser: Promise<Browser> | undefined;
  return {
    open: async (window) => openWindow(await (browser ??= launchBrowser()), app, window),
    close: async () => (await browser)?.close(),
  };
}

async function launchBrowser(): Promise<Browser> {
  const options = await findBrowser();
  if (!options) throw new Error('There is no browser to run the journeys in.');
  return chromium.launch(options);
}

async function openWindow(browser: Browser, app: App, window: Window = {}): Promise<Screen> {
  const { user = 'enterprise', width = 1366, height = 768, locale = 'en' } = window;
  const context = await browser.newContext({ viewport: { width, height }, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error' || text.includes('[FUTURE FATAL]')) return;
    if (/leanix[./]integration|FormatException|odata\/v4/.test(text)) complaints.push(text);
  });
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400 && !pathname.startsWith('/resources/'))
      complaints.push(`${response.status()} ${pathname}`);
  });

  const screen: Screen = {
    page,
    complaints,
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
    async shot(name) {
      mkdirSync(SHOTS, { recursive: true });
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`) });
    },
  };
  return screen;
}
