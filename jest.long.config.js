/** The long tests: faults, kills, two instances, the deployment rehearsed, journeys of less weight. */
import short from './jest.config.js';

export default {
  ...short,
  testMatch: ['<rootDir>/test/long/**/*.test.ts'],
  testPathIgnorePatterns: short.testPathIgnorePatterns.filter((pattern) => !pattern.includes('/long/')),
  testTimeout: 600_000,
  maxWorkers: 2,
};
