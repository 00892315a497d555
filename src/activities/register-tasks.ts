import { cancellationSignal } from '@temporalio/activity';
import type { MigrationHubApi } from '../migration-hub/api';
import type { NotifyFailure, ReadBack, ResourceAttribute, TaskIdentity } from '../task-state';
import { attempt } from './attempt';
import { settleInParallel } from './settle-in-parallel';

export interface TaskToRegister extends TaskIdentity {
  resourceAttributes?: ResourceAttribute[];
}

export type Registration =
  | { found?: ReadBack; /** Why the attributes were not taken; the rest was. */ attributesFailure?: NotifyFailure }
  | { failure: NotifyFailure };

/** Create and Import: both idempotent, so always called in that order. */
export async function registerTask(hub: MigrationHubApi, task: TaskIdentity, abortSignal?: AbortSignal): Promise<void> {
  await hub.createProgressUpdateStream(task.progressUpdateStream, { abortSignal });
  await hub.importMigrationTask(task, { abortSignal });
}

async function register(hub: MigrationHubApi, task: TaskToRegister, abortSignal: AbortSignal): Promise<Registration> {
  const failure = await attempt(abortSignal, () => registerTask(hub, task, abortSignal));
  if (failure) return { failure };
  const { resourceAttributes } = task;
  const attributesFailure =
    resourceAttributes &&
    (await attempt(abortSignal, () => hub.putResourceAttributes(task, resourceAttributes, { abortSignal })));
  // An attribute that Migration Hub will not take must not keep the statuses from it.
  if (attributesFailure?.retryable) return { failure: attributesFailure };
  let found: ReadBack | undefined;
  const unread = await attempt(abortSignal, async () => {
    found = await hub.describeMigrationTask(task, { abortSignal });
  });
  return unread ? { failure: unread } : { found, ...(attributesFailure && { attributesFailure }) };
}

/**
 * Makes the tasks known to Migration Hub and reads back what it already holds of them. One result per task, in order.
 */
export function createRegisterTasks(hub: MigrationHubApi, concurrency: number) {
  return async function registerTasks(tasks: TaskToRegister[]): Promise<Registration[]> {
    const abortSignal = cancellationSignal();
    const done = await settleInParallel(tasks, concurrency, (task) => register(hub, task, abortSignal));
    return tasks.map((_, index) => done.get(index) as Registration);
  };
}
