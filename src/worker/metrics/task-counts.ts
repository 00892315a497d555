import type { Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { bounded } from '../../async/bounded';
import type { Run } from '../../client/heartbeat-lists';
import { whyOf } from '../../client/heartbeat-workflows';
import { listTasks } from '../../client/task-lists';
import type { Freshness, TaskStateView } from '../../task-state';
import type { HubMetrics, TaskCounts } from './hub-metrics';

/** After so much reading it rests three times as long: other work of the process, heartbeats above all, goes first. */
const READING_MS = 250;
const REST = 3;
/** Of heartbeat workflows that cannot be read, so many are told of, each once. */
const TOLD = 20;

/**
 * Counts all tasks of the namespace, at most every `seconds`, until the signal. A failure is logged once. After it, and after the signal,
 * the metrics have no value.
 */
export async function countTasks(
  client: Client,
  metrics: HubMetrics,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  let isAway = false;
  const told = new Set<string>();
  const onUnreadable = (workflowId: string, why: string) => {
    if (told.has(workflowId) || told.size >= TOLD) return;
    told.add(workflowId);
    Runtime.instance().logger.warn(`tasks are left out of the metrics: ${why}`);
  };
  try {
    while (!signal.aborted) {
      try {
        metrics.counted(await look(client, signal, onUnreadable));
        isAway = false;
      } catch (error) {
        if (signal.aborted) return;
        metrics.counted(undefined);
        if (!isAway)
          Runtime.instance().logger.warn(
            `tasks could not be counted for the metrics, which goes on every ${seconds} s: ${whyOf(error)}`,
          );
        isAway = true;
      }
      await pause(seconds * 1000, signal);
    }
  } finally {
    // The registry may outlive the workers.
    metrics.counted(undefined);
  }
}

/** The histories of the heartbeat workflows, so that no worker has to answer queries; not of those that have ended with their tasks. */
async function look(
  client: Client,
  signal: AbortSignal,
  onUnreadable: (workflowId: string, why: string) => void,
): Promise<TaskCounts> {
  const byFreshness = new Map<Freshness, number>();
  let oldestAtRiskSeconds = 0;
  let since = performance.now();
  for await (const state of listTasks(client, undefined, { signal, skip: hasNothingLeft, onUnreadable })) {
    byFreshness.set(state.freshness, (byFreshness.get(state.freshness) ?? 0) + 1);
    oldestAtRiskSeconds = Math.max(oldestAtRiskSeconds, waitingSeconds(state));
    const read = performance.now() - since;
    if (read < READING_MS) continue;
    await pause(read * REST, signal);
    since = performance.now();
  }
  return { byFreshness, oldestAtRiskSeconds };
}

/** A heartbeat workflow completes when all its tasks are at their end: one that was given up keeps it open. */
const hasNothingLeft = (_workflowId: string, runs: Run[]): boolean =>
  runs.length > 0 && runs.every(({ isCompleted }) => isCompleted);

/** How long a report, or the heartbeat that is due, waits for Migration Hub to take it. What is pending may be a newer one by now. */
export function waitingSeconds({ freshness, pending, nextHeartbeatAt, judgedAt }: TaskStateView): number {
  if (!['at-risk', 'stale', 'never-delivered'].includes(freshness)) return 0;
  return judgedAt - Math.min(judgedAt, pending?.acceptedAt ?? judgedAt, nextHeartbeatAt ?? judgedAt);
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  bounded(ms, signal, () => new Promise<void>(() => undefined)).catch(() => undefined);
