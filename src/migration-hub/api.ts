import type {
  ApplicationStatus,
  CreatedArtifact,
  ResourceAttribute,
  SourceResource,
  TaskIdentity,
  TaskState,
} from '../report';
import type { ReadBack, TaskNotification } from '../task-state';

/** How one call is bounded: `abortSignal` reaches the socket. */
export interface CallOptions {
  /** Ends the call. */
  abortSignal?: AbortSignal;
  /** Ends the wait of a call that has not begun; one that has goes to its end. Not for a call that `goesOn`. */
  waitSignal?: AbortSignal;
  /** By when the call should be made, in epoch seconds: where calls wait, the nearest goes first. @default after all others */
  dueBy?: number;
  /** Called at the last moment before the request goes to the socket; it is not sent where this throws. */
  beforeSending?: () => void;
  /** A further call for a task that had its turn: it goes before others that wait. */
  goesOn?: boolean;
  /** Asks only whether the call would be permitted. */
  dryRun?: boolean;
}

/** The calls that register a task and tell its state. */
export interface TaskApi {
  /** CreateProgressUpdateStream: succeeds where the stream is there already. */
  createProgressUpdateStream(progressUpdateStream: string, options?: CallOptions): Promise<void>;
  /** ImportMigrationTask: succeeds where the task is there already. */
  importMigrationTask(task: TaskIdentity, options?: CallOptions): Promise<void>;
  /** PutResourceAttributes. */
  putResourceAttributes(task: TaskIdentity, attributes: ResourceAttribute[], options?: CallOptions): Promise<void>;
  /** DescribeMigrationTask: what Migration Hub holds of the task. */
  describeMigrationTask(task: TaskIdentity, options?: CallOptions): Promise<ReadBack>;
  /** NotifyMigrationTaskState. */
  notifyMigrationTaskState(notification: TaskNotification, options?: CallOptions): Promise<void>;
}

/** A state that Migration Hub was told: a row of ListMigrationTaskUpdates. */
export interface TaskUpdate extends TaskState {
  /** Epoch seconds. */
  updateDateTime: number;
}

/**
 * The calls about what Migration Hub keeps with a task beside its state. Those of source resources, and ListMigrationTaskUpdates, need
 * an AWS client of December 2024 or later.
 */
export interface ResourceApi {
  /** AssociateDiscoveredResource, by the configuration id of a server in Application Discovery Service. */
  associateDiscoveredResource(task: TaskIdentity, configurationId: string, options?: CallOptions): Promise<void>;
  /** DisassociateDiscoveredResource. */
  disassociateDiscoveredResource(task: TaskIdentity, configurationId: string, options?: CallOptions): Promise<void>;
  /** AssociateCreatedArtifact. */
  associateCreatedArtifact(task: TaskIdentity, artifact: CreatedArtifact, options?: CallOptions): Promise<void>;
  /** DisassociateCreatedArtifact, by the ARN. */
  disassociateCreatedArtifact(task: TaskIdentity, name: string, options?: CallOptions): Promise<void>;
  /** AssociateSourceResource. */
  associateSourceResource(task: TaskIdentity, resource: SourceResource, options?: CallOptions): Promise<void>;
  /** DisassociateSourceResource. */
  disassociateSourceResource(task: TaskIdentity, name: string, options?: CallOptions): Promise<void>;
  /** ListSourceResources: the first `limit`, in the order of Migration Hub. */
  listSourceResources(task: TaskIdentity, limit: number, options?: CallOptions): Promise<SourceResource[]>;
  /** ListMigrationTaskUpdates: the first `limit`, in the order of Migration Hub. */
  listMigrationTaskUpdates(task: TaskIdentity, limit: number, options?: CallOptions): Promise<TaskUpdate[]>;
}

/** What is notified of an application. */
export interface ApplicationNotification {
  /** Its configuration id in Application Discovery Service. */
  applicationId: string;
  /** As Migration Hub has it. */
  status: ApplicationStatus;
  /** Whole epoch seconds; the same in each retry. */
  updateDateTime: number;
}

/** The calls about the state of an application. */
export interface ApplicationApi {
  /** DescribeApplicationState; undefined where Migration Hub has no state of it. */
  describeApplicationState(applicationId: string, options?: CallOptions): Promise<ApplicationStatus | undefined>;
  /** NotifyApplicationState. */
  notifyApplicationState(notification: ApplicationNotification, options?: CallOptions): Promise<void>;
}

/** The narrow part of AWS Migration Hub that this package needs. Every call throws a `MigrationHubError`. */
export interface MigrationHubApi extends TaskApi, ResourceApi, ApplicationApi {
  /**
   * Where the calls go, for people: what the AWS client itself makes of options, variables and configuration files.
   * @throws ConfigurationError when no call can go there
   */
  endpoint(): Promise<string>;
  /** Called when the workers have ended; of a hub that they were given, by whoever made it. */
  destroy(): void;
}
