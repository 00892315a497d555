import type { JournalEntry } from '../src/emulator';

/** One NotifyMigrationTaskState as it arrived, whatever became of it. */
export interface Call {
  task: string;
  /** Arrival by the emulator's clock, epoch seconds. */
  at: number;
  status?: string;
  detail?: string;
  updateDateTime: number;
  nextUpdateSeconds: number;
  /** Migration Hub took it, whether the caller learned of it or not. */
  applied: boolean;
  /** The whole body. */
  text: string;
}

/** Faults in spite of which the work is done. */
const APPLYING = new Set(['slow', 'apply-then-reset', 'apply-then-hang', 'truncate', 'empty-body']);

interface NotifyBody {
  Task?: { Status?: string; StatusDetail?: string };
  UpdateDateTime?: number;
  NextUpdateSeconds?: number;
}

function wasApplied({ error, fault, httpStatus }: JournalEntry): boolean {
  if (error !== null) return false;
  return fault === null ? httpStatus === 200 : APPLYING.has(fault);
}

/** The notifications of a journal, in order of arrival. */
export function callsOf(journal: JournalEntry[]): Call[] {
  return journal
    .filter(({ operation }) => operation === 'NotifyMigrationTaskState')
    .map((entry) => {
      const body = entry.body as NotifyBody;
      return {
        task: entry.migrationTaskName ?? '',
        at: entry.at,
        status: body.Task?.Status,
        detail: body.Task?.StatusDetail,
        updateDateTime: body.UpdateDateTime ?? 0,
        nextUpdateSeconds: body.NextUpdateSeconds ?? 0,
        applied: wasApplied(entry),
        text: JSON.stringify(entry.body),
      };
    });
}

export function byTask<T extends { task: string }>(list: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const group = groups.get(each.task);
    if (group) group.push(each);
    else groups.set(each.task, [each]);
  }
  return groups;
}

export const isTerminal = (status: string | null | undefined): boolean => status === 'COMPLETED' || status === 'FAILED';
