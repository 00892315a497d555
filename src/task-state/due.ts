import { attributesDueAt } from './attributes';
import { sendDueAt } from './notify';
import { giveUpIfSilent } from './owner';
import type { TaskRecord } from './record';
import { earliest } from './task-group';
import type { HeartbeatSettings } from './types';

/** While a run drains, only tasks with less than this to their deadline are sent: they would be stale before the next run. */
const DRAIN_ROOM_SECONDS = 20;

/** What to send now, of tasks with nothing on its way. */
export interface Due {
  states: TaskRecord[];
  attributes: TaskRecord[];
  /** Silent for too long: their heartbeats end here. */
  givenUp: TaskRecord[];
}

/** When a record is to be sent; while the run drains, only near its deadline. */
function stateDueAt(record: TaskRecord, fraction: number, now: number, draining: boolean): number | undefined {
  const at = sendDueAt(record, fraction);
  if (!draining || at === undefined) return at;
  const deadline = record.lastDelivered?.deadline ?? 0;
  return deadline > now ? Math.max(at, deadline - DRAIN_ROOM_SECONDS) : undefined;
}

/** Attributes can wait for the next run. */
const attributesAt = (record: TaskRecord, draining: boolean): number | undefined =>
  draining ? undefined : attributesDueAt(record);

/** When the next of the tasks has something to send. */
export const nextDueAt = (
  idle: TaskRecord[],
  { heartbeatFraction }: HeartbeatSettings,
  now: number,
  draining: boolean,
): number | undefined =>
  earliest(
    ...idle.flatMap((record) => [stateDueAt(record, heartbeatFraction, now, draining), attributesAt(record, draining)]),
  );

/** What is due, together with heartbeats due within the batch window. A task that has been silent for too long is given up. */
export function dueNow(
  idle: TaskRecord[],
  { heartbeatFraction, batchWindowSeconds, silenceLimitSeconds }: HeartbeatSettings,
  now: number,
  draining: boolean,
): Due {
  const due: Due = { states: [], attributes: [], givenUp: [] };
  const timed = idle.map((record) => ({
    record,
    at: stateDueAt(record, heartbeatFraction, now, draining) ?? Infinity,
    attributesDueAt: attributesAt(record, draining) ?? Infinity,
  }));
  // The window alone never starts a round: something must be due now.
  if (!timed.some((each) => Math.min(each.at, each.attributesDueAt) <= now)) return due;
  for (const { record, at, attributesDueAt } of timed) {
    const isHeartbeat = !record.pending && !record.unsent;
    const inWindow = isHeartbeat && record.lastStamp < Math.floor(now) && at <= now + batchWindowSeconds;
    const isDue = at <= now || inWindow;
    if (isDue && giveUpIfSilent(record, silenceLimitSeconds, now)) due.givenUp.push(record);
    else if (isDue) due.states.push(record);
    // No status waits for attributes: they go when there is none to send.
    if (attributesDueAt <= now && !due.states.includes(record)) due.attributes.push(record);
  }
  return due;
}
