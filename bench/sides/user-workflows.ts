/** The workflows of a user, with this package and without it. */
import { proxyActivities, sleep } from '@temporalio/workflow';
import { migrationTask } from 'temporal-migration-hub/workflow';
import type * as activities from './user-activities';

const { notifyMigrationHub } = proxyActivities<typeof activities>({ startToCloseTimeout: '10s' });

/** Repeats one state for as long as it is open: an activity, a sleep, and so on. */
export async function naiveMigration(stream: string, task: string, everySeconds: number): Promise<void> {
  for (;;) {
    await notifyMigrationHub(stream, task, 3600);
    await sleep(everySeconds * 1000);
  }
}

/** Reports `count` times through this package. Each detail tells when, in epoch milliseconds of workflow time. */
export async function reportingMigration(input: {
  stream: string;
  task: string;
  count: number;
  firstAfterMs: number;
  everyMs: number;
}): Promise<void> {
  const task = migrationTask({ progressUpdateStream: input.stream, migrationTaskName: input.task });
  await sleep(input.firstAfterMs);
  for (let i = 0; i < input.count; i++) {
    await task.report({ status: 'IN_PROGRESS', statusDetail: `sent ${Date.now()}` });
    await sleep(input.everyMs);
  }
}
