import { unknownOperation } from './errors';
import { page } from './paging';
import type { Store } from './store';

/** What an operation works on. */
export interface Context {
  store: Store;
  homeRegion: string;
}

/** Works on an input that the model has accepted, and answers the output. */
export type Operation = (context: Context, input: never) => object;

interface TaskKey {
  ProgressUpdateStream: string;
  MigrationTaskName: string;
}
interface Paged {
  NextToken?: string;
  MaxResults?: number;
}
interface NotifyInput extends TaskKey {
  Task: { Status: string; StatusDetail?: string; ProgressPercent?: number };
  UpdateDateTime: number;
  NextUpdateSeconds: number;
}
type AttributesInput = TaskKey & { ResourceAttributeList: { Type: string; Value: string }[] };

const migrationHub: Record<string, Operation> = {
  CreateProgressUpdateStream({ store }, input: { ProgressUpdateStreamName: string }) {
    store.createStream(input.ProgressUpdateStreamName);
    return {};
  },

  ListProgressUpdateStreams({ store }, input: Paged) {
    const { items, ...next } = page('streams', store.streamList(), input);
    return { ProgressUpdateStreamSummaryList: items.map((s) => ({ ProgressUpdateStreamName: s.name })), ...next };
  },

  ImportMigrationTask({ store }, input: TaskKey) {
    store.importTask(input.ProgressUpdateStream, input.MigrationTaskName);
    return {};
  },

  NotifyMigrationTaskState({ store }, input: NotifyInput) {
    store.notify(input.ProgressUpdateStream, input.MigrationTaskName, {
      status: input.Task.Status,
      statusDetail: input.Task.StatusDetail,
      progressPercent: input.Task.ProgressPercent,
      updateDateTime: input.UpdateDateTime,
      nextUpdateSeconds: input.NextUpdateSeconds,
    });
    return {};
  },

  PutResourceAttributes({ store }, input: AttributesInput) {
    const task = store.task(input.ProgressUpdateStream, input.MigrationTaskName);
    task.attributes = input.ResourceAttributeList.map(({ Type, Value }) => ({ Type, Value }));
    return {};
  },

  DescribeMigrationTask({ store }, input: TaskKey) {
    const { stream, name, last, attributes } = store.task(input.ProgressUpdateStream, input.MigrationTaskName);
    const state = last && {
      Task: { Status: last.status, StatusDetail: last.statusDetail, ProgressPercent: last.progressPercent },
      UpdateDateTime: last.updateDateTime,
    };
    return {
      MigrationTask: {
        ProgressUpdateStream: stream,
        MigrationTaskName: name,
        ...state,
        ResourceAttributeList: attributes,
      },
    };
  },

  ListMigrationTasks({ store }, input: Paged & { ResourceName?: string }) {
    if (input.ResourceName !== undefined)
      throw unknownOperation('ListMigrationTasks by ResourceName is not yet emulated.');
    const { items, ...next } = page('tasks', store.tasks(), input);
    const summaries = items.map(({ stream, name, last }) => ({
      ProgressUpdateStream: stream,
      MigrationTaskName: name,
      Status: last?.status,
      ProgressPercent: last?.progressPercent,
      StatusDetail: last?.statusDetail,
      UpdateDateTime: last?.updateDateTime,
    }));
    return { MigrationTaskSummaryList: summaries, ...next };
  },
};

/** The emulated operations: service (the prefix in X-Amz-Target), then operation. */
export const operations: Record<string, Record<string, Operation>> = {
  AWSMigrationHub: migrationHub,
  AWSMigrationHubMultiAccountService: {
    GetHomeRegion: ({ homeRegion }) => ({ HomeRegion: homeRegion }),
  },
};
