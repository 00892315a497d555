import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { DEFAULT_CONCURRENCY, type TaskReport } from '../report';
import {
  begunMove,
  dueNow,
  earliest,
  fitPayload,
  fitsPayload,
  hear,
  nextDueAt,
  TaskGroup,
  usableMove,
  usableTasks,
  type BegunMove,
  type HandedTask,
  type Move,
  type TaskRecord,
  type TaskStateView,
} from '../task-state';
import { adoptSignal, moveSignal, reportSignal, stateQuery, type HeartbeatInput } from './definitions';
import { BYTES_AT_ONCE, bytesOf, toBatches } from './batches';
import { Fullness } from './fullness';
import { HandOvers } from './hand-overs';
import { attributesRound, notifyRound, registerRound, workflowSeconds } from './rounds';
import { Underway } from './underway';

/** The loop that speaks for the tasks of one group. Handlers are set by the constructor, before anything is awaited. */
export class GroupHeartbeat {
  private readonly group: TaskGroup;
  private readonly underway = new Underway();
  private readonly fullness: Fullness;
  private readonly handOvers: HandOvers;
  /** Set once the tasks are to be shared by another number of groups: nothing is sent from then on. */
  private move?: BegunMove;
  /** Rises with all that may change what is due. */
  private version = 0;
  /** What the current workflow task may still start; its history length tells one from the next. */
  private budget = { historyLength: 0, bytes: 0 };

  constructor(private readonly input: HeartbeatInput) {
    this.group = new TaskGroup(input.settings, input.tasks);
    this.fullness = new Fullness(input.settings.maxHistoryEvents);
    this.handOvers = new HandOvers(this.group);
    this.move = input.move;
    setHandler(reportSignal, (report) => this.take(report), { description: 'Takes a report of a migration task' });
    setHandler(adoptSignal, (tasks) => this.adopt(tasks), { description: 'Takes tasks of another heartbeat workflow' });
    setHandler(moveSignal, (move) => this.moveTo(move), { description: 'Gives all tasks to other groups' });
    setHandler(stateQuery, (name, now) => this.group.view(name, now ?? workflowSeconds()), {
      description: 'What was last reported, and until when it holds',
    });
  }

  /** Runs until no task is left; ends earlier only by continue-as-new or cancellation. */
  async run(): Promise<void> {
    for (;;) {
      // Where a cancellation comes together with a report, the wait below ends with the report: the next run would not know.
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the heartbeat was cancelled');
      this.group.removeLingered(workflowSeconds(), this.move?.since);
      if (this.group.records.size === 0 && this.group.busy.size === 0) return;
      const draining = this.fullness.isFull();
      if (draining && this.group.busy.size === 0 && allHandlersFinished()) {
        await this.continueAsNew({});
        continue;
      }
      if (!draining) this.handOver(this.move);
      if (!this.move) this.sendDue(draining);
      const supersedeAt = this.underway.supersede(workflowSeconds(), draining || this.move !== undefined);
      await this.until(
        earliest(
          this.nextSendAt(draining),
          supersedeAt,
          draining ? undefined : this.group.nextRemovalAt(this.move?.since),
        ),
      );
    }
  }

  /** After cancellation: what is on its way ends, then every task that is not terminal is closed by one FAILED. */
  async close(statusDetail: string): Promise<void> {
    await condition(() => this.group.busy.size === 0);
    for (;;) {
      this.group.endOpenTasks(statusDetail, workflowSeconds());
      if (!this.group.hasUndelivered()) {
        // Attributes may still be on their way.
        await condition(() => this.group.busy.size === 0);
        return;
      }
      if (this.fullness.isFull()) {
        await condition(() => this.group.busy.size === 0);
        await this.continueAsNew({ closing: statusDetail });
      }
      this.handOver(undefined);
      this.sendDue(false);
      const supersedeAt = this.underway.supersede(workflowSeconds(), false);
      await this.until(earliest(this.nextSendAt(false), supersedeAt));
    }
  }

  ledger(): TaskStateView[] {
    return this.group.ledger(workflowSeconds());
  }

  /** Returns only where the state fits no payload: the server would end the group. */
  private async continueAsNew(more: Partial<HeartbeatInput>): Promise<void> {
    const tasks = fitPayload([...this.group.records.values()]);
    if (fitsPayload(tasks))
      await continueAsNew<(input: HeartbeatInput) => Promise<unknown>>({
        ...this.input,
        move: this.move,
        ...more,
        tasks,
      });
    log.warn('the state of this group is too large to continue as new: use more groups', {
      tasks: this.group.records.size,
    });
    this.fullness.putOff();
  }

  private take(input: TaskReport): void {
    this.fullness.signals++;
    const { dropped, refused, migrationTaskName } = hear(this.group, input, workflowSeconds());
    if (dropped) return log.warn('a report was dropped', { reason: dropped });
    if (refused) log.warn('a report was refused', { migrationTaskName, reason: refused });
    this.version++;
  }

  private adopt(given: HandedTask[]): void {
    this.fullness.signals++;
    this.group.adopt(usableTasks(given), workflowSeconds());
    this.version++;
  }

  private moveTo(given: Move): void {
    if (!usableMove(given)) return log.warn('a move was dropped: its number of groups is none', { given });
    this.move = begunMove(workflowInfo().workflowId, this.move, given, workflowSeconds());
    this.version++;
  }

  private handOver(move: Move | undefined): void {
    this.handOvers.next(move, this.input.settings, () => this.version++);
  }

  /** Starts a round for what is due, together with heartbeats due within the batch window. */
  private sendDue(draining: boolean): void {
    const { settings } = this.input;
    const { batchSize } = settings;
    const { states, attributes, givenUp } = dueNow(this.group.idle(), settings, workflowSeconds(), draining);
    for (const { migrationTaskName, abandoned } of givenUp)
      log.warn('heartbeats of a task end', { migrationTaskName, reason: abandoned?.reason });
    // A workflow task may be activated by many signals at once: what it starts is bounded as a whole.
    const { historyLength } = workflowInfo();
    if (historyLength !== this.budget.historyLength) this.budget = { historyLength, bytes: BYTES_AT_ONCE };
    const fitting = (chosen: TaskRecord[]): TaskRecord[] =>
      chosen.filter((record) => {
        if (this.budget.bytes <= 0) return false;
        this.budget.bytes -= bytesOf(record);
        return true;
      });
    const known = fitting(states);
    const unknown = known.filter(({ registered }) => !registered);
    for (const batch of toBatches(unknown, batchSize)) this.start(batch, registerRound);
    for (const batch of toBatches(
      known.filter(({ registered }) => registered),
      batchSize,
    ))
      this.start(batch, notifyRound);
    // Small: a status that comes up meanwhile waits for the round.
    for (const batch of toBatches(fitting(attributes), Math.min(batchSize, DEFAULT_CONCURRENCY)))
      this.start(batch, attributesRound);
  }

  private start(batch: TaskRecord[], round: (records: TaskRecord[]) => Promise<void>): void {
    for (const record of batch) this.group.busy.add(record);
    void this.underway.run(batch, workflowSeconds(), round).finally(() => {
      for (const record of batch) this.group.busy.delete(record);
      this.version++;
    });
  }

  /** Waits for a report, the end of a round, or a time in epoch seconds. */
  private async until(at: number | undefined): Promise<void> {
    const version = this.version;
    const happened = () => this.version !== version;
    if (at === undefined) await condition(happened);
    else await condition(happened, Math.max(1, Math.ceil((at - workflowSeconds()) * 1000)));
  }

  private nextSendAt(draining: boolean): number | undefined {
    if (this.move) return undefined;
    return nextDueAt(this.group.idle(), this.input.settings, workflowSeconds(), draining);
  }
}
