import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Imports point one way: each folder names what it may not reach. */
const forbid = (files, patterns) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
/** The rooms of the emulator: each may import those before it. */
const EMULATOR_ROOMS = [
  'generated',
  'settings',
  'time',
  'hub',
  'operations',
  'calls',
  'faults',
  'state-file',
  'journal',
  'http',
];
const EMULATOR_ENTRIES = ['index', 'process', 'start-emulator', 'emulator', 'emulator-core', 'options'].map(
  (name) => `../${name}`,
);
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
    ['src/task-state/**'],
    [
      {
        group: ['@temporalio/*', '@aws-sdk/*', '../*', ...node],
        message: 'task-state is pure: no Temporal, no AWS, no Node.',
      },
    ],
  ),
  forbid(
    ['src/workflows/**', 'src/workflow-side/**', 'src/workflow.ts'],
    [
      {
        group: [
          '@aws-sdk/*',
          '@temporalio/worker',
          '@temporalio/client',
          '**/migration-hub/*',
          '**/emulator/*',
          '**/heartbeat-client',
          ...node,
        ],
        message: 'Workflow code: only @temporalio/workflow, @temporalio/common and task-state.',
      },
    ],
  ),
  forbid(
    ['src/activities/**', 'src/migration-hub/**'],
    [{ group: ['**/emulator/*', '**/workflows/*'], message: 'activities know task-state and migration-hub.' }],
  ),
  forbid(
    [
      'src/{index,plugin,client,heartbeat-client,invalid-report,configuration-error,regroup,check-groups,worker,worker-process,settings}.ts',
    ],
    [{ group: ['**/emulator', '**/emulator/*'], message: 'What the emulator judges does not import it.' }],
  ),
  forbid(
    ['src/history/**', 'src/state-from-history.ts', 'src/reported-state.ts', 'src/unanswered.ts'],
    [
      {
        group: ['@aws-sdk/*', '@temporalio/worker', '**/emulator', '**/emulator/*', '**/migration-hub/*'],
        message: 'Reading a history needs task-state and the Temporal client, no more.',
      },
    ],
  ),
  forbid(
    ['src/emulator/*.ts'],
    [{ group: ['@temporalio/*', '@aws-sdk/*', '../*'], message: 'The emulator shares no code with what it judges.' }],
  ),
  ...EMULATOR_ROOMS.map((room, index) =>
    forbid(
      [`src/emulator/${room}/**`],
      [
        {
          group: ['@temporalio/*', '@aws-sdk/*', '../../*'],
          message: 'The emulator shares no code with what it judges.',
        },
        {
          group: [...EMULATOR_ROOMS.slice(index + 1).map((later) => `../${later}/*`), ...EMULATOR_ENTRIES],
          message: 'A room of the emulator imports only rooms that come before it in EMULATOR_ROOMS.',
        },
      ],
    ),
  ),
);
