import {
  CreateProgressUpdateStreamCommand,
  DescribeMigrationTaskCommand,
  ListMigrationTasksCommand,
  ListProgressUpdateStreamsCommand,
  MigrationHubClient,
} from '@aws-sdk/client-migration-hub';
import { afterEach, describe, expect, it } from 'vitest';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator';
import { failure, json, post } from './support';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
async function start(options: EmulatorOptions): Promise<Emulator> {
  const hub = await startEmulator(options);
  closers.push(() => hub.close());
  return hub;
}
function client(
  hub: Emulator,
  { accessKeyId = 'test', secretAccessKey = 'secret', region = 'us-west-2', skewMs = 0 } = {},
) {
  const made = new MigrationHubClient({
    endpoint: hub.url,
    region,
    maxAttempts: 1,
    systemClockOffset: skewMs,
    credentials: { accessKeyId, secretAccessKey },
  });
  closers.push(() => made.destroy());
  return made;
}
const create = (name = 'S') => new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: name });
const signedAs = (over: object) => ({
  authorization: Object.entries({
    Credential: 'test/20260101/us-west-2/mgh/aws4_request',
    SignedHeaders: 'host;x-amz-date',
    Signature: 'a'.repeat(64),
    ...over,
  })
    .map(([name, value], i) => `${i === 0 ? 'AWS4-HMAC-SHA256 ' : ''}${name}=${value}`)
    .join(', '),
  'x-amz-date': '20260101T000000Z',
});
const refusal = async (hub: Emulator, headers: Record<string, string>) =>
  (await json(await post(hub, 'ListProgressUpdateStreams', {}, headers))).__type;

describe('signatures', () => {
  it('are taken as they come by default, and a call without one is taken for one to the home region', async () => {
    const hub = await start({ homeRegion: 'eu-west-1' });
    expect(await json(await post(hub, 'CreateProgressUpdateStream', { ProgressUpdateStreamName: 'S' }))).toEqual({});
    expect(hub.requests().at(-1)?.httpStatus).toBe(200);
  });

  it('must have their form where that is checked', async () => {
    const hub = await start({ signatures: 'format' });
    expect(await client(hub).send(create())).toMatchObject({ $metadata: { httpStatusCode: 200 } });
    expect(await refusal(hub, signedAs({}))).toBeUndefined();
    expect(await refusal(hub, {})).toBe('MissingAuthenticationTokenException');
    expect(await refusal(hub, { authorization: 'Basic dGVzdA==' })).toBe('IncompleteSignatureException');
    expect(await refusal(hub, signedAs({ Signature: 'short' }))).toBe('IncompleteSignatureException');
    expect(await refusal(hub, signedAs({ SignedHeaders: 'x-amz-date' }))).toBe('IncompleteSignatureException');
    const other = 'test/20260101/us-west-2/ec2/aws4_request';
    expect(await refusal(hub, signedAs({ Credential: other }))).toBe('InvalidSignatureException');
    const yesterday = 'test/20251231/us-west-2/mgh/aws4_request';
    expect(await refusal(hub, signedAs({ Credential: yesterday }))).toBe('InvalidSignatureException');
  });

  it('must be made with a key that is known where they are verified', async () => {
    const hub = await start({ signatures: { verify: { test: 'secret' } } });
    expect(await client(hub).send(create('with "quotes", ünïcode and 🚚'))).toMatchObject({});
    expect(await failure(client(hub, { secretAccessKey: 'wrong' }).send(create()))).toMatchObject({
      name: 'InvalidSignatureException',
    });
    expect(await failure(client(hub, { accessKeyId: 'constructor' }).send(create()))).toMatchObject({
      name: 'UnrecognizedClientException',
    });
    expect(await failure(client(hub, { skewMs: 600_000 }).send(create()))).toMatchObject({
      name: 'RequestTimeTooSkewed',
    });
  });

  it('are judged by the real time, whatever the clock of the emulator says', async () => {
    const hub = await start({ signatures: { verify: { test: 'secret' } }, clock: () => 0 });
    expect(await client(hub).send(create())).toMatchObject({});
  });
});

describe('the region and the account that a signature names', () => {
  it('a write signed for another region than the home region is refused, with both named; a read is not', async () => {
    const hub = await start({});
    await client(hub).send(create());
    const elsewhere = client(hub, { region: 'eu-west-1' });
    expect(await failure(elsewhere.send(create()))).toMatchObject({
      name: 'InvalidInputException',
      message: 'The call was signed for eu-west-1, but the home region is us-west-2.',
    });
    const { ProgressUpdateStreamSummaryList } = await elsewhere.send(new ListProgressUpdateStreamsCommand({}));
    expect(ProgressUpdateStreamSummaryList).toEqual([{ ProgressUpdateStreamName: 'S' }]);
  });

  it('an access key of twelve digits is an account of its own', async () => {
    const hub = await start({});
    await client(hub, { accessKeyId: '111111111111' }).send(create('one'));
    await client(hub, { accessKeyId: '222222222222' }).send(create('two'));
    const seen = async (accessKeyId: string) =>
      (await client(hub, { accessKeyId }).send(new ListProgressUpdateStreamsCommand({})))
        .ProgressUpdateStreamSummaryList;
    expect(await seen('111111111111')).toEqual([{ ProgressUpdateStreamName: 'one' }]);
    expect(await seen('222222222222')).toEqual([{ ProgressUpdateStreamName: 'two' }]);
    expect(await seen('AKIDEXAMPLE')).toEqual([]);
  });

  it.each([
    [{ readsElsewhere: 'nothing' }, { streams: 0 }],
    [{ readsElsewhere: 'reject' }, { error: 'InvalidInputException' }],
  ] as const)('with %j a read elsewhere is %j', async (switches, expected) => {
    const hub = await start({ switches });
    await client(hub).send(create());
    const answer = await client(hub, { region: 'eu-west-1' })
      .send(new ListMigrationTasksCommand({}))
      .then(
        ({ MigrationTaskSummaryList }) => ({ streams: MigrationTaskSummaryList?.length }),
        (error: Error) => ({ error: error.name }),
      );
    expect(answer).toEqual(expected);
  });

  it('a read elsewhere that finds nothing says so of a single task', async () => {
    const hub = await start({ switches: { readsElsewhere: 'nothing' } });
    const key = { ProgressUpdateStream: 'S', MigrationTaskName: 'vm' };
    await client(hub).send(create());
    const elsewhere = client(hub, { region: 'eu-west-1' });
    expect(await failure(elsewhere.send(new DescribeMigrationTaskCommand(key)))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
