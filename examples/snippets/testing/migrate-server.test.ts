import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { MigrationHubPlugin } from 'temporal-migration-hub';
import { startEmulator, type Emulator } from 'temporal-migration-hub/emulator';
import { afterAll, beforeAll, expect, test } from 'vitest';

let env: TestWorkflowEnvironment;
let emulator: Emulator;

beforeAll(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  env = await TestWorkflowEnvironment.createTimeSkipping();
  emulator = await startEmulator({ clock: () => env.currentTimeMs() });
});
afterAll(async () => {
  await emulator.close();
  await env.teardown();
});

test('a migration of 12 hours is never stale, and ends as completed', async () => {
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: 'migrations',
    workflowsPath: join(__dirname, 'migrate-server.ts'),
    plugins: [new MigrationHubPlugin({ region: 'us-west-2', endpoint: emulator.url })],
  });
  await worker.runUntil(
    env.client.workflow.execute('migrateServer', {
      workflowId: 'migrate-web-01',
      taskQueue: 'migrations',
      args: ['web-01'],
    }),
  );
  const { tasks, staleness } = await emulator.judge();
  expect(tasks).toMatchObject([{ migrationTaskName: 'web-01', status: 'COMPLETED', progressPercent: 100 }]);
  expect(staleness.seconds).toBe(0);
});
