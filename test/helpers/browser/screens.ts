import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jest } from '@jest/globals';
import { startSandbox, type SandboxOptions } from '../../../sandbox/index.ts';
import { prepareUI5 } from '../../../scripts/screens/ui5.ts';
import { appAt, QUICK, type App } from '../app/app.ts';
import { ok } from '../app/user.ts';
import { browserFor, type Screens } from './browser.ts';
import { COMPILED, startApp } from '../app/process.ts';

/** Preloaded into the service: adds the screens to it, as `npm start` does. */
export const SCREENS = pathToFileURL(
  join(import.meta.dirname, '..', '..', '..', 'scripts', 'screens', 'register.ts'),
).href;

export type ScreensApp = App & {
  screens: Screens;
  /**
   * Starts over with a fresh sandbox and one connection that is not set up.
   * @returns its ID
   */
  begin(): Promise<string>;
  /**
   * Prepares data that no journey of a file changes: once, and again after a clean start. Call it before each journey.
   */
  once(prepare: () => Promise<void>): Promise<void>;
};

/**
 * Starts the app with its screens in a separate process, and a browser whose errors about this project fail a test. A
 * failed test is repeated once after a clean start. Await it once, at the top of a test file. The first run on a
 * computer prepares SAPUI5, which takes some minutes.
 */
export async function launchScreens(options: SandboxOptions & { config?: object } = {}): Promise<ScreensApp> {
  await prepareUI5((text) => process.stderr.write(text + '\n'));
  const { config, ...rest } = options;
  const sandbox = await startSandbox({ seed: 'tiny', ...rest });
  const start = () =>
    startApp(
      {
        ...sandbox.env(),
        NODE_OPTIONS: `--import=${SCREENS} --import=${COMPILED}`,
        cds_requires_db_credentials_url: ':memory:',
      },
      { ...QUICK, ...config, log: { levels: { ...QUICK.log.levels, cds: 'info' } } },
    );
  let service = await start();
  const app = appAt(sandbox, () => service.url);
  const screens = browserFor(app);
  let prepared: Promise<void> | undefined;
  Object.assign(globalThis, {
    seenOnFailure: () => screens.seen(),
    async startAgain() {
      prepared = undefined;
      await Promise.all([screens.close(), service.stop()]);
      await sandbox.reset();
      service = await start();
    },
  });
  jest.retryTimes(1, { retryImmediately: true });
  jest.setTimeout(180_000);
  afterEach(() => expect(screens.complaints()).toEqual([]));
  afterAll(async () => {
    await screens.close();
    await service.stop();
    await sandbox.stop();
  });
  return Object.assign(app, {
    screens,
    async begin() {
      await screens.leave();
      return begin(app);
    },
    once: (prepare: () => Promise<void>) => (prepared ??= prepare()),
  });
}

/** Drafts prevent deletions and show up in lists. */
const DRAFTS = ['settings/LeanIXConfigs', 'access/AccessConfigs', 'access/Jobs'];

async function begin(app: App): Promise<string> {
  const enterprise = app.as('enterprise');
  for (const { ID } of await app.all('runtime/SyncRuns?$filter=isActive eq true')) await app.ended(ID);
  for (const { ID } of await app.all('access/JobRuns?$filter=isActive eq true')) await app.jobEnded(ID);
  // An open task keeps its connection from being deleted.
  for (const { ID } of await app.all(`access/ProvisioningTasks?$filter=status eq 'open'`)) {
    await ok(enterprise.post(`access/ProvisioningTasks(${ID})/AccessService.cancel`));
  }
  for (const user of [app.as('admin'), enterprise]) {
    for (const path of DRAFTS) {
      const { body } = await user.get(`${path}?$filter=IsActiveEntity eq false&$select=ID`);
      for (const { ID } of body.value ?? []) await ok(user.delete(`${path}(ID=${ID},IsActiveEntity=false)`));
    }
  }
  for (const { ID } of await app.all('settings/LeanIXConfigs?$filter=IsActiveEntity eq true&$select=ID')) {
    await ok(enterprise.delete(`settings/LeanIXConfigs(ID=${ID},IsActiveEntity=true)`));
  }
  await app.sandbox.reset();
  const created = enterprise.post('settings/LeanIXConfigs', { name: 'Default', IsActiveEntity: true });
  return (await ok(created)).body.ID;
}
