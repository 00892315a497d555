import { cancellationSignal } from '@temporalio/activity';
import type { MigrationHubApi } from '../migration-hub/api';
import type { TaskIdentity } from '../report';
import type { NotifyFailure, ReadBack, Registration } from '../task-state';
import { attempt } from './attempt';
import type { HolderSearch } from './holder-search';
import { settleInParallel } from './settle-in-parallel';

/** Create and Import: both idempotent, so always called in that order. */
async function registerTask(hub: MigrationHubApi, task: TaskIdentity, abortSignal?: AbortSignal): Promise<void> {
  await hub.createProgressUpdateStream(task.progressUpdateStream, { abortSignal });
  await hub.importMigrationTask(task, { abortSignal, goesOn: true });
}

/** Makes a call about a task; where Migration Hub does not know the task, it is registered once and the call made again. */
export async function callForTask(
  hub: MigrationHubApi,
  task: TaskIdentity,
  abortSignal: AbortSignal,
  call: () => Promise<void>,
): Promise<{ failure?: NotifyFailure; registeredAnew?: true }> {
  const failure = await attempt(abortSignal, call);
  if (failure?.type !== 'ResourceNotFoundException') return { failure };
  const unregistered = await attempt(abortSignal, () => registerTask(hub, task, abortSignal));
  return unregistered ? { failure: unregistered } : { failure: await attempt(abortSignal, call), registeredAnew: true };
}

async function register(hub: MigrationHubApi, task: TaskIdentity, abortSignal: AbortSignal): Promise<Registration> {
  const failure = await attempt(abortSignal, () => registerTask(hub, task, abortSignal));
  if (failure) return { failure };
  let found: ReadBack | undefined;
  const unread = await attempt(abortSignal, async () => {
    found = await hub.describeMigrationTask(task, { abortSignal, goesOn: true });
  });
  if (!unread) return { found };
  // Whoever may write but not read is heard all the same; a task that is not there yet is no such refusal.
  return unread.retryable || unread.type === 'ResourceNotFoundException' ? { failure: unread } : { unread };
}

/**
 * Makes the tasks known to Migration Hub and reads back what it already holds of them; those that another heartbeat workflow
 * speaks for are left to it. One result per task, in order.
 */
export function createRegisterTasks(hub: MigrationHubApi, concurrency: number, heldElsewhere: HolderSearch) {
  return async function registerTasks(tasks: TaskIdentity[]): Promise<Registration[]> {
    const abortSignal = cancellationSignal();
    const done = await settleInParallel(
      tasks,
      concurrency,
      async (task) => (await heldElsewhere(task)) ?? register(hub, task, abortSignal),
    );
    return tasks.map((_, index) => done.get(index) as Registration);
  };
}
