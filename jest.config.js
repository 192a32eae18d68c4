/** Tests are TypeScript modules, stripped of their types by swc; CAP itself loads srv/*.ts through Node. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { findBrowser } from './test/helpers/browser/find-browser.js';

process.env.CDS_TYPESCRIPT = 'true';
// The tests and the apps that they start are compiled once.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'node');
enableCompileCache();
process.env.NO_TELEMETRY = 'true';

const typescript = {
  jsc: { parser: { syntax: 'typescript', decorators: false }, target: 'es2024' },
  module: { type: 'es6' },
};

const browser = await findBrowser();
if (!browser) {
  const skipped = 'No Chromium or Chrome was found: the journeys in it are skipped.';
  if (process.env.BROWSER_REQUIRED) throw new Error(skipped);
  process.stderr.write(`${skipped} Install one, or set CHROME_PATH; BROWSER chooses between installed and packaged.\n`);
}

export default {
  testEnvironment: './test/helpers/jest/environment.js',
  testSequencer: './test/helpers/jest/sequencer.js',
  transform: { '\\.ts$': ['@swc/jest', typescript] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/long/', ...(browser ? [] : ['/e2e/'])],
  modulePathIgnorePatterns: ['<rootDir>/gen/', '<rootDir>/.sandbox/'],
  testTimeout: 240_000,
  silent: true,
  maxWorkers: 3,
};
