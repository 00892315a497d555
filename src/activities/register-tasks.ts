import { cancellationSignal } from '@temporalio/activity';
import type { MigrationHubApi } from '../migration-hub/api';
import type { NotifyFailure, ReadBack, ResourceAttribute, TaskIdentity } from '../task-state';
import { attempt } from './attempt';
import { inParallel } from './in-parallel';
import { whileHeartbeating } from './while-heartbeating';

export interface TaskToRegister extends TaskIdentity {
  resourceAttributes?: ResourceAttribute[];
}

export type Registration = { found?: ReadBack } | { failure: NotifyFailure };

/** Create, Import and attributes: all idempotent, so always called in that order. */
export async function registerTask(
  hub: MigrationHubApi,
  task: TaskToRegister,
  abortSignal?: AbortSignal,
): Promise<void> {
  await hub.createProgressUpdateStream(task.progressUpdateStream, { abortSignal });
  await hub.importMigrationTask(task, { abortSignal });
  if (task.resourceAttributes) await hub.putResourceAttributes(task, task.resourceAttributes, { abortSignal });
}

/** Makes the tasks known to Migration Hub and reads back what it already holds of them. One result per task, in order. */
export function createRegisterTasks(hub: MigrationHubApi, concurrency: number) {
  return async function registerTasks(tasks: TaskToRegister[]): Promise<Registration[]> {
    const register = async (task: TaskToRegister): Promise<Registration> => {
      const abortSignal = cancellationSignal();
      let found: ReadBack | undefined;
      const failure = await attempt(abortSignal, async () => {
        await registerTask(hub, task, abortSignal);
        found = await hub.describeMigrationTask(task, { abortSignal });
      });
      return failure ? { failure } : { found };
    };
    return whileHeartbeating(
      () => [],
      () => inParallel(tasks, concurrency, register),
    );
  };
}
