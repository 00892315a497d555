import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import {
  AssociateCreatedArtifactCommand,
  AssociateDiscoveredResourceCommand,
  CreateProgressUpdateStreamCommand,
  ImportMigrationTaskCommand,
  NotifyApplicationStateCommand,
  PutResourceAttributesCommand,
} from '@aws-sdk/client-migration-hub';
import { startEmulator, type Emulator } from '../../src/emulator';
import { openAwsMigrationHub, type WayToMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import { ResourceReader } from '../../src/migration-hub/read-resources';
import type { TaskIdentity } from '../../src/report';

let emulator: Emulator;
let way: WayToMigrationHub;
let tasks = 0;
let TASK: TaskIdentity;
let KEYS: { ProgressUpdateStream: string; MigrationTaskName: string };
let before = 0;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  emulator = await startEmulator();
  way = openAwsMigrationHub({ region: 'us-west-2', endpoint: emulator.url, requestTimeoutSeconds: 20 });
  await way.send(new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: 'DatacenterExit' }));
});
beforeEach(async () => {
  emulator.clearFaults();
  TASK = { progressUpdateStream: 'DatacenterExit', migrationTaskName: `web-${++tasks}` };
  KEYS = { ProgressUpdateStream: TASK.progressUpdateStream, MigrationTaskName: TASK.migrationTaskName };
  await way.send(new ImportMigrationTaskCommand(KEYS));
  before = emulator.requests().length;
});
afterAll(async () => {
  way.destroy();
  await emulator.close();
  vi.unstubAllEnvs();
});

/** Calls of this test. */
const asked = (operation: RegExp) =>
  emulator
    .requests()
    .slice(before)
    .filter((request) => operation.test(request.operation ?? '')).length;
const artifacts = Array.from({ length: 23 }, (_, i) => `arn:aws:ec2:us-west-2:123456789012:image/ami-${i}`);
async function attach(names: string[]): Promise<void> {
  const { send } = way;
  await send(
    new PutResourceAttributesCommand({ ...KEYS, ResourceAttributeList: [{ Type: 'FQDN', Value: 'web-01.x' }] }),
  );
  await send(
    new AssociateDiscoveredResourceCommand({ ...KEYS, DiscoveredResource: { ConfigurationId: 'd-server-1' } }),
  );
  for (const Name of names)
    await send(new AssociateCreatedArtifactCommand({ ...KEYS, CreatedArtifact: { Name, Description: 'an image' } }));
}

it('all pages of what Migration Hub holds of a task are read; what the client does not know is left out', async () => {
  await attach(artifacts);
  const reader = new ResourceReader(way.send);
  const { createdArtifacts, ...others } = await reader.ofTask(TASK);
  expect(createdArtifacts?.map(({ name }) => name)).toEqual(artifacts);
  expect(createdArtifacts?.[0]?.description).toBe('an image');
  expect(others).toEqual({
    known: true,
    denied: [],
    resourceAttributes: [{ type: 'FQDN', value: 'web-01.x' }],
    discoveredResources: [{ configurationId: 'd-server-1', description: undefined }],
  });
  expect(reader.knowsSources).toBe(false);
  expect(asked(/^ListCreatedArtifacts$/)).toBe(3);
});

it('source resources are read by a client that knows them', async () => {
  const pages: Record<string, object> = {
    first: { SourceResourceList: [{ Name: 'vm-1', StatusDetail: 'copied' }], NextToken: 'second' },
    second: { SourceResourceList: [{ Name: 'vm-2' }] },
  };
  const list = (input: object) => ({ listed: input }) as never;
  const send = ((command: { listed?: { NextToken?: string; MaxResults: number } }) =>
    command.listed ? Promise.resolve(pages[command.listed.NextToken ?? 'first']) : way.send(command as never)) as never;
  const reader = new ResourceReader(send, list);
  expect(reader.knowsSources).toBe(true);
  expect((await reader.ofTask(TASK)).sourceResources).toEqual([
    { name: 'vm-1', description: undefined, statusDetail: 'copied' },
    { name: 'vm-2', description: undefined, statusDetail: undefined },
  ]);
});

it('a task that Migration Hub does not know is said to be unknown, after one call', async () => {
  const reader = new ResourceReader(way.send);
  expect(await reader.ofTask({ ...TASK, migrationTaskName: 'nobody' })).toEqual({ known: false, denied: [] });
  expect(asked(/^(Describe|List)/)).toBe(1);
});

it('an operation that is not permitted leaves the others', async () => {
  await attach([]);
  emulator.setFaults([{ match: { operation: 'ListCreatedArtifacts' }, action: { type: 'access-denied' } }]);
  expect(await new ResourceReader(way.send).ofTask(TASK)).toMatchObject({
    denied: ['ListCreatedArtifacts'],
    createdArtifacts: undefined,
    discoveredResources: [{ configurationId: 'd-server-1' }],
  });
});

it('what is throttled is asked again; expired credentials end it at once', async () => {
  const reader = new ResourceReader(way.send);
  const action = { type: 'throttle', retryAfterSeconds: 0 } as const;
  emulator.setFaults([{ match: { operation: 'DescribeMigrationTask' }, times: 2, action }]);
  expect((await reader.ofTask(TASK)).known).toBe(true);
  expect(asked(/^DescribeMigrationTask$/)).toBe(3);
  emulator.setFaults([{ action: { type: 'expired-token' } }]);
  await expect(reader.ofTask(TASK)).rejects.toMatchObject({ failure: { type: 'ExpiredTokenException' } });
  expect(asked(/^DescribeMigrationTask$/)).toBe(4);
});

it('the states of all applications are read, with their times', async () => {
  const ids = Array.from({ length: 101 }, (_, i) => `d-application-${i}`);
  for (const ApplicationId of ids)
    await way.send(
      new NotifyApplicationStateCommand({ ApplicationId, Status: 'IN_PROGRESS', UpdateDateTime: new Date(1_000_000) }),
    );
  const held = await new ResourceReader(way.send).applications();
  expect(held.map(({ applicationId }) => applicationId)).toEqual(ids);
  expect(held[0]).toEqual({ applicationId: 'd-application-0', status: 'IN_PROGRESS', lastUpdatedTime: 1000 });
});
