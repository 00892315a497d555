import { MigrationHubClient } from '@aws-sdk/client-migration-hub';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../src/emulator';
import { createAwsMigrationHub, type AwsMigrationHubOptions } from '../../src/migration-hub/aws-migration-hub';

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function emulatorWith(options: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  return emulator;
}
function hubOf(options: AwsMigrationHubOptions) {
  const hub = createAwsMigrationHub(options);
  onTestFinished(() => hub.destroy());
  return hub;
}
const operations = (emulator: Emulator) => emulator.requests().map(({ operation }) => operation);
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: { failure: { type: string; message: string; retry: string } }) => error.failure,
  );

describe('without any region', () => {
  it('the calls go to the home region of the account, which is asked for once', async () => {
    const emulator = await emulatorWith({ homeRegion: 'eu-central-1' });
    const hub = hubOf({ endpoint: emulator.url });
    await Promise.all(['A', 'B', 'C'].map((name) => hub.createProgressUpdateStream(name)));
    expect(operations(emulator).sort()).toEqual([...Array(3).fill('CreateProgressUpdateStream'), 'GetHomeRegion']);
  });

  it('its own variable says where it is asked for', async () => {
    const emulator = await emulatorWith({ homeRegion: 'eu-west-2' });
    const other = await emulatorWith({ homeRegion: 'us-east-1' });
    vi.stubEnv('AWS_ENDPOINT_URL_MIGRATIONHUB_CONFIG', other.url);
    const said = await failureOf(hubOf({ endpoint: emulator.url }).createProgressUpdateStream('A'));
    expect(said).toMatchObject({ type: 'InvalidInputException' });
    expect(operations(other)).toEqual(['GetHomeRegion']);
  });

  it('of an account without home region the failure says so, and how to set one; once it is set, calls go there', async () => {
    const emulator = await emulatorWith({ homeRegion: null });
    const hub = hubOf({ endpoint: emulator.url });
    const said = await failureOf(hub.createProgressUpdateStream('A'));
    expect(said).toMatchObject({ type: 'HomeRegionNotSetException', retry: 'operator' });
    expect(said.message).toMatch(/no region is set, and the account has no home region; set the home region/);
  });

  it('where it cannot be asked for, the failure names the setting, and the workers start all the same', async () => {
    const hub = hubOf({ endpoint: 'http://127.0.0.1:1' });
    expect(await hub.endpoint()).toBe('http://127.0.0.1:1');
    expect(await failureOf(hub.createProgressUpdateStream('A'))).toMatchObject({
      type: 'HomeRegionUnknown',
      message: expect.stringMatching(
        /^no region is set, and GetHomeRegion failed: NetworkError: ECONNREFUSED: .*; or set AWS_REGION to the home region of the account$/,
      ) as string,
      retry: 'backoff',
    });
  });

  it('where AWS would be called, the place is said to be not known yet', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_MIGRATIONHUB_CONFIG', 'http://127.0.0.1:1');
    expect(await hubOf({}).endpoint()).toBe('the home region (not known yet, and AWS_REGION is not set)');
  });

  it('found out, it is in the endpoint', async () => {
    const emulator = await emulatorWith({ homeRegion: 'ap-southeast-2' });
    vi.stubEnv('AWS_ENDPOINT_URL_MIGRATIONHUB_CONFIG', emulator.url);
    expect(await hubOf({}).endpoint()).toBe('https://mgh.ap-southeast-2.amazonaws.com');
  });
});

describe('outside of the home region', () => {
  const both = (mine: string, home: string) =>
    new RegExp(`; the calls go to ${mine}, but the home region of the account is ${home}: set AWS_REGION=${home}$`);

  it('the failure names both regions, and waits for somebody to mend it; it is asked for once', async () => {
    const emulator = await emulatorWith({ homeRegion: 'us-west-2' });
    const hub = hubOf({ region: 'eu-west-1', endpoint: emulator.url });
    for (let i = 0; i < 3; i++) {
      const said = await failureOf(hub.createProgressUpdateStream('A'));
      expect(said).toMatchObject({ type: 'InvalidInputException', retry: 'operator' });
      expect(said.message).toMatch(both('eu-west-1', 'us-west-2'));
    }
    expect(operations(emulator).filter((name) => name === 'GetHomeRegion')).toHaveLength(1);
  });

  it("so does that of a client of the user's own", async () => {
    const emulator = await emulatorWith({ homeRegion: 'us-west-2' });
    const client = new MigrationHubClient({ region: 'us-east-1', endpoint: emulator.url, maxAttempts: 1 });
    onTestFinished(() => client.destroy());
    const said = await failureOf(hubOf({ client }).createProgressUpdateStream('A'));
    expect(said.message).toMatch(both('us-east-1', 'us-west-2'));
  });

  it('where the home region cannot be asked for, the failure says how to', async () => {
    const emulator = await emulatorWith({ homeRegion: 'us-west-2' });
    emulator.setFaults([{ match: { operation: 'GetHomeRegion' }, action: { type: 'access-denied' } }] as never);
    const said = await failureOf(
      hubOf({ region: 'eu-west-1', endpoint: emulator.url }).createProgressUpdateStream('A'),
    );
    expect(said).toMatchObject({ type: 'InvalidInputException', retry: 'never' });
    expect(said.message).toContain('aws migrationhub-config get-home-region');
  });
});

it('input that is wrong in the home region itself is not blamed on the region', async () => {
  const emulator = await emulatorWith({ homeRegion: 'us-west-2' });
  const hub = hubOf({ region: 'us-west-2', endpoint: emulator.url });
  const said = await failureOf(hub.createProgressUpdateStream('a name with spaces/and:colons'));
  expect(said).toMatchObject({ type: 'InvalidInputException', retry: 'never' });
  expect(said.message).toMatch(
    /; the calls go to the home region \(us-west-2\), so Migration Hub rejects a value of the call, or AWS is deleting the stream$/,
  );
});

describe('a region', () => {
  it.each(['us-west', 'US-WEST-2', 'us-west-2 ', 'oregon'])(
    'called "%s" is none, whatever is called there',
    (region) => {
      expect(() => createAwsMigrationHub({ region, endpoint: 'http://127.0.0.1:1' })).toThrow(
        `region is "${region}", which is no AWS region: set AWS_REGION, the option region, or`,
      );
    },
  );

  it('that has no Migration Hub is refused, with the way out for the day that it has', async () => {
    await expect(hubOf({ region: 'eu-north-1' }).endpoint()).rejects.toThrow(
      /^the region is eu-north-1, which has no Migration Hub: .*; if it has one by now, set AWS_ENDPOINT_URL_MIGRATION_HUB=https:\/\/mgh\.eu-north-1\.amazonaws\.com$/,
    );
    vi.stubEnv('AWS_ENDPOINT_URL_MIGRATION_HUB', 'https://mgh.eu-north-1.amazonaws.com');
    expect(await hubOf({ region: 'eu-north-1' }).endpoint()).toBe('https://mgh.eu-north-1.amazonaws.com');
  });
});
