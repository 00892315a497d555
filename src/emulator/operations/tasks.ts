import { page, type Paged } from './paging';
import type { Notification, StoredTask } from '../hub/stored-task';
import { taskOf, type Context, type Operation, type TaskKey } from './operation';

interface NotifyInput extends TaskKey {
  Task: { Status: string; StatusDetail?: string; ProgressPercent?: number };
  UpdateDateTime: number;
  NextUpdateSeconds: number;
}
type AttributesInput = TaskKey & { ResourceAttributeList: { Type: string; Value: string }[] };

const stateOf = ({ status, statusDetail, progressPercent }: Notification) => ({
  Status: status,
  StatusDetail: statusDetail,
  ProgressPercent: progressPercent,
});
/** The state of a task before its first notification. */
const unnotified = ({ switches }: Context) =>
  switches.neverNotified === 'not-started' ? { Status: 'NOT_STARTED' } : undefined;

/** Whether a task is associated with a discovered resource; every task is when none is given. */
const isOf = (resource: string | undefined) => (task: StoredTask) =>
  resource === undefined || task.discovered.has(resource);

/** The operations on migration tasks. */
export const taskOperations: Record<string, Operation> = {
  ImportMigrationTask: {
    needs: 'stream',
    refusedWhileDeleting: true,
    run({ account }, input: TaskKey) {
      account.store.importTask(input.ProgressUpdateStream, input.MigrationTaskName);
      return {};
    },
  },

  NotifyMigrationTaskState: {
    needs: 'task',
    refusedWhileDeleting: true,
    run({ account }, input: NotifyInput) {
      account.store.notify(input.ProgressUpdateStream, input.MigrationTaskName, {
        status: input.Task.Status,
        statusDetail: input.Task.StatusDetail,
        progressPercent: input.Task.ProgressPercent,
        updateDateTime: input.UpdateDateTime,
        nextUpdateSeconds: input.NextUpdateSeconds,
      });
      return {};
    },
  },

  PutResourceAttributes: {
    needs: 'task',
    run(context, input: AttributesInput) {
      const given = input.ResourceAttributeList.map(({ Type, Value }) => ({ Type, Value }));
      const isManaged = given.some(({ Type }) => Type === 'VM_MANAGER_ID');
      const keeps = isManaged || context.switches.vmAttributesWithoutManager === 'keep';
      taskOf(context, input).attributes = given.filter(({ Type }) => keeps || !Type.startsWith('VM_'));
      return {};
    },
  },

  DescribeMigrationTask: {
    needs: 'task',
    run(context, input: TaskKey) {
      const { stream, name, last, attributes } = taskOf(context, input);
      return {
        MigrationTask: {
          ProgressUpdateStream: stream,
          MigrationTaskName: name,
          Task: last ? stateOf(last) : unnotified(context),
          UpdateDateTime: last?.updateDateTime,
          ResourceAttributeList: attributes,
        },
      };
    },
  },

  ListMigrationTasks: {
    run(context, input: Paged & { ResourceName?: string }) {
      const { account, switches } = context;
      const found = account.store.tasks().filter(isOf(input.ResourceName));
      const { items, ...next } = page('tasks', found, input, switches);
      const summaries = items.map(({ stream, name, last }) => ({
        ProgressUpdateStream: stream,
        MigrationTaskName: name,
        ...(last ? stateOf(last) : unnotified(context)),
        UpdateDateTime: last?.updateDateTime,
      }));
      return { MigrationTaskSummaryList: summaries, ...next };
    },
  },

  ListMigrationTaskUpdates: {
    needs: 'task',
    run(context, input: TaskKey & Paged) {
      const { updates } = taskOf(context, input);
      const descending = context.switches.updatesOrder === 'newest-first';
      const ordered = descending ? [...updates].reverse() : updates;
      const { items, ...next } = page('updates', ordered, input, context.switches, { descending });
      const rows = items.map((update) => ({
        UpdateDateTime: update.updateDateTime,
        UpdateType: 'MIGRATION_TASK_STATE_UPDATED',
        MigrationTaskState: stateOf(update),
      }));
      return { MigrationTaskUpdateList: rows, ...next };
    },
  },
};
