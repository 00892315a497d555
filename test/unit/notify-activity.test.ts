import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isAbortError } from '@temporalio/common/lib/type-helpers';
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createNotifyActivities } from '../../src/activities';
import { inParallel } from '../../src/client/in-parallel';
import type { Outcome } from '../../src/task-state';
import { startEmulator, type Emulator } from '../../src/emulator';
import { type AwsMigrationHubOptions, createAwsMigrationHub } from '../../src/migration-hub/aws-migration-hub';
import type { TaskNotification } from '../../src/task-state';
import { activityEnvironment } from './activity-environment';

const STREAM = 'DatacenterExit';
const NOTIFY = 'NotifyMigrationTaskState';
const notification = (migrationTaskName: string, over: Partial<TaskNotification> = {}): TaskNotification => ({
  progressUpdateStream: STREAM,
  migrationTaskName,
  status: 'IN_PROGRESS',
  statusDetail: 'replicating',
  progressPercent: 10,
  updateDateTime: 1_767_225_600,
  nextUpdateSeconds: 3600,
  ...over,
});

let emulator: Emulator;
const closers: (() => unknown)[] = [];
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  emulator = await startEmulator();
  closers.push(() => emulator.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

function activities(options: AwsMigrationHubOptions = {}, concurrency = 4) {
  const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: emulator.url, ...options });
  closers.push(() => hub.destroy());
  return { hub, ...createNotifyActivities(hub, concurrency, () => 0) };
}

const environment = activityEnvironment<Outcome>;

const importTasks = async (hub: ReturnType<typeof createAwsMigrationHub>, ...names: string[]) => {
  await hub.createProgressUpdateStream(STREAM);
  for (const migrationTaskName of names)
    await hub.importMigrationTask({ progressUpdateStream: STREAM, migrationTaskName });
};

/** What the activity failed with. */
async function failureOf(run: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  return error as ApplicationFailure;
}

const milliseconds = (delay: ApplicationFailure['nextRetryDelay']) => {
  const text = String(delay);
  expect(text).toMatch(/^\d+ms$/);
  return Number.parseInt(text, 10);
};

const names = ['vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4'];
const sentTo = () => emulator.requests({ operation: NOTIFY }).map((entry) => entry.migrationTaskName);

describe('a batch', () => {
  it('reaches Migration Hub as it was said, to the character', async () => {
    const { hub, notifyTaskStates } = activities();
    await importTasks(hub, 'vm-0');
    const said = notification('vm-0', { statusDetail: '50 % – größer 😀', progressPercent: 50 });
    const outcomes: Outcome[] = await environment().env.run(notifyTaskStates, [said]);
    expect(outcomes).toEqual([{ delivered: true, attempts: 1, updateDateTime: 1_767_225_600 }]);
    expect(emulator.tasks()[0]).toMatchObject({
      status: 'IN_PROGRESS',
      statusDetail: '50 % – größer 😀',
      progressPercent: 50,
      updateDateTime: 1_767_225_600,
      nextUpdateSeconds: 3600,
    });
  });

  it('takes a detail of 2,500 characters, whichever they are', async () => {
    const { hub, notifyTaskStates } = activities();
    await importTasks(hub, 'vm-0', 'vm-1');
    const said = ['x', '😀'].map((char, i) => notification(`vm-${i}`, { statusDetail: char.repeat(2500) }));
    expect(await environment().env.run(notifyTaskStates, said)).toEqual([
      { delivered: true, attempts: 1, updateDateTime: 1_767_225_600 },
      { delivered: true, attempts: 1, updateDateTime: 1_767_225_600 },
    ]);
  });

  it('keeps what arrived in the heartbeat details, and its second attempt sends the rest only', async () => {
    const { hub, notifyTaskStates } = activities();
    await importTasks(hub, ...names);
    emulator.setFaults([
      { match: { task: 'vm-1' }, action: { type: 'throttle', retryAfterSeconds: 1 } },
      { match: { task: 'vm-3' }, action: { type: 'html-503' } },
    ]);
    const said = names.map((name) => notification(name));
    const first = environment();
    const ended: Outcome[] = await first.env.run(notifyTaskStates, said);
    expect(ended.map((outcome) => 'delivered' in outcome)).toEqual([true, false, true, false, true]);
    const details = first.beats.at(-1) ?? [];
    expect(details.map(([index]) => index).sort()).toEqual([0, 2, 4]);
    expect(details.map(([, outcome]) => outcome)).toEqual(
      Array(3).fill({ delivered: true, attempts: 1, updateDateTime: 1_767_225_600 }),
    );

    emulator.clearFaults();
    const before = sentTo().length;
    const second = environment({ attempt: 2, heartbeatDetails: details });
    const outcomes: Outcome[] = await second.env.run(notifyTaskStates, said);
    expect(sentTo().slice(before).sort()).toEqual(['vm-1', 'vm-3']);
    expect(outcomes.map(({ attempts }) => attempts)).toEqual([1, 2, 1, 2, 1]);
    expect(emulator.tasks().map((task) => task.notifications)).toEqual([1, 1, 1, 1, 1]);
    const bodies = emulator.requests({ operation: NOTIFY, task: 'vm-1' }).map(({ body }) => body);
    expect(bodies[1]).toEqual(bodies[0]);
  });

  it('a worker lost after the last delivery sends nothing again', async () => {
    const { notifyTaskStates } = activities();
    const details = names.map((_, index) => [index, { delivered: true, attempts: 1, updateDateTime: 1_767_225_600 }]);
    const { env } = environment({ attempt: 2, heartbeatDetails: details });
    const outcomes: Outcome[] = await env.run(
      notifyTaskStates,
      names.map((name) => notification(name)),
    );
    expect(outcomes).toHaveLength(5);
    expect(sentTo()).toEqual([]);
  });

  it('registers a task that Migration Hub does not know once, and sends again', async () => {
    const { notifyTaskStates } = activities();
    expect(await environment().env.run(notifyTaskStates, [notification('vm-0')])).toEqual([
      { delivered: true, attempts: 1, updateDateTime: 1_767_225_600, registeredAnew: true },
    ]);
    expect(emulator.requests().map(({ operation }) => operation)).toEqual([
      NOTIFY,
      'CreateProgressUpdateStream',
      'ImportMigrationTask',
      NOTIFY,
    ]);
    expect(emulator.tasks()).toMatchObject([{ migrationTaskName: 'vm-0', notifications: 1 }]);
  });

  it('reports what no retry cures for the task it hit, and delivers the others', async () => {
    const { hub, notifyTaskStates } = activities();
    await importTasks(hub, ...names);
    emulator.setFaults([{ match: { task: 'vm-2', operation: NOTIFY }, action: { type: 'access-denied' } }]);
    const outcomes: Outcome[] = await environment().env.run(
      notifyTaskStates,
      names.map((name) => notification(name)),
    );
    expect(outcomes[2]).toMatchObject({ failure: { type: 'AccessDeniedException', retryable: false }, attempts: 1 });
    expect(outcomes.filter((outcome) => 'delivered' in outcome)).toHaveLength(4);
  });

  it('waits at least as long as the longest RetryAfterSeconds', async () => {
    const { hub, notifyTaskStates } = activities();
    await importTasks(hub, 'vm-0', 'vm-1');
    emulator.setFaults([
      { match: { task: 'vm-0' }, action: { type: 'throttle', retryAfterSeconds: 1 } },
      { match: { task: 'vm-1' }, action: { type: 'throttle', retryAfterSeconds: 3 } },
    ]);
    const failure = await failureOf(
      environment().env.run(notifyTaskStates, [notification('vm-0'), notification('vm-1')]),
    );
    expect(failure).toMatchObject({ type: 'ThrottlingException', category: 'BENIGN', nonRetryable: false });
    expect(milliseconds(failure.nextRetryDelay)).toBeGreaterThanOrEqual(3000);
    expect(milliseconds(failure.nextRetryDelay)).toBeLessThanOrEqual(3750);
  });

  it('waits at least a second when Migration Hub asks for none', async () => {
    const { hub, notifyTaskStates } = activities();
    await importTasks(hub, 'vm-0');
    emulator.setFaults([{ action: { type: 'throttle', retryAfterSeconds: 0 } }]);
    const failure = await failureOf(environment().env.run(notifyTaskStates, [notification('vm-0')]));
    expect(milliseconds(failure.nextRetryDelay)).toBeGreaterThanOrEqual(1000);
  });

  it.each([
    ['a wait of more than 5 s', 1, 6],
    ['a fourth failed attempt', 4, 1],
  ])('gives %s back to the workflow', async (_, attempt, retryAfterSeconds) => {
    const { hub, notifyTaskStates } = activities();
    await importTasks(hub, 'vm-0');
    emulator.setFaults([{ action: { type: 'throttle', retryAfterSeconds } }]);
    expect(await environment({ attempt }).env.run(notifyTaskStates, [notification('vm-0')])).toEqual([
      {
        attempts: attempt,
        updateDateTime: 1_767_225_600,
        failure: { type: 'ThrottlingException', message: 'Rate exceeded', retryable: true, retryAfterSeconds },
      },
    ]);
  });

  it.each(['reset', 'apply-then-reset'] as const)('is tried again after a connection that broke (%s)', async (type) => {
    const { hub, notifyTaskStates } = activities();
    await importTasks(hub, 'vm-0');
    emulator.setFaults([{ times: 1, action: { type } }]);
    const failure = await failureOf(environment().env.run(notifyTaskStates, [notification('vm-0')]));
    expect(failure).toMatchObject({ type: 'NetworkError', nonRetryable: false });
  });

  it('that gets no answer ends by the request timeout and is tried again', async () => {
    const { hub, notifyTaskStates } = activities({ requestTimeoutSeconds: 1 });
    await importTasks(hub, 'vm-0');
    emulator.setFaults([{ action: { type: 'hang' } }]);
    const failure = await failureOf(environment().env.run(notifyTaskStates, [notification('vm-0')]));
    expect(failure).toMatchObject({ type: 'TimeoutError', nonRetryable: false });
  });
});

describe('a single notification', () => {
  it('registers its task once and sends again', async () => {
    const { notifyTaskState } = activities();
    await environment().env.run(notifyTaskState, notification('vm-0', { status: 'COMPLETED', progressPercent: 100 }));
    expect(emulator.tasks()).toMatchObject([{ status: 'COMPLETED', progressPercent: 100, notifications: 1 }]);
    expect(sentTo()).toHaveLength(2);
  });

  it('as a dry run that is permitted succeeds and changes nothing', async () => {
    const { hub, notifyTaskState } = activities();
    await importTasks(hub, 'vm-0');
    await environment().env.run(notifyTaskState, notification('vm-0'), { dryRun: true });
    expect(emulator.requests({ operation: NOTIFY })).toMatchObject([
      { error: 'DryRunOperation', body: { DryRun: true } },
    ]);
    expect(emulator.tasks()).toMatchObject([{ notifications: 0 }]);
  });

  it('as a dry run that is not permitted fails for good with UnauthorizedOperation', async () => {
    const { notifyTaskState } = activities();
    emulator.setFaults([{ action: { type: 'access-denied' } }]);
    const failure = await failureOf(environment().env.run(notifyTaskState, notification('vm-0'), { dryRun: true }));
    expect(failure).toMatchObject({ type: 'UnauthorizedOperation', nonRetryable: true });
    expect(sentTo()).toHaveLength(1);
  });

  it('that is throttled is tried again no earlier than RetryAfterSeconds, from the header too', async () => {
    const { notifyTaskState } = activities();
    for (const [httpStatus, retryAfterIn] of [[400, 'body'] as const, [429, 'header'] as const]) {
      emulator.setFaults([{ action: { type: 'throttle', retryAfterSeconds: 40, httpStatus, retryAfterIn } }]);
      const failure = await failureOf(environment().env.run(notifyTaskState, notification('vm-0')));
      expect(failure).toMatchObject({ type: 'ThrottlingException', nonRetryable: false });
      expect(milliseconds(failure.nextRetryDelay)).toBeGreaterThanOrEqual(40_000);
    }
  });

  it.each([
    ['access-denied', 'AccessDeniedException', true],
    ['home-region-not-set', 'HomeRegionNotSetException', true],
    ['expired-token', 'ExpiredTokenException', false],
    ['internal', 'InternalServerError', false],
    ['service-unavailable', 'ServiceUnavailableException', false],
    ['html-503', 'ServiceUnavailableException', false],
  ] as const)('that meets %s fails with %s (for good: %s)', async (type, name, nonRetryable) => {
    const { notifyTaskState } = activities();
    emulator.setFaults([{ action: { type } }]);
    const failure = await failureOf(environment().env.run(notifyTaskState, notification('vm-0')));
    expect(failure).toMatchObject({ type: name, nonRetryable });
  });
});

describe('cancelling', () => {
  /** A Migration Hub that never answers and lets its requests be seen. */
  async function silentHub() {
    const requests: IncomingMessage[] = [];
    const server = createServer((request) => requests.push(request)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return { requests, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it.each(['notifyTaskStates', 'notifyTaskState', 'dry run'] as const)(
    '%s ends the request at its socket, and the activity ends as cancelled',
    async (which) => {
      const { requests, endpoint } = await silentHub();
      const { notifyTaskStates, notifyTaskState } = activities({ endpoint, requestTimeoutSeconds: 20 });
      const { env } = environment();
      const run = (
        which === 'notifyTaskStates'
          ? env.run(notifyTaskStates, [notification('vm-0')])
          : env.run(notifyTaskState, notification('vm-0'), { dryRun: which === 'dry run' })
      ).then(
        () => 'no error',
        (error: unknown) => error,
      );
      await vi.waitFor(() => expect(requests).toHaveLength(1), 10_000);
      const { socket } = requests[0] as IncomingMessage;
      const closed = socket.destroyed ? undefined : once(socket, 'close');
      env.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
      await closed;
      const error = await run;
      expect(error instanceof CancelledFailure || isAbortError(error), String(error)).toBe(true);
    },
  );

  it('a batch ends all requests on their way and starts no further one', { timeout: 20_000 }, async () => {
    const { requests, endpoint } = await silentHub();
    const { notifyTaskStates } = activities({ endpoint, requestTimeoutSeconds: 20 }, 2);
    const { env } = environment();
    const run = env.run(
      notifyTaskStates,
      names.map((name) => notification(name)),
    );
    run.catch(() => undefined);
    await vi.waitFor(() => expect(requests).toHaveLength(2), 10_000);
    const closed = requests.map(({ socket }) => once(socket, 'close'));
    env.cancel('NOT_FOUND', new ActivityCancellationDetails({ notFound: true }));
    await Promise.all(closed);
    await expect(run).rejects.toThrow();
    expect(requests).toHaveLength(2);
  });

  it('a batch that a newer report supersedes lets its calls end and count, and starts no further one', async () => {
    const { hub, notifyTaskStates } = activities({}, 2);
    await importTasks(hub, ...names);
    emulator.setFaults([{ match: { operation: NOTIFY }, action: { type: 'slow', ms: 1500 } }]);
    const { env } = environment();
    const run = env.run(
      notifyTaskStates,
      names.map((name) => notification(name)),
    );
    await vi.waitFor(() => expect(sentTo()).toHaveLength(2), 10_000);
    env.cancel('CANCELLED');
    const delivered = { delivered: true };
    const superseded = { failure: { type: 'Superseded' } };
    expect(await run).toMatchObject([delivered, delivered, superseded, superseded, superseded]);
    expect(sentTo()).toHaveLength(2);
  });
});

describe('work in parallel', () => {
  it('keeps the order of results and the bound', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
      most = Math.max(most, ++running);
      for (let i = 0; i < item; i++) await Promise.resolve();
      running--;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it('starts nothing after the first error, awaits what runs and passes the error on, whatever it is', async () => {
    for (const thrown of [new Error('no'), undefined]) {
      const started: number[] = [];
      const ended: number[] = [];
      const run = inParallel([0, 1, 2, 3], 2, async (item) => {
        started.push(item);
        await Promise.resolve();
        if (item === 0) throw thrown;
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(item);
      });
      await expect(run.catch((error: unknown) => ({ error }))).resolves.toEqual({ error: thrown });
      expect(started).toEqual([0, 1]);
      expect(ended).toEqual([1]);
    }
  });
});
