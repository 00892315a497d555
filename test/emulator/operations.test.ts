import {
  CreateProgressUpdateStreamCommand,
  DescribeMigrationTaskCommand,
  ImportMigrationTaskCommand,
  ListMigrationTasksCommand,
  ListProgressUpdateStreamsCommand,
  PutResourceAttributesCommand,
  paginateListMigrationTasks,
} from '@aws-sdk/client-migration-hub';
import { expect, test } from 'vitest';
import { emulatorAndClient, failure, importTask, json, notification, notify, post, STREAM } from './support';

const key = { ProgressUpdateStream: STREAM, MigrationTaskName: 'server-1' };

test('what was notified is what Describe, List and the admin API answer', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const sent = await notify(client);
  expect(sent.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);

  const ResourceAttributeList = [{ Type: 'FQDN' as const, Value: 'server-1.example.com' }];
  await client.send(new PutResourceAttributesCommand({ ...key, ResourceAttributeList }));

  const { MigrationTask } = await client.send(new DescribeMigrationTaskCommand(key));
  const { Task, UpdateDateTime } = notification();
  expect(MigrationTask).toEqual({ ...key, Task, UpdateDateTime, ResourceAttributeList });

  const { MigrationTaskSummaryList } = await client.send(new ListMigrationTasksCommand({}));
  expect(MigrationTaskSummaryList).toEqual([{ ...key, ...Task, UpdateDateTime }]);

  const tasks: unknown = await (await fetch(`${hub.url}/_mgh/tasks`)).json();
  expect(tasks).toMatchObject([
    {
      progressUpdateStream: STREAM,
      migrationTaskName: 'server-1',
      status: 'IN_PROGRESS',
      progressPercent: 10,
      statusDetail: 'Replicating',
      updateDateTime: 1767225600,
      nextUpdateSeconds: 60,
      deadline: 1767225660,
      notifications: 1,
      attributes: [{ type: 'FQDN', value: 'server-1.example.com' }],
    },
  ]);
});

test('a task that was only imported has nulls and is not stale', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const nulls = { status: null, progressPercent: null, statusDetail: null, updateDateTime: null, deadline: null };
  expect(hub.tasks()).toMatchObject([{ ...nulls, nextUpdateSeconds: null, stale: false, staleSeconds: 0 }]);
  const { MigrationTask } = await client.send(new DescribeMigrationTaskCommand(key));
  expect(MigrationTask).toEqual({ ...key, ResourceAttributeList: [] });
});

test('creating and importing again keeps the state', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  await notify(client);
  await importTask(client);
  expect(hub.tasks()).toMatchObject([{ status: 'IN_PROGRESS', notifications: 1 }]);
});

test('the last notification to arrive wins, with the fraction of its time', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  await notify(client);
  const older = { ...notification(), UpdateDateTime: 1767225599.25, Task: { Status: 'NOT_STARTED' } };
  const response = await post(hub, 'NotifyMigrationTaskState', older, {
    'content-type': 'application/x-amz-json-1.1; charset=utf-8',
  });
  expect([response.status, await response.text()]).toEqual([200, '{}']);
  expect(response.headers.get('x-amzn-requestid')).toBe(hub.requests().at(-1)?.requestId);
  expect(hub.tasks()).toMatchObject([{ status: 'NOT_STARTED', updateDateTime: 1767225599.25, progressPercent: null }]);
  const described = await json(await post(hub, 'DescribeMigrationTask', key));
  expect(described).toMatchObject({ MigrationTask: { UpdateDateTime: 1767225599.25 } });
});

test('250 tasks come in three pages, each once and in order', async () => {
  const { client } = await emulatorAndClient();
  await importTask(client, 'task-0');
  const names = Array.from({ length: 250 }, (_, i) => `task-${i}`);
  for (const name of names) {
    await client.send(new ImportMigrationTaskCommand({ ProgressUpdateStream: STREAM, MigrationTaskName: name }));
  }
  const pages: string[][] = [];
  for await (const page of paginateListMigrationTasks({ client }, {})) {
    pages.push((page.MigrationTaskSummaryList ?? []).map((task) => task.MigrationTaskName ?? ''));
  }
  expect(pages.map((page) => page.length)).toEqual([100, 100, 50]);
  expect(pages.flat()).toEqual(names);

  const small = await client.send(new ListMigrationTasksCommand({ MaxResults: 3, NextToken: '' }));
  expect(small.MigrationTaskSummaryList).toHaveLength(3);
  const wrong = new ListProgressUpdateStreamsCommand({ NextToken: small.NextToken });
  expect(await failure(client.send(wrong))).toMatchObject({ name: 'InvalidInputException' });
});

test('streams are listed in order of creation', async () => {
  const { client } = await emulatorAndClient();
  for (const name of ['B', 'A', 'B'])
    await client.send(new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: name }));
  const { ProgressUpdateStreamSummaryList } = await client.send(new ListProgressUpdateStreamsCommand({}));
  expect(ProgressUpdateStreamSummaryList?.map((s) => s.ProgressUpdateStreamName)).toEqual(['B', 'A']);
});

test('an unknown stream or task is a ResourceNotFoundException that names it', async () => {
  const { client } = await emulatorAndClient();
  const noStream = await failure(client.send(new ImportMigrationTaskCommand(key)));
  expect(noStream).toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } });
  expect(noStream.message).toContain(STREAM);
  await importTask(client);
  const noTask = await failure(notify(client, { MigrationTaskName: 'server-2' }));
  expect(noTask).toMatchObject({ name: 'ResourceNotFoundException' });
  expect(noTask.message).toContain('server-2');
});

test('a dry run answers DryRunOperation and changes nothing; a bad one is refused first', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const dry = await failure(notify(client, { DryRun: true }));
  expect(dry).toMatchObject({ name: 'DryRunOperation', $metadata: { httpStatusCode: 400 } });
  expect(hub.tasks()).toMatchObject([{ status: null, notifications: 0 }]);
  expect(await failure(notify(client, { DryRun: true, NextUpdateSeconds: -1 }))).toMatchObject({
    name: 'InvalidInputException',
  });
});

test('GetHomeRegion answers the configured home region', async () => {
  const { hub } = await emulatorAndClient({ homeRegion: 'eu-central-1' });
  const response = await post(hub, 'AWSMigrationHubMultiAccountService.GetHomeRegion', {});
  expect(await json(response)).toEqual({ HomeRegion: 'eu-central-1' });
});

test('reset forgets everything and keeps the port', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  hub.setFaults([{ action: { type: 'internal' } }]);
  await fetch(`${hub.url}/_mgh/reset`, { method: 'POST' });
  expect([hub.tasks(), hub.requests()]).toEqual([[], []]);
  await importTask(client);
  expect(hub.tasks()).toHaveLength(1);
});
