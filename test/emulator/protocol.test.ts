/**
 * What of Smithy's protocol tests for awsJson1_1 carries over to this service; their ids stand in brackets. They are for
 * another service, so the calls here are ours. `clients:` marks tests of clients, turned into what we must send them.
 */
import { DescribeMigrationTaskCommand, ListMigrationTasksCommand } from '@aws-sdk/client-migration-hub';
import { expect, test } from 'vitest';
import type { Emulator, FaultAction } from '../../src/emulator';
import { emulatorAndClient, failure, importTask, json, notification, notify, post, STREAM } from './support';

const HOME_REGION = 'AWSMigrationHubMultiAccountService.GetHomeRegion';
const KEY = { ProgressUpdateStream: STREAM, MigrationTaskName: 'server-1' };
const plain = { ...notification(), UpdateDateTime: 1767225600 };

const mediaType = (response: Response) => response.headers.get('content-type')?.split(';')[0];

/** What the task looks like on the wire. */
async function described(hub: Emulator): Promise<string> {
  return (await post(hub, 'DescribeMigrationTask', KEY)).text();
}

test.each(['; charset=utf-8', ';charset=UTF-8', '; charset="utf-8"; x=y'])(
  'a content type with the parameter %j is taken [AwsJson11MustSupportParametersInContentType]',
  async (parameter) => {
    const { hub } = await emulatorAndClient();
    const headers = { 'content-type': `application/x-amz-json-1.1${parameter}` };
    expect((await post(hub, 'ListMigrationTasks', {}, headers)).status).toBe(200);
  },
);

test('a null member is an absent one [AwsJson11ServersDontDeserializeNullStructureValues]', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const Task = { Status: 'IN_PROGRESS', StatusDetail: null, ProgressPercent: null };
  expect((await post(hub, 'NotifyMigrationTaskState', { ...plain, Task, DryRun: null })).status).toBe(200);
  expect(hub.tasks()).toMatchObject([{ notifications: 1, statusDetail: null }]);
});

test('a required member that is null is missing [AwsJson11ServersDontDeserializeNullStructureValues]', async () => {
  const { hub } = await emulatorAndClient();
  const answer = await json(await post(hub, 'CreateProgressUpdateStream', { ProgressUpdateStreamName: null }));
  expect(answer).toEqual({ __type: 'InvalidInputException', Message: 'ProgressUpdateStreamName is required.' });
});

test('absent members are left out of an answer, not null [AwsJson11ServersDontSerializeNullStructureValues]', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  await notify(client, { Task: { Status: 'IN_PROGRESS' } });
  const text = await described(hub);
  expect(text).not.toContain('null');
  expect(text).not.toContain('StatusDetail');
  expect(text).not.toContain('ProgressPercent');
});

test('a call without input needs no body [json_1_1_service_supports_empty_payload_for_no_input_shape]', async () => {
  const { hub } = await emulatorAndClient();
  expect(await json(await post(hub, HOME_REGION, ''))).toEqual({ HomeRegion: 'us-west-2' });
});

test('a call without input takes an empty object [json_1_1_client_sends_empty_payload_for_no_input_shape]', async () => {
  const { hub } = await emulatorAndClient();
  expect(await json(await post(hub, HOME_REGION, {}))).toEqual({ HomeRegion: 'us-west-2' });
});

test('a call whose members are all optional needs no body', async () => {
  const { hub } = await emulatorAndClient();
  expect(await json(await post(hub, 'ListMigrationTasks', ''))).toEqual({ MigrationTaskSummaryList: [] });
});

test('a success without output is an empty object of the right type [clients: handles_empty_output_shape]', async () => {
  const { hub } = await emulatorAndClient();
  const response = await post(hub, 'CreateProgressUpdateStream', { ProgressUpdateStreamName: STREAM });
  expect([response.status, mediaType(response)]).toEqual([200, 'application/x-amz-json-1.1']);
  expect(await response.text()).toBe('{}');
});

test('a call needs its target header [includes_x_amz_target_and_content_type]', async () => {
  const { hub } = await emulatorAndClient();
  const response = await fetch(hub.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: '{}',
  });
  expect([response.status, (await json(response)).__type]).toEqual([400, 'UnknownOperationException']);
});

test('a call needs its content type [includes_x_amz_target_and_content_type]', async () => {
  const { hub } = await emulatorAndClient();
  const response = await post(hub, 'ListMigrationTasks', {}, { 'content-type': 'application/x-amz-json-1.0' });
  expect([response.status, (await json(response)).__type]).toEqual([415, 'UnsupportedMediaTypeException']);
});

test('an error is a bare name and a Message [clients: AwsJson11InvalidGreetingError]', async () => {
  const { hub } = await emulatorAndClient();
  const response = await post(hub, 'DescribeMigrationTask', KEY);
  expect(response.status).toBe(400);
  expect(mediaType(response)).toBe('application/x-amz-json-1.1');
  expect(await json(response)).toEqual({
    __type: 'ResourceNotFoundException',
    Message: 'Progress update stream DatacenterExit does not exist.',
  });
});

test.each<[FaultAction['type'], name: string]>([
  ['service-unavailable', 'ServiceUnavailableException'],
  ['internal', 'InternalServerError'],
  ['access-denied', 'AccessDeniedException'],
  ['home-region-not-set', 'HomeRegionNotSetException'],
  ['expired-token', 'ExpiredTokenException'],
])('%s has no namespace and no URI in its name [clients: AwsJson11FooErrorWithDunderType]', async (type, name) => {
  const { hub } = await emulatorAndClient();
  hub.setFaults([{ action: { type } as FaultAction }]);
  const response = await post(hub, 'ListMigrationTasks', {});
  expect((await json(response)).__type).toBe(name);
  expect([null, name]).toContain(response.headers.get('x-amzn-errortype'));
});

test('further members of an error stand in the body, and HTTP bindings do not count [clients: AwsJson11ComplexError]', async () => {
  const { hub } = await emulatorAndClient();
  hub.setFaults([{ action: { type: 'throttle', retryAfterSeconds: 7 } }]);
  const response = await post(hub, 'ListMigrationTasks', {});
  expect([response.status, response.headers.get('retry-after')]).toEqual([400, null]);
  expect(await json(response)).toMatchObject({ __type: 'ThrottlingException', RetryAfterSeconds: 7 });
});

test('a message with quotes, a line end and an emoji arrives as it is', async () => {
  const { client } = await emulatorAndClient();
  const name = 'a "b" \\ \n 😀';
  await importTask(client, 'server-1');
  const call = client.send(new DescribeMigrationTaskCommand({ ...KEY, MigrationTaskName: name }));
  expect((await failure(call)).message).toContain(name);
});

test('successes and errors have a request id, each its own [clients: parses_the_request_id_from_the_response]', async () => {
  const { hub, client } = await emulatorAndClient();
  const answer = await client.send(new ListMigrationTasksCommand({}));
  const error = await failure(client.send(new DescribeMigrationTaskCommand(KEY)));
  const ids = [answer.$metadata.requestId, (error.$metadata as { requestId?: string }).requestId];
  expect(ids).toEqual(hub.requests().map(({ requestId }) => requestId));
  expect(new Set(ids).size).toBe(2);
});

test.each(['1767225600', '1767225600.0', '1767225600.7', '1.7672256e9'])(
  'the time %s is a number of seconds, and comes back as one [clients: parses_timestamp_shapes]',
  async (written) => {
    const { hub, client } = await emulatorAndClient();
    await importTask(client);
    const body = JSON.stringify(plain).replace('1767225600', written);
    expect((await post(hub, 'NotifyMigrationTaskState', body)).status).toBe(200);
    expect(JSON.parse(await described(hub))).toMatchObject({ MigrationTask: { UpdateDateTime: Number(written) } });
  },
);

test.each(['2026-01-01T00:00:00Z', 'Thu, 01 Jan 2026 00:00:00 GMT', '1767225600'])(
  'the text %j is no time here [serializes_timestamp_shapes]',
  async (UpdateDateTime) => {
    const { hub, client } = await emulatorAndClient();
    await importTask(client);
    const response = await post(hub, 'NotifyMigrationTaskState', { ...plain, UpdateDateTime });
    expect((await json(response)).__type).toBe('InvalidInputException');
  },
);

test('a __type in an input is ignored, as are other members nobody knows [AwsJson11DeserializeIgnoreType]', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const Task = { ...plain.Task, __type: 'com.example#Task', Wave: { Number: 7 } };
  expect((await post(hub, 'NotifyMigrationTaskState', { ...plain, __type: 'x', Wave: [null], Task })).status).toBe(200);
  expect(hub.tasks()).toMatchObject([{ status: 'IN_PROGRESS' }]);
});

test('members are known by their exact case', async () => {
  const { hub } = await emulatorAndClient();
  const answer = await json(await post(hub, 'CreateProgressUpdateStream', { progressUpdateStreamName: STREAM }));
  expect(answer.__type).toBe('InvalidInputException');
});

test('an empty list in an answer is an empty list [clients: serializes_empty_list_shapes]', async () => {
  const { hub } = await emulatorAndClient();
  expect(await (await post(hub, 'ListProgressUpdateStreams', {})).text()).toBe(
    '{"ProgressUpdateStreamSummaryList":[]}',
  );
});

test('a null in a list is refused, because no list here is sparse [AwsJson11SparseListsSerializeNull]', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const response = await post(hub, 'PutResourceAttributes', { ...KEY, ResourceAttributeList: [null] });
  expect([response.status, (await json(response)).__type]).toEqual([400, 'InvalidInputException']);
});

test('an integer may be written with a zero fraction [clients: parses_integer_shapes]', async () => {
  const { hub, client } = await emulatorAndClient();
  await importTask(client);
  const body = JSON.stringify(plain).replace('"ProgressPercent":10', '"ProgressPercent":10.0');
  expect((await post(hub, 'NotifyMigrationTaskState', body)).status).toBe(200);
  expect(await described(hub)).toContain('"ProgressPercent":10}');
});

test('false is a boolean of its own [clients: parses_boolean_false]', async () => {
  const { hub } = await emulatorAndClient();
  await post(hub, 'CreateProgressUpdateStream', { ProgressUpdateStreamName: STREAM, DryRun: false });
  expect(await json(await post(hub, 'ListProgressUpdateStreams', {}))).toMatchObject({
    ProgressUpdateStreamSummaryList: [{ ProgressUpdateStreamName: STREAM }],
  });
});

test('escaped and plain characters are the same text [clients: parses_string_shapes]', async () => {
  const { hub } = await emulatorAndClient();
  await post(hub, 'CreateProgressUpdateStream', '{"ProgressUpdateStreamName":"\\u00fc\\ud83d\\ude00"}');
  await post(hub, 'CreateProgressUpdateStream', '{"ProgressUpdateStreamName":"ü😀"}');
  expect(await json(await post(hub, 'ListProgressUpdateStreams', {}))).toEqual({
    ProgressUpdateStreamSummaryList: [{ ProgressUpdateStreamName: 'ü😀' }],
  });
});

test('an answer is not compressed, whatever the client offers', async () => {
  const { hub } = await emulatorAndClient();
  const response = await post(hub, 'ListMigrationTasks', {}, { 'accept-encoding': 'gzip, br' });
  expect(response.headers.get('content-encoding')).toBeNull();
});
