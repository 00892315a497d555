import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type Logger } from '@temporalio/worker';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createNotifyActivities } from '../../src/activities';
import { watchStandstills } from '../../src/activities/standstill';
import { UndeliveredReports } from '../../src/activities/undelivered-reports';
import { startEmulator, type Emulator } from '../../src/emulator';
import { createAwsMigrationHub, type AwsMigrationHubOptions } from '../../src/migration-hub/aws-migration-hub';
import {
  usableSettings,
  type NotifyItem,
  type NotifyResult,
  type Outcome,
  type TaskNotification,
} from '../../src/task-state';

export const STREAM = 'DatacenterExit';
export const NOTIFY = 'NotifyMigrationTaskState';
/** Of the worker. */
export const SETTINGS = usableSettings({ heartbeatFraction: 0.25 });
/** `updateDateTime` of all notifications. */
export const AT = 1_767_225_600;

export const notification = (migrationTaskName: string, over: Partial<TaskNotification> = {}): TaskNotification => ({
  progressUpdateStream: STREAM,
  migrationTaskName,
  status: 'IN_PROGRESS',
  statusDetail: 'replicating',
  progressPercent: 10,
  updateDateTime: AT,
  nextUpdateSeconds: 3600,
  ...over,
});

/** A notification of a task that was registered before; `more`: what else is to be done for it. */
export function itemOf(name: string, over: Partial<TaskNotification> = {}, more: Partial<NotifyItem> = {}): NotifyItem {
  const { progressUpdateStream, migrationTaskName, ...rest } = notification(name, over);
  return { progressUpdateStream, migrationTaskName, notification: rest, ...more };
}

/** An activity's surroundings, and the heartbeat details that it sends. */
export function environment(
  info: ConstructorParameters<typeof MockActivityEnvironment>[0] = {},
  logger: Logger = new DefaultLogger('ERROR'),
) {
  const env = new MockActivityEnvironment(info, { logger });
  const beats: unknown[] = [];
  env.on('heartbeat', (details: unknown) => beats.push(structuredClone(details)));
  return { env, beats };
}

/** What the activity failed with. */
export async function failureOf(run: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  return error as ApplicationFailure;
}

export function milliseconds(delay: ApplicationFailure['nextRetryDelay']): number {
  const text = String(delay);
  expect(text).toMatch(/^\d+ms$/);
  return Number.parseInt(text, 10);
}

/** The activities of the queue `migration-hub-notify` with the real AWS SDK and an emulator of its own for each test. */
export function useEmulator({ isAwake = notStanding } = {}) {
  const closers: (() => unknown)[] = [];
  let emulator: Emulator;
  beforeEach(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    emulator = await startEmulator();
    closers.push(() => emulator.close());
    await vi.waitUntil(isAwake, { timeout: 60_000 });
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    vi.unstubAllEnvs();
  });
  return {
    emulator: () => emulator,
    onClose: (close: () => unknown) => void closers.push(close),
    sentTo: () => emulator.requests({ operation: NOTIFY }).map((entry) => entry.migrationTaskName),
    operations: () => emulator.requests().map(({ operation }) => operation),
    activities(options: AwsMigrationHubOptions = {}, concurrency = 4) {
      // On a busy machine an answer takes its time.
      const patient = { connectionTimeoutSeconds: 5, requestTimeoutSeconds: 20 };
      const hub = createAwsMigrationHub({ region: 'us-west-2', endpoint: emulator.url, ...patient, ...options });
      closers.push(() => hub.destroy());
      const all = createNotifyActivities(hub, concurrency, SETTINGS, new UndeliveredReports());
      return {
        ...all,
        notify: (items: NotifyItem[], info = {}): Promise<NotifyResult> =>
          environment(info).env.run(all.notifyTaskStates, items),
        async importTasks(...names: string[]) {
          await hub.createProgressUpdateStream(STREAM);
          for (const migrationTaskName of names)
            await hub.importMigrationTask({ progressUpdateStream: STREAM, migrationTaskName });
        },
      };
    },
  };
}

/** A file before in this process may have computed for seconds, which is a standstill: what begins right after it is not sent. */
function notStanding(): boolean {
  try {
    watchStandstills().check()();
    return true;
  } catch {
    return false;
  }
}

/** The outcomes of all items, also those that say nothing. */
export const outcomesOf = ({ others }: NotifyResult, count: number): Outcome[] =>
  Array.from({ length: count }, (_, i) => others[i] ?? {});
