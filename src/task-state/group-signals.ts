import { parseHeartbeatId } from './group-ids';
import type { HandedTask } from './hand-over';
import { usableSettings } from './heartbeat-settings';
import { MAX_GROUPS } from '../report/limits';
import { newTaskRecord, type TaskRecord } from './record';
import { checkIdentity } from '../report/validate';
import type { HeartbeatSettings } from './types';

/** @module What heartbeat workflows are told by signal, other than reports. Anybody may send one: what is no use is dropped. */

/** What the signal `moveTasks` asks for: the stream's tasks are to be shared by so many groups; 0 for none. */
export interface Move {
  groups: number;
  /** How heartbeats are to be made there; without it, as they were here. */
  settings?: HeartbeatSettings;
}

/** A move that has begun. `since`: epoch seconds. */
export type BegunMove = Move & { since: number };

/** What `moveTasks` asks for; undefined where nobody could do it. */
export function usableMove(given: unknown): Move | undefined {
  const { groups, settings } = (typeof given === 'object' && given !== null ? given : {}) as Partial<Move>;
  if (typeof groups !== 'number' || !Number.isInteger(groups) || groups < 0 || groups > MAX_GROUPS) return undefined;
  return { groups, ...(settings && { settings: usableSettings(settings) }) };
}

/** The move of the workflow `id` after the signal `moveTasks`; none where it is back to where the tasks are, or was never one. */
export function begunMove(
  id: string,
  begun: BegunMove | undefined,
  given: unknown,
  now: number,
): BegunMove | undefined {
  const move = usableMove(given);
  if (!move) return begun;
  const isHome = parseHeartbeatId(id)?.groups === move.groups;
  return isHome ? undefined : { ...move, since: begun?.since ?? now };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `adoptTasks` brings, without what is no task. */
export const usableTasks = (given: unknown): HandedTask[] =>
  (Array.isArray(given) ? given.filter(isHandedTask) : []).map((task: HandedTask) => ({
    ...task,
    // One of another version may lack what this one reckons with.
    ...(task.record && { record: { ...newTaskRecord(task.record as never), ...task.record } }),
  }));

function isHandedTask(given: Partial<HandedTask> | null): boolean {
  const { key, record, reports } = given ?? {};
  if (typeof key !== 'string' || !Array.isArray(reports)) return false;
  if (record === undefined) return true;
  return isRecord(record);
}

function isRecord(given: TaskRecord | null): boolean {
  if (!isObject(given)) return false;
  const { labels, reporters, counters, pending, lastDelivered, unsent, inFlight } = given as TaskRecord;
  const isAbsentOrObject = (value: unknown) => value === undefined || isObject(value);
  const isSaid = (value: { said?: unknown } | undefined) => value === undefined || Array.isArray(value.said);
  try {
    checkIdentity(given as TaskRecord);
  } catch {
    return false;
  }
  return (
    isObject(reporters) &&
    isObject(counters) &&
    [labels, pending, lastDelivered, unsent, inFlight].every(isAbsentOrObject) &&
    [pending, unsent, inFlight].every(isSaid)
  );
}
