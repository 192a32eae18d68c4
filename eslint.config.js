import cds from '@sap/eslint-plugin-cds';
import * as regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';
import { namesAreTexts } from './scripts/lint/names.js';

export default tseslint.config(
  { ignores: ['node_modules/', 'gen/', '@cds-models/', '.sandbox/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      'no-await-in-loop': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    // The test client of CAP answers untyped bodies, and tests do one step after another.
    files: ['test/**/*.ts'],
    rules: {
      'no-await-in-loop': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['app/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...namesAreTexts] } },
  {
    // Nobody may stop the process with a text: no expression takes more than linear time for one.
    files: ['**/*.ts', '**/*.js'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  { files: ['**/*.cds'], ...cds.configs.recommended },
);
