import { expect } from 'vitest';
import type { TaskReport } from '../../src/report';
import {
  accept,
  mayFollow,
  newTaskRecord,
  type NotifyFailure,
  type NotifyItem,
  type NotifyResult,
  type Outcome,
  type ReadBack,
  type Round,
  type TaskGroup,
  type TaskNotification,
  type TaskRecord,
} from '../../src/task-state';
import { heartbeatDueAt } from '../../src/task-state/notify';
import { START, TASKS, type Fate, type Step } from './group-steps';
import { groupOf, nextRunOf, reportOf, TIMING } from './tasks';

type Sent = { notification: TaskNotification; accepted: number };
type Flight = Sent & { answered?: never };

/** What one task must be, written without a look at how it is kept. */
class TaskModel {
  /** Accepted reports; a notification is known by how many had been accepted when it was made. */
  readonly accepted: { report: TaskReport; percent?: number; mayFall: boolean }[] = [];
  /** What Migration Hub took, in order; answered or not. */
  readonly arrived: Sent[] = [];
  readonly sequences: Record<string, number> = {};
  readonly highest: Record<string, number> = {};
  /** The last that the workflow knows to have arrived. */
  known?: Sent;
  flight?: Flight;
  lost?: Sent;
  /** How many had been accepted with the end that Migration Hub does not have yet; reports of a next attempt wait for it. */
  end?: number;
  lastStamp = 0;
  lastFailure?: NotifyFailure;
  /** Tries in a row that were answered as never to be taken. */
  nevers = 0;

  constructor(public hub: ReadBack) {}

  /** How many had been accepted with what is to be sent next. */
  get sendable() {
    return this.end ?? this.accepted.length;
  }

  get newest() {
    return this.accepted.at(-1);
  }
}

/** A group of tasks, Migration Hub and the rounds between them. */
export class GroupModel {
  group: TaskGroup;
  now = START;
  readonly tasks = new Map<string, TaskModel>();
  private rounds: Round[] = [];

  /** `lingerSeconds`: after it a task at its end leaves the group, which changes nothing of what is known of it. */
  constructor(
    hub: ReadBack = {},
    private readonly lingerSeconds = 3600,
  ) {
    this.group = groupOf({ lingerSeconds });
    for (const name of TASKS) this.tasks.set(name, new TaskModel(hub));
  }

  do(each: Step): void {
    if (each.kind === 'wait') this.now += each.seconds;
    if (each.kind === 'report') this.report(each);
    if (each.kind === 'send') this.send();
    if (each.kind === 'settle') this.settle(each);
    if (each.kind === 'continueAsNew') this.continueAsNew();
    for (const name of TASKS) this.checkView(name);
  }

  task(name: string): TaskModel {
    return this.tasks.get(name) as TaskModel;
  }

  record(name: string): TaskRecord | undefined {
    return this.group.known.find(name);
  }

  private report({ task: name, ownerId, skip, content }: Extract<Step, { kind: 'report' }>): void {
    const task = this.task(name);
    const sequence = (task.sequences[ownerId] = Math.max(1, (task.sequences[ownerId] ?? 0) + skip));
    // Of workflow runs: a first NOT_STARTED of others only registers the task (see read-back.test.ts).
    const given = reportOf(1, { ...content, migrationTaskName: name, owner: { ownerId, runId: ownerId, sequence } });
    const before = structuredClone(this.record(name) ?? newTaskRecord(given));
    // The group says only whether it refused; the same report to a copy says the rest.
    const verdict = accept(structuredClone(before), given, this.now);
    const { refused } = this.group.take(given, this.now);
    const after = this.record(name) as TaskRecord;
    expect(refused !== undefined).toBe(verdict === 'refused');
    const settled = isEnd(task.newest?.report.status);
    if (sequence <= (task.highest[ownerId] ?? 0)) {
      expect(verdict).toBe('duplicate');
      expect(after).toEqual(before);
      return;
    }
    task.highest[ownerId] = sequence;
    if (settled && !content.reopen) {
      expect(verdict).toBe('refused');
      expect(after.reporters[ownerId]?.refused?.sequence).toBe(sequence);
      expect({ ...after, reporters: {}, counters: {} }).toEqual({ ...before, reporters: {}, counters: {} });
      return;
    }
    expect(verdict).toBe('accepted');
    const last = settled ? undefined : task.newest?.percent;
    const { progressPercent = last, allowDecrease = false } = content;
    const percent = allowDecrease || last === undefined ? progressPercent : Math.max(progressPercent ?? 0, last);
    if (settled && task.accepted.length > (task.known?.accepted ?? 0)) task.end ??= task.accepted.length;
    task.accepted.push({ report: given, percent, mayFall: settled || allowDecrease });
  }

  /** Starts a round, where something is due. */
  send(): void {
    const due = this.group.nextDueAt();
    const { warnings, ...round } = this.group.takeDue(this.now);
    expect(warnings).toEqual([]);
    if (due === undefined || due > this.now) expect(round.items).toEqual([]);
    else expect(this.group.nextDueAt() ?? Infinity).toBeGreaterThan(this.now);
    round.items.forEach((item, i) => {
      expect(round.records[i]).toBe(this.record(item.migrationTaskName));
      this.sent(item);
    });
    if (round.items.length > 0) this.rounds.push(round);
  }

  private sent(item: NotifyItem): void {
    const { migrationTaskName, progressUpdateStream } = item;
    const task = this.task(migrationTaskName);
    expect(task.flight).toBeUndefined();
    const notification = { progressUpdateStream, migrationTaskName, ...item.notification } as TaskNotification;
    const newer = task.sendable > ((task.lost ?? task.known)?.accepted ?? 0);
    const holds = (n: TaskNotification) => this.now < n.updateDateTime + n.nextUpdateSeconds / 2;
    if (task.lost && !newer && holds(task.lost.notification)) {
      expect(notification).toEqual(task.lost.notification);
    } else {
      expect(notification.updateDateTime).toBeGreaterThan(task.lastStamp);
      if (!newer && !task.lost) expect(notification).toMatchObject(stateOf((task.known as Sent).notification));
    }
    if (newer) expect(notification.status).toBe(task.accepted[task.sendable - 1]?.report.status);
    expect(notification.updateDateTime).toBeLessThanOrEqual(this.now);
    expect(Number.isInteger(notification.updateDateTime)).toBe(true);
    task.flight = { notification: structuredClone(notification), accepted: task.sendable };
  }

  settle({ which, fates, attempts, whole }: Omit<Extract<Step, { kind: 'settle' }>, 'kind'>): void {
    const round = this.rounds[which % (this.rounds.length || 1)];
    if (!round) return;
    this.rounds = this.rounds.filter((each) => each !== round);
    const outcomes = round.items.map((item, i) => {
      const given = fates[i] as Fate;
      return whole ? this.unanswered(item, given.arrives, whole) : this.outcomeOf(item, given, attempts);
    });
    const result: NotifyResult = {
      stampedAt: Math.max(...round.items.map(({ notification }) => notification?.updateDateTime ?? 0)),
      others: Object.fromEntries(outcomes.flatMap((each, i) => (Object.keys(each).length > 0 ? [[i, each]] : []))),
    };
    const warnings = this.group.settle(round, whole ?? result, this.now);
    expect(warnings.filter(({ message }) => message !== 'a report was refused')).toEqual([]);
    for (const { migrationTaskName } of round.items) this.checkSettled(migrationTaskName);
    // As the workflow does in its next step: what has lingered leaves.
    expect(this.group.housekeep(this.now)).toEqual([]);
  }

  /** The activity gave no answer: what it did of the item is not known. */
  private unanswered(item: NotifyItem, arrives: boolean, whole: NotifyFailure): Outcome {
    const task = this.task(item.migrationTaskName);
    const flight = task.flight as Flight;
    task.flight = undefined;
    task.lastStamp = flight.notification.updateDateTime;
    if (arrives && !(item.register && !mayFollow(item, task.hub))) this.arrive(task, flight);
    task.lost = flight;
    task.lastFailure = whole;
    this.giveUpEnd(task, whole);
    return { failure: whole };
  }

  /** As the activity would, for one item, with a Migration Hub that keeps the newest. */
  private outcomeOf(item: NotifyItem, { arrives, failure, notBegun, unregistered }: Fate, attempts: number): Outcome {
    const task = this.task(item.migrationTaskName);
    const flight = task.flight as Flight;
    task.flight = undefined;
    const again = attempts > 1 ? { attempts } : {};
    const repeats = task.lost?.notification.updateDateTime === flight.notification.updateDateTime;
    const wasNotSent = () => {
      task.lastStamp = Math.max(task.lastStamp, flight.notification.updateDateTime);
      if (!repeats) task.lost = undefined;
    };
    if (notBegun) {
      wasNotSent();
      return { notBegun };
    }
    if (unregistered && failure && item.register) {
      wasNotSent();
      task.lastFailure = failure;
      this.giveUpEnd(task, failure);
      return { failure, unregistered };
    }
    if (item.register && !mayFollow(item, task.hub)) {
      // What was tried before cannot follow either: it is made anew.
      task.lost = undefined;
      wasNotSent();
      task.lastStamp = Math.max(task.lastStamp, Math.floor(task.hub.updateDateTime ?? 0));
      task.lastFailure = undefined;
      task.nevers = 0;
      return { found: { ...task.hub }, ...again };
    }
    task.lastStamp = flight.notification.updateDateTime;
    if (arrives || !failure) this.arrive(task, flight);
    if (failure) {
      task.lost = flight;
      task.lastFailure = failure;
      this.giveUpEnd(task, failure);
      return { failure, ...again };
    }
    task.known = flight;
    if (flight.accepted >= (task.end ?? Infinity)) task.end = undefined;
    task.lost = undefined;
    task.lastFailure = undefined;
    task.nevers = 0;
    return again;
  }

  /** An end that Migration Hub never takes, also at the fourth try in a row, is not waited for where the next attempt has begun. */
  private giveUpEnd(task: TaskModel, failure: NotifyFailure): void {
    const isWaitedFor = task.end !== undefined && task.accepted.length > task.end;
    const isNever = failure.retry === 'never';
    if (!isNever || !isWaitedFor || task.nevers < 3) return void (task.nevers = isNever ? task.nevers + 1 : 0);
    task.nevers = 0;
    task.end = undefined;
    task.lost = undefined;
  }

  private arrive(task: TaskModel, flight: Sent): void {
    const isRepeated = task.arrived.some(
      ({ notification }) => notification.updateDateTime === flight.notification.updateDateTime,
    );
    if (!isRepeated) task.arrived.push(flight);
    const { status, statusDetail, progressPercent, updateDateTime } = flight.notification;
    task.hub = { status, statusDetail, progressPercent, updateDateTime };
  }

  private checkSettled(name: string): void {
    const record = this.record(name) as TaskRecord;
    const { known, lastFailure } = this.task(name);
    if (!known || lastFailure) return;
    expect(record.lastDelivered).toMatchObject(stateOf(known.notification));
    expect(record.lastDelivered?.updateDateTime).toBe(known.notification.updateDateTime);
    const { status, updateDateTime, nextUpdateSeconds } = known.notification;
    expect(record.terminalAt !== undefined).toBe(isEnd(status));
    const due = heartbeatDueAt(record, TIMING);
    if (isEnd(status)) expect(due).toBeUndefined();
    else {
      expect(due).toBeLessThanOrEqual(updateDateTime + nextUpdateSeconds / 3);
      expect(due).toBeGreaterThan(updateDateTime);
    }
  }

  private continueAsNew(): void {
    if (this.group.busy.size > 0) return;
    this.group = nextRunOf(this.group, { lingerSeconds: this.lingerSeconds });
  }

  private checkView(name: string): void {
    const task = this.task(name);
    const view = this.group.view(name, this.now);
    if (Array.isArray(view)) throw new Error('one task was asked for');
    if (!view) {
      expect(task.accepted).toEqual([]);
      return;
    }
    const last = task.known?.notification;
    const isStale = last && this.now > last.updateDateTime + last.nextUpdateSeconds;
    const alive = isStale ? 'stale' : task.lastFailure ? 'at-risk' : 'fresh';
    expect(view.freshness).toBe(!last ? 'never-delivered' : isEnd(last.status) ? 'terminal' : alive);
    expect(view.judgedAt).toBe(this.now);
    const waits = task.accepted.length > (task.known?.accepted ?? 0);
    if (waits) expect((view.nextAttempt ?? view.pending)?.status).toBe(task.newest?.report.status);
    if (view.nextAttempt) expect(isEnd(view.pending?.status)).toBe(true);
    expect(JSON.parse(JSON.stringify(view))).toEqual(JSON.parse(JSON.stringify(structuredClone(view))));
  }

  /** Migration Hub answers again: all that waits arrives. */
  drain(): void {
    const all = { which: 0, fates: TASKS.map(() => ({ arrives: true })), attempts: 1 };
    for (let i = 0; i < 8; i++) {
      this.settle(all);
      if (this.rounds.length > 0 || !this.group.hasUndelivered()) continue;
      this.now += 100;
      this.send();
    }
    for (const name of TASKS) this.checkView(name);
  }
}

export const isEnd = (status: string | undefined): boolean => status === 'COMPLETED' || status === 'FAILED';
const stateOf = ({ status, statusDetail, progressPercent }: TaskNotification) =>
  JSON.parse(JSON.stringify({ status, statusDetail, progressPercent })) as object;

export function play(steps: Step[], hub: ReadBack, lingerSeconds: number): GroupModel {
  const model = new GroupModel(hub, lingerSeconds);
  for (const each of steps) model.do(each);
  model.drain();
  return model;
}
