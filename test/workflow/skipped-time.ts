import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { startTimeSkippingServer } from '../../dev/servers';
import { createNotifyActivities } from '../../src/activities';
import type { MigrationHubApi } from '../../src/migration-hub/api';
import { MigrationHubError } from '../../src/migration-hub/errors';
import { NOTIFY_TASK_QUEUE, TASK_QUEUE } from '../../src/report';
import type { NotifyFailure, ReadBack, TaskNotification } from '../../src/task-state';

/** What arrives, with the server's (skipped) time: the emulator's clock is the real one. */
export interface Arrival extends TaskNotification {
  at: number;
  failed: boolean;
}

/** Our workers on a server that skips time, and a Migration Hub that does as it is told. */
export interface SkippedTime {
  env: TestWorkflowEnvironment;
  /** All that arrived of a task, in order. */
  of(migrationTaskName: string): Arrival[];
  /** How Migration Hub fails a notification; undefined where it takes it. */
  answer: (notification: TaskNotification, earlier: Arrival[]) => NotifyFailure | undefined;
  /** How it fails what is needed to register a task. */
  refusal: () => NotifyFailure | undefined;
  /** When, in skipped epoch seconds, it was asked to create the stream of a task. */
  registrations: number[];
  /** What it holds of a task that it is asked for. */
  held: ReadBack;
  close(): Promise<void>;
}

/** Where workflows of `test/fixtures/owners.ts` run. */
export const OWNERS_QUEUE = 'owners';

export const throttled: NotifyFailure = {
  type: 'ThrottlingException',
  message: 'Rate exceeded',
  retryable: true,
  retryAfterSeconds: 5,
};

export async function startSkippedTime(): Promise<SkippedTime> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const env = await startTimeSkippingServer();
  const connection = env.nativeConnection;
  const arrivals: Arrival[] = [];
  const of = (name: string) => arrivals.filter(({ migrationTaskName }) => migrationTaskName === name);
  const hub: MigrationHubApi = {
    endpoint: () => Promise.resolve('recorder'),
    async createProgressUpdateStream() {
      it.registrations.push((await env.currentTimeMs()) / 1000);
      const failure = it.refusal();
      if (failure) throw new MigrationHubError(failure);
    },
    importMigrationTask: () => Promise.resolve(),
    putResourceAttributes: () => Promise.resolve(),
    describeMigrationTask: () => Promise.resolve(it.held),
    destroy: () => undefined,
    async notifyMigrationTaskState(notification) {
      const at = (await env.currentTimeMs()) / 1000;
      const failure = it.answer(notification, of(notification.migrationTaskName));
      arrivals.push({ ...notification, at, failed: failure !== undefined });
      if (failure) throw new MigrationHubError(failure);
    },
  };
  const workers = [
    await Worker.create({ connection, taskQueue: TASK_QUEUE, workflowsPath: join(__dirname, '../../src/workflows') }),
    await Worker.create({
      connection,
      taskQueue: NOTIFY_TASK_QUEUE,
      activities: createNotifyActivities(hub, 20, () => 0),
    }),
    await Worker.create({
      connection,
      taskQueue: OWNERS_QUEUE,
      workflowsPath: join(__dirname, '../fixtures/owners.ts'),
    }),
  ];
  const running = Promise.all(workers.map((worker) => worker.run()));
  const it: SkippedTime = {
    env,
    of,
    answer: () => undefined,
    refusal: () => undefined,
    registrations: [],
    held: {},
    async close() {
      for (const worker of workers) worker.shutdown();
      await running;
      await env.teardown();
    },
  };
  return it;
}
