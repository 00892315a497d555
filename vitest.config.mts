import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const SRC = join(import.meta.dirname, 'src');
const LIB = join(import.meta.dirname, 'lib');

/** A module of `lib` by its path without an ending; undefined where only `src` has it. */
const builtFile = (path: string): string | undefined =>
  [`${path}.js`, join(path, 'index.js')].map((file) => join(LIB, file)).find(existsSync);

/**
 * Tests have the modules of `src` as they are built, in `lib`: Node loads these by itself, and workers have the workflow code that is
 * built. From the sources, each process of tests would need seconds of CPU. `vitest.build.mts` builds them where they are older.
 */
const built = {
  name: 'built',
  enforce: 'pre' as const,
  resolveId(id: string, importer: string | undefined) {
    // Snippets import the package by its name.
    const [, entry] = /^temporal-migration-hub(?:\/(\w+))?$/.exec(id) ?? [];
    if (entry !== undefined || id === 'temporal-migration-hub') return builtFile(entry ?? 'index');
    if (!importer || !id.startsWith('.')) return undefined;
    const path = relative(SRC, resolve(dirname(importer), id));
    return path.startsWith('..') ? undefined : builtFile(path === '' ? 'index' : path);
  },
};

// What saves CPU where many processes live for seconds: garbage is collected less often and in one thread, and code is optimized later.
const execArgv = [
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
  '--single-threaded-gc',
  '--interrupt-budget=1000000',
];
// Of the machine: to parse its certificates takes 50 ms for each client of the AWS SDK.
const env = { AWS_CA_BUNDLE: '' };
// Workflow code in the thread of the tests: each worker that starts a thread for it needs 0.3 s of CPU. Processes of the tests' own have
// threads, as users' have, and so have chaos, life and bench.
const inOneThread = { ...env, TEMPORAL_DEBUG: '1' };
const forks = { pool: 'forks' as const, execArgv, env, testTimeout: 600_000, hookTimeout: 600_000 };
// Its tests spend most of their time waiting: for heartbeats to fall due, for time-outs to pass.
const waiting = { maxWorkers: 14, sequence: { groupOrder: 0 } };
// They compute, and each process loads the SDKs again.
const computing = { maxWorkers: 4, sequence: { groupOrder: 1 } };
// What a file loads serves the next file of the same process.
const shared = { ...forks, isolate: false, server: { deps: { external: [/\/lib\/.*\.js$/] } } };
// The SDK takes a stack trace of each promise that workflow code makes. Of the tests themselves they stay long.
const shortTraces = { execArgv: [...execArgv, '--stack-trace-limit=2'], setupFiles: './test/stack-traces.ts' };
const files = (name: string) => ({ name, include: [`test/${name}/**/*.test.ts`] });

export default defineConfig({
  test: {
    globalSetup: './vitest.build.mts',
    projects: [
      // Apart: a file that computes for seconds is a standstill to the activities of the next.
      { plugins: [built], test: { ...files('unit'), ...shared, ...computing } },
      // From the sources: what these import can be mocked. A process for each file: neither that nor a shifted clock must serve another.
      { test: { ...files('mocked'), ...forks, ...computing } },
      { plugins: [built], test: { ...files('emulator'), ...shared, ...computing } },
      { plugins: [built], test: { ...files('replay'), ...shared, ...computing, ...shortTraces } },
      { plugins: [built], test: { ...files('workflow'), ...shared, ...waiting, env: inOneThread } },
      {
        plugins: [built],
        test: {
          ...files('integration'),
          globalSetup: './test/integration/server.ts',
          ...shared,
          ...waiting,
          env: inOneThread,
          ...shortTraces,
        },
      },
    ],
  },
});
