import type { Status } from './types';

/** The statuses of Migration Hub's `ApplicationStatus` (API 2017-05-31), in the order in which an application goes through them. */
export const APPLICATION_STATUSES = ['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED'] as const;
/** One of them. */
export type ApplicationStatus = (typeof APPLICATION_STATUSES)[number];

/**
 * What `notifyApplicationState` tells Migration Hub of an application: a status, or the tasks that it is derived from. Plain JSON,
 * part of the public contract.
 */
export interface ApplicationReport {
  /** The configuration id of the application in AWS Application Discovery Service, such as `d-application-0123456789abcdef`: 1–1600 code points, one line. */
  applicationId: string;
  /** Sent as it is; the tasks are then not looked at. @default derived from the tasks */
  status?: ApplicationStatus;
  /** The stream of the application's tasks: 1–50 code points, no `/`, `:`, `|` or control character. Needed without `status`. */
  progressUpdateStream?: string;
  /**
   * The label `application` of its tasks, or one of several in it that are separated by commas: 1–1000 code points. Needed without
   * `status`.
   */
  application?: string;
  /**
   * How many tasks it has, from 1: while fewer are known, COMPLETED is not derived. Set it where tasks may have ended longer ago than the
   * Retention Period of the namespace: they are not known any more. @default those that are known count as all
   */
  tasks?: number;
}

/** How Migration Hub is told of an application. */
export interface ApplicationOptions {
  /** Asks Migration Hub only for permission: nothing is changed. @default false */
  dryRun?: boolean;
  /** Seconds after which it is not tried again: 1–604800. @default 3600 in a workflow, 300 for a client */
  timeoutSeconds?: number;
}

/** How many tasks an application has, by their newest reports. */
export interface ApplicationTasks {
  /** All that are known. */
  total: number;
  /** How many the caller has said there are. */
  expected?: number;
  /** Those that have begun: IN_PROGRESS, FAILED or COMPLETED. */
  begun: number;
  /** Of these, those that are COMPLETED. */
  completed: number;
  /** Of these, those that are FAILED. */
  failed: number;
}

/** What became of a call of `notifyApplicationState`. */
export interface ApplicationOutcome {
  /** What Migration Hub has; after a dry run, what it would have. */
  status: ApplicationStatus;
  /** False where Migration Hub had it already, or has something further on that was not derived; and for a dry run. */
  sent: boolean;
  /** What the status was derived from; absent where it was given. */
  tasks?: ApplicationTasks;
}

/** Counts tasks by their newest statuses; undefined for a task that has none. */
export function countTasks(statuses: readonly (Status | undefined)[]): ApplicationTasks {
  const count = (...wanted: (Status | undefined)[]) => statuses.filter((status) => wanted.includes(status)).length;
  return {
    total: statuses.length,
    begun: count('IN_PROGRESS', 'FAILED', 'COMPLETED'),
    completed: count('COMPLETED'),
    failed: count('FAILED'),
  };
}

/** Whether a label names the application: alone, or as one of several that are separated by commas. */
export const isOfApplication = (label: string | undefined, application: string): boolean =>
  label !== undefined && (label === application || label.split(',').some((part) => part.trim() === application));

/** IN_PROGRESS from the first task that has begun, COMPLETED when all are, and no fewer are known than the caller expects. */
export function statusOfTasks({ total, begun, completed, expected = 1 }: ApplicationTasks): ApplicationStatus {
  if (total >= expected && completed === total) return 'COMPLETED';
  return begun > 0 ? 'IN_PROGRESS' : 'NOT_STARTED';
}

/** Whether a status is further on than another; each is further on than none, or one that is not known here. */
export const isFurther = (status: ApplicationStatus, than: ApplicationStatus | undefined): boolean =>
  APPLICATION_STATUSES.indexOf(status) > APPLICATION_STATUSES.indexOf(than as ApplicationStatus);
