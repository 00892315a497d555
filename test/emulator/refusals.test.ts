import { ListMigrationTasksCommand, PutResourceAttributesCommand } from '@aws-sdk/client-migration-hub';
import { expect, test } from 'vitest';
import { emulatorAndClient, failure, importTask, json, notification, notify, post, STREAM } from './support';

const plain = { ...notification(), UpdateDateTime: 1767225600 };
const attributes = (list: unknown) => ({
  ProgressUpdateStream: STREAM,
  MigrationTaskName: 'server-1',
  ResourceAttributeList: list,
});

const refused: [operation: string, member: string, body: object][] = [
  ['CreateProgressUpdateStream', 'ProgressUpdateStreamName', {}],
  ['CreateProgressUpdateStream', 'ProgressUpdateStreamName', { ProgressUpdateStreamName: '' }],
  ['CreateProgressUpdateStream', 'ProgressUpdateStreamName', { ProgressUpdateStreamName: 'x'.repeat(51) }],
  ['CreateProgressUpdateStream', 'ProgressUpdateStreamName', { ProgressUpdateStreamName: 'a/b' }],
  ['CreateProgressUpdateStream', 'ProgressUpdateStreamName', { ProgressUpdateStreamName: 'a\u001fb' }],
  ['CreateProgressUpdateStream', 'DryRun', { ProgressUpdateStreamName: 'a', DryRun: 'yes' }],
  ['ImportMigrationTask', 'MigrationTaskName', { ProgressUpdateStream: STREAM, MigrationTaskName: 'a:b' }],
  ['ImportMigrationTask', 'MigrationTaskName', { ProgressUpdateStream: STREAM, MigrationTaskName: 'x'.repeat(257) }],
  ['NotifyMigrationTaskState', 'Task', { ...plain, Task: undefined }],
  ['NotifyMigrationTaskState', 'Task.Status', { ...plain, Task: {} }],
  ['NotifyMigrationTaskState', 'Task.Status', { ...plain, Task: { Status: 'DONE' } }],
  ['NotifyMigrationTaskState', 'Task.StatusDetail', { ...plain, Task: { Status: 'FAILED', StatusDetail: 'a\nb' } }],
  [
    'NotifyMigrationTaskState',
    'Task.StatusDetail',
    { ...plain, Task: { Status: 'FAILED', StatusDetail: 'x'.repeat(2501) } },
  ],
  ['NotifyMigrationTaskState', 'Task.ProgressPercent', { ...plain, Task: { Status: 'FAILED', ProgressPercent: 101 } }],
  ['NotifyMigrationTaskState', 'Task.ProgressPercent', { ...plain, Task: { Status: 'FAILED', ProgressPercent: -1 } }],
  ['NotifyMigrationTaskState', 'Task.ProgressPercent', { ...plain, Task: { Status: 'FAILED', ProgressPercent: 9.5 } }],
  ['NotifyMigrationTaskState', 'UpdateDateTime', { ...plain, UpdateDateTime: null }],
  ['NotifyMigrationTaskState', 'UpdateDateTime', { ...plain, UpdateDateTime: '2026-01-01T00:00:00Z' }],
  ['NotifyMigrationTaskState', 'NextUpdateSeconds', { ...plain, NextUpdateSeconds: undefined }],
  ['NotifyMigrationTaskState', 'NextUpdateSeconds', { ...plain, NextUpdateSeconds: -1 }],
  ['NotifyMigrationTaskState', 'NextUpdateSeconds', { ...plain, NextUpdateSeconds: 2 ** 31 }],
  ['NotifyMigrationTaskState', 'NextUpdateSeconds', { ...plain, NextUpdateSeconds: 2 ** 63 }],
  ['PutResourceAttributes', 'ResourceAttributeList', attributes([])],
  ['PutResourceAttributes', 'ResourceAttributeList.0.Type', attributes([{ Type: 'HOSTNAME', Value: 'a' }])],
  ['PutResourceAttributes', 'ResourceAttributeList.0.Value', attributes([{ Type: 'FQDN', Value: '' }])],
  ['ListMigrationTasks', 'MaxResults', { MaxResults: 0 }],
  ['ListMigrationTasks', 'MaxResults', { MaxResults: 101 }],
  ['ListMigrationTasks', 'NextToken', { NextToken: 'not a token' }],
  ['ListMigrationTasks', 'NextToken', { NextToken: 'dGFza3M6eA==' }],
];

test.each(refused)('%s with a bad %s is refused by name and stores nothing: %j', async (operation, member, body) => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const before = hub.tasks();
  const response = await post(hub, operation, body);
  const { __type, Message } = await json(response);
  expect([response.status, __type]).toEqual([400, 'InvalidInputException']);
  expect(String(Message).split(' ')[0]).toBe(member);
  expect(hub.tasks()).toEqual(before);
  expect(hub.requests().at(-1)).toMatchObject({ operation, httpStatus: 400, error: 'InvalidInputException' });
});

test('the SDK sees a refusal as InvalidInputException', async () => {
  const { client } = await emulatorAndClient();
  await importTask(client);
  expect(await failure(notify(client, { NextUpdateSeconds: -1 }))).toMatchObject({
    name: 'InvalidInputException',
    $fault: 'client',
    message: 'NextUpdateSeconds must be >= 0.',
  });
});

test('values right at the edges are accepted', async () => {
  const { hub, client } = await emulatorAndClient();
  const stream = 'é'.repeat(50);
  const task = `a/b c\n${'x'.repeat(250)}`;
  await importTask(client, task, stream);
  const at = { ProgressUpdateStream: stream, MigrationTaskName: task };
  await notify(client, { ...at, NextUpdateSeconds: 0, Task: { Status: 'NOT_STARTED', ProgressPercent: 0 } });
  const Task = { Status: 'COMPLETED' as const, ProgressPercent: 100, StatusDetail: 'x'.repeat(2500) };
  await notify(client, { ...at, NextUpdateSeconds: 2147483647, Task });
  await notify(client, { ...at, Task: { Status: 'FAILED', StatusDetail: '' } });
  const Type = 'BIOS_ID' as const;
  const ResourceAttributeList = Array.from({ length: 100 }, () => ({ Type, Value: 'v'.repeat(256) }));
  await client.send(new PutResourceAttributesCommand({ ...at, ResourceAttributeList }));
  await client.send(new ListMigrationTasksCommand({ MaxResults: 1 }));
  await client.send(new ListMigrationTasksCommand({ MaxResults: 100 }));
  expect(hub.tasks()).toMatchObject([{ notifications: 3, statusDetail: '' }]);
});

test('members that the model does not know and nulls for optional members are ignored', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const Task = { Status: 'IN_PROGRESS', StatusDetail: null, ProgressPercent: null };
  expect((await post(hub, 'NotifyMigrationTaskState', { ...plain, Task, Wave: 7 })).status).toBe(200);
  expect(hub.tasks()).toMatchObject([{ status: 'IN_PROGRESS', statusDetail: null }]);
});

test.each([
  ['malformed JSON', 'CreateProgressUpdateStream', '{"a":', {}, 400, 'SerializationException'],
  ['a JSON array', 'CreateProgressUpdateStream', '[]', {}, 400, 'SerializationException'],
  ['an unknown operation', 'Fly', '{}', {}, 400, 'UnknownOperationException'],
  ['an inherited name', 'constructor', '{}', {}, 400, 'UnknownOperationException'],
  ['an unknown service', 'Other.GetHomeRegion', '{}', {}, 400, 'UnknownOperationException'],
  [
    'another content type',
    'ListMigrationTasks',
    '{}',
    { 'content-type': 'text/plain' },
    415,
    'UnsupportedMediaTypeException',
  ],
  ['a body over 1 MB', 'ListMigrationTasks', 'x'.repeat(1048577), {}, 413, 'RequestEntityTooLargeException'],
])('%s is a JSON error in the journal, not a crash', async (_what, operation, body, headers, status, type) => {
  const { hub } = await emulatorAndClient();
  const response = await post(hub, operation, body, headers);
  expect([response.status, (await json(response)).__type]).toEqual([status, type]);
  expect(response.headers.get('content-type')).toContain('application/x-amz-json-1.1');
  expect(hub.requests()).toMatchObject([{ httpStatus: status, error: type }]);
});

test('another path or method is a JSON 404', async () => {
  const { hub } = await emulatorAndClient();
  for (const [method, path] of [
    ['PUT', '/'],
    ['GET', '/nowhere'],
    ['POST', '/2017-05-31'],
    ['PUT', '/_mgh/tasks'],
  ]) {
    const response = await fetch(hub.url + path, { method });
    expect([response.status, (await json(response)).__type]).toEqual([404, 'UnknownOperationException']);
  }
});

test('a request without any header or body is a JSON error', async () => {
  const { hub } = await emulatorAndClient();
  const response = await fetch(hub.url, { method: 'POST' });
  expect(response.status).toBe(415);
  expect(hub.requests()).toMatchObject([{ operation: null }]);
});
