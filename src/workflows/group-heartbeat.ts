import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  log,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { DEADLINE_ATTRIBUTE, type AttachmentChange, type TaskReport } from '../report';
import {
  answer,
  CANCELLED_DETAIL,
  deliveryNews,
  earliest,
  fitsPayload,
  phaseOf,
  receive,
  receiveChange,
  TaskGroup,
  toRounds,
  type Round,
  type HeartbeatInput,
  type LeftOut,
  type TaskStateView,
  type Warning,
} from '../task-state';
import { Alarm } from './alarm';
import { tellDetails } from './current-details';
import { attachSignal, reportSignal, stateQuery } from './definitions';
import { Fullness } from './fullness';
import { Rounds } from './rounds';

const DEADLINE = defineSearchAttributeKey(DEADLINE_ATTRIBUTE, 'DATETIME');

/** The loop around the tasks of one group. Handlers are set by the constructor, before anything is awaited. */
export class GroupHeartbeat {
  private readonly group: TaskGroup;
  private readonly rounds = new Rounds();
  private readonly alarm = new Alarm((at) => this.timeIsUp(at));
  private readonly fullness: Fullness;
  /** Something happened that may change what is due. */
  private isAwake = true;
  /** The latest time that a timer was set to and reached: what fell due then is due, whatever the clock says. */
  private reached = 0;

  constructor(private readonly input: HeartbeatInput) {
    this.group = new TaskGroup(input.settings, phaseOf(workflowInfo().workflowId), input.tasks, input.left);
    this.fullness = new Fullness(() => this.group.settings.maxHistoryEvents);
    if (input.report) this.take(input.report);
    tellDetails(() => this.group.details(this.now()));
    setHandler(reportSignal, (report) => this.take(report), { description: 'Takes a report of a migration task' });
    setHandler(attachSignal, (change) => this.attach(change), {
      description: 'Takes an artifact or source resource of a migration task',
    });
    setHandler(stateQuery, (...args) => answer(this.group, args, workflowInfo().workflowId, this.now()), {
      description:
        'What was last reported, and until when it holds: of a task (null: of all), judged at a time in epoch seconds',
    });
  }

  /** Runs until no task is left; ends earlier only by continue-as-new or cancellation. */
  async run(): Promise<void> {
    for (;;) {
      // Where a cancellation comes together with a report, the wait below ends with the report: the next run would not know.
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the heartbeat was cancelled');
      const draining = this.fullness.isFull();
      const next = draining ? this.startUrgent() : this.startDue();
      if (this.group.busy.size === 0) {
        if (this.group.records.size === 0) return;
        if (this.fullness.isLong()) {
          await this.continueAsNew({});
          continue;
        }
      }
      await this.until(earliest(next, this.rounds.supersede(this.now(), draining)));
    }
  }

  /** After cancellation: what is on its way ends, then every task that is not terminal is closed by one FAILED. */
  async close(): Promise<void> {
    await condition(() => this.group.busy.size === 0);
    for (;;) {
      this.group.endOpenTasks(CANCELLED_DETAIL, this.now());
      if (!this.group.hasUndelivered()) {
        if (this.group.busy.size === 0) return logAll(this.group.giveUpAttachments());
        // Attributes may still be on their way; a report may come meanwhile.
        await condition(() => this.group.busy.size === 0);
        continue;
      }
      if (this.fullness.isLong()) {
        await condition(() => this.group.busy.size === 0);
        await this.continueAsNew({ closing: true });
      }
      const next = this.startDue();
      await this.until(earliest(next, this.rounds.supersede(this.now(), false)));
    }
  }

  /** All tasks of the group as they are at the end of the workflow, those that have left included. */
  finalLedger(): TaskStateView[] {
    this.group.hasEnded = true;
    return this.group.ledger(this.now());
  }

  private now(): number {
    return Math.max(Date.now() / 1000, this.reached);
  }

  /** Returns only where the state fits no payload: the server would end the group. */
  private async continueAsNew(more: Partial<HeartbeatInput>): Promise<void> {
    // A report that has just been taken: its handler ends in this same step.
    await condition(allHandlersFinished);
    const { tasks, left, leftOut, warnings } = this.group.carried();
    logAll(warnings);
    if (fitsPayload(tasks)) {
      warnOfLeftOut(leftOut);
      await continueAsNew<(input: HeartbeatInput) => Promise<unknown>>({
        ...this.input,
        settings: this.group.knownSettings,
        report: undefined,
        ...more,
        tasks,
        left: left.length > 0 ? left : undefined,
      });
    }
    log.warn(
      'the state of this group is too large to continue as new: set a higher number of groups (the worker\'s setting "groups") for the tasks to come',
      {
        tasks: this.group.records.size,
      },
    );
    this.fullness.putOff();
  }

  private take(input: TaskReport): void {
    this.fullness.signals++;
    this.isAwake = true;
    const received = receive(this.group, workflowInfo().workflowId, input, this.now());
    const { dropped, refused, labelsLeftOut, attachmentLeftOut: reason, migrationTaskName } = received;
    if (dropped) log.warn('a report was dropped', { migrationTaskName, reason: dropped });
    if (refused) log.warn('a report was refused', { migrationTaskName, reason: refused });
    if (reason)
      log.warn('resource attributes or a discovered resource of a report were left out', { migrationTaskName, reason });
    if (labelsLeftOut)
      log.warn('labels of a task were left out: with those of the newest report they are too long together', {
        migrationTaskName,
        labels: labelsLeftOut,
      });
  }

  private attach(input: AttachmentChange): void {
    this.fullness.signals++;
    this.isAwake = true;
    const { dropped, refused, migrationTaskName } = receiveChange(
      this.group,
      workflowInfo().workflowId,
      input,
      this.now(),
    );
    const reason = dropped ?? refused;
    if (reason) log.warn('an artifact or source resource was refused', { migrationTaskName, reason });
  }

  /** Starts what is due. Gives when to look again. */
  private startDue(): number | undefined {
    const now = this.now();
    const next = () => this.group.nextDueAt();
    if ((next() ?? Infinity) > now) return next();
    const mayStartAt = this.rounds.mayStartAt(now);
    if (mayStartAt > now) return mayStartAt;
    const { warnings, ...round } = this.group.takeDue(now);
    logAll(warnings);
    for (const part of toRounds(round, this.group.settings.batchSize)) this.start(part, now);
    return next();
  }

  /** Starts what cannot wait for the next run. Gives when to look again. */
  private startUrgent(): number | undefined {
    // The next run begins at once.
    if (this.group.busy.size === 0) return undefined;
    const now = this.now();
    for (const part of toRounds(this.group.takeUrgent(now), this.group.settings.batchSize)) this.start(part, now);
    // Looked at again when a round ends; a hanging one must not hide a deadline.
    return now + 1;
  }

  private start(round: Round, now: number): void {
    this.rounds.start(round, now, (answer) => {
      logAll(this.group.settle(round, answer, this.now()));
      for (const { level, message, ...of } of deliveryNews(round.records, this.now())) log[level](message, { ...of });
      this.isAwake = true;
    });
  }

  private timeIsUp(at: number): void {
    this.reached = Math.max(this.reached, at);
    this.isAwake = true;
  }

  /** Waits for a report, the end of a round, or a time in epoch seconds. */
  private async until(at: number | undefined): Promise<void> {
    this.isAwake = false;
    this.showDeadline();
    const isDue = at !== undefined && at === this.group.nextDueAt();
    const summary = () => (isDue ? this.group.nextStep() : 'time for what is on its way');
    this.alarm.set(at, this.now(), summary);
    await condition(() => this.isAwake);
  }

  /** One event where the earliest deadline has changed, in a workflow task that there is anyhow. The next run inherits the attribute. */
  private showDeadline(): void {
    if (!this.group.settings.deadlineSearchAttribute) return;
    const deadline = this.group.earliestDeadline();
    const value = deadline === undefined ? null : new Date(deadline * 1000);
    const shown = workflowInfo().typedSearchAttributes.get(DEADLINE);
    if (value?.getTime() !== shown?.getTime()) upsertSearchAttributes([{ key: DEADLINE, value }]);
  }
}

function logAll(warnings: Warning[]): void {
  for (const { message, ...about } of warnings) log.warn(message, { ...about });
}

const MORE_GROUPS = 'set a higher number of groups (the worker\'s setting "groups")';

function warnOfLeftOut({ tasks, labels, attachments }: LeftOut): void {
  const tooLarge = 'the state of this group is too large:';
  if (attachments > 0)
    log.warn(
      `${tooLarge} names, descriptions or details of attachments that Migration Hub has not taken were left out; give them again, and ${MORE_GROUPS}`,
      { leftOut: attachments },
    );
  if (labels > 0)
    log.warn(`${tooLarge} the labels of tasks were left out; report them again, and ${MORE_GROUPS}`, { tasks: labels });
  if (tasks > 0)
    log.warn(
      `${tooLarge} tasks that ended first were left out, and are not listed any more (the command history still shows them); ${MORE_GROUPS}`,
      { tasks },
    );
}
