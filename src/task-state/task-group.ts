import type { AttachmentChange, TaskIdentity, TaskReport } from '../report';
import { accept, refusalOf, turnAway } from './accept';
import { changeAttachment, hasUntriedAttachments, isUnreported, noRoomFor, turnAwayAttachment } from './attachments';
import { earlierEnd } from './attempts';
import { fitting } from './batches';
import { carried, type Carried } from './carried';
import { fitPayload } from './fit-payload';
import { attachmentsGivenUp } from './given-up';
import { givenSettings, hasAllSettings, usableSettings } from './heartbeat-settings';
import { detailsOf, stepSummary } from './in-words';
import { FULL, KnownTasks } from './known-tasks';
import { isNearDeadline, sendTimes, sentAt, stamp } from './notify';
import { giveUpIfSilent } from './owner';
import { isReadBack, isTerminal, newestState, undeliveredState, type TaskRecord } from './record';
import { givingWay, removalAt } from './removal';
import { dueBy, endOfHeartbeats, itemOf, settle, type Round } from './round';
import { Schedule, sendDueAt, type Timing } from './schedule';
import type {
  EarlierEnd,
  Following,
  HeartbeatSettings,
  NotifyFailure,
  NotifyItem,
  NotifyResult,
  Received,
  Warning,
} from './types';
import { toView, type TaskStateView } from './view';

/** What tasks are closed with when their heartbeat workflow is cancelled. */
export const CANCELLED_DETAIL = 'Cancelled: the heartbeat of this task was cancelled';

/**
 * The tasks of one group and what is known of each. No clock, no Temporal: both the heartbeat workflow and the
 * client that reads that workflow's history without a worker use it. Times are epoch seconds.
 */
export class TaskGroup {
  /** The tasks that it holds, by name. */
  readonly records: Map<string, TaskRecord>;
  /** Tasks with an activity on its way. */
  readonly busy = new Set<TaskRecord>();
  /** Its heartbeat workflow has ended: nobody attends to what is open. */
  hasEnded = false;
  /** With these those that left: whoever reports one again finds it as it was. */
  readonly known: KnownTasks;
  private readonly times = new Schedule();
  /** Of tasks that left with attachments: what is to be logged yet. */
  private readonly leftWith: Warning[] = [];
  /** How heartbeats are made. */
  settings: HeartbeatSettings;
  private timing: Timing;

  /**
   * `given`: by who started the heartbeat workflow; what is absent is as the worker has it, from its first answer on. `phase`: the
   * share, 0–0.1, by which this group's heartbeats are brought forward. `left`: of earlier runs, the oldest first.
   */
  constructor(
    private given: Partial<HeartbeatSettings>,
    phase: number,
    tasks: TaskRecord[] = [],
    left: TaskRecord[] = [],
  ) {
    this.settings = usableSettings(given);
    this.timing = { ...this.settings, phase };
    this.known = new KnownTasks(tasks, left);
    this.records = this.known.held;
    for (const record of tasks) this.schedule(record);
  }

  /** Of the settings, what was given, or is known from the worker: for the next run. */
  get knownSettings(): Partial<HeartbeatSettings> {
    return this.given;
  }

  /** Takes a checked report. Gives why it was refused, or what was left out. */
  take(report: TaskReport, now: number): Pick<Received, 'refused' | 'labelsLeftOut' | 'attachmentLeftOut'> {
    const record = this.recordFor(report);
    if (!record) {
      turnAway(this.known.turnAway(report), report, FULL);
      return { refused: FULL };
    }
    const labels = Object.keys(record.labels ?? {});
    const hadNoRoom = noRoomFor(record, report) !== undefined;
    const acceptance = accept(record, report, now);
    this.schedule(record);
    if (acceptance === 'refused') return { refused: refusalOf(record, report) ?? 'the task is at its end' };
    const labelsLeftOut = labels.filter((name) => !(name in (record.labels ?? {})));
    const attachmentLeftOut = hadNoRoom ? undefined : noRoomFor(record, report);
    return { ...(labelsLeftOut.length > 0 && { labelsLeftOut }), ...(attachmentLeftOut && { attachmentLeftOut }) };
  }

  /** Takes a checked change of an attachment. Gives why it was refused. */
  attach(change: AttachmentChange, now: number): Pick<Received, 'refused'> {
    const record = this.recordFor(change);
    if (!record) {
      turnAwayAttachment(this.known.turnAway(change), change, FULL);
      return { refused: FULL };
    }
    const refused = changeAttachment(record, change, now);
    this.schedule(record);
    return refused === undefined ? {} : { refused };
  }

  /** When the next task must be looked at. */
  nextDueAt(): number | undefined {
    return this.times.next();
  }

  /** What will be done for it, in few words. */
  nextStep(): string | undefined {
    const record = this.times.first();
    return record && stepSummary(record, this.timing, this.times.next() ?? 0);
  }

  /** The earliest deadline of the tasks that are not at their end. */
  earliestDeadline(): number | undefined {
    return this.times.earliestDeadline();
  }

  /** What there is to say of the tasks to people, as Markdown. */
  details(now: number): string {
    return detailsOf(this.states(now));
  }

  /**
   * What there is to send now; its tasks are busy from then on. Something must be due; then all goes along that may go,
   * the nearest deadline first, attachments alone last. Tasks that have lingered leave. `warnings`: of those that were silent for too long, whose heartbeats end here,
   * and of those that left with attachments that Migration Hub has not taken.
   */
  takeDue(now: number): Round & { warnings: Warning[] } {
    const warnings = [...this.housekeep(now).map(endOfHeartbeats), ...this.leftWith.splice(0)];
    const ready = (this.times.next() ?? Infinity) <= now ? this.times.takeReady(now) : [];
    const turns = ready.map((record) => ({ record, turn: this.turnOf(record, now) })).sort((a, b) => a.turn - b.turn);
    const round = this.begin(
      turns.map(({ record }) => record),
      now,
    );
    for (const record of ready) this.schedule(record);
    return { ...round, warnings };
  }

  /** Of the tasks that are due, those that have lingered leave; gives those that were silent for too long, and are given up. */
  housekeep(now: number): TaskRecord[] {
    const due = this.times.takeDue(now).filter((record) => !this.leaves(record, now));
    const givenUp = due.filter((record) => giveUpIfSilent(record, this.settings.silenceLimitSeconds, now));
    for (const record of due) this.schedule(record);
    return givenUp;
  }

  /** Makes the tasks busy that history says were sent, as it says. @throws Error for a task that was never reported */
  beginAgain(items: NotifyItem[], now: number): Round {
    const records = items.map((item) => {
      const { migrationTaskName: name } = item;
      // Times of a history are not those of its run to the millisecond: the task may just have left. It is settled, and stays gone.
      const record = this.known.find(name);
      if (!record) throw new Error(`an activity was scheduled for ${name}, which was never reported`);
      if (item.notification) {
        const made = stamp(record, now);
        sentAt(record, item.notification.updateDateTime);
        Object.assign(made, item.notification);
      }
      this.busy.add(record);
      this.schedule(record);
      return record;
    });
    return { records, items };
  }

  /** As `takeDue`, while the run waits to continue as new: only what would be stale before the next one. */
  takeUrgent(now: number): Round {
    const isUrgent = (record: TaskRecord) =>
      !this.busy.has(record) && sendDueAt(record, this.timing) <= now && isNearDeadline(record, now);
    return this.begin([...this.records.values()].filter(isUrgent), now);
  }

  /** Takes in what became of a round. Gives what is to be logged of it. */
  settle(round: Round, answer: NotifyResult | NotifyFailure, now: number): Warning[] {
    if ('others' in answer && answer.settings) this.complete(answer.settings);
    const warnings = settle(round, answer, now);
    for (const record of round.records) {
      this.busy.delete(record);
      this.schedule(record);
    }
    return warnings;
  }

  /** One task, or null; all without a name, as far as a payload holds them. Freshness is judged at `now`. */
  view(name: string | null | undefined, now: number): TaskStateView | TaskStateView[] | null {
    if (name === undefined || name === null) return this.ledger(now);
    const record = this.known.findAny(name);
    return (record && this.views([record], now)[0]) ?? null;
  }

  /** How a task came to the end that was delivered here with this `updateDateTime`, for a later report; undefined for another. */
  endOf(
    name: string,
    updateDateTime: number | undefined,
    by: Pick<Following, 'ownerId' | 'runId'>,
  ): EarlierEnd | undefined {
    const record = this.known.find(name);
    if (!record || isReadBack(record)) return undefined;
    const { status, updateDateTime: at } = record.lastDelivered ?? {};
    return isTerminal(status) && at === updateDateTime ? earlierEnd(record, by) : undefined;
  }

  /** All tasks, those that left included. */
  states(now: number): TaskStateView[] {
    return this.views(this.known.all(), now);
  }

  /** The same as far as one payload holds it: without labels, details or the oldest ended tasks where that is too much. */
  ledger(now: number): TaskStateView[] {
    return this.views(fitPayload(this.known.all()), now);
  }

  /** What the next run is to be given. `warnings`: of tasks that left with attachments since the last round. */
  carried(): Carried & { warnings: Warning[] } {
    return { ...carried([...this.records.values()], this.known.leftOnes()), warnings: this.leftWith.splice(0) };
  }

  /** True while a report waits or is on its way, or an attachment was not tried yet. */
  hasUndelivered(): boolean {
    return [...this.records.values()].some((record) => undeliveredState(record) ?? hasUntriedAttachments(record));
  }

  /** Every task that has not reported its end gets FAILED as its end. */
  endOpenTasks(statusDetail: string, now: number): void {
    for (const record of this.records.values()) {
      const { progressUpdateStream, migrationTaskName } = record;
      // What nobody has reported was only attached something to.
      if (isUnreported(record) || isTerminal(newestState(record)?.status)) continue;
      accept(record, { progressUpdateStream, migrationTaskName, status: 'FAILED', statusDetail }, now);
      record.isClosed = true;
      this.schedule(record);
    }
  }

  /** Of tasks with attachments that nobody sends any more, where their heartbeat workflow ends: what is to be logged. */
  giveUpAttachments(): Warning[] {
    return [...this.leftWith.splice(0), ...[...this.records.values()].flatMap(attachmentsGivenUp)];
  }

  private views(records: TaskRecord[], now: number): TaskStateView[] {
    const isAttended = !this.hasEnded;
    return records.map((record) =>
      toView(record, this.timing, now, { isAttended, isHeld: this.records.has(record.migrationTaskName) }),
    );
  }

  /** Whose is lower comes first. A round has no time for all its tasks where there is much to send. */
  private turnOf(record: TaskRecord, now: number): number {
    const isAttachedAlone = (sendTimes(record, this.timing)?.ready ?? Infinity) > now;
    return (isAttachedAlone ? undefined : dueBy(record)) ?? Number.MAX_VALUE;
  }

  private begin(records: TaskRecord[], now: number): Round {
    const round: Round = { records: [], items: [] };
    const asks = hasAllSettings(this.given) ? {} : { asksForSettings: true as const };
    for (const record of fitting(records)) {
      const item = itemOf(record, this.timing, now);
      if (!item) continue;
      round.records.push(record);
      round.items.push(round.items.length === 0 ? { ...item, ...asks } : item);
      this.busy.add(record);
      this.schedule(record);
    }
    return round;
  }

  /** What was not given is as the worker has it. */
  private complete(ofWorker: HeartbeatSettings): void {
    this.given = { ...givenSettings(ofWorker), ...this.given };
    this.settings = usableSettings(this.given);
    this.timing = { ...this.settings, phase: this.timing.phase };
    for (const record of this.records.values()) this.schedule(record);
  }

  private schedule(record: TaskRecord): void {
    this.times.set(record, this.timing, { isHeld: this.known.isHeld(record), isBusy: this.busy.has(record) });
  }

  /** True where the task may leave by `until`: it then does. */
  private leaves(record: TaskRecord, until: number): boolean {
    const at = this.busy.has(record) ? undefined : removalAt(record, this.settings.lingerSeconds);
    if ((at ?? Infinity) > until) return false;
    this.leave(record);
    return true;
  }

  private leave(record: TaskRecord): void {
    this.known.leave(record);
    this.leftWith.push(...attachmentsGivenUp(record));
    this.schedule(record);
  }

  private recordFor(task: TaskIdentity): TaskRecord | undefined {
    return this.known.hold(task, () => {
      const idle = [...this.records.values()].filter((each) => !this.busy.has(each));
      for (const each of givingWay(idle, this.settings.lingerSeconds)) this.leave(each);
    });
  }
}
