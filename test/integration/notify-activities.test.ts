import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNotifyActivities } from '../../src/activities';
import { startEmulator, type Emulator } from '../../src/emulator';
import { createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import type { TaskNotification } from '../../src/task-state';

process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';

Runtime.install({ logger: new DefaultLogger('ERROR') });

let emulator: Emulator;
let activities: ReturnType<typeof createNotifyActivities>;
beforeAll(async () => {
  emulator = await startEmulator();
  const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: emulator.url, requestTimeoutSeconds: 1 });
  activities = createNotifyActivities(hub, 5, () => 0);
});
beforeEach(() => emulator.reset());
afterAll(() => emulator?.close());

const notification = (migrationTaskName: string): TaskNotification => ({
  progressUpdateStream: 'S',
  migrationTaskName,
  status: 'IN_PROGRESS',
  progressPercent: 10,
  updateDateTime: 1_700_000_000,
  nextUpdateSeconds: 3600,
});
const keys = (migrationTaskName: string) => ({ progressUpdateStream: 'S', migrationTaskName });
const notifies = (task?: string) => emulator.requests({ operation: 'NotifyMigrationTaskState', task });
const names = ['a', 'b', 'c'];
const batch = names.map(notification);

async function failureOf(run: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  return error as ApplicationFailure;
}

describe('a batch', () => {
  it('says in its heartbeat details what arrived: an attempt after a lost worker sends the rest only, the same to the byte', async () => {
    await new MockActivityEnvironment().run(activities.registerTasks, names.map(keys));
    emulator.setFaults([{ match: { task: 'b' }, times: 1, action: { type: 'throttle', retryAfterSeconds: 3 } }]);
    const first = new MockActivityEnvironment({ attempt: 1 });
    let details: unknown;
    first.on('heartbeat', (said: unknown) => (details = said));
    const ended = await first.run(activities.notifyTaskStates, batch);
    // What is not taken goes back at once: the delivered tasks of a batch do not wait for the others.
    expect(ended).toMatchObject([
      { delivered: true },
      { failure: { type: 'ThrottlingException', retryAfterSeconds: 3 } },
      { delivered: true },
    ]);
    const second = new MockActivityEnvironment({ attempt: 2, heartbeatDetails: details });
    expect(await second.run(activities.notifyTaskStates, batch)).toMatchObject([
      { delivered: true, attempts: 1 },
      { delivered: true, attempts: 2 },
      { delivered: true, attempts: 1 },
    ]);
    expect(names.map((name) => notifies(name).length)).toEqual([1, 2, 1]);
    const [refused, repeated] = notifies('b');
    expect(repeated?.body).toEqual(refused?.body);
  });

  it('gives back what no retry cures, and delivers the others', async () => {
    await new MockActivityEnvironment().run(activities.registerTasks, names.map(keys));
    emulator.setFaults([{ match: { task: 'b' }, action: { type: 'access-denied' } }]);
    expect(await new MockActivityEnvironment({ attempt: 1 }).run(activities.notifyTaskStates, batch)).toMatchObject([
      { delivered: true },
      { failure: { type: 'AccessDeniedException', retryable: false } },
      { delivered: true },
    ]);
  });

  it('does not wait for a long RetryAfterSeconds: the workflow does, with what is newest then', async () => {
    await new MockActivityEnvironment().run(activities.registerTasks, [keys('a')]);
    emulator.setFaults([{ action: { type: 'throttle', retryAfterSeconds: 300 } }]);
    expect(
      await new MockActivityEnvironment({ attempt: 1 }).run(activities.notifyTaskStates, [notification('a')]),
    ).toMatchObject([{ failure: { type: 'ThrottlingException', retryAfterSeconds: 300 } }]);
  });
});

describe('a notification', () => {
  it('registers a task that Migration Hub does not know, once, and is sent again', async () => {
    await new MockActivityEnvironment().run(activities.notifyTaskState, notification('new'));
    expect(emulator.requests().map(({ operation }) => operation)).toEqual([
      'NotifyMigrationTaskState',
      'CreateProgressUpdateStream',
      'ImportMigrationTask',
      'NotifyMigrationTaskState',
    ]);
    expect(emulator.tasks()).toMatchObject([
      { migrationTaskName: 'new', status: 'IN_PROGRESS', updateDateTime: 1_700_000_000 },
    ]);
  });

  it('with dryRun asks only for permission: nothing is stored', async () => {
    const env = () => new MockActivityEnvironment();
    await env().run(activities.registerTasks, [keys('dry')]);
    await env().run(activities.notifyTaskState, notification('dry'), { dryRun: true });
    expect(emulator.tasks()).toMatchObject([{ migrationTaskName: 'dry', status: null }]);
    emulator.setFaults([{ action: { type: 'access-denied' } }]);
    const failure = await failureOf(env().run(activities.notifyTaskState, notification('dry'), { dryRun: true }));
    expect(failure).toMatchObject({ type: 'UnauthorizedOperation', nonRetryable: true });
  });

  it('ends by its own timeout when Migration Hub never answers, and may be retried', async () => {
    emulator.setFaults([{ action: { type: 'hang' } }]);
    const failure = await failureOf(
      new MockActivityEnvironment().run(activities.notifyTaskState, notification('hung')),
    );
    expect(failure).toMatchObject({ type: 'TimeoutError', nonRetryable: false });
  });

  it('is cut off at the socket when it is cancelled', async () => {
    emulator.setFaults([{ action: { type: 'hang' } }]);
    const env = new MockActivityEnvironment();
    const run = env.run(activities.notifyTaskState, notification('cancelled'));
    env.cancel();
    await expect(run).rejects.toThrow();
  });

  it.each([
    ['html-503', 'ServiceUnavailableException', false],
    ['service-unavailable', 'ServiceUnavailableException', false],
    ['internal', 'InternalServerError', false],
    ['reset', 'NetworkError', false],
    ['expired-token', /^Expired/, false],
    ['access-denied', 'AccessDeniedException', true],
    ['home-region-not-set', 'HomeRegionNotSetException', true],
  ] as const)('%s fails as %s through the real AWS SDK, nonRetryable: %s', async (type, name, nonRetryable) => {
    emulator.setFaults([{ action: { type } }]);
    const failure = await failureOf(new MockActivityEnvironment().run(activities.notifyTaskState, notification('x')));
    expect(failure.type).toMatch(name);
    expect(failure.nonRetryable).toBe(nonRetryable);
    // One attempt: retries belong to Temporal alone.
    expect(emulator.requests()).toHaveLength(1);
  });
});
