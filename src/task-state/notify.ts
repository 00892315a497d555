import { NEEDED_ROOM_SECONDS, TERMINAL_NEXT_UPDATE_SECONDS } from '../report';
import { merged } from './accept';
import { HEARTBEAT_RANGES } from './heartbeat-settings';
import {
  deadlineOf,
  endPending,
  isPastDeadline,
  isTerminal,
  repeatableUntil,
  reporterOf,
  undeliveredState,
  type ReportKey,
  type TaskRecord,
} from './record';
import type { HeartbeatSettings, StateNotification } from './types';

/** What decides when heartbeats are due, beside the task itself. */
export interface HeartbeatTiming extends Pick<HeartbeatSettings, 'heartbeatFraction' | 'batchWindowSeconds'> {
  /** Share by which heartbeats are brought forward, so that groups do not send at the same moments: 0–0.1. */
  phase: number;
}

/** While a run waits to continue as new, only tasks with less than this to their deadline are sent: they would be stale before. */
const DRAIN_ROOM_SECONDS = 20;

/** A heartbeat may join a batch that goes anyhow, by this share of its interval before it is due. */
const JOINING_SHARE = 0.1;

/**
 * Seconds from one heartbeat of a task to the next: a fraction of `nextUpdateSeconds`, brought forward by the phase. Who reports may know
 * another fraction than the worker's, so that too little room was left: then it is earlier.
 */
function intervalOf(nextUpdateSeconds: number, { heartbeatFraction, phase }: HeartbeatTiming): number {
  const latest = Math.max(
    nextUpdateSeconds - NEEDED_ROOM_SECONDS,
    nextUpdateSeconds * HEARTBEAT_RANGES.heartbeatFraction.min,
  );
  return Math.max(1, Math.floor(Math.min(nextUpdateSeconds * heartbeatFraction, latest) * (1 - phase)));
}

/** When a heartbeat is due, in epoch seconds; undefined for a task that needs none. */
export function heartbeatDueAt(record: TaskRecord, timing: HeartbeatTiming): number | undefined {
  const last = record.lastDelivered;
  if (!last || isTerminal(last.status) || record.abandoned) return undefined;
  return last.updateDateTime + intervalOf(last.nextUpdateSeconds, timing);
}

/**
 * When the task has a state to send: not before `ready`, and at `due` it must go. Undefined while one is in flight or nothing is
 * left to send.
 */
export function sendTimes(record: TaskRecord, timing: HeartbeatTiming): { ready: number; due: number } | undefined {
  if (record.inFlight) return undefined;
  // Whole seconds, strictly rising, never ahead of workflow time: at most one stamp per task and second.
  const earliest = Math.max(record.lastStamp + 1, record.notBefore ?? 0);
  if (record.pending || record.unsent) return { ready: earliest, due: earliest };
  const due = heartbeatDueAt(record, timing);
  if (due === undefined || !record.lastDelivered) return undefined;
  const joining = Math.max(timing.batchWindowSeconds, JOINING_SHARE * (due - record.lastDelivered.updateDateTime));
  return { ready: Math.max(due - joining, earliest), due: Math.max(due, earliest) };
}

/** The task would be stale before the next run begins. */
export function isNearDeadline({ lastDelivered }: TaskRecord, now: number): boolean {
  const deadline = lastDelivered?.deadline ?? 0;
  return deadline > now && deadline - now <= DRAIN_ROOM_SECONDS;
}

/** Those of reporters that the task remembers. */
const remembered = ({ reporters }: TaskRecord, reports: ReportKey[]): ReportKey[] =>
  reports.filter(({ ownerId }) => reporterOf(reporters, ownerId));

/** Makes the task's next notification, or takes the one that failed, and puts it in flight. */
export function stamp(record: TaskRecord, now: number): StateNotification {
  const { pending, unsent } = record;
  const state = undeliveredState(record) ?? record.lastDelivered;
  if (!state) throw new Error(`${record.migrationTaskName} has nothing to send`);
  record.unsent = undefined;
  const isRetry = unsent && unsent.number === pending?.number;
  if (isRetry && now < repeatableUntil(unsent.notification)) {
    record.inFlight = { ...unsent, repeats: true };
    return unsent.notification;
  }
  const { status, statusDetail, progressPercent } = state;
  const nextUpdateSeconds = isTerminal(status) ? TERMINAL_NEXT_UPDATE_SECONDS : record.nextUpdateSeconds;
  const notification = { status, statusDetail, progressPercent, updateDateTime: Math.floor(now), nextUpdateSeconds };
  record.lastStamp = notification.updateDateTime;
  const reports = remembered(record, merged(unsent?.reports, pending?.reports));
  record.inFlight = { notification, heartbeat: !pending, number: pending?.number, reports };
  return notification;
}

/**
 * The time that the notification in flight really carried, as history has it. A replay may have made it at another time than
 * the run that made history, where a workflow task was lost and taken again: what follows must not differ.
 */
export function sentAt(record: TaskRecord, updateDateTime: number): void {
  if (!record.inFlight || record.inFlight.repeats) return;
  record.inFlight.notification.updateDateTime = updateDateTime;
  record.lastStamp = updateDateTime;
}

/** The notification in flight arrived. */
export function delivered(record: TaskRecord, now: number, attempts: number): void {
  const flight = record.inFlight;
  if (!flight) return;
  const { notification } = flight;
  if (isPastDeadline(record.lastDelivered, now)) record.counters.missedDeadlines++;
  record.lastDelivered = { ...notification, deadline: deadlineOf(notification), deliveredAt: now };
  record.inFlight = undefined;
  clearFailures(record);
  record.counters.notifications++;
  record.counters.retries += attempts - 1;
  if (flight.heartbeat) record.counters.heartbeats++;
  record.terminalAt = isTerminal(notification.status) ? now : undefined;
  reportsDelivered(record, flight.reports);
  // A newer report may have come in meanwhile: it stays pending.
  if (record.pending?.number === flight.number) endPending(record);
}

/** Migration Hub has them, or what replaced them. */
export function reportsDelivered({ reporters }: TaskRecord, reports: ReportKey[]): void {
  for (const { ownerId, sequence } of reports) {
    const reporter = reporterOf(reporters, ownerId);
    if (reporter) reporter.delivered = Math.max(reporter.delivered, sequence);
  }
}

/** The notification in flight was not sent at all: what it carried is wanted as before. */
export function notSent(record: TaskRecord): void {
  const { inFlight: flight, pending } = record;
  record.inFlight = undefined;
  if (flight?.repeats) record.unsent = flight;
  else if (flight && pending) pending.reports = remembered(record, merged(flight.reports, pending.reports));
}

/** Migration Hub has answered. */
export function clearFailures(record: TaskRecord): void {
  record.failures = 0;
  record.nevers = undefined;
  record.superseded = undefined;
  record.lastFailure = undefined;
  record.notBefore = undefined;
}
