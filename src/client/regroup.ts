import type { Client } from '@temporalio/client';
import { checkNumber } from '../report/configuration-error';
import { openHeartbeats, query } from './heartbeat-workflows';
import { groupsOf, heartbeatSettings, type HeartbeatOptions } from './settings';
import { checkIdentity, MOVE_SIGNAL, TASK_QUEUE } from '../report';
import { FORWARD_SECONDS, parseHeartbeatId, type Move, type TaskStateView } from '../task-state';

export interface RegroupOptions {
  progressUpdateStream: string;
  /** The new number of groups that share the stream's tasks; 0 gives each task a workflow of its own. */
  groups: number;
  /** How heartbeats are to be made from now on; default: as they were. */
  heartbeat?: HeartbeatOptions;
  onProgress?: (progress: RegroupProgress) => void;
  /** Until when, all in all, the old workflows must have handed their tasks over: above 0, default 600. */
  timeoutSeconds?: number;
}

/** How far it is; the answer, once it is over. */
export interface RegroupProgress {
  /** Heartbeat workflows with another number of groups that were found. */
  workflows: number;
  /** Those of them that have handed over all they held. They end unless somebody goes on reporting with the old number. */
  moved: number;
  /** Tasks that they handed over. */
  tasks: number;
}

/** Not all tasks were moved in the time given; what was moved is. */
export class RegroupTimeoutError extends Error {
  override readonly name = 'RegroupTimeoutError';
}

/** Workflows told and awaited at once. */
const CONCURRENCY = 20;
const POLL_MS = 500;

/**
 * Moves the tasks of a stream to another number of groups, while workers with the old number run and migrations go on
 * reporting. Start the workers with the new number afterwards. May be called again after it was cut short.
 * @throws InvalidReportError for the stream, ConfigurationError for a number out of range; RegroupTimeoutError after
 * `timeoutSeconds`.
 */
export async function regroup(client: Client, options: RegroupOptions): Promise<RegroupProgress> {
  const { progressUpdateStream, groups, heartbeat, onProgress, timeoutSeconds = 600 } = options;
  checkIdentity({ progressUpdateStream, migrationTaskName: 'any' });
  groupsOf(groups);
  checkNumber('timeoutSeconds', timeoutSeconds, { min: 0.001, max: 365 * 86_400 });
  const move: Move = { groups, ...(heartbeat && { settings: heartbeatSettings(heartbeat) }) };
  const progress: RegroupProgress = { workflows: 0, moved: 0, tasks: 0 };
  const tasks = new Set<string>();
  const end = Date.now() + timeoutSeconds * 1000;
  try {
    // Twice: whoever reported with the old number when the first list was made may have begun another workflow.
    for (let look = 0; look < 2; look++) {
      const open = await client.withDeadline(end, () => openHeartbeats(client, progressUpdateStream));
      const others = open.filter((id) => parseHeartbeatId(id)?.groups !== groups);
      const told: string[] = [];
      await inLanes(others, async (id) => {
        if (!(await isTold(client, id, move))) return;
        told.push(id);
        progress.workflows++;
      });
      const openUntil = Date.now() + FORWARD_SECONDS * 1000;
      await inLanes(told, async (id) => {
        for (const name of await client.withDeadline(end, () => handedOver(client, id, openUntil, end)))
          tasks.add(name);
        progress.tasks = tasks.size;
        progress.moved++;
        onProgress?.({ ...progress });
      });
    }
    return progress;
  } catch (error) {
    if (Date.now() + POLL_MS < end) throw error;
    const { workflows, moved } = progress;
    throw new RegroupTimeoutError(
      `${workflows - moved} heartbeat workflows of the stream ${progressUpdateStream} have not handed their tasks over within ` +
        `${timeoutSeconds} s (${moved} have): does a worker serve the task queue ${TASK_QUEUE}? Call regroup again: it goes on from here`,
    );
  }
}

/** False where the workflow has ended. */
async function isTold(client: Client, id: string, move: Move): Promise<boolean> {
  try {
    await client.workflow.getHandle(id).signal<[Move]>(MOVE_SIGNAL, move);
    return true;
  } catch (error) {
    if ((error as Error).name === 'WorkflowNotFoundError') return false;
    throw error;
  }
}

/**
 * Waits until a workflow has ended; or, while somebody keeps it open by reporting to it, until it has nothing but tasks to pass
 * reports on for, and all can know it (`openUntil`). Which tasks it handed over.
 */
async function handedOver(client: Client, id: string, openUntil: number, end: number): Promise<Set<string>> {
  const tasks = new Set<string>();
  for (;;) {
    const { status } = await client.workflow.getHandle(id).describe();
    const isOpen = status.name === 'RUNNING' || status.name === 'PAUSED';
    const views = await query<TaskStateView[]>(client.workflow, id, null, Date.now() / 1000).catch(
      (error: Error) => error,
    );
    if (Array.isArray(views)) {
      const handed = views.filter(({ heldBy }) => heldBy !== undefined);
      for (const { migrationTaskName } of handed) tasks.add(migrationTaskName);
      if (handed.length === views.length && Date.now() > openUntil) return tasks;
    }
    // Cancelled or terminated by somebody, it may hold tasks that nobody will hand over.
    if (!isOpen) return tasks;
    if (Date.now() + POLL_MS > end) throw new Error(`${id} has not handed its tasks over`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function inLanes(ids: string[], work: (id: string) => Promise<void>): Promise<void> {
  const left = [...ids];
  const lane = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) await work(id);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}
