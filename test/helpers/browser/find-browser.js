/**
 * The browser of the journeys: an installed one, else the packaged Chromium for Linux. `BROWSER` chooses `installed` or
 * `packaged`. JavaScript, because the test configuration needs it too.
 */
import { existsSync } from 'node:fs';

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

/**
 * How to launch it; null if none works. The package's own flags are left out: with a single process, a second user's
 * window stays blank.
 */
export async function findBrowser() {
  const wanted = process.env.BROWSER;
  if (wanted && !['installed', 'packaged'].includes(wanted))
    throw new Error('BROWSER is neither installed nor packaged.');
  const installed = INSTALLED.find((path) => path && existsSync(path));
  if (installed && wanted !== 'packaged') return { executablePath: installed, args: FLAGS };
  if (wanted === 'installed') return null;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const { chromium } = await import('playwright-core');
    const options = { executablePath: await packaged.executablePath(), args: FLAGS };
    await (await chromium.launch(options)).close();
    return options;
  } catch {
    return null;
  }
}
