import { cancellationSignal } from '@temporalio/activity';
import type { MigrationHubApi } from '../migration-hub/api';
import type { ResourceAttribute, TaskIdentity } from '../report';
import type { AttributesOutcome, NotifyFailure } from '../task-state';
import { callForTask } from './register-tasks';
import { settleInParallel } from './settle-in-parallel';

export interface TaskAttributes extends TaskIdentity {
  resourceAttributes: ResourceAttribute[];
}

/** Statuses of these tasks wait for the round, so it starts nothing more after this. */
const LAST_START_MS = 3000;
const NOT_TRIED: NotifyFailure = {
  type: 'NotTried',
  message: 'Migration Hub was too slow to put the attributes of all tasks in this round',
  retryable: true,
};

/**
 * Puts the resource attributes of the tasks; a task that Migration Hub does not know is registered once. One result per task, in order.
 */
export function createPutAttributes(hub: MigrationHubApi, concurrency: number) {
  return async function putAttributes(tasks: TaskAttributes[]): Promise<AttributesOutcome[]> {
    const abortSignal = cancellationSignal();
    const startedAt = performance.now();
    const done = await settleInParallel<TaskAttributes, AttributesOutcome>(tasks, concurrency, async (task) => {
      if (performance.now() - startedAt > LAST_START_MS) return { failure: NOT_TRIED };
      const put = () => hub.putResourceAttributes(task, task.resourceAttributes, { abortSignal });
      const { failure } = await callForTask(hub, task, abortSignal, put);
      return failure ? { failure } : {};
    });
    return tasks.map((_, index) => done.get(index) as AttributesOutcome);
  };
}
