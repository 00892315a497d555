import type { ResourceAttribute, TaskIdentity } from '../report';
import type { ReadBack, TaskNotification } from '../task-state';

/** How one call is bounded: `abortSignal` reaches the socket. */
export interface CallOptions {
  abortSignal?: AbortSignal;
  /** A further call for a task that had its turn: it goes before others that wait. */
  goesOn?: boolean;
  /** Asks only whether the call would be permitted. */
  dryRun?: boolean;
}

/** The narrow part of AWS Migration Hub that this package needs. Every call throws a `MigrationHubError`. */
export interface MigrationHubApi {
  /**
   * Where the calls go, for people: what the AWS client itself makes of options, variables and configuration files.
   * @throws ConfigurationError when no call can go there
   */
  endpoint(): Promise<string>;
  createProgressUpdateStream(progressUpdateStream: string, options?: CallOptions): Promise<void>;
  importMigrationTask(task: TaskIdentity, options?: CallOptions): Promise<void>;
  putResourceAttributes(task: TaskIdentity, attributes: ResourceAttribute[], options?: CallOptions): Promise<void>;
  describeMigrationTask(task: TaskIdentity, options?: CallOptions): Promise<ReadBack>;
  notifyMigrationTaskState(notification: TaskNotification, options?: CallOptions): Promise<void>;
  destroy(): void;
}
