import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { startTimeSkippingServer } from '../../dev/servers';
import type { MigrationHubApi } from '../../src/migration-hub/api';
import { MigrationHubError } from '../../src/migration-hub/errors';
import type { NotifyFailure, ReadBack, TaskNotification } from '../../src/task-state';
import { createMigrationHubWorkers } from '../../src/worker/workers';
import { LOADED_MACHINE } from '../../src/worker/loaded-machine';
import { bundleOf } from '../bundles';

/** What arrives, with the server's (skipped) time. */
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
  /** When, in skipped epoch seconds, it was asked to import a task. */
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
  retry: 'backoff',
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
    createProgressUpdateStream: () => Promise.resolve(),
    async importMigrationTask() {
      it.registrations.push((await env.currentTimeMs()) / 1000);
      const failure = it.refusal();
      if (failure) throw new MigrationHubError(failure);
    },
    putResourceAttributes: () => Promise.resolve(),
    associateDiscoveredResource: () => Promise.resolve(),
    disassociateDiscoveredResource: () => Promise.resolve(),
    associateCreatedArtifact: () => Promise.resolve(),
    disassociateCreatedArtifact: () => Promise.resolve(),
    associateSourceResource: () => Promise.resolve(),
    disassociateSourceResource: () => Promise.resolve(),
    listSourceResources: () => Promise.resolve([]),
    listMigrationTaskUpdates: () => Promise.resolve([]),
    describeMigrationTask: () => Promise.resolve(it.held),
    describeApplicationState: () => Promise.resolve(undefined),
    notifyApplicationState: () => Promise.resolve(),
    destroy: () => undefined,
    async notifyMigrationTaskState(notification) {
      const at = (await env.currentTimeMs()) / 1000;
      const failure = it.answer(notification, of(notification.migrationTaskName));
      arrivals.push({ ...notification, at, failed: failure !== undefined });
      if (failure) throw new MigrationHubError(failure);
    },
  };
  // The product's own workers: only Migration Hub is another.
  const ours = await createMigrationHubWorkers({ connection }, { hub });
  const owners = await Worker.create({
    connection,
    taskQueue: OWNERS_QUEUE,
    workflowBundle: await bundleOf(join(__dirname, '../fixtures/owners.ts')),
    ...LOADED_MACHINE,
  });
  const running = Promise.all([ours, owners].map((worker) => worker.run()));
  const it: SkippedTime = {
    env,
    of,
    answer: () => undefined,
    refusal: () => undefined,
    registrations: [],
    held: {},
    async close() {
      for (const worker of [ours, owners]) worker.shutdown();
      await running;
      await env.teardown();
    },
  };
  return it;
}
