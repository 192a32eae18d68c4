/** The long tests: faults, kills, two instances, the deployment rehearsed. One after the other: they need the machine to themselves. */
import short from './jest.config.js';

const withoutBrowser = short.testPathIgnorePatterns.includes('<rootDir>/test/e2e/');

export default {
  ...short,
  testMatch: ['<rootDir>/test/long/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(withoutBrowser ? ['<rootDir>/test/long/screens/'] : [])],
  testTimeout: 600_000,
  maxWorkers: 1,
};
