import { launch, type App } from './app.ts';
import { prepareUI5 } from '../../scripts/screens/ui5.ts';
import '../../scripts/screens/register.ts';
import { browserFor, type Screens } from './browser.ts';

/**
 * Starts the app with its screens, and a browser whose complaints about this project fail a test. To be awaited at the top of a test file, once.
 * SAPUI5 is prepared on the first run on a computer, which takes some minutes.
 */
export async function launchScreens(options: Parameters<typeof launch>[0] = {}): Promise<App & { screens: Screens }> {
  await prepareUI5((text) => process.stderr.write(text + '\n'));
  const app = await launch(options);
  const screens = browserFor(app);
  afterEach(() => expect(screens.complaints()).toEqual([]));
  afterAll(() => screens.close());
  return Object.assign(app, { screens });
}
