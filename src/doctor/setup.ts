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
  /** The workers are told to keep the search attribute of deadlines. */
  deadlineSearchAttribute?: boolean;
  /** The ProgressUpdateStream to look at. */
  stream?: string;
  /** The MigrationTaskName to look at. */
  task?: string;
}

/** What is asked about, and what the checks so far have found for those that follow. */
export class Setup {
  /** A check has found a problem; what is found later may follow from it. */
  hasProblem = false;
  /** Made by the check of the Temporal server. */
  connection?: Connection;
  /** What the server knows of the task queues. */
  queues: QueueLook[] = [];
  /** What Migration Hub said to the first call. */
  firstSaid?: Said;
  /** What was last reported of the task. */
  state?: ReportedState;
  /** What Migration Hub holds of the task. */
  held?: MigrationTask;
  private ownClient?: Client;
  private ownHub?: MigrationHubClient;
  private ownAws?: AwsAccess;

  constructor(
    /** What is asked about. */
    readonly asked: Asked,
  ) {}

  /** Of the Temporal server and namespace. */
  get client(): Client {
    return made(this.ownClient);
  }

  set client(client: Client) {
    this.ownClient = client;
  }

  /** On the same client. */
  get hub(): MigrationHubClient {
    return made(this.ownHub);
  }

  set hub(hub: MigrationHubClient) {
    this.ownHub = hub;
  }

  /** Made by the check of the region. */
  get aws(): AwsAccess {
    return made(this.ownAws);
  }

  set aws(aws: AwsAccess) {
    this.ownAws = aws;
  }

  /** Ends what was made. */
  async close(): Promise<void> {
    this.ownAws?.destroy();
    await this.connection?.close();
  }
}

/** A check that reads it names in `needs` the one that makes it. */
function made<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a check lacks the one that it needs');
  return value;
}
