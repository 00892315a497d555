import type { Account } from './account';
import type { EmulatorTask } from '../types';

/** The tasks of an account as the admin door shows them, judged at `now` (epoch seconds). */
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
