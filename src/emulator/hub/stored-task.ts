import type { StalenessLedger } from '../time/staleness-ledger';

/** The state that one NotifyMigrationTaskState sent. */
export interface Notification {
  /** NOT_STARTED, IN_PROGRESS, FAILED or COMPLETED. */
  status: string;
  /** `Task.StatusDetail`; undefined when it was not sent. */
  statusDetail: string | undefined;
  /** `Task.ProgressPercent`, 0 to 100; undefined when it was not sent. */
  progressPercent: number | undefined;
  /** `UpdateDateTime` as sent, epoch seconds. */
  updateDateTime: number;
  /** `NextUpdateSeconds` as sent. */
  nextUpdateSeconds: number;
}

/** A row of ListMigrationTaskUpdates. */
export interface Update extends Notification {
  /** The position in the list, rising; page tokens refer to it. */
  seq: number;
}

/** A resource attribute, as PutResourceAttributes sends it. */
export interface Attribute {
  /** The type, e.g. `VM_NAME`. */
  Type: string;
  /** The value. */
  Value: string;
}

/** A created artifact, discovered resource or source resource of a task. */
export interface Associated {
  /** The position in the list, rising; page tokens refer to it. */
  seq: number;
  /** The name, or the configuration id of a discovered resource. */
  name: string;
  /** The description; undefined when none was sent. */
  description: string | undefined;
  /** The status detail of a source resource; undefined when none was sent. */
  statusDetail?: string | undefined;
}

/** A migration task as the store keeps it. */
export interface StoredTask {
  /** The position in the order of first import, from 1; page tokens refer to it. */
  readonly seq: number;
  /** The progress update stream. */
  readonly stream: string;
  /** The migration task name. */
  readonly name: string;
  /** The state that DescribeMigrationTask returns; by switch not always that of the last call. */
  last: Notification | undefined;
  /** The rows of ListMigrationTaskUpdates that are kept, oldest first. */
  updates: Update[];
  /** Rows that are no longer kept. */
  droppedUpdates: number;
  /** What the last PutResourceAttributes set. */
  attributes: Attribute[];
  /** Created artifacts by name. */
  readonly artifacts: Map<string, Associated>;
  /** Discovered resources by configuration id. */
  readonly discovered: Map<string, Associated>;
  /** Source resources by name. */
  readonly sources: Map<string, Associated>;
  /** NotifyMigrationTaskState calls that were applied. */
  notifications: number;
  /** When the task was stale. */
  ledger: StalenessLedger;
}

/** The state of an application, as NotifyApplicationState sets it. */
export interface StoredApplication {
  /** The position in the list, rising; page tokens refer to it. */
  seq: number;
  /** The application id. */
  id: string;
  /** NOT_STARTED, IN_PROGRESS or COMPLETED. */
  status: string;
  /** `UpdateDateTime` as sent, else the time of the call; epoch seconds. */
  lastUpdatedTime: number;
}
