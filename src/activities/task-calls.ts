import { log } from '@temporalio/activity';
import { whyOf } from '../client/heartbeat-workflows';
import type { CallOptions, MigrationHubApi } from '../migration-hub/api';
import { isNotPermitted } from '../migration-hub/errors';
import type { TaskIdentity } from '../report';
import {
  foundDetail,
  goesOnAfter,
  isTerminal,
  mayFollow,
  type AttachmentCall,
  type EarlierEnd,
  type NotifyFailure,
  type NotifyItem,
  type Outcome,
  type ReadBack,
  type TaskNotification,
} from '../task-state';
import { NOT_BEGUN } from '../migration-hub/pace';
import { callOf } from './attachment-calls';
import { attempt } from './attempt';
import type { FindEnd } from './find-end';
import { NOBODY, timed } from './notify-observer';
import type { Registration } from './registration';
import type { UndeliveredReports } from './undelivered-reports';

/** A report that may come too late waits: sent without that knowledge it might open an ended task again. */
const unreadEnd = (error: unknown): NotifyFailure => ({
  type: 'EarlierRunsNotRead',
  message: `whether a report may follow the end that Migration Hub holds is told by earlier runs of the heartbeat workflow, which could not be read: ${whyOf(error)}`,
  retry: 'backoff',
});

/** The calls to Migration Hub for one task. */
export class TaskCalls {
  constructor(
    private readonly hub: MigrationHubApi,
    private readonly registration: Registration,
    private readonly undelivered: UndeliveredReports,
    private readonly observer = NOBODY,
    private readonly findEnd: FindEnd = () => Promise.resolve(undefined),
  ) {}

  /** Registers a task and reads it back. Gives an outcome where no notification may be sent, or there is none and something was found. */
  async register(item: NotifyItem, options: CallOptions): Promise<Outcome | undefined> {
    const failure = await this.registration.register(item, options);
    if (failure) return { failure, unregistered: true };
    let found: ReadBack = {};
    const unread = await attempt(options, async () => {
      found = await this.hub.describeMigrationTask(item, { ...options, goesOn: true });
    });
    // Another failure may pass before the notification is sent, and what Migration Hub holds would not be known.
    if (unread && !isNotPermitted(unread.type)) return { failure: unread, unregistered: true };
    // Whoever may write but not read is served all the same.
    if (unread)
      log.warn('a task could not be read back: what Migration Hub holds of it is not known', {
        migrationTaskName: item.migrationTaskName,
        failure: unread,
      });
    const statusDetail = foundDetail(found.statusDetail);
    // Whether a report may follow an end that is ours is not for Migration Hub to tell: it knows neither runs nor attempts.
    const { reopen, ownerId } = item.register ?? {};
    const asks = item.notification && isTerminal(found.status) && !reopen && ownerId !== undefined;
    let earlier: EarlierEnd | undefined;
    try {
      if (asks) earlier = await this.findEnd(item, found);
    } catch (error) {
      return { failure: unreadEnd(error), unregistered: true };
    }
    const isToBeTold = !mayFollow(item, found, earlier) || (!item.notification && found.status !== undefined);
    return isToBeTold ? { found: { ...found, statusDetail }, ...(earlier && { earlier }) } : undefined;
  }

  /** Sends one notification. `attach`: calls about attachments follow. */
  async notify(notification: TaskNotification, options: CallOptions, attach?: AttachmentCall[]) {
    const sent = await this.known(notification, options, () =>
      timed(this.observer, options, (watched) => this.hub.notifyMigrationTaskState(notification, watched)),
    );
    if (!sent.failure && !options.dryRun && !attach) this.undelivered.taken(notification);
    return sent;
  }

  /**
   * Makes the calls about attachments of a task, one after the other, until one fails that may pass, or time is up, at `end` of
   * `performance.now()`: what is left comes with a later round. They come after all others that wait for their turn.
   */
  async attach(item: NotifyItem, options: CallOptions, end: number): Promise<Outcome> {
    const { progressUpdateStream, migrationTaskName, notification, attach = [] } = item;
    const patient = { ...options, dueBy: undefined };
    const attachmentFailures: Record<number, NotifyFailure> = {};
    let made = 0;
    let isForgotten = false;
    for (const call of attach) {
      if (options.waitSignal?.aborted || performance.now() > end) break;
      const sent = await this.known(item, patient, () => callOf(this.hub, item, call, patient), true);
      isForgotten ||= sent.registeredAnew ?? false;
      if (sent.failure?.type === NOT_BEGUN.type) break;
      if (sent.failure) attachmentFailures[made] = sent.failure;
      made++;
      this.undelivered.tried(item, call);
      if (sent.failure && !goesOnAfter(sent.failure)) break;
    }
    if (notification && made === attach.length)
      this.undelivered.taken({ progressUpdateStream, migrationTaskName, ...notification });
    return {
      ...(isForgotten && { registeredAnew: true, stateForgotten: true }),
      ...(Object.keys(attachmentFailures).length > 0 && { attachmentFailures }),
      ...(made < attach.length && { attachmentsLeft: attach.length - made }),
    };
  }

  /**
   * Makes a call about a task; where Migration Hub does not know the task, it is registered once and the call made again. `namesMore`:
   * the call names something else, too, that Migration Hub may not know; so the task is looked at first.
   */
  private async known(
    task: TaskIdentity,
    options: CallOptions,
    call: () => Promise<void>,
    namesMore = false,
  ): Promise<{ failure?: NotifyFailure; registeredAnew?: true }> {
    const failure = await attempt(options, call);
    if (failure?.retry !== 'register') return { failure };
    const read = () => attempt(options, () => this.hub.describeMigrationTask(task, options));
    const unread = namesMore ? await read() : failure;
    if (!unread) return { failure };
    if (unread.retry === 'backoff') return { failure: unread };
    const unregistered = await this.registration.register(task, options);
    if (unregistered) return { failure: unregistered };
    const again = await attempt(options, call);
    // Who may not read the task can tell only where the call no longer fails as before.
    const isKnownNow = unread.retry === 'register' || again?.retry !== 'register';
    return { failure: again, ...(isKnownNow && { registeredAnew: true }) };
  }
}
