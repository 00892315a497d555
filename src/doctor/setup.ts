import type { MigrationTask } from '@aws-sdk/client-migration-hub';
import type { Client, Connection } from '@temporalio/client';
import type { MigrationHubClient } from '../client/migration-hub-client';
import type { TemporalSettings } from '../cli/temporal-settings';
import type { ReportedState } from '../task-state';
import type { AwsAccess, Said } from './aws-access';
import type { QueueLook } from './task-queues';

/** What is asked about. */
export interface Asked {
  /** How the Temporal server is reached. */
  temporal: TemporalSettings;
  /** Plugins of the connection, such as a codec. */
  plugins?: never[];
  /** The home region, where it is given; else the AWS client finds it. */
  region?: string;
  /** Where Migration Hub is, where it is given. */
  endpoint?: string;
  /** The flag or variable by which the workers are told to keep the search attribute of deadlines; absent where they are not. */
  deadlineSearchAttribute?: string;
  /** The ProgressUpdateStream to look at. */
  stream?: string;
  /** The MigrationTaskName to look at. */
  task?: string;
}

/**
 * What is asked about, and what the checks so far have found for those that follow. A check names in `needs` those that make what it
 * reads.
 */
export class Setup {
  /** A check has found a problem; what is found later may follow from it. */
  hasProblem = false;
  /** To the Temporal server: made by the check of that, as what follows. */
  connection?: Connection;
  /** Of the Temporal server and namespace. */
  client!: Client;
  /** On the same client. */
  hub!: MigrationHubClient;
  /** What the server knows of the task queues: by the check of the workers. */
  queues: QueueLook[] = [];
  /** By the check of the settings of AWS. */
  aws!: AwsAccess;
  /** What Migration Hub said to the first call: by the check whether it answers. */
  firstSaid?: Said;
  /** What was last reported of the task, where somebody has. */
  state?: ReportedState;
  /** What Migration Hub holds of the task, where it does. */
  held?: MigrationTask;

  constructor(
    /** What is asked about. */
    readonly asked: Asked,
  ) {}

  /** Ends what was made. */
  async close(): Promise<void> {
    (this.aws as AwsAccess | undefined)?.destroy();
    await this.connection?.close();
  }
}
