import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { prepareUI5 } from '../../scripts/screens/ui5.ts';
import { build, deploy, startInstance } from '../helpers/app/built.ts';
import { findBrowser } from '../helpers/browser/find-browser.js';
import { startPostgres, type Postgres } from '../helpers/app/postgres.ts';
import type { AppProcess } from '../helpers/app/process.ts';
import { startRouter, type Router } from '../helpers/app/router.ts';

/**
 * Rehearsal of the deployment: PostgreSQL, the built service, the real application router with the built apps, a
 * browser.
 */
const postgres = await startPostgres();
const options = await findBrowser();
const rehearse = postgres && options ? describe : describe.skip;

rehearse('as on BTP', () => {
  let sandbox: Sandbox;
  let database: Postgres;
  let service: AppProcess;
  let router: Router;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const refused: string[] = [];

  beforeAll(async () => {
    await prepareUI5((text) => process.stderr.write(text + '\n'));
    build();
    database = postgres!;
    sandbox = await startSandbox({ seed: 'tiny' });
    const credentials = await database.create('rehearsal');
    await deploy(sandbox, credentials);
    service = await startInstance(sandbox, credentials);
    router = await startRouter(sandbox, service.url);
    browser = await chromium.launch(options!);
    const { ID } = (await ask('GET', 'settings/LeanIXConfigs')).value[0];
    await ask('PATCH', `settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`, {
      leanixHost: sandbox.leanix.host,
      factSheetType: 'Interface',
      mappings: [{ iflowField: 'name', leanixPath: '/name', position: 1 }],
    });
  }, 400_000);

  afterAll(async () => {
    await browser?.close();
    await router?.stop();
    await service?.stop();
    await sandbox?.stop();
    await database?.stop();
  });

  afterEach(() => context?.close());

  test('health is open to everybody, everything else asks to sign in', async () => {
    const health = await fetch(`${router.url}/health`);
    expect(await health.json()).toEqual({ status: 'UP' });
    for (const path of ['/', '/odata/v4/runtime/IFlows', '/leanixintegrationruntime/index.html', '/resources/x.js']) {
      const answer = await fetch(router.url + path, { redirect: 'manual', headers: { accept: 'text/html' } });
      const text = await answer.text();
      expect({ path, asks: answer.status === 302 || /oauth\/authorize/.test(text) }).toEqual({ path, asks: true });
    }
  });

  test('headers of more than 16 KB come through', async () => {
    const headers = { 'x-long': 'x'.repeat(40_000) };
    expect((await fetch(`${router.url}/health`, { headers })).status).toBe(200);
  });

  test('signing in goes by authorization code with PKCE and state', async () => {
    await signIn('viewer');
    const asked = sandbox.btp.log.entries.filter(({ path }) => path.startsWith('/oauth/authorize'));
    expect(JSON.stringify(asked.at(-1))).toMatch(/code_challenge_method=S256/);
    expect(JSON.stringify(asked.at(-1))).toMatch(/state=/);
  });

  test('a viewer sees the iFlows and none of the enterprise plan’s actions, and is not led to the settings', async () => {
    await signIn('viewer');
    await button('Refresh').waitFor();
    expect(await button('Sync All').count()).toBe(0);
    await page.goto(router.url);
    await page.getByText('LeanIX Settings').waitFor({ state: 'hidden' });
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual(['iFlows in LeanIX']);
    const refused = page.waitForResponse((answer) => answer.url().includes('/odata/v4/settings/'));
    await page.goto(`${router.url}/leanixintegrationsettings/index.html`);
    expect((await refused).status()).toBe(403);
  });

  test('an admin sees the settings', async () => {
    await signIn('admin', 'settings');
    await page.getByText('Default', { exact: true }).first().waitFor();
  });

  test('an enterprise admin refreshes and syncs, and is asked to sign in again after signing out', async () => {
    await signIn('enterprise');
    await button('Refresh').click();
    await page
      .getByText(/iFlows \([1-9]/)
      .first()
      .waitFor();
    await button('Sync All').click();
    await page
      .getByText(/\d created/)
      .first()
      .waitFor();
    // The counts are complete a moment before the end.
    await page.getByText('Completed', { exact: true }).filter({ visible: true }).first().waitFor();
    const [run] = (await ask('GET', 'runtime/SyncRuns?$orderby=startedAt desc&$top=1')).value;
    expect(run).toMatchObject({ kind: 'sync', status: 'completed', startedBy: 'erika.enterprise@example.com' });

    await page.goto(`${router.url}/logout`);
    await page.getByText('Sign in to the sandbox').first().waitFor();
    await page.goto(`${router.url}/leanixintegrationruntime/index.html`);
    await page.getByText('Sign in to the sandbox').first().waitFor();
  });

  test('what would write needs the token that only a page of ours can read', async () => {
    await signIn('enterprise');
    const status = (headers: Record<string, string>) =>
      page.evaluate(
        async ({ headers }) => {
          const answer = await fetch('/odata/v4/runtime/refresh', {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: '{}',
          });
          return answer.status;
        },
        { headers },
      );
    expect(await status({})).toBe(403);
    const token = await page.evaluate(async () => {
      const answer = await fetch('/odata/v4/runtime/', { headers: { 'x-csrf-token': 'fetch' } });
      return answer.headers.get('x-csrf-token') ?? '';
    });
    expect([200, 409]).toContain(await status({ 'x-csrf-token': token }));
  });

  test('the apps run under the content security policy that mta.yaml sets', () => {
    expect(refused).toEqual([]);
  });

  test('readiness follows the database, health does not', async () => {
    const state = async (path: string) => (await fetch(service.url + path)).status;
    expect(await state('/health/ready')).toBe(200);
    await database.stop();
    expect(await state('/health/ready')).toBe(503);
    expect(await state('/health')).toBe(200);
  });

  async function signIn(user: 'viewer' | 'admin' | 'enterprise', app = 'runtime'): Promise<void> {
    context = await browser.newContext({ locale: 'en' });
    page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
    await page.goto(`${router.url}/leanixintegration${app}/index.html`);
    const mail = { viewer: 'vera.viewer', admin: 'adam.admin', enterprise: 'erika.enterprise' }[user];
    await page.getByRole('button', { name: `${mail}@example.com` }).click();
    await page.waitForURL(`${router.url}/leanixintegration${app}/**`);
  }

  const button = (name: string) => page.getByRole('button', { name, exact: true }).filter({ visible: true }).first();

  async function ask(method: string, path: string, body?: unknown): Promise<any> {
    const authorization = `Bearer ${await sandbox.btp.token('enterprise')}`;
    const answer = await service.request(method, `/odata/v4/${path}`, { authorization, body });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
});
