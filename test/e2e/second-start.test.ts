import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startSandbox } from '../../sandbox/index.ts';
import { prepareUI5 } from '../../scripts/screens/ui5.ts';
import { findBrowser } from '../helpers/browser/find-browser.js';
import { basic, startApp, type AppProcess } from '../helpers/app/process.ts';
import { SCREENS } from '../helpers/browser/screens.ts';

let folder: string;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;

beforeAll(async () => {
  await prepareUI5((text) => process.stderr.write(text + '\n'));
  folder = await mkdtemp(join(tmpdir(), 'second-start-'));
  sandbox = await startSandbox({ seed: 'tiny' });
}, 600_000);

afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

const start = () =>
  startApp({
    ...sandbox.env(),
    NODE_OPTIONS: `--import=${SCREENS}`,
    cds_requires_db_credentials_url: join(folder, 'db.sqlite'),
  });

async function refreshed(app: AppProcess): Promise<void> {
  const authorization = basic('enterprise');
  const { status } = await app.request('POST', '/odata/v4/runtime/refresh', { authorization, body: {} });
  expect(status).toBe(200);
  for (;;) {
    const { body } = await app.request('GET', '/odata/v4/runtime/SyncRuns?$filter=isActive eq true', { authorization });
    if (!body.value.length) return;
  }
}

test('the second start has everything that it needs: the first row is there soon, with what was read before', async () => {
  const first = await start();
  await refreshed(first);
  await first.stop();

  const began = Date.now();
  const seconds = () => ((Date.now() - began) / 1000).toFixed(1);
  const second = await start();
  const served = seconds();
  const browser = await chromium.launch((await findBrowser())!);
  try {
    const context = await browser.newContext({ locale: 'en' });
    await context.addCookies([{ name: 'leanix-local-user', value: 'enterprise', url: second.url }]);
    const page = await context.newPage();
    await page.goto(`${second.url}/launchpad/#LeanIXIFlow-manage`);
    await page.locator('tbody tr.sapMListTblRow').first().waitFor({ timeout: 60_000 });
    process.stderr.write(`Second start: services after ${served} s, first row after ${seconds()} s.\n`);
  } finally {
    await browser.close();
    await second.stop();
  }
}, 120_000);
