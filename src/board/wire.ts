import type { TaskEvent } from '../client/history/task-timeline';
import type { TaskStateView } from '../task-state';

/** @module What the board's server sends to its page. Times are epoch seconds. */

/** What a row and the panel show of a task's state, of those fields of the query's answer that are plain as they are. */
type Shown = Pick<
  TaskStateView,
  | 'progressUpdateStream'
  | 'migrationTaskName'
  | 'labels'
  | 'lastDelivered'
  | 'pending'
  | 'nextAttempt'
  | 'lastFailure'
  | 'attachments'
  | 'nextHeartbeatAt'
  | 'abandoned'
  | 'freshness'
  | 'counters'
>;

/** One task: the answer of the query `lastReportedState` without what only machines read. */
export interface BoardTask extends Shown {
  /** The ids of the workflows that reported in the current attempt. */
  owners: string[];
}

/** Which task: stream and name; neither has a colon. */
export const keyOf = (task: Pick<BoardTask, 'progressUpdateStream' | 'migrationTaskName'>): string =>
  `${task.progressUpdateStream}:${task.migrationTaskName}`;

/** More browsers than a team has; each holds a connection. */
export const MOST_BROWSERS = 100;

/** What is known of a browser that may read. */
export interface Session {
  /** It may. */
  ok: true;
  /** As many browsers as the board serves get its events: another one is refused. */
  isFull: boolean;
}

/** The header in which a page sends its token: `Authorization` may be for a proxy before the board. */
export const TOKEN_HEADER = 'x-migration-hub-board-token';

/** How true is what the board shows. */
export interface BoardStatus {
  /** The server's clock. */
  now: number;
  /** The namespace that is looked at. */
  namespace: string;
  /** When the last look at all tasks began; absent before the end of the first since somebody came. */
  lookedAt?: number;
  /** How long it took, in seconds. */
  lookSeconds?: number;
  /** Since when, and why, Temporal cannot be read; what is shown is from before. */
  unreadable?: { since: number; why: string };
  /** The heartbeat workflows whose histories cannot be read, and the reason for the first; absent where there are none. */
  leftOut?: { workflowIds: string; why: string };
  /** The task queues that no worker polls; absent where that is not known. */
  unserved?: string[];
}

/** The event `snapshot`: the tasks that are known, or the first of them; events `changes` have the others, and a `status` follows the last. */
export interface Snapshot {
  /** In no order. */
  tasks: BoardTask[];
}

/** The event `changes`: what differs from before. */
export interface Changes {
  /** New or changed. */
  tasks: BoardTask[];
  /** The keys of those that Temporal does not know any more. */
  gone: string[];
}

export type { TaskEvent };

/** What histories tell of a task, the newest first. */
export interface Timeline {
  /** At most some hundred. */
  entries: TaskEvent[];
  /** There is more than is told. */
  isCut: boolean;
}
