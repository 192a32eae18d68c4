/**
 * The long tests: kills, two instances, the deployment rehearsed, journeys of less weight, and the tests of resilience in
 * their long form.
 */
import short from './jest.config.js';

process.env.LONG_TESTS = 'true';

export default {
  ...short,
  testMatch: ['<rootDir>/test/{long,resilience}/**/*.test.ts'],
  testPathIgnorePatterns: short.testPathIgnorePatterns.filter((pattern) => !pattern.includes('/long/')),
  testTimeout: 600_000,
  maxWorkers: 3,
};
