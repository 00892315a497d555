import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import {
  repeatableUntil,
  type HeartbeatSettings,
  type NotifyFailure,
  type NotifyItem,
  type NotifyResult,
  type Outcome,
} from '../task-state';
import type { CallOptions } from '../migration-hub/api';
import { NOT_BEGUN, WORKER_BUSY } from '../migration-hub/pace';
import { ending } from './ending';
import { NOBODY } from './notify-observer';
import { OwnerWatch } from './owner-watch';
import { inMilliseconds, nextDelaySeconds } from './retry-delay';
import { othersOf, settleFurther, settleInParallel } from './settle-in-parallel';
import type { StandstillWatch } from './standstill';
import type { TaskCalls } from './task-calls';

/** Activity attempts that Temporal makes of one round; what is left then goes back to the workflow, which tries on with what is newest. */
const ROUND_ATTEMPTS = 4;
/** A longer wait is the workflow's: a newer report then takes the place of this one and keeps to the time asked for. */
const LONGEST_DELAY_SECONDS = 5;
/** A further activity attempt must end while the notification may be repeated; past that the workflow stamps anew. */
const ATTEMPT_SECONDS = 5;
/** No task of a round begins later: the workflow hears of those that are delivered, and of their next heartbeats, only at its end. */
const BEGINNING_MS = 10_000;
/** No call about an attachment begins so long after the first of its round: all tasks of the round wait for its end. */
const ATTACHING_MS = 5000;

/**
 * Does for each task of a batch what is needed: register it, see whether its owners are open, notify; at most `concurrency` tasks
 * at once. Then come the calls about attachments: no notification waits for them. It ends once anything is settled; the workflow sends the rest again.
 */
export function createNotifyTaskStates(
  calls: TaskCalls,
  concurrency: number,
  settings: HeartbeatSettings,
  standstills: StandstillWatch,
  observer = NOBODY,
  ownersOf = (items: NotifyItem[]) => new OwnerWatch(items.flatMap(({ owners }) => owners ?? [])),
) {
  return async function notifyTaskStates(items: NotifyItem[]): Promise<NotifyResult> {
    const { attempt } = activityInfo();
    const end = ending();
    const watch = ownersOf(items);
    const options = { abortSignal: end.cutOff, waitSignal: end.signal, beforeSending: standstills.check() };
    const lastBegin = performance.now() + BEGINNING_MS;
    const outcomeFor = async (item: NotifyItem): Promise<Outcome> => {
      if (end.isAsked() || performance.now() > lastBegin) return { notBegun: true };
      const outcome = await outcomeOf(calls, item, { ...options, dueBy: item.dueBy }, watch);
      return outcome.failure?.type === NOT_BEGUN.type ? leftOver(outcome) : outcome;
    };
    const open = new Map<number, Outcome & { failure: NotifyFailure }>();
    const settled = await settleInParallel(items, concurrency, async (item, index) => {
      const outcome = await outcomeFor(item);
      observer.tried(item, outcome);
      const { failure } = outcome;
      // Those that went before were nearer to their deadlines. It goes with the next round, where it is nearer too.
      if (failure?.type === WORKER_BUSY) return leftOver(outcome);
      // Temporal tries again. That a task was registered is for the workflow to know: a further attempt would not find out.
      if (failure?.retry === 'backoff' && !item.register && !outcome.registeredAnew) {
        open.set(index, { ...outcome, failure });
        return undefined;
      }
      return attempt > 1 && !outcome.notBegun ? { ...outcome, attempts: attempt } : outcome;
    });
    // Once anything is settled the round ends: tasks that were delivered must not wait for those that were not.
    if (open.size > 0 && settled.size === 0 && !end.isAsked())
      tryAgain(
        items,
        [...open.values()].map(({ failure }) => failure),
      );
    const until = performance.now() + ATTACHING_MS;
    const attaching = items.flatMap(({ attach }, i) => (isToAttach(attach, settled.get(i)) ? i : []));
    await settleFurther(items, settled, attaching, concurrency, async (item, { attachmentsLeft: _, ...outcome }) => {
      const attached = await calls.attach(item, options, until);
      // Of its notification it was told.
      observer.tried({ ...item, notification: undefined }, attached);
      return { ...outcome, ...attached };
    });
    for (const [index, outcome] of open) settled.set(index, { ...outcome, ...(attempt > 1 && { attempts: attempt }) });
    const asked = items.some(({ asksForSettings }) => asksForSettings) && { settings };
    return { ...stampedAt(items), others: othersOf(settled), ...asked };
  };
}

async function outcomeOf(
  calls: TaskCalls,
  item: NotifyItem,
  options: CallOptions,
  watch: OwnerWatch,
): Promise<Outcome> {
  const { register, owners, notification, attach } = item;
  let outcome: Outcome = owners ? await watch.find(owners) : {};
  if (outcome.ownerEnd) return outcome;
  if (register) {
    const read = await calls.register(item, options);
    outcome = { ...outcome, ...read };
    if (outcome.failure || (read && notification)) return outcome;
  }
  if (notification) {
    const { progressUpdateStream, migrationTaskName } = item;
    // Once it is registered it is sent: where each call is slow, a task would never get further.
    const further = register ? { ...options, goesOn: true } : options;
    const sent = await calls.notify({ progressUpdateStream, migrationTaskName, ...notification }, further, attach);
    outcome = {
      ...outcome,
      ...(sent.failure && { failure: sent.failure }),
      ...(sent.registeredAnew && { registeredAnew: true }),
    };
  }
  if (!attach || outcome.failure) return outcome;
  // Should the worker be lost before their turn, the next activity attempt knows.
  return { ...outcome, attachmentsLeft: attach.length };
}

/** Its notification was not sent. That the task was registered anew before is for the workflow to know: its attachments are gone. */
const leftOver = ({ registeredAnew }: Outcome): Outcome => ({
  notBegun: true,
  ...(registeredAnew && { registeredAnew }),
});

/** The calls about its attachments have not begun. */
const isToAttach = (attach: NotifyItem['attach'], outcome: Outcome | undefined): boolean =>
  attach !== undefined && outcome?.attachmentsLeft === attach.length;

/** @throws ApplicationFailure, so that Temporal makes a further activity attempt, where there is time for one. */
function tryAgain(items: NotifyItem[], failures: NotifyFailure[]): void {
  const { attempt, currentAttemptScheduledTimestampMs } = activityInfo();
  const delay = nextDelaySeconds(failures, attempt);
  const notifications = items.flatMap(({ notification }) => notification ?? []);
  // Server time, as the notification's own: no worker clock decides over a deadline.
  const left = Math.min(...notifications.map(repeatableUntil)) - currentAttemptScheduledTimestampMs / 1000;
  if (attempt >= ROUND_ATTEMPTS || delay > LONGEST_DELAY_SECONDS || delay + ATTEMPT_SECONDS >= left) return;
  const first = failures[0] as NotifyFailure;
  throw ApplicationFailure.create({
    message: `${failures.length} of ${items.length} notifications not taken yet: ${first.type}: ${first.message}`,
    type: first.type,
    category: 'BENIGN',
    nextRetryDelay: inMilliseconds(delay),
  });
}

/** What was made for this round is newer than what is repeated. */
function stampedAt(items: NotifyItem[]): { stampedAt?: number } {
  const times = items.flatMap(({ notification }) => notification?.updateDateTime ?? []);
  return times.length > 0 ? { stampedAt: Math.max(...times) } : {};
}
