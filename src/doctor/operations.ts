import {
  CreateProgressUpdateStreamCommand,
  DescribeApplicationStateCommand,
  DescribeMigrationTaskCommand,
  ImportMigrationTaskCommand,
  NotifyApplicationStateCommand,
  NotifyMigrationTaskStateCommand,
  PutResourceAttributesCommand,
} from '@aws-sdk/client-migration-hub';
import type { AwsAccess, Said } from './aws-access';
import { CHECK_APPLICATION, CHECK_STREAM, CHECK_TASK } from './check-names';
import type { Setup } from './setup';

/** An operation, and what was said to it. */
export interface Tried {
  /** Its name in the API. */
  operation: string;
  /** What Migration Hub said. */
  said: Said;
}

type Options = { abortSignal: AbortSignal };
type Calls = [operation: string, call: (o: Options) => Promise<unknown>][];

/** Tries the operations that workers call for tasks: dry runs, and one read. Nothing is changed. */
export function tryOperations({ aws, asked }: Setup, signal: AbortSignal): Promise<Tried[]> {
  const { client } = aws;
  const stream = { ProgressUpdateStream: asked.stream ?? CHECK_STREAM };
  // Never a task that exists: what answers may not know what a dry run is.
  const dry = { ...stream, MigrationTaskName: CHECK_TASK, DryRun: true };
  const create = { ProgressUpdateStreamName: stream.ProgressUpdateStream, DryRun: true };
  const task = { ...stream, MigrationTaskName: asked.task ?? CHECK_TASK };
  const state = { Task: { Status: 'IN_PROGRESS' as const }, UpdateDateTime: new Date(), NextUpdateSeconds: 3600 };
  const attributes = { ResourceAttributeList: [{ Type: 'FQDN' as const, Value: 'temporal-migration-hub.invalid' }] };
  return tryAll(aws, signal, [
    ['CreateProgressUpdateStream', (o) => client.send(new CreateProgressUpdateStreamCommand(create), o)],
    ['ImportMigrationTask', (o) => client.send(new ImportMigrationTaskCommand(dry), o)],
    ['NotifyMigrationTaskState', (o) => client.send(new NotifyMigrationTaskStateCommand({ ...dry, ...state }), o)],
    ['PutResourceAttributes', (o) => client.send(new PutResourceAttributesCommand({ ...dry, ...attributes }), o)],
    ['DescribeMigrationTask', (o) => client.send(new DescribeMigrationTaskCommand(task), o)],
  ]);
}

/** The same of those for applications, which only `notifyApplicationState` needs. */
export function tryApplicationOperations({ aws }: Setup, signal: AbortSignal): Promise<Tried[]> {
  const { client } = aws;
  const application = { ApplicationId: CHECK_APPLICATION };
  const notify = { ...application, Status: 'IN_PROGRESS' as const, DryRun: true };
  return tryAll(aws, signal, [
    ['NotifyApplicationState', (o) => client.send(new NotifyApplicationStateCommand(notify), o)],
    ['DescribeApplicationState', (o) => client.send(new DescribeApplicationStateCommand(application), o)],
  ]);
}

const tryAll = (aws: AwsAccess, signal: AbortSignal, calls: Calls): Promise<Tried[]> =>
  Promise.all(calls.map(async ([operation, call]) => ({ operation, said: await aws.say(signal, call) })));
