import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';
import { bounded } from '../async/bounded';
import { inParallel } from '../async/in-parallel';
import { listHeartbeats, parseHeartbeatId, type Run } from './heartbeat-lists';
import { newestOf, rememberLabels, StateReader, type EarlierLabels } from './state-reader';
import { mergedLabels, type ReportedState } from '../task-state';

/** Heartbeat workflows that are read at once, and before the next tasks are given. */
const READ_AT_ONCE = 20;
const READ_TOGETHER = 200;

/** Whole lists of ids: some hundred bytes for each heartbeat workflow. */
const LIST_MS = 600_000;

/** How the tasks of a list are read. */
export interface ListOptions {
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
  const list = (abortSignal: AbortSignal) => {
    // The call of each page listens to it.
    setMaxListeners(0, abortSignal);
    return client.withAbortSignal(abortSignal, () => listHeartbeats(client, stream));
  };
  const byStream = new Map<string, [string, Run[]][]>();
  for (const heartbeat of await bounded(LIST_MS, signal, list)) {
    const name = parseHeartbeatId(heartbeat[0])?.stream ?? '';
    const known = byStream.get(name);
    if (known) known.push(heartbeat);
    else byStream.set(name, [heartbeat]);
  }
  return byStream;
}

/** Looks at the tasks of a stream, or of all, again and again: without those of heartbeat workflows that had ended at the look before, which do not change. */
export function looksAt(client: Client, stream?: string): (signal: AbortSignal) => AsyncGenerator<ReportedState, void> {
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
  return async function* (signal) {
    const ended = new Map<string, string>();
    const skip = (id: string, runs: Run[]) => {
      if (runs.length === 0 || runs.some(({ isOpen }) => isOpen)) return false;
      const ids = runs.map(({ runId }) => runId).join();
      ended.set(id, ids);
      return before.get(id) === ids;
    };
    for await (const state of listTasks(client, stream, { signal, skip, earlierLabels })) yield withAllLabels(state);
    before = ended;
  };
}

/** The tasks of a stream, or of all streams, by the histories of their heartbeat workflows, some at a time. */
export async function* listTasks(
  client: Client,
  stream?: string,
  { signal, skip = () => false, earlierLabels }: ListOptions = {},
): AsyncGenerator<ReportedState, void> {
  const reader = new StateReader(client, { signal, byHistory: true, earlierLabels });
  for (const all of (await heartbeatsByStream(client, stream, signal)).values()) {
    const heartbeats = all.filter(([id, runs]) => !skip(id, runs));
    // A task that was held by an earlier number of groups and is reported anew is in two of them.
    const numbers = new Set(all.map(([id]) => parseHeartbeatId(id)?.groups));
    const together = numbers.size > 1 ? heartbeats.length : READ_TOGETHER;
    for (let i = 0; i < heartbeats.length; i += together) {
      const some = heartbeats.slice(i, i + together);
      const answers = await inParallel(some, READ_AT_ONCE, ([id, runs]) => reader.readGroup(id, runs));
      yield* newestOf(answers.flat());
    }
  }
}
