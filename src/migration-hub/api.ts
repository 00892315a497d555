import type { ApplicationStatus, ResourceAttribute, TaskIdentity } from '../report';
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
export interface MigrationHubApi extends TaskApi, ApplicationApi {
  /**
   * Where the calls go, for people: what the AWS client itself makes of options, variables and configuration files.
   * @throws ConfigurationError when no call can go there
   */
  endpoint(): Promise<string>;
  /** Called when the workers have ended. */
  destroy(): void;
}
