/** The statuses of Migration Hub's `Task$Status` (API 2017-05-31). */
export const STATUSES = ['NOT_STARTED', 'IN_PROGRESS', 'FAILED', 'COMPLETED'] as const;
export type Status = (typeof STATUSES)[number];

/** One migration task: a (ProgressUpdateStream, MigrationTaskName) pair. */
export interface TaskIdentity {
  /** 1–50 code points, no `/`, `:`, `|` or control character. */
  progressUpdateStream: string;
  /** 1–256 code points, no `:` or `|`. */
  migrationTaskName: string;
}

/** What a migration says of itself. */
export interface TaskState {
  status: Status;
  /** One line of at most 2,500 code points; longer or multi-line text is flattened and cut. */
  statusDetail?: string;
  /** Integer 0–100. Does not fall within one attempt unless `allowDecrease` is set. */
  progressPercent?: number;
}

/** An attribute for PutResourceAttributes, by which Migration Hub maps a task to a server. */
export interface ResourceAttribute {
  type: string;
  value: string;
}

/** A report as it travels to the heartbeat workflow: plain JSON, part of the public contract. */
export interface TaskReport extends TaskIdentity, TaskState {
  /** Seconds after `updateDateTime` within which the next update comes: 1–2147483647, default 3600. */
  nextUpdateSeconds?: number;
  /**
   * Seconds without a report after which heartbeats stop, where the reporter is no workflow that could be asked: from 0 (never),
   * default as the worker is set. The task is then stale at its deadline; the next report revives it.
   */
  silenceLimitSeconds?: number;
  /** For people, boards and filters (wave, application); nothing is routed by them. */
  labels?: Record<string, string>;
  /** Put once the task is registered, and again when they change. */
  resourceAttributes?: ResourceAttribute[];
  /** Who speaks for the task; `sequence` rises with each report of one `ownerId`. */
  owner?: { ownerId: string; workflowId?: string; runId?: string; sequence: number };
  /** Lets `progressPercent` fall. Default false. */
  allowDecrease?: boolean;
  /** Lets a report follow a terminal state. Default false. */
  reopen?: boolean;
}

/** One logical NotifyMigrationTaskState. Its retries are byte-identical, in the first half of its `nextUpdateSeconds`. */
export interface TaskNotification extends TaskIdentity, TaskState {
  /** Whole epoch seconds of workflow time, strictly rising per task. */
  updateDateTime: number;
  nextUpdateSeconds: number;
}

/** Why a notification did not arrive. */
export interface NotifyFailure {
  /** The error name: the AWS one, or the SDK's (`TimeoutError`), or `NetworkError`. */
  type: string;
  message: string;
  /** It may pass. What will not pass by itself is tried again every 30 s all the same: somebody may mend it. */
  retryable: boolean;
  /** It passes only when somebody mends it (new credentials): tried every 30 s, no sooner. */
  needsMending?: true;
  /** Seconds Migration Hub asked to wait, if it did. */
  retryAfterSeconds?: number;
}

/** What DescribeMigrationTask found at registration. */
export interface ReadBack extends Partial<TaskState> {
  updateDateTime?: number;
}

/** How heartbeats are made; a setting of the worker, handed to the heartbeat workflow when it starts. */
export interface HeartbeatSettings {
  /** Share of `nextUpdateSeconds` after which a heartbeat is due: 0.1–0.8, default 1/3. */
  heartbeatFraction: number;
  /** Seconds a terminal task stays readable in its group. Default 3600. */
  lingerSeconds: number;
  /** Seconds without a report after which heartbeats of a task stop whose reporter is no workflow. Default 0: never. */
  silenceLimitSeconds: number;
  /** Notifications per batch activity. Default 100. */
  batchSize: number;
  /** Heartbeats due within this many seconds go in one batch. Default 2. */
  batchWindowSeconds: number;
  /** Events after which the workflow continues as new: at most 4,600, default 4,000. */
  maxHistoryEvents: number;
}
