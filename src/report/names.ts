import { MAX_OWN_ID_BYTES } from './limits';
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
/** To that workflow: an artifact or source resource that is to be associated with a task, or disassociated. */
export const ATTACH_SIGNAL = 'changeAttachment';
/** To that workflow: what was last reported. */
export const STATE_QUERY = 'lastReportedState';
/** The query's answer for the moment in which there is none; it passes once a worker has taken the workflow's next step. */
export const BETWEEN_STEPS =
  'BetweenSteps: the workflow is about to take its next step; ask again, or, if it has ended, with true as the third argument';

/** The type of the short workflow by which a client notifies Migration Hub of an application's state. */
export const APPLICATION_WORKFLOW = 'migrationApplication';

/** The search attribute of heartbeat workflows that holds the earliest deadline of their tasks: a Datetime. */
export const DEADLINE_ATTRIBUTE = 'MigrationHubDeadline';

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

/** The heartbeat workflow of a task whose stream's tasks share N groups: `mgh-group:<stream>:<N>:<k>`. */
export const groupWorkflowId = ({ progressUpdateStream, migrationTaskName }: TaskIdentity, groups: number): string =>
  `mgh-group:${progressUpdateStream}:${groups}:${stableHash(migrationTaskName) % groups}`;

/** The heartbeat workflow of a task that has one of its own: `mgh:<stream>:<task>`; undefined where that is too long. */
export function ownWorkflowId({ progressUpdateStream, migrationTaskName }: TaskIdentity): string | undefined {
  const id = `mgh:${progressUpdateStream}:${migrationTaskName}`;
  return new TextEncoder().encode(id).length <= MAX_OWN_ID_BYTES ? id : undefined;
}

/** What the ids of heartbeat workflows begin with whose tasks have too long names; a hash of the name follows. */
export const hashedIdPrefix = (progressUpdateStream: string): string => `mgh:${progressUpdateStream}:sha256:`;

/**
 * Whether the task is one of a heartbeat workflow: each task has one writer. A workflow with an id of another form takes any. (Workflow
 * code cannot make the hash of a long name: any such name of the stream counts.)
 */
export function isTaskOf(workflowId: string, task: TaskIdentity): boolean {
  if (!/^mgh(-group)?:/.test(workflowId)) return true;
  const groups = /^mgh-group:[^:]*:(\d+):\d+$/.exec(workflowId)?.[1];
  if (groups !== undefined) return workflowId === groupWorkflowId(task, Number(groups));
  const id = ownWorkflowId(task);
  return id === undefined ? workflowId.startsWith(hashedIdPrefix(task.progressUpdateStream)) : workflowId === id;
}

/** The workflow that holds a stream's number of groups. */
export const streamWorkflowId = (progressUpdateStream: string): string => `mgh-stream:${progressUpdateStream}`;
