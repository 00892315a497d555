import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Snippets import the package by its name. */
const alias = [
  { find: /^temporal-migration-hub$/, replacement: join(import.meta.dirname, 'src/index.ts') },
  { find: /^temporal-migration-hub\/(\w+)$/, replacement: join(import.meta.dirname, 'src/$1') },
];
// Larger new spaces are collected less often, which saves CPU.
const execArgv = ['--max-semi-space-size=64'];
const forks = { pool: 'forks' as const, execArgv, testTimeout: 600_000, hookTimeout: 600_000, alias };

// What a file loads, and the workflow code that it has bundled, serves the next file of the same process.
const shared = { ...forks, isolate: false };

// Bundling takes seconds of CPU in each process.
const withBundle = {
  ...shared,
  alias: [...alias, { find: /^\.{1,2}(\/\w+)*\/root$/, replacement: join(import.meta.dirname, 'test/built.ts') }],
};

export default defineConfig({
  test: {
    // Most of the time is spent waiting: for heartbeats to fall due, for time-outs to pass.
    maxWorkers: 10,
    globalSetup: './vitest.build.mts',
    projects: [
      // Apart: a file that computes for seconds is a standstill to the activities of the next.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...shared } },
      // A process for each file: a module that is mocked, or a clock that was shifted, must not serve another.
      { test: { name: 'mocked', include: ['test/mocked/**/*.test.ts'], ...forks } },
      { test: { name: 'emulator', include: ['test/emulator/**/*.test.ts'], ...shared } },
      { test: { name: 'replay', include: ['test/replay/**/*.test.ts'], ...shared } },
      { test: { name: 'workflow', include: ['test/workflow/**/*.test.ts'], ...withBundle } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: './test/integration/server.ts',
          ...withBundle,
        },
      },
    ],
  },
});
