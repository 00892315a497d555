import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNotifyActivities } from '../../src/activities';
import type { Registration } from '../../src/task-state';
import { startEmulator, type Emulator } from '../../src/emulator';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import { activityEnvironment } from './activity-environment';

let emulator: Emulator;
let hub: ReturnType<typeof createAwsMigrationHub>;
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  emulator = await startEmulator();
  hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: emulator.url });
});
afterEach(async () => {
  hub.destroy();
  await emulator.close();
  vi.unstubAllEnvs();
});

const named = (migrationTaskName: string) => ({ progressUpdateStream: 'S', migrationTaskName });

function environment(info: Parameters<typeof activityEnvironment>[0] = {}) {
  const { env, beats } = activityEnvironment<Registration>(info);
  const { registerTasks, putAttributes } = createNotifyActivities(hub, 2, () => 0);
  return {
    beats,
    run: (tasks: ReturnType<typeof named>[]) => env.run(registerTasks, tasks),
    put: (...names: string[]) =>
      env.run(
        putAttributes,
        names.map((name) => ({ ...named(name), resourceAttributes: [{ type: 'IPV4_ADDRESS', value: '10.0.0.1' }] })),
      ),
  };
}
const operations = () => emulator.requests().map(({ operation }) => operation);

describe('registering', () => {
  it('makes stream and task known and reads back', async () => {
    expect(await environment().run([named('vm-1')])).toMatchObject([{ found: {} }]);
    expect(operations()).toEqual(['CreateProgressUpdateStream', 'ImportMigrationTask', 'DescribeMigrationTask']);
  });

  it('of who may write but not read is done all the same, and says so', async () => {
    emulator.setFaults([{ match: { operation: 'DescribeMigrationTask' }, action: { type: 'access-denied' } }]);
    expect(await environment().run([named('vm-1')])).toMatchObject([
      { unread: { type: 'AccessDeniedException', retryable: false } },
    ]);
  });

  it('is tried again where reading back may pass', async () => {
    emulator.setFaults([{ match: { operation: 'DescribeMigrationTask' }, action: { type: 'throttle' } }]);
    expect(await environment().run([named('vm-1')])).toMatchObject([
      { failure: { type: 'ThrottlingException', retryable: true } },
    ]);
  });

  it('goes on, after a lost worker, where the last attempt ended', async () => {
    const first = environment();
    await first.run([named('vm-1'), named('vm-2')]);
    const details = first.beats.find((beat) => beat.length === 1);
    const done = details?.[0]?.[0] === 0 ? 'vm-1' : 'vm-2';
    emulator.reset();
    const results = await environment({ heartbeatDetails: details }).run([named('vm-1'), named('vm-2')]);
    expect(results).toMatchObject([{ found: {} }, { found: {} }]);
    const imported = emulator
      .requests({ operation: 'ImportMigrationTask' })
      .map(({ migrationTaskName }) => migrationTaskName);
    expect(imported).toEqual(['vm-1', 'vm-2'].filter((name) => name !== done));
  });
});

describe('putting attributes', () => {
  it('says for each task whether Migration Hub took them', async () => {
    await environment().run([named('vm-1'), named('vm-2')]);
    emulator.setFaults([
      { match: { operation: 'PutResourceAttributes', task: 'vm-1' }, action: { type: 'access-denied' } },
    ]);
    expect(await environment().put('vm-1', 'vm-2')).toMatchObject([{ failure: { type: 'AccessDeniedException' } }, {}]);
  });

  it('starts nothing more once the round lasts, since statuses wait for it', async () => {
    const isPut = { operation: 'PutResourceAttributes' };
    emulator.setFaults([{ match: isPut, action: { type: 'slow', ms: 3500 } }]);
    const names = ['vm-1', 'vm-2', 'vm-3', 'vm-4', 'vm-5'];
    await environment().run(names.map(named));
    const outcomes = (await environment().put(...names)) as { failure?: { type: string } }[];
    expect(outcomes.map(({ failure }) => failure?.type)).toEqual([
      undefined,
      undefined,
      'NotTried',
      'NotTried',
      'NotTried',
    ]);
    expect(emulator.requests(isPut)).toHaveLength(2);
  }, 15_000);

  it('registers a task that Migration Hub has forgotten', async () => {
    expect(await environment().put('vm-1')).toEqual([{}]);
    expect(operations()).toEqual([
      'PutResourceAttributes',
      'CreateProgressUpdateStream',
      'ImportMigrationTask',
      'PutResourceAttributes',
    ]);
  });
});
