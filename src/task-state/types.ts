import type { TaskIdentity, TaskState } from '../report';

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
