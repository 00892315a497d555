import type { Client } from '@temporalio/client';
import { inParallel } from '../async/in-parallel';
import { callsWithin } from './calls-within';
import { listHeartbeats, parseHeartbeatId, type Run } from './heartbeat-lists';
import { UnreadableHistoryError } from './history/group-from-history';
import { newestOf, rememberLabels, StateReader, type EarlierLabels } from './state-reader';
import { mergedLabels, type ReportedState } from '../task-state';

/** Heartbeat workflows that are read at once, and before the next tasks are given. */
const READ_AT_ONCE = 20;
const READ_TOGETHER = 200;

/** Whole lists of ids: some hundred bytes for each heartbeat workflow. */
const LIST_MS = 600_000;

/** How tasks are listed. */
export interface TaskListOptions {
  /**
   * Called at the end of the list for each heartbeat workflow whose history cannot be read, such as one that is encrypted with a key
   * which is gone, with the reason. Its tasks are left out. Where none at all can be read, or none of the first 200, the list fails all the same.
   * @default the list fails
   */
  onUnreadable?: (workflowId: string, why: string) => void;
}

/** How the tasks of a list are read. */
export interface ListOptions extends TaskListOptions {
  /** Ends it. */
  signal?: AbortSignal;
  /** Heartbeat workflows that are left out. */
  skip?: (workflowId: string, runs: Run[]) => boolean;
  /** Tasks have the labels of earlier runs, too; absent, only where these are read anyway. */
  earlierLabels?: EarlierLabels;
}

/** The heartbeat workflows of a stream, or of all, by stream. */
export async function heartbeatsByStream(
  client: Client,
  stream?: string,
  signal?: AbortSignal,
): Promise<Map<string, [string, Run[]][]>> {
  const byStream = new Map<string, [string, Run[]][]>();
  for (const heartbeat of await callsWithin(client, LIST_MS, signal, () => listHeartbeats(client, stream))) {
    const name = parseHeartbeatId(heartbeat[0])?.stream ?? '';
    const known = byStream.get(name);
    if (known) known.push(heartbeat);
    else byStream.set(name, [heartbeat]);
  }
  return byStream;
}

/** One look at tasks. `onUnreadable`: as of a list. */
export type Look = (
  signal: AbortSignal,
  onUnreadable?: TaskListOptions['onUnreadable'],
) => AsyncGenerator<ReportedState, void>;

/** Looks at the tasks of a stream, or of all, again and again: without those of heartbeat workflows that had ended at the look before, which do not change. */
export function looksAt(client: Client, stream?: string): Look {
  let before = new Map<string, string>();
  const earlierLabels = rememberLabels();
  // A heartbeat workflow of an earlier number of groups is read once.
  const labels = new Map<string, ReportedState['labels']>();
  const withAllLabels = (state: ReportedState): ReportedState => {
    const key = `${state.progressUpdateStream}/${state.migrationTaskName}`;
    const all = mergedLabels(labels.get(key) ?? {}, state.labels);
    labels.set(key, all);
    return { ...state, labels: all };
  };
  return async function* (signal, onUnreadable) {
    const ended = new Map<string, string>();
    const skip = (id: string, runs: Run[]) => {
      if (runs.length === 0 || runs.some(({ isOpen }) => isOpen)) return false;
      const ids = runs.map(({ runId }) => runId).join();
      ended.set(id, ids);
      return before.get(id) === ids;
    };
    const leavesOut = (id: string, why: string) => {
      // The next look tries it again.
      ended.delete(id);
      onUnreadable?.(id, why);
    };
    const options = { signal, skip, earlierLabels, ...(onUnreadable && { onUnreadable: leavesOut }) };
    for await (const state of listTasks(client, stream, options)) yield withAllLabels(state);
    before = ended;
  };
}

/** The tasks of a stream, or of all streams, by the histories of their heartbeat workflows, some at a time. */
export async function* listTasks(
  client: Client,
  stream?: string,
  { signal, skip = () => false, earlierLabels, onUnreadable }: ListOptions = {},
): AsyncGenerator<ReportedState, void> {
  const reader = new StateReader(client, { signal, byHistory: true, earlierLabels });
  const unreadable: UnreadableHistoryError[] = [];
  let hasRead = false;
  const readOrLeaveOut = async ([id, runs]: [string, Run[]]): Promise<ReportedState[]> => {
    try {
      const states = await reader.readGroup(id, runs);
      hasRead = true;
      return states;
    } catch (error) {
      if (!onUnreadable || !(error instanceof UnreadableHistoryError)) throw error;
      unreadable.push(error);
      // Most likely a codec is missing: with thousands it would take long to find out.
      if (!hasRead && unreadable.length >= READ_TOGETHER) throw error;
      return [];
    }
  };
  for (const all of (await heartbeatsByStream(client, stream, signal)).values()) {
    const heartbeats = all.filter(([id, runs]) => !skip(id, runs));
    // What is skipped could be read before, or has nothing to be read.
    if (heartbeats.length < all.length) hasRead = true;
    // A task that was held by an earlier number of groups and is reported anew is in two of them.
    const numbers = new Set(all.map(([id]) => parseHeartbeatId(id)?.groups));
    const together = numbers.size > 1 ? heartbeats.length : READ_TOGETHER;
    for (let i = 0; i < heartbeats.length; i += together) {
      const some = heartbeats.slice(i, i + together);
      const answers = await inParallel(some, READ_AT_ONCE, readOrLeaveOut);
      yield* newestOf(answers.flat());
    }
  }
  if (!hasRead && unreadable[0]) throw unreadable[0];
  for (const { workflowId, message } of unreadable) onUnreadable?.(workflowId, message);
}
