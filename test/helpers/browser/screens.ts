import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSandbox, type SandboxOptions } from '../../../sandbox/index.ts';
import { prepareUI5 } from '../../../scripts/screens/ui5.ts';
import { appAt, QUICK, type App } from '../app/app.ts';
import { browserFor, type Screens } from './browser.ts';
import { startApp } from '../app/process.ts';

/** Preloaded into the service: adds the screens to it, as `npm start` does. */
export const SCREENS = pathToFileURL(
  join(import.meta.dirname, '..', '..', '..', 'scripts', 'screens', 'register.ts'),
).href;

/**
 * Starts the app with its screens in a process of its own, which serves pages much faster than one that runs tests, and
 * a browser whose complaints about this project fail a test. To be awaited at the top of a test file, once. SAPUI5 is
 * prepared on the first run on a computer, which takes some minutes.
 */
export async function launchScreens(
  options: SandboxOptions & { config?: object } = {},
): Promise<App & { screens: Screens }> {
  await prepareUI5((text) => process.stderr.write(text + '\n'));
  const { config, ...rest } = options;
  const sandbox = await startSandbox({ seed: 'tiny', ...rest });
  const service = await startApp(
    { ...sandbox.env(), NODE_OPTIONS: `--import=${SCREENS}`, cds_requires_db_credentials_url: ':memory:' },
    { ...QUICK, ...config, log: { levels: { ...QUICK.log.levels, cds: 'info' } } },
  );
  const app = appAt(sandbox, () => service.url);
  const screens = browserFor(app);
  Object.assign(globalThis, { seenOnFailure: () => screens.seen() });
  afterEach(() => expect(screens.complaints()).toEqual([]));
  afterAll(async () => {
    await screens.close();
    await service.stop();
    await sandbox.stop();
  });
  return Object.assign(app, { screens });
}
