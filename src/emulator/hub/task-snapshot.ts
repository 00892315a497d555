import type { Staleness } from '../time/staleness-ledger';
import type { Account } from './account';

/**
 * A migration task as `GET /_mgh/tasks` shows it. Times are epoch seconds. The members of the state are null before the
 * first notification.
 */
export interface EmulatorTask extends Staleness {
  /** The account of the caller's signature; `123456789012` for calls without one. */
  account: string;
  /** The progress update stream. */
  progressUpdateStream: string;
  /** The name of the migration task. */
  migrationTaskName: string;
  /** NOT_STARTED, IN_PROGRESS, FAILED or COMPLETED, as last notified. */
  status: string | null;
  /** 0 to 100, as last notified; null when that notification had none. */
  progressPercent: number | null;
  /** As last notified; null when that notification had none. */
  statusDetail: string | null;
  /** `UpdateDateTime` of the last notification, with its fraction. */
  updateDateTime: number | null;
  /** `NextUpdateSeconds` of the last notification. */
  nextUpdateSeconds: number | null;
  /** `updateDateTime + nextUpdateSeconds`: past it a task that is not terminal is stale. */
  deadline: number | null;
  /** NotifyMigrationTaskState calls that were applied. */
  notifications: number;
  /** What the last PutResourceAttributes set; empty before it. */
  attributes: { type: string; value: string }[];
}

/**
 * The tasks of an account in order of their first import.
 * @param now the time at which staleness is judged, epoch seconds
 */
export function snapshotOf({ id, store }: Account, now: number): EmulatorTask[] {
  return store.tasks().map(({ stream, name, last, attributes, notifications, ledger }) => ({
    account: id,
    progressUpdateStream: stream,
    migrationTaskName: name,
    status: last?.status ?? null,
    progressPercent: last?.progressPercent ?? null,
    statusDetail: last?.statusDetail ?? null,
    updateDateTime: last?.updateDateTime ?? null,
    nextUpdateSeconds: last?.nextUpdateSeconds ?? null,
    deadline: last ? last.updateDateTime + last.nextUpdateSeconds : null,
    ...ledger.at(now),
    notifications,
    attributes: attributes.map(({ Type, Value }) => ({ type: Type, value: Value })),
  }));
}
