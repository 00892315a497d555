import { ActivityFailure, CancellationScope } from '@temporalio/workflow';
import {
  deadlineOf,
  earliest,
  roundSummary,
  type NotifyFailure,
  type NotifyItem,
  type NotifyResult,
  type Round,
  type TaskRecord,
} from '../task-state';
import { notifyTaskStates } from './definitions';
import { whyUnanswered } from './unanswered';

/** So many rounds that are young may run at once: a burst of reports becomes few large batches. */
const YOUNG_ROUNDS = 4;
/** An older round is being retried, or hangs, or finds no worker: others do not wait for it, and a newer report ends it. */
const YOUNG_SECONDS = 1;
/** A large batch takes longer, and its cancellation stops all its tasks, not only the one that has a newer report. */
const SECONDS_PER_TASK = 0.01;
/** A notification that would arrive past its deadline is not sent, but made anew; but a queue may have this much delay. */
const LEAST_START_SECONDS = 10;
const MOST_START_SECONDS = 86_400;

/** The longest patience is 32 s. */
const MOST_DOUBLINGS = 5;

interface Running {
  round: Round;
  startedAt: number;
  scope: CancellationScope;
}

/** The rounds on their way. */
export class Rounds {
  private readonly running = new Set<Running>();

  /** Starts the activity for a round; `onEnd` is called with its answer, or why there is none. */
  start(round: Round, now: number, onEnd: (answer: NotifyResult | NotifyFailure) => void): void {
    const running = { round, startedAt: now, scope: new CancellationScope() };
    this.running.add(running);
    const end = (answer: NotifyResult | NotifyFailure) => {
      this.running.delete(running);
      onEnd(answer);
    };
    const activity = notifyTaskStates(round.items.length, roundSummary(round), startWithin(round.items, now));
    void running.scope
      .run(() => activity(round.items))
      .then(end, (error: unknown) => end(whyUnanswered(error instanceof ActivityFailure ? error.cause : error)));
  }

  /** When the next round may start: now, or when one of the young ones is no longer young. */
  mayStartAt(now: number): number {
    const young = [...this.running].map(({ startedAt }) => startedAt).filter((at) => at > now - YOUNG_SECONDS);
    return young.length < YOUNG_ROUNDS ? now : (earliest(...young) ?? now) + YOUNG_SECONDS;
  }

  /** Cancels what has a newer report behind it; all, when the run is to end. Its outcome is awaited and counts. Gives when to look again. */
  supersede(now: number, all: boolean): number | undefined {
    let next: number | undefined;
    for (const { round, startedAt, scope } of this.running) {
      if (scope.consideredCancelled || !(all || round.records.some(isSuperseded))) continue;
      // With more patience after each that had no outcome: a round that waits for a worker must start at some time.
      const before = all ? 0 : Math.max(...round.records.map(({ superseded = 0 }) => superseded));
      const patience = YOUNG_SECONDS * 2 ** Math.min(MOST_DOUBLINGS, before);
      const at = startedAt + patience + round.records.length * SECONDS_PER_TASK;
      if (at <= now) scope.cancel();
      else next = earliest(next, at);
    }
    return next;
  }
}

/** A newer report waits behind what the task has on its way, be it attachments alone. */
const isSuperseded = ({ inFlight, pending }: TaskRecord): boolean =>
  pending !== undefined && pending.number !== inFlight?.number;

function startWithin(items: NotifyItem[], now: number): number | undefined {
  const deadlines = items.flatMap(({ notification }) => (notification ? deadlineOf(notification) : []));
  if (deadlines.length === 0) return undefined;
  return Math.min(Math.max(LEAST_START_SECONDS, Math.min(...deadlines) - now), MOST_START_SECONDS);
}
