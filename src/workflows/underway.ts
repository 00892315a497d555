import { CancellationScope } from '@temporalio/workflow';
import { earliest, type TaskRecord } from '../task-state';

/** What is on its way for so long is being retried, or hangs, or finds no worker. Most rounds are over long before. */
const SUPERSEDE_AFTER_SECONDS = 1;

interface Round {
  records: TaskRecord[];
  startedAt: number;
  scope: CancellationScope;
}

/** The rounds on their way. One is cut short when a newer report waits behind it; its outcome is awaited and counts. */
export class Underway {
  private readonly rounds = new Set<Round>();

  async run(records: TaskRecord[], startedAt: number, work: (records: TaskRecord[]) => Promise<void>): Promise<void> {
    const round = { records, startedAt, scope: new CancellationScope() };
    this.rounds.add(round);
    try {
      await round.scope.run(() => work(records));
    } finally {
      this.rounds.delete(round);
    }
  }

  /** Cuts short what has a newer report behind it; all, when the run is to end. Gives when to look again. */
  supersede(now: number, all: boolean): number | undefined {
    let next: number | undefined;
    for (const { records, startedAt, scope } of this.rounds) {
      if (scope.consideredCancelled || !(all || records.some(isSuperseded))) continue;
      const at = startedAt + SUPERSEDE_AFTER_SECONDS;
      if (at <= now) scope.cancel();
      else next = earliest(next, at);
    }
    return next;
  }
}

/** A newer report waits behind what the task has on its way. */
const isSuperseded = ({ inFlight, pending }: TaskRecord): boolean =>
  inFlight !== undefined && pending !== undefined && pending.number !== inFlight.number;
