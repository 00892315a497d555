import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Imports point one way: each folder names what it may not reach. */
const forbid = (files, patterns) => ({ files, rules: { 'no-restricted-imports': ['error', { patterns }] } });
/** A room of src, as its neighbours import it. */
const rooms = (...names) => names.flatMap((name) => [`../${name}`, `../${name}/*`, `../../${name}`, `../../${name}/*`]);
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
/** Which name a misspelt one meant: it decides nothing that the emulator judges. */
const GUESS = ['!../../report', '../../report/*', '!../../report/meant'];
const EMULATOR_ENTRIES = ['index', 'process', 'start-emulator', 'emulator', 'emulator-core', 'options'].map(
  (name) => `../${name}`,
);
const node = ['node:*', 'fs', 'path', 'http', 'crypto'];

export default tseslint.config(
  { ignores: ['lib/**', 'reference/**', 'coverage/**', 'src/emulator/generated/**', 'dev/package/fixtures/**'] },
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
  {
    files: ['src/board/page/**/*.ts', 'src/board/page/**/*.tsx'],
    languageOptions: {
      parserOptions: { project: './src/board/page/tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { process: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['examples/recipes/jest/*.test.js'],
    languageOptions: {
      globals: Object.fromEntries(
        ['afterAll', 'beforeAll', 'beforeEach', 'expect', 'test'].map((name) => [name, 'readonly']),
      ),
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { fetch: 'readonly' } } },
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
    ['src/async/**'],
    [
      {
        group: ['@temporalio/*', '@aws-sdk/*', '../*', ...node],
        message: 'async is helpers for promises: no Temporal, no AWS, nothing of ours.',
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
          ...rooms('async', 'migration-hub', 'client', 'emulator', 'worker'),
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
        message: 'migration-hub knows AWS, report, task-state and async.',
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
          ...rooms('migration-hub', 'activities', 'nexus', 'emulator', 'worker'),
        ],
        message: 'The client needs report, task-state, async and the Temporal client, no native module.',
      },
    ],
  ),
  forbid(
    ['src/events/**'],
    [
      {
        group: [
          '@aws-sdk/*',
          '@temporalio/*',
          ...rooms('migration-hub', 'workflows', 'migration-task', 'activities', 'nexus', 'emulator', 'worker', 'cli'),
          ...node,
        ],
        message: 'events reads JSON, and reports by the client.',
      },
    ],
  ),
  forbid(
    ['src/activities/**'],
    [
      {
        group: ['@temporalio/worker', ...rooms('nexus', 'emulator', 'worker')],
        message: 'Activities know the client and migration-hub.',
      },
    ],
  ),
  forbid(
    ['src/nexus/**', 'src/nexus.ts'],
    [
      {
        group: ['@aws-sdk/*', '@temporalio/worker', ...rooms('migration-hub', 'workflows', 'emulator', 'worker')],
        message: 'Nexus needs report, client and activities.',
      },
    ],
  ),
  forbid(
    ['src/nexus/service.ts'],
    [{ group: ['../*', '@temporalio/*', ...node], allowTypeImports: true, message: 'Workflows of callers import it.' }],
  ),
  forbid(
    ['src/temporal-cli/**'],
    [{ group: ['@aws-sdk/*', '@temporalio/*', '../*'], message: 'Only where a Temporal CLI comes from.' }],
  ),
  forbid(
    ['src/dev-environment/sample/workflows/**', 'src/dev-environment/sample/servers.ts'],
    [
      {
        group: ['@aws-sdk/*', '@temporalio/worker', '@temporalio/client', ...node],
        message: 'Workflow code of a user: it imports the entry for workflows.',
      },
      {
        regex: '^\\.\\./(?!servers$|\\.\\./\\.\\./workflow$)',
        message: 'Workflow code of a user: it imports the entry for workflows.',
      },
    ],
  ),
  forbid(
    ['src/worker/**', 'src/worker.ts', 'src/index.ts'],
    [
      {
        group: rooms('emulator', 'dev-environment', 'temporal-cli'),
        message: 'What the emulator judges does not import it.',
      },
    ],
  ),
  forbid(
    ['src/inventory/**'],
    [
      {
        group: [
          '@temporalio/*',
          '@aws-sdk/*',
          ...rooms('client', 'migration-hub', 'activities', 'workflows', 'emulator', 'worker', 'cli', 'board'),
        ],
        message: 'inventory reads files of servers, and knows only what a report is.',
      },
    ],
  ),
  forbid(
    ['src/board/**'],
    [
      {
        group: [
          '@aws-sdk/*',
          '@temporalio/worker',
          '@temporalio/activity',
          ...rooms('migration-hub', 'activities', 'workflows', 'nexus', 'emulator', 'worker', 'cli'),
        ],
        message: 'The board reads by the client: report, task-state, async, client and the HTTP server.',
      },
    ],
  ),
  forbid(
    ['src/board/page/**'],
    [
      {
        regex: '^(?!\\./|preact(/|$))(?!\\.\\./(wire|\\.\\./report/types|\\.\\./task-state/view)$)',
        message: 'The page runs in browsers: what the server sends it, and names of statuses.',
      },
    ],
  ),
  forbid(
    ['src/cli/**'],
    [
      {
        group: [
          '@aws-sdk/*',
          '@temporalio/worker',
          ...rooms(
            'migration-hub',
            'activities',
            'workflows',
            'emulator',
            'worker',
            'board',
            'dev-environment',
            'doctor',
          ),
        ],
        allowTypeImports: true,
        message: 'A command that asks starts at once: what only one command needs it loads by import().',
      },
    ],
  ),
  forbid(
    ['src/doctor/**'],
    [
      {
        group: [
          '@temporalio/worker',
          ...rooms('activities', 'workflows', 'migration-task', 'nexus', 'emulator', 'worker', 'board'),
          '../cli/commands/*',
          '../../cli/commands/*',
        ],
        message: 'The doctor asks Temporal and AWS as their clients do, and says it in the words of the command line.',
      },
    ],
  ),
  forbid(
    ['src/emulator/*.ts'],
    [
      {
        group: ['@temporalio/*', '@aws-sdk/*', '../*', '!../on-stop-signal'],
        message: 'The emulator shares no code with what it judges.',
      },
    ],
  ),
  ...EMULATOR_ROOMS.map((room, index) =>
    forbid(
      [`src/emulator/${room}/**`],
      [
        {
          group: ['@temporalio/*', '@aws-sdk/*', '../../*', ...(room === 'settings' ? GUESS : [])],
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
