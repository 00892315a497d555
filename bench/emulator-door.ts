/** The emulator's own door: counters, tasks, journal and ledger of a run. */
import type { EmulatorTask, JournalEntry, StalenessReport } from 'temporal-migration-hub/emulator';

/** Name of the AWS operation that a notification is. */
export const NOTIFY = 'NotifyMigrationTaskState';

/** A notification that Migration Hub took: times in epoch seconds, `at` is its arrival. */
export interface Arrival {
  stream: string;
  task: string;
  at: number;
  detail: string;
  updateDateTime: number;
  nextUpdateSeconds: number;
}

/** Sum of a counter's samples whose labels contain all of `labels`, in Prometheus text. */
export function counterOf(metrics: string, name: string, labels: string[]): number {
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** The notifications of a journal that were taken, in order of arrival. */
export function arrivalsOf(journal: JournalEntry[]): Arrival[] {
  return journal
    .filter(({ operation, httpStatus, error }) => operation === NOTIFY && httpStatus === 200 && error === null)
    .map(({ progressUpdateStream, migrationTaskName, at, body }) => {
      const { Task, UpdateDateTime, NextUpdateSeconds } = body as {
        Task?: { StatusDetail?: string };
        UpdateDateTime?: number;
        NextUpdateSeconds?: number;
      };
      return {
        stream: progressUpdateStream ?? '',
        task: migrationTaskName ?? '',
        at,
        detail: Task?.StatusDetail ?? '',
        updateDateTime: UpdateDateTime ?? 0,
        nextUpdateSeconds: NextUpdateSeconds ?? 0,
      };
    });
}

/** Reads the emulator at `url`. */
export class EmulatorDoor {
  constructor(readonly url: string) {}

  /** Notifications taken so far; cheap enough to ask while something is measured. */
  async delivered(): Promise<number> {
    const text = await (await fetch(`${this.url}/_mgh/metrics`)).text();
    return counterOf(text, 'migration_hub_emulator_requests_total', [`"${NOTIFY}"`, '"ok"']);
  }

  tasks(): Promise<EmulatorTask[]> {
    return this.read('tasks');
  }

  /** Seconds that tasks were stale, all together; three decimals. */
  async staleSeconds(): Promise<number> {
    return (await this.read<StalenessReport>('staleness')).seconds;
  }

  /** @throws Error when the journal had to drop entries: what is not there cannot be counted */
  async journal(filter: { operation?: string; task?: string } = {}): Promise<JournalEntry[]> {
    const answer = await fetch(`${this.url}/_mgh/requests?${new URLSearchParams(filter).toString()}`);
    const dropped = Number(answer.headers.get('x-mgh-dropped-requests'));
    if (dropped > 0) throw new Error(`the journal dropped ${dropped} requests`);
    return (await answer.json()) as JournalEntry[];
  }

  async arrivals(task?: string): Promise<Arrival[]> {
    return arrivalsOf(await this.journal({ operation: NOTIFY, ...(task !== undefined && { task }) }));
  }

  private async read<T>(door: string): Promise<T> {
    return (await (await fetch(`${this.url}/_mgh/${door}`)).json()) as T;
  }
}
