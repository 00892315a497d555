import { CANCELLED_DETAIL, phaseOf, receive, TaskGroup, usableSettings, type Round } from '../../task-state';
import type { HeartbeatInput } from '../../workflows/definitions';
import type { Input, Step } from './steps';

/**
 * The tasks of a group as its workflow knows them, from the workflow's history: the same code, called at the same times and
 * in the same order as in src/workflows/group-heartbeat.ts. What no worker has taken in yet counts at its own time.
 */
export function foldGroup(steps: Step[], workflowId: string): TaskGroup {
  const [first] = steps;
  const fold = new GroupFold(workflowId, first?.kind === 'started' ? first.input : undefined, first?.at ?? 0);
  for (const step of steps) fold.take(step);
  fold.takeRest();
  return fold.group;
}

class GroupFold {
  readonly group: TaskGroup;
  private readonly rounds = new Map<string, Round>();
  /** What came since the last workflow task. */
  private inbox: Input[] = [];
  /** When the workflow task began that is under way, or was completed last. */
  private now = 0;
  /** The detail that open tasks are closed with, once the workflow was cancelled. */
  private closing?: string;
  private stage: 'open' | 'closing' | 'closed' = 'open';

  constructor(workflowId: string, input: unknown, at: number) {
    const { settings, report, tasks, closing } = (input ?? {}) as Partial<HeartbeatInput>;
    this.group = new TaskGroup(usableSettings(settings), phaseOf(workflowId), tasks);
    this.closing = closing;
    if (report) this.inbox.push({ kind: 'report', input: report, at });
  }

  take(step: Step): void {
    switch (step.kind) {
      case 'report':
      case 'cancel':
      case 'answer':
        this.inbox.push(step);
        return;
      case 'task-started':
        // One that fails or times out is followed by another, and only that one's time counts.
        this.now = step.at;
        return;
      case 'task-completed':
        this.takeInputs(() => this.now);
        this.act();
        return;
      case 'scheduled':
        this.rounds.set(step.round, this.group.beginAgain(step.items, this.now));
        return;
      case 'started':
    }
  }

  takeRest(): void {
    this.takeInputs(({ at }) => at);
  }

  /** Signals first, as Temporal activates a workflow. */
  private takeInputs(timeOf: (input: Input) => number): void {
    const inputs = this.inbox;
    this.inbox = [];
    for (const each of inputs) if (each.kind === 'report') receive(this.group, each.input, timeOf(each));
    for (const each of inputs) {
      if (each.kind === 'cancel') this.closing ??= CANCELLED_DETAIL;
      const round = each.kind === 'answer' ? this.rounds.get(each.round) : undefined;
      if (each.kind !== 'answer' || !round) continue;
      this.group.settle(round, each.answer, timeOf(each));
      this.rounds.delete(each.round);
    }
  }

  /** What the workflow does of itself in each workflow task, before it schedules anything. */
  private act(): void {
    const { group, now } = this;
    if (this.closing === undefined) return void group.housekeep(now);
    // What is on its way ends first.
    if (this.stage === 'open' && group.busy.size === 0) this.stage = 'closing';
    if (this.stage !== 'closing') return;
    group.endOpenTasks(this.closing, now);
    if (!group.hasUndelivered()) this.stage = 'closed';
  }
}
