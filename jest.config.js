/** Tests are TypeScript modules, stripped of their types by swc; CAP itself loads srv/*.ts through Node. */
process.env.CDS_TYPESCRIPT = 'true';

const typescript = {
  jsc: { parser: { syntax: 'typescript', decorators: false }, target: 'es2024' },
  module: { type: 'es6' },
};

export default {
  testEnvironment: 'node',
  transform: { '\\.ts$': ['@swc/jest', typescript] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/gen/', '<rootDir>/.sandbox/'],
  testTimeout: 60000,
  silent: true,
  maxWorkers: 2,
};
