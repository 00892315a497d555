import type { AttachmentKind, ResourceAttribute, SourceResource, TaskIdentity, TaskState } from '../report';

/** What one notification says of its task: a state with its time. */
export interface StateNotification extends TaskState {
  /** Whole epoch seconds of workflow time, strictly rising per task, never in the future. */
  updateDateTime: number;
  /** Seconds after `updateDateTime` within which the next update comes: 1–2147483647. */
  nextUpdateSeconds: number;
}

/**
 * One logical NotifyMigrationTaskState: a report with its time. Its retries are byte-identical in the first half of its
 * `nextUpdateSeconds`.
 */
export interface TaskNotification extends TaskIdentity, StateNotification {}

/** Why Migration Hub did not take something. */
export interface NotifyFailure {
  /** The error name: the AWS one, or the SDK's (`TimeoutError`), or `NetworkError`. */
  type: string;
  /** For people. */
  message: string;
  /**
   * What to do. `backoff`: it may pass, try again soon. `operator`: it passes when somebody mends it (credentials, policy,
   * home region), try again every 30 s. `register`: Migration Hub does not know the task. `never`: the same call cannot
   * succeed; a heartbeat workflow still tries it every 30 s (for an attachment: after pauses of up to an hour), since AWS answers so
   * outside of the home region, and while it deletes a stream, too. It ends the disassociation of what Migration Hub had never taken.
   */
  retry: 'backoff' | 'operator' | 'register' | 'never';
  /** Seconds that Migration Hub asked to wait, if it did. */
  retryAfterSeconds?: number;
}

/** What DescribeMigrationTask found at registration. */
export interface ReadBack extends Partial<TaskState> {
  /** Epoch seconds. */
  updateDateTime?: number;
}

/** Whose report is to follow an end, and what else tells whether it may. */
export interface Following {
  /** It was asked for. */
  reopen?: boolean;
  /** The percent may be below what Migration Hub holds. */
  allowDecrease?: boolean;
  /** When the workflow run started that reports, in epoch seconds. */
  startedAt?: number;
  /** The `run` that it is made in. */
  attempt?: string;
  /** The reporter. */
  ownerId?: string;
  /** The workflow run of the reporter. */
  runId?: string;
}

/** What an earlier run of the heartbeat workflow knew of the end that Migration Hub holds, and of who reports now. */
export interface EarlierEnd {
  /** When the workflow run started that reported it; when that was reported, where it did not tell. */
  startedAt?: number;
  /** The newest `run` that the same reporter had reported in. */
  attempt?: string;
  /** The same workflow run had reported before. */
  isLate?: true;
  /**
   * Nobody had reported it: its owner was gone, and who reports now is another run; or its heartbeat workflow was cancelled. Or who
   * reports now had begun the attempt after it.
   */
  mayFollow?: true;
}

/** How the latest run of a workflow has ended; `NOT_FOUND` where Temporal does not know it any more. */
export type OwnerEnd = 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TERMINATED' | 'TIMED_OUT' | 'NOT_FOUND';

/** A workflow that has reported in the current attempt, or one that started such a workflow and is open. */
export interface Owner {
  /** Its id: the run may change. */
  workflowId: string;
  /** Its type, where that is known: a workflow of another type under its id is not the owner. */
  workflowType?: string;
  /** Its namespace; absent for that of the heartbeat workflow. */
  namespace?: string;
  /** The workflow at the root of its tree, where that is known to be another one. */
  root?: string;
}

/** What is found of a task's owners. */
export interface OwnersFound {
  /** All have ended, and who started them has, too: so. */
  ownerEnd?: OwnerEnd;
  /** Whose end that is, where it is not the newest's: the newest completed, or is not known, and who started it failed. */
  endedOwner?: string;
  /** Where not all are open, those to remember: the open ones, those open ones that started the others, and the newest. */
  owners?: Owner[];
  /** Where workflows of more than one tree are open: the roots of the trees. */
  rivals?: string[];
}

/** Which workflows to ask, before something is sent, whether they are still open: the newest is the last. */
export interface OwnerQuestion {
  /** Those of the attempt that are remembered. */
  workflows: Owner[];
  /** It repeats what was delivered; else it carries a report that has waited. */
  heartbeat: boolean;
}

/**
 * One call about an attachment of a task: what Migration Hub keeps with it beside its state. Plain JSON, kept in histories. The name
 * is the ARN of an artifact, or the configuration id of a discovered resource; resource attributes have none.
 */
export interface AttachmentCall extends Partial<SourceResource> {
  /** Of what. */
  kind: AttachmentKind;
  /** Of resource attributes: all of them. */
  resourceAttributes?: ResourceAttribute[];
  /** Migration Hub is to keep it no more. */
  disassociate?: true;
}

/** What is to be done for one task by the activity `notifyTaskStates`, in the order of the fields. Plain JSON, kept in histories. */
export interface NotifyItem {
  /** The stream of the task. */
  progressUpdateStream: string;
  /** The name of the task. */
  migrationTaskName: string;
  /** The task is new to this heartbeat workflow: register it, and read back what Migration Hub holds of it. It may have no notification. */
  register?: Following;
  /** Nothing is sent where these have ended. */
  owners?: OwnerQuestion;
  /** What is sent. */
  notification?: StateNotification;
  /** By when it should go out, in epoch seconds: where calls wait, the nearest goes first. */
  dueBy?: number;
  /** Calls that are made, in this order, once the notification was taken. */
  attach?: AttachmentCall[];
  /** On the first item of a round: the answer is to bring the settings of the worker, since not all were given at the start. */
  asksForSettings?: true;
}

/** What became of one item. An empty outcome: all was taken at the first activity attempt. */
export interface Outcome extends OwnersFound {
  /** The activity attempt at which it was settled. @default 1 */
  attempts?: number;
  /** Why the notification was not taken. */
  failure?: NotifyFailure;
  /** With `failure`: the task could not be registered, so nothing was sent. */
  unregistered?: true;
  /** Nothing was sent: Migration Hub holds a newer, further or terminal state. Without a notification: what it holds. */
  found?: ReadBack;
  /** With `found`, where that is an end. */
  earlier?: EarlierEnd;
  /** Nothing was sent: the workflow asked to end before its turn. */
  notBegun?: true;
  /** Migration Hub had forgotten the task, its attachments too. */
  registeredAnew?: true;
  /** That came to light by a call about an attachment: its state is gone, too, which no notification has brought since. */
  stateForgotten?: true;
  /** Why attachments were not taken, by their place in `attach`. */
  attachmentFailures?: Record<number, NotifyFailure>;
  /** So many at the end of `attach` were not sent. */
  attachmentsLeft?: number;
}

/** What `notifyTaskStates` answers. */
export interface NotifyResult {
  /** `updateDateTime` of the notifications that were made for this round. */
  stampedAt?: number;
  /** Outcomes by index, without those that are empty. */
  others: Record<number, Outcome>;
  /** Of the worker, where an item asks for them. */
  settings?: HeartbeatSettings;
}

/** What became of a signal's content: taken where both are absent. */
export interface Received {
  /** Absent where it is no report. */
  migrationTaskName?: string;
  /** Why it is no report, or none of this heartbeat workflow. */
  dropped?: string;
  /** Why it was refused. */
  refused?: string;
  /** Names of labels of earlier reports that left, since all together were too long. */
  labelsLeftOut?: string[];
  /** Why resource attributes or a discovered resource of a report were left out, where they were not before. */
  attachmentLeftOut?: string;
}

/** What is known of an attachment of a task. */
export interface AttachmentView extends Partial<SourceResource> {
  /** Of what; the name is the ARN of an artifact, or the configuration id of a discovered resource; resource attributes have none. */
  kind: AttachmentKind;
  /**
   * `pending`: Migration Hub does not have it yet, or is to give it up; with `failure` where it did not take it at the last try.
   * `associated`: it has it. `disassociated`: it has given it up, or never takes its name. `refused`: there was no room for it, so it is
   * not sent; give it again once there is.
   */
  state: 'pending' | 'associated' | 'disassociated' | 'refused';
  /** `pending` until it is disassociated. */
  disassociate?: true;
  /** Why Migration Hub did not take it; statuses are sent all the same. */
  failure?: NotifyFailure;
  /** When it is tried again, in epoch seconds; absent while it was not tried, waits for the status, or nobody attends to it. */
  nextTryAt?: number;
}

/** What the heartbeat workflow logs of a task. */
export interface Warning {
  /** What has happened. */
  message: string;
  /** The name of the task. */
  migrationTaskName: string;
  /** Why. */
  reason?: string;
}

/** How heartbeats are made; a setting of the worker, given to the heartbeat workflow when it starts. */
export interface HeartbeatSettings {
  /** Share of `nextUpdateSeconds` after which a heartbeat is due: 0.1–0.8. A larger one raises the minimum of `nextUpdateSeconds`. @default 1/3 */
  heartbeatFraction: number;
  /**
   * How long a task stays in its group after COMPLETED or FAILED, in seconds: 0–31536000. In a group of one the heartbeat workflow stays
   * open for this time.
   * @default 3600
   */
  lingerSeconds: number;
  /** For tasks that a script or service reports, not a workflow: heartbeats stop after this many seconds without a report. 0: never. @default 0 */
  silenceLimitSeconds: number;
  /** Tasks per batch activity: 1–1000. @default 500 */
  batchSize: number;
  /** Heartbeats due within this many seconds go in one batch: 0–60. If a tenth of the time between two heartbeats is longer, that counts. @default 2 */
  batchWindowSeconds: number;
  /**
   * After this many events the heartbeat workflow continues as new, as soon as no activity is running: 50–4600. After twice as many it
   * starts only urgent activities, so that it can.
   * @default 500
   */
  maxHistoryEvents: number;
  /**
   * Keeps the earliest deadline of the group's open tasks in the search attribute `MigrationHubDeadline`, so that Temporal's lists find
   * stale tasks without a worker. Each change of it costs one more history event. The attribute must be registered, as Datetime.
   * @default false
   */
  deadlineSearchAttribute?: boolean;
}
