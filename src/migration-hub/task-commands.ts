import {
  CreateProgressUpdateStreamCommand,
  DescribeMigrationTaskCommand,
  ImportMigrationTaskCommand,
  NotifyMigrationTaskStateCommand,
  PutResourceAttributesCommand,
} from '@aws-sdk/client-migration-hub';
import type { TaskApi } from './api';
import { dry, keys, type Send } from './send';

/** The calls that register a task and tell its state. */
export const taskCommands = (send: Send): TaskApi => ({
  async createProgressUpdateStream(name, o) {
    await send(new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: name, ...dry(o) }), o);
  },
  async importMigrationTask(task, o) {
    await send(new ImportMigrationTaskCommand({ ...keys(task), ...dry(o) }), o);
  },
  async putResourceAttributes(task, attributes, o) {
    const ResourceAttributeList = attributes.map(({ type, value }) => ({ Type: type as never, Value: value }));
    await send(new PutResourceAttributesCommand({ ...keys(task), ResourceAttributeList, ...dry(o) }), o);
  },
  async describeMigrationTask(task, o) {
    const found = (await send(new DescribeMigrationTaskCommand(keys(task)), o))?.MigrationTask;
    return {
      status: found?.Task?.Status as never,
      statusDetail: found?.Task?.StatusDetail,
      progressPercent: found?.Task?.ProgressPercent,
      updateDateTime: found?.UpdateDateTime && found.UpdateDateTime.getTime() / 1000,
    };
  },
  async notifyMigrationTaskState(n, o) {
    const input = {
      ...keys(n),
      Task: { Status: n.status, StatusDetail: n.statusDetail, ProgressPercent: n.progressPercent },
      UpdateDateTime: new Date(n.updateDateTime * 1000),
      NextUpdateSeconds: n.nextUpdateSeconds,
      ...dry(o),
    };
    await send(new NotifyMigrationTaskStateCommand(input), o);
  },
});
