import type { TaskIdentity } from './types';

/** @module Names on the wire: a contract with callers in other languages. */

/** Reports and heartbeat workflows. */
export const TASK_QUEUE = 'migration-hub';
/** Calls to Migration Hub. */
export const NOTIFY_TASK_QUEUE = 'migration-hub-notify';
/** The type of the workflow that holds the tasks of a group. */
export const HEARTBEAT_WORKFLOW = 'migrationHeartbeat';
/** The type of the workflow that holds a stream's number of groups. */
export const STREAM_WORKFLOW = 'migrationStream';
/** To that workflow: the number of groups that new tasks share from now on. */
export const SET_GROUPS_SIGNAL = 'setGroups';
/** To that workflow: a report. Also the name of the activity that sends it. */
export const REPORT_SIGNAL = 'reportTaskState';
/** To that workflow: what was last reported. */
export const STATE_QUERY = 'lastReportedState';
/** The query's answer for the moment in which there is none; it passes once a worker has taken the workflow's next step. */
export const BETWEEN_STEPS =
  'BetweenSteps: the workflow is about to take its next step; ask again, or, if it has ended, with true as the third argument';

/** A stable hash (FNV-1a, 32 bit), the same in every process and version. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV-1a leaves neighbouring names close in the high bits; one more mix spreads them.
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

/**
 * The heartbeat workflow of a task: `mgh:<stream>:<task>`, or `mgh-group:<stream>:<N>:<k>` where tasks share N groups.
 * No `:` can occur in either name, so an id parses back.
 */
export function heartbeatWorkflowId(task: TaskIdentity, groups = 0): string {
  if (groups < 1) return `mgh:${task.progressUpdateStream}:${task.migrationTaskName}`;
  return `mgh-group:${task.progressUpdateStream}:${groups}:${stableHash(task.migrationTaskName) % groups}`;
}

/** Whether the task is one of a heartbeat workflow: each task has one writer. A workflow with an id of another form takes any. */
export function isTaskOf(workflowId: string, task: TaskIdentity): boolean {
  if (!/^mgh(-group)?:/.test(workflowId)) return true;
  const groups = /^mgh-group:[^:]*:(\d+):\d+$/.exec(workflowId)?.[1];
  return workflowId === heartbeatWorkflowId(task, Number(groups ?? 0));
}

/** The workflow that holds a stream's number of groups. */
export const streamWorkflowId = (progressUpdateStream: string): string => `mgh-stream:${progressUpdateStream}`;
