import type { TaskReport } from '../../src/report';
import {
  TaskGroup,
  usableSettings,
  type HeartbeatSettings,
  type NotifyFailure,
  type TaskRecord,
} from '../../src/task-state';

const SETTINGS = usableSettings({});
/** The default settings, of a heartbeat workflow whose heartbeats are not brought forward. */
export const TIMING = { ...SETTINGS, phase: 0 };

export const groupOf = (
  settings: Partial<HeartbeatSettings> = {},
  phase = 0,
  tasks?: TaskRecord[],
  left?: TaskRecord[],
): TaskGroup => new TaskGroup(usableSettings(settings), phase, tasks, left);

/** The group as the next run of its workflow has it. */
export function nextRunOf(group: TaskGroup, settings?: Partial<HeartbeatSettings>): TaskGroup {
  const { tasks, left } = JSON.parse(JSON.stringify(group.carried())) as ReturnType<TaskGroup['carried']>;
  return groupOf(settings, 0, tasks, left);
}

/** A report of a workflow run named `run`. */
export const reportOf = (sequence: number, more: Partial<TaskReport> = {}): TaskReport => ({
  progressUpdateStream: 'S',
  migrationTaskName: 'vm-1',
  status: 'IN_PROGRESS',
  owner: { ownerId: 'run', sequence },
  ...more,
});

export const failure = (
  retry: NotifyFailure['retry'] = 'backoff',
  more: Partial<NotifyFailure> = {},
): NotifyFailure => ({
  type: 'X',
  message: 'x',
  retry,
  ...more,
});
