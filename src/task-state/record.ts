import { DEFAULT_NEXT_UPDATE_SECONDS } from '../report/limits';
import { isTerminal, type TaskIdentity, type TaskState } from '../report';
import type { AttachmentCall, AttachmentView, NotifyFailure, Owner, StateNotification } from './types';

/** What a reporter (one run of an owner, or one client) has reported, and what became of it. */
export interface ReporterLedger {
  /** Absent where the reporter is no workflow. */
  workflowId?: string;
  /** The run of the workflow. */
  runId?: string;
  /** Highest sequence seen: a report accepted twice or late is at or below it. */
  accepted: number;
  /** Highest sequence that Migration Hub has, or that a newer delivered report replaced. */
  delivered: number;
  /** The newest refusals: sequences `from` to `sequence`. */
  refused?: { from: number; sequence: number; reason: string };
  /** The newest `run` that it reported in. */
  attempt?: string;
  /** It reported in an attempt that is over; absent where all its reports were refused as they came. */
  isPast?: boolean;
}

/** One report of one reporter. */
export interface ReportKey {
  /** Who reported. */
  ownerId: string;
  /** The number of the report among those of its reporter, from 1. */
  sequence: number;
}

/** A report that Migration Hub does not have yet. */
export interface PendingReport extends TaskState {
  /** Counts the task's accepted reports: tells one from the next. */
  number: number;
  /** The reports that its delivery settles: this one, and those of other reporters that it replaced. */
  reports: ReportKey[];
  /** The percent may be below what was reported before. */
  allowDecrease?: boolean;
  /** The report may follow a terminal state. */
  reopen?: boolean;
  /** It may follow a terminal state that is older than this, in epoch seconds. */
  startedAt?: number;
  /** The `run` that it was made in: it may follow a terminal state of another. */
  attempt?: string;
  /** Epoch seconds at which the heartbeat workflow took it. */
  acceptedAt: number;
}

/** What Migration Hub has taken of a task. */
export interface DeliveredState extends StateNotification {
  /** `updateDateTime + nextUpdateSeconds`: past it a task that is not terminal is stale. */
  deadline: number;
  /** Workflow time at which the delivery was known; absent when read back from Migration Hub. */
  deliveredAt?: number;
}

/** Counted since the task's first report to the heartbeat workflow; continue-as-new keeps them. */
export interface TaskCounters {
  /** Accepted ones. */
  reports: number;
  /** Delivered ones, heartbeats included. */
  notifications: number;
  /** Delivered ones. */
  heartbeats: number;
  /** Further attempts after a first one. */
  retries: number;
  /** Times that the task was stale. */
  missedDeadlines: number;
  /** Reports that came after a terminal state, or where the group was full. */
  refused: number;
}

/** One notification on its way, or one that failed. */
export interface Flight {
  /** What is sent. */
  notification: StateNotification;
  /** It repeats what was delivered. */
  heartbeat: boolean;
  /** Of the report that it carries. */
  number?: number;
  /** The reports that its delivery settles. */
  reports: ReportKey[];
  /** It repeats one that failed, to the byte. */
  repeats?: boolean;
}

/** What is asked for of an attachment, and what became of it. */
export interface Attachment extends AttachmentCall {
  /** As the query tells it. */
  state: AttachmentView['state'];
  /** What Migration Hub has taken last: a hash, since it can be large. */
  taken?: number;
  /** Why it was not taken at the last try. */
  failure?: NotifyFailure;
  /** Consecutive failed tries. */
  failures?: number;
  /** It is not sent before this. */
  notBefore?: number;
  /** The newest changes by the hashes of their ids. */
  changes?: number[];
}

/** All that the heartbeat workflow knows of a task. Plain JSON: continue-as-new carries it as it is. Times are epoch seconds. */
export interface TaskRecord extends TaskIdentity {
  /** Merged from all reports. */
  labels: Record<string, string>;
  /** As last reported. */
  nextUpdateSeconds: number;
  /** What Migration Hub has, or is to have, beside the state; absent where nobody gave anything. */
  attachments?: Attachment[];
  /** When somebody last changed one by itself, not by a report. */
  attachedAt?: number;
  /** Migration Hub knows the task. */
  registered: boolean;
  /** High-water mark of `updateDateTime`, delivered or only tried. */
  lastStamp: number;
  /** High-water mark of `progressPercent` in this attempt. */
  highestPercent?: number;
  /** Who reported last. */
  owner?: { workflowId?: string; runId?: string };
  /** The workflows that have reported in this attempt, the newest last, or in place of ended ones who started them. */
  owners: Owner[];
  /** The roots of trees of workflows that report of the task at once, of which was warned in this attempt. */
  warnedOf?: string[];
  /** The newest report, until it is delivered. */
  pending?: PendingReport;
  /** The newest report of the next attempt, while `pending` is the end of the one before: that is sent first. */
  nextAttempt?: PendingReport;
  /** What Migration Hub has. */
  lastDelivered?: DeliveredState;
  /** What is on its way now; never more than one. */
  inFlight?: Flight;
  /** A notification that failed; repeated to the byte until `repeatableUntil`. */
  unsent?: Flight;
  /** Its heartbeat workflow was cancelled, and closed it as FAILED: nobody has reported that. */
  isClosed?: true;
  /** Consecutive failed rounds. */
  failures: number;
  /** How many of the latest of these were answered as never to be taken. */
  nevers?: number;
  /** How many of the latest of these were ended for a newer report, with no outcome. */
  superseded?: number;
  /** Of the last round, where it failed. */
  lastFailure?: NotifyFailure & { at: number };
  /** What the log has of its troubles: missed deadlines, and the types of the failures that last. */
  said?: { missedDeadlines: number; failures?: string[]; attachments?: string };
  /** Nothing is sent before this. */
  notBefore?: number;
  /** When somebody last reported. */
  reportedAt?: number;
  /** Seconds without a report after which heartbeats stop, where the reporter is no workflow; 0 for none. */
  silenceLimitSeconds?: number;
  /** Since when, and why, the task has no heartbeats any more: all who reported of it are gone, or silent for too long. */
  abandoned?: { at: number; reason: string };
  /** When the workflow run started that reported the newest terminal state; when that was reported, where it did not tell. */
  endedByStartedAt?: number;
  /** A terminal state was delivered at this time. */
  terminalAt?: number;
  /** By `ownerId`, the one that reported last at the end. */
  reporters: Record<string, ReporterLedger>;
  /** How often what happened. */
  counters: TaskCounters;
}

/** The record of a task that is not known yet. */
export function newTaskRecord(task: TaskIdentity): TaskRecord {
  return {
    progressUpdateStream: task.progressUpdateStream,
    migrationTaskName: task.migrationTaskName,
    labels: {},
    nextUpdateSeconds: DEFAULT_NEXT_UPDATE_SECONDS,
    registered: false,
    lastStamp: 0,
    owners: [],
    failures: 0,
    reporters: {},
    counters: { reports: 0, notifications: 0, heartbeats: 0, retries: 0, missedDeadlines: 0, refused: 0 },
  };
}

export { isTerminal };

/** Whether what Migration Hub has holds no longer: it calls the task stale. */
export const isPastDeadline = (last: DeliveredState | undefined, now: number): boolean =>
  last !== undefined && !isTerminal(last.status) && now > last.deadline;

/** A reporter by its id, which comes from outside: `constructor` is an id like any other. */
export const reporterOf = (reporters: Record<string, ReporterLedger>, ownerId: string): ReporterLedger | undefined =>
  Object.hasOwn(reporters, ownerId) ? reporters[ownerId] : undefined;

/** What Migration Hub does not have yet: waiting, on its way, or failed (never two of the last). */
export const undeliveredState = (record: TaskRecord): TaskState | undefined =>
  record.pending ?? record.inFlight?.notification ?? record.unsent?.notification;

/** What was last reported of the task, delivered or not. */
export const newestState = (record: TaskRecord): TaskState | undefined =>
  record.nextAttempt ?? undeliveredState(record) ?? record.lastDelivered;

/** Migration Hub holds an end that this heartbeat workflow did not send: it does not know how that came. */
export const isReadBack = ({ lastDelivered }: TaskRecord): boolean =>
  isTerminal(lastDelivered?.status) && lastDelivered?.deliveredAt === undefined;

/** What was pending is delivered, or refused. */
export function endPending(record: TaskRecord): void {
  record.pending = record.nextAttempt;
  record.nextAttempt = undefined;
}

/** Until when, in epoch seconds, a notification holds: past it Migration Hub calls the task stale. */
export const deadlineOf = (n: Pick<StateNotification, 'updateDateTime' | 'nextUpdateSeconds'>): number =>
  n.updateDateTime + n.nextUpdateSeconds;

/**
 * Until when, in epoch seconds, a notification without an answer is repeated to the byte. It may have arrived with only its
 * answer lost: what is repeated later must carry a newer time, or Migration Hub would count the task stale in between.
 */
export const repeatableUntil = (n: Pick<StateNotification, 'updateDateTime' | 'nextUpdateSeconds'>): number =>
  n.updateDateTime + n.nextUpdateSeconds / 2;

/** What became of one report of a reporter. */
export function outcomeOf(reporter: ReporterLedger | undefined, sequence: number): 'delivered' | 'refused' | 'waiting' {
  const refused = reporter?.refused;
  if (refused && refused.from <= sequence && sequence <= refused.sequence) return 'refused';
  return reporter && reporter.delivered >= sequence ? 'delivered' : 'waiting';
}
