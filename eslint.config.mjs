import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Imports point one way: each folder names what it may not reach. */
const forbid = (files, patterns) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
/** A room of src, as its neighbours import it. */
const rooms = (...names) => names.flatMap((name) => [`../${name}`, `../${name}/*`, `../../${name}`, `../../${name}/*`]);
const node = ['node:*', 'fs', 'path', 'http', 'crypto'];

export default tseslint.config(
  { ignores: ['lib/**', 'coverage/**', 'src/emulator/generated/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
    },
  },
  forbid(
    ['src/report/**', 'src/task-state/**'],
    [
      {
        group: ['@temporalio/*', '!@temporalio/common', '@aws-sdk/*', '../*', '!../report', '!../report/*', ...node],
        message: 'report and task-state are pure: no Temporal server, no AWS, no Node.',
      },
    ],
  ),
  forbid(
    ['src/workflows/**', 'src/migration-task/**', 'src/workflow.ts'],
    [
      {
        group: [
          '@aws-sdk/*',
          '@temporalio/worker',
          '@temporalio/client',
          ...rooms('migration-hub', 'client', 'emulator', 'worker'),
          ...node,
        ],
        message: 'Workflow code: only @temporalio/workflow, @temporalio/common, report and task-state.',
      },
    ],
  ),
  forbid(
    ['src/migration-hub/**'],
    [
      {
        group: ['@temporalio/*', ...rooms('workflows', 'migration-task', 'client', 'activities', 'emulator', 'worker')],
        message: 'migration-hub knows AWS, report and task-state.',
      },
    ],
  ),
  forbid(
    ['src/client/**', 'src/client.ts'],
    [
      {
        group: [
          '@aws-sdk/*',
          '@temporalio/worker',
          '@temporalio/activity',
          ...rooms('migration-hub', 'activities', 'emulator', 'worker'),
        ],
        message: 'The client needs report, task-state and the Temporal client, no native module.',
      },
    ],
  ),
  forbid(
    ['src/activities/**'],
    [
      {
        group: ['@temporalio/worker', ...rooms('emulator', 'worker')],
        message: 'Activities know the client and migration-hub.',
      },
    ],
  ),
  forbid(
    ['src/worker/**', 'src/worker.ts', 'src/index.ts'],
    [{ group: rooms('emulator'), message: 'What the emulator judges does not import it.' }],
  ),
  forbid(
    ['src/emulator/**'],
    [
      {
        group: [
          '@temporalio/*',
          '@aws-sdk/*',
          '**/task-state/*',
          '**/migration-hub/*',
          '**/workflows/*',
          '**/activities/*',
          '../worker',
          '../client',
        ],
        message: 'The emulator is the referee: it shares no code with what it judges.',
      },
    ],
  ),
);
