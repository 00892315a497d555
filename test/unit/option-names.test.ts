import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { createMigrationHubWorkers, MigrationHubClient, MigrationHubPlugin } from '../../src';
import { startEmulator } from '../../src/emulator';

const client = { workflow: {} } as unknown as Client;
const connection = undefined as never;
const workers = (options: object, temporal: object = { connection }) =>
  createMigrationHubWorkers(temporal as never, options);
const plugin = async (options: object) => Promise.resolve(new MigrationHubPlugin(options));
const asker = async (options: object) => Promise.resolve(new MigrationHubClient({ client, ...options }));

describe.each([
  ['new MigrationHubPlugin', plugin, 'MigrationHubPlugin'],
  ['createMigrationHubWorkers', workers, 'createMigrationHubWorkers'],
])('an option that does not exist is refused by %s, with the one that was meant', (_, make, name) => {
  it.each([
    ['regoin', 'region'],
    ['Region', 'region'],
    ['end_point', 'endpoint'],
    ['requestTimeout', 'requestTimeoutSeconds'],
    ['maxConcurrentWorkflowTask', 'maxConcurrentWorkflowTaskExecutions'],
    ['group', 'groups'],
    ['concurency', 'concurrency'],
  ])('%s: did you mean %s?', async (option, meant) => {
    await expect(make({ [option]: 1 })).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `${name} has no option ${option}: did you mean ${meant}?`,
    });
  });

  it('also within heartbeat, and where its value is undefined', async () => {
    await expect(make({ region: 'us-west-2', heartbeat: { lingerSecond: 5 } })).rejects.toThrow(
      'heartbeat has no option lingerSecond: did you mean lingerSeconds?',
    );
    await expect(make({ regoin: undefined })).rejects.toThrow('did you mean region?');
  });

  it('where none is near, all are named, in one line', async () => {
    const said = await make({ colour: 'red' }).then(String, String);
    expect(said).toMatch(
      new RegExp(`${name} has no option colour: its options are client, region, .*shutdownGraceTime`),
    );
    expect(said).not.toContain('\n');
  });

  it.each([
    [null, 'null'],
    ['us-west-2', 'a string'],
    [['us-west-2'], 'an array'],
  ])('options that are no object are refused: %j', async (options, what) => {
    await expect(make(options as never)).rejects.toThrow(
      `the options of ${name} are ${what}, but they must be an object`,
    );
  });
});

const temporalClient = { workflow: {}, connection: {} };
describe.each([
  ['new MigrationHubPlugin', plugin],
  ['createMigrationHubWorkers', workers],
])('what the compiler would refuse is refused by %s, too', (_, make) => {
  it.each<[object, string]>([
    [{ client: temporalClient }, 'client is not a MigrationHubClient of @aws-sdk/client-migration-hub: pass new'],
    [{ client: null }, 'client is not a MigrationHubClient of @aws-sdk/client-migration-hub: pass new'],
    [{ hub: {} }, 'hub does not implement MigrationHubApi: it has no method endpoint'],
    [{ nexus: 'false' }, 'nexus is "false", but it must be true or false'],
    [
      { bundlerOptions: { ignoreModules: 'crypto' } },
      'bundlerOptions.ignoreModules is "crypto", but it must be a list of names of modules',
    ],
    [{ bundlerOptions: { ignoreModule: [] } }, 'ignoreModule'],
    [{ shutdownGraceTime: '10 secs.' }, 'shutdownGraceTime is "10 secs.", but it must be a time such as \'10s\' or'],
    [{ shutdownGraceTime: -1 }, 'shutdownGraceTime is -1, but it must be a time'],
    [{ groups: null }, 'groups is null, but it must be an integer from 0 to 10000'],
    [{ groups: true }, 'groups is true, but it must be an integer from 0 to 10000'],
    [{ groups: [8] }, 'groups is [8], but it must be an integer from 0 to 10000'],
    [{ groups: { Exit: '8' } }, 'groups is "8", but it must be an integer from 0 to 10000'],
    [{ metrics: null }, 'the options of metrics are null, but they must be an object'],
  ])('%j', async (options, message) => {
    await expect(make(options)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(message),
    });
  });
});

it.each(['10s', '10 secs', '1.5 minutes', '500ms', '2000', 2000])(
  'a shutdownGraceTime as the SDK has them is taken: %j',
  async (shutdownGraceTime) => void (await plugin({ region: 'us-west-2', shutdownGraceTime })),
);

it('only the plugin knows drainSeconds; a wrong one is refused when the plugin is made', async () => {
  await expect(workers({ drainSeconds: 5 })).rejects.toThrow('has no option drainSeconds');
  await expect(plugin({ drainSecond: 5 })).rejects.toThrow('did you mean drainSeconds?');
  await expect(plugin({ drainSeconds: -1 })).rejects.toThrow('drainSeconds is -1, but it must be');
  await expect(plugin({ groups: -1 })).rejects.toThrow('groups is -1, but it must be');
});

it('a misspelt namespace does not make workers serve the default one', async () => {
  await expect(workers({ region: 'us-west-2' }, { connection, namepsace: 'staging' })).rejects.toThrow(
    'createMigrationHubWorkers, in its first argument, has no option namepsace: did you mean namespace?',
  );
});

describe('MigrationHubClient', () => {
  it.each([
    [{ group: 4 }, 'MigrationHubClient has no option group: did you mean groups?'],
    [{ heartbeats: {} }, 'MigrationHubClient has no option heartbeats: did you mean heartbeat?'],
    [{ region: 'us-west-2' }, 'MigrationHubClient has no option region: its options are client, groups, heartbeat'],
    [{ heartbeat: { batchsize: 5, batch: 1 } }, 'heartbeat has no option batchsize: did you mean batchSize?'],
    [{ client: { workflowService: {} } }, 'client is not a Client of @temporalio/client: pass new Client('],
    [{ client: undefined }, 'client is not a Client of @temporalio/client: pass new Client('],
  ])('with %j is refused with the mend', async (options, said) => {
    await expect(asker(options)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(said),
    });
  });

  it('does not wait 300 s where timeoutSeconds is misspelt', async () => {
    const report = { progressUpdateStream: 's', migrationTaskName: 't', ownerId: 'o', sequence: 1 };
    const waiting = (await asker({})).waitForDelivery(report, { timeoutSecs: 1 } as never);
    await expect(waiting).rejects.toThrow('waitForDelivery has no option timeoutSecs: did you mean timeoutSeconds?');
  });
});

it.each([
  [{ strictnes: 'relaxed' }, 'strictnes is not known: did you mean strictness?'],
  [{ state_file: 'a' }, 'state_file is not known: did you mean stateFile?'],
  [{ region: 'eu-west-1' }, 'region is not known: did you mean homeRegion?'],
  [{ verbose: true }, 'verbose is not known: use port, host, homeRegion'],
  [{ strictness: 'relax' }, 'strictness must be one of strict, relaxed'],
  [{ port: '4599' }, 'port must be integer'],
  [{ signatures: 'on' }, 'signatures must'],
  [{ throttleAt: { ratePerSecond: 1, bursts: 2 } }, 'bursts is not known: did you mean burst?'],
  ['relaxed', 'The options of startEmulator must be object'],
])('startEmulator(%j) is refused: %s', async (options, said) => {
  await expect(startEmulator(options as never)).rejects.toMatchObject({
    name: 'SettingError',
    message: expect.stringContaining(said),
  });
});

it('an option of the emulator that is undefined is not set', async () => {
  await using emulator = await startEmulator({ port: undefined, stateFile: undefined, strictness: undefined });
  expect(emulator.port).toBeGreaterThan(0);
});
