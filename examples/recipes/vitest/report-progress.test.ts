import {
  CreateProgressUpdateStreamCommand,
  ImportMigrationTaskCommand,
  MigrationHubClient,
} from '@aws-sdk/client-migration-hub';
import { type Emulator, startEmulator } from 'temporal-migration-hub/emulator';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { reportProgress } from './report-progress';

let emulator: Emulator;
let client: MigrationHubClient;

beforeAll(async () => {
  emulator = await startEmulator();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new MigrationHubClient({ endpoint: emulator.url, region: 'us-west-2', credentials });
});
afterAll(() => emulator.close());

beforeEach(async () => {
  emulator.reset();
  await client.send(new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: 'DatacenterExit' }));
  await client.send(
    new ImportMigrationTaskCommand({ ProgressUpdateStream: 'DatacenterExit', MigrationTaskName: 'web-01' }),
  );
});

test('Migration Hub has what was reported', async () => {
  await reportProgress(client, 'web-01', 40);
  expect(emulator.tasks()).toMatchObject([{ status: 'IN_PROGRESS', progressPercent: 40 }]);
});

test('a call that Migration Hub throttles is made again', async () => {
  const match = { operation: 'NotifyMigrationTaskState' };
  emulator.setFaults([{ match, times: 1, action: { type: 'throttle' } }]);
  await reportProgress(client, 'web-01', 50);
  expect(emulator.requests(match).map(({ httpStatus }) => httpStatus)).toEqual([400, 200]);
});

test('a server that reports nothing for two hours is stale after the first', async () => {
  await reportProgress(client, 'web-01', 60);
  emulator.clock.advance(7200);
  const [task] = emulator.tasks();
  expect(task?.stale).toBe(true);
  expect(task?.staleSeconds).toBeGreaterThan(3590);
});
