import {
  AssociateCreatedArtifactCommand,
  AssociateDiscoveredResourceCommand,
  CreateProgressUpdateStreamCommand,
  DescribeApplicationStateCommand,
  DescribeMigrationTaskCommand,
  DisassociateCreatedArtifactCommand,
  DisassociateDiscoveredResourceCommand,
  ImportMigrationTaskCommand,
  NotifyApplicationStateCommand,
  NotifyMigrationTaskStateCommand,
  PutResourceAttributesCommand,
} from '@aws-sdk/client-migration-hub';
import { inParallel } from '../async/in-parallel';
import { isInClient, newerCommand } from '../migration-hub/newer-command';
import type { AwsAccess, Said } from './aws-access';
import { isThrottled } from './check';
import { CHECK_APPLICATION, CHECK_STREAM, CHECK_TASK } from './check-names';
import type { Setup } from './setup';

/** An operation, and what was said to it. */
export interface Tried {
  /** Its name in the API. */
  operation: string;
  /** What Migration Hub said. */
  said: Said;
}

/** Workers need the rate that Migration Hub permits. */
const AT_ONCE = 3;

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
  const server = { ConfigurationId: 'd-server-0123456789abcdef0' };
  const artifact = { CreatedArtifactName: 'arn:aws:ec2:us-west-2::image/ami-0123456789abcdef0' };
  const given = { CreatedArtifact: { Name: artifact.CreatedArtifactName } };
  const source = { SourceResourceName: 'temporal-migration-hub-check' };
  const newer: [operation: string, input: object][] = [
    ['AssociateSourceResource', { ...dry, SourceResource: { Name: source.SourceResourceName } }],
    ['DisassociateSourceResource', { ...dry, ...source }],
  ];
  return tryAll(aws, signal, [
    ['CreateProgressUpdateStream', (o) => client.send(new CreateProgressUpdateStreamCommand(create), o)],
    ['ImportMigrationTask', (o) => client.send(new ImportMigrationTaskCommand(dry), o)],
    ['NotifyMigrationTaskState', (o) => client.send(new NotifyMigrationTaskStateCommand({ ...dry, ...state }), o)],
    ['PutResourceAttributes', (o) => client.send(new PutResourceAttributesCommand({ ...dry, ...attributes }), o)],
    ['DescribeMigrationTask', (o) => client.send(new DescribeMigrationTaskCommand(task), o)],
    [
      'AssociateDiscoveredResource',
      (o) => client.send(new AssociateDiscoveredResourceCommand({ ...dry, DiscoveredResource: server }), o),
    ],
    [
      'DisassociateDiscoveredResource',
      (o) => client.send(new DisassociateDiscoveredResourceCommand({ ...dry, ...server }), o),
    ],
    ['AssociateCreatedArtifact', (o) => client.send(new AssociateCreatedArtifactCommand({ ...dry, ...given }), o)],
    [
      'DisassociateCreatedArtifact',
      (o) => client.send(new DisassociateCreatedArtifactCommand({ ...dry, ...artifact }), o),
    ],
    // An older AWS client does not have them.
    ...newer
      .filter(([operation]) => isInClient(operation))
      .map(([operation, input]): [string, (o: Options) => Promise<unknown>] => [
        operation,
        (o) => client.send(newerCommand(operation, input) as never, o),
      ]),
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

/** Where one is throttled all the same, those that have not begun are not tried. */
function tryAll(aws: AwsAccess, signal: AbortSignal, calls: Calls): Promise<Tried[]> {
  let throttled: Said | undefined;
  return inParallel(calls, AT_ONCE, async ([operation, call]) => {
    const said: Said = throttled ?? (await aws.say(signal, call));
    if (isThrottled(said.type)) throttled = said;
    return { operation, said };
  });
}
