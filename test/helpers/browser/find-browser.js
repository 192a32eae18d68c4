/**
 * The browser that the journeys run in: an installed one, else the Chromium that comes as a package for Linux. Plain
 * JavaScript, since the configuration of the tests asks for it too.
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const INSTALLED = [
  process.env.CHROME_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** What the browser would otherwise ask the internet for, and what containers lack. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How to launch it; null where there is none that works. */
export async function findBrowser() {
  const executablePath = INSTALLED.find((path) => path && existsSync(path));
  if (executablePath) return { executablePath, args: FLAGS };
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const options = { executablePath: await packaged.executablePath(), args: [...packaged.args, ...FLAGS] };
    await (await chromium.launch(options)).close();
    return options;
  } catch {
    return null;
  }
}
