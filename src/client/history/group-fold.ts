import { ADOPT_SIGNAL, MOVE_SIGNAL, REPORT_SIGNAL } from '../../report';
import {
  begunMove,
  CANCELLED_DETAIL,
  dueNow,
  hear,
  moveAll,
  TaskGroup,
  usableSettings,
  usableTasks,
  type BegunMove,
} from '../../task-state';
import type { HeartbeatInput } from '../../workflows/definitions';
import type { Step, Told } from './events';
import { ROUNDS, type Round } from './rounds';

/** What a signal does to a group, by its name. */
const SIGNALS = new Map<string, (group: TaskGroup, input: unknown, now: number) => void>([
  [REPORT_SIGNAL, hear],
  [ADOPT_SIGNAL, (group, input, now) => group.adopt(usableTasks(input), now)],
]);

/**
 * The tasks of a group as its workflow knows them, from the workflow's history: the same code, called at the same times and
 * in the same order as in src/workflows/group-heartbeat.ts. What no worker has heard of yet counts at its own time.
 * (One difference: a silent task is given up at once, though while a run drains the workflow leaves that to its next run.)
 */
export function foldGroup(steps: Step[], workflowId: string): TaskGroup {
  const [first] = steps;
  const fold = new GroupFold(workflowId, first?.kind === 'started' ? first.input : undefined);
  for (const step of steps) fold.take(step);
  fold.hearRest();
  return fold.group;
}

class GroupFold {
  readonly group: TaskGroup;
  private readonly rounds = new Map<string, Round>();
  /** What was told since the workflow's last step. */
  private inbox: Told[] = [];
  /** When the workflow task began that is under way, or was completed last. */
  private now = 0;
  /** The detail that open tasks are closed with, once the workflow was cancelled. */
  private closing?: string;
  private stage: 'open' | 'closing' | 'closed' = 'open';

  /** Set once the tasks are to be shared by another number of groups. */
  private move?: BegunMove;

  constructor(
    private readonly workflowId: string,
    input: unknown,
  ) {
    const { settings, tasks, closing, move } = (input ?? {}) as Partial<HeartbeatInput>;
    this.group = new TaskGroup(usableSettings(settings), tasks);
    this.closing = closing;
    this.move = move;
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'signal':
      case 'cancel':
      case 'answers':
        this.inbox.push(step);
        return;
      case 'task-started':
        // One that fails or times out is followed by another, and only that one's time counts.
        this.now = step.at;
        return;
      case 'task-completed':
        this.hear(() => this.now);
        this.act();
        return;
      case 'scheduled': {
        const round = ROUNDS[step.activity]?.(this.group, step.args, this.now);
        if (!round) return;
        this.rounds.set(step.round, round);
        for (const record of round.records) this.group.busy.add(record);
        return;
      }
      case 'started':
    }
  }

  hearRest(): void {
    this.hear(({ at }) => at);
  }

  /** Signals first, as Temporal activates a workflow. */
  private hear(timeOf: (told: Told) => number): void {
    const told = this.inbox;
    this.inbox = [];
    for (const each of told) {
      if (each.kind !== 'signal') continue;
      if (each.name === MOVE_SIGNAL) this.move = begunMove(this.workflowId, this.move, each.input, timeOf(each));
      else SIGNALS.get(each.name)?.(this.group, each.input, timeOf(each));
    }
    for (const each of told) {
      if (each.kind === 'cancel') this.closing ??= CANCELLED_DETAIL;
      const round = each.kind === 'answers' ? this.rounds.get(each.round) : undefined;
      if (each.kind !== 'answers' || !round) continue;
      round.book(each.answers as never, timeOf(each));
      for (const record of round.records) this.group.busy.delete(record);
      this.rounds.delete(each.round);
    }
  }

  /** What the workflow does of itself in each step, before it schedules anything. */
  private act(): void {
    const { group, now } = this;
    if (this.closing === undefined) {
      group.removeLingered(now, this.move?.since);
      if (this.move) moveAll(group.idle(), this.move.groups, this.workflowId, now);
      else dueNow(group.idle(), group.settings, now, false);
      return;
    }
    // What is on its way ends first.
    if (this.stage === 'open' && group.busy.size === 0) this.stage = 'closing';
    if (this.stage !== 'closing') return;
    group.endOpenTasks(this.closing, now);
    if (!group.hasUndelivered()) this.stage = 'closed';
  }
}
