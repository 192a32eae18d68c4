/** Prepares SAPUI5 for the tests of the screens, once, before several of them start at the same time. */
import { findBrowser } from '../../test/helpers/browser/find-browser.js';
import { prepareUI5 } from './ui5.ts';

if (await findBrowser()) await prepareUI5((text) => process.stdout.write(text + '\n'));
