import {
  CreateProgressUpdateStreamCommand,
  DescribeMigrationTaskCommand,
  ImportMigrationTaskCommand,
  NotifyMigrationTaskStateCommand,
  PutResourceAttributesCommand,
} from '@aws-sdk/client-migration-hub';
import type { Said } from './aws-access';
import { CHECK_STREAM, CHECK_TASK } from './check-names';
import type { Setup } from './setup';

/** An operation, and what was said to it. */
export interface Tried {
  /** Its name in the API. */
  operation: string;
  /** What Migration Hub said. */
  said: Said;
}

/** Tries the operations that workers call: dry runs, and one read. Nothing is changed. */
export async function tryOperations({ aws, asked }: Setup, signal: AbortSignal): Promise<Tried[]> {
  const { client } = aws;
  const stream = { ProgressUpdateStream: asked.stream ?? CHECK_STREAM };
  // Never a task that exists: what answers may not know what a dry run is.
  const dry = { ...stream, MigrationTaskName: CHECK_TASK, DryRun: true };
  const create = { ProgressUpdateStreamName: stream.ProgressUpdateStream, DryRun: true };
  const task = { ...stream, MigrationTaskName: asked.task ?? CHECK_TASK };
  const state = { Task: { Status: 'IN_PROGRESS' as const }, UpdateDateTime: new Date(), NextUpdateSeconds: 3600 };
  const attributes = { ResourceAttributeList: [{ Type: 'FQDN' as const, Value: 'temporal-migration-hub.invalid' }] };
  type Options = { abortSignal: AbortSignal };
  const calls: [operation: string, call: (o: Options) => Promise<unknown>][] = [
    ['CreateProgressUpdateStream', (o) => client.send(new CreateProgressUpdateStreamCommand(create), o)],
    ['ImportMigrationTask', (o) => client.send(new ImportMigrationTaskCommand(dry), o)],
    ['NotifyMigrationTaskState', (o) => client.send(new NotifyMigrationTaskStateCommand({ ...dry, ...state }), o)],
    ['PutResourceAttributes', (o) => client.send(new PutResourceAttributesCommand({ ...dry, ...attributes }), o)],
    ['DescribeMigrationTask', (o) => client.send(new DescribeMigrationTaskCommand(task), o)],
  ];
  return Promise.all(calls.map(async ([operation, call]) => ({ operation, said: await aws.say(signal, call) })));
}
