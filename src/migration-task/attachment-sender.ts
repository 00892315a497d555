import {
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  proxyActivities,
} from '@temporalio/workflow';
import type { ReportActivities } from '../activities';
import { summaryOf, TASK_QUEUE, type NamedAttachment } from '../report';
import { namesIn } from '../report/names-in';
import { causeOf } from './cause-of';
import { forLog, UNTIL_TAKEN } from './report-sender';

/** The activities that change an attachment. */
export type AttachmentActivity = Extract<
  keyof ReportActivities,
  'associateArtifact' | 'disassociateArtifact' | 'associateSourceResource' | 'disassociateSourceResource'
>;

/** What each does, for summaries and the log. */
const DOING: Record<AttachmentActivity, string> = {
  associateArtifact: 'artifact',
  disassociateArtifact: 'artifact to be disassociated',
  associateSourceResource: 'source resource',
  disassociateSourceResource: 'source resource to be disassociated',
};

/** Of the changes that are lost so many are named. */
const NAMED = 10;

interface Waiting {
  activity: AttachmentActivity;
  change: NamedAttachment;
  /** It was waited for at the end of a run, in vain. */
  isLost?: true;
}

/** Brings changes of the attachments of one task to its heartbeat workflow, one after the other: of two for one name the later one counts. */
export class AttachmentSender {
  private readonly waiting = new Set<Waiting>();
  private last: Promise<unknown> = Promise.resolve();

  /**
   * Resolves when the heartbeat workflow has the change, or after `seconds`: it is then still carried.
   * @throws the failure of a change that is wrong; CancelledFailure where the caller is cancelled, and the change is carried still
   */
  async send(activity: AttachmentActivity, change: NamedAttachment, seconds: number): Promise<void> {
    const before = this.last;
    let isOver = false;
    let failure: unknown;
    const waiting: Waiting = { activity, change };
    this.waiting.add(waiting);
    // It outlives a cancelled caller, as a report does.
    this.last = CancellationScope.nonCancellable(async () => {
      await before;
      try {
        await activityFor(change, DOING[activity])[activity](change as never);
      } catch (error) {
        failure = error;
        // Here, since nobody may wait any more.
        if (!isCancellation(error)) log.warn(`an attachment was dropped: ${causeOf(error)}`, forLog(change));
      }
      isOver = true;
      this.waiting.delete(waiting);
    });
    const summary = summaryOf(change.migrationTaskName, ': time to wait for the acceptance of an attachment');
    if (!(await condition(() => isOver, seconds * 1000, { summary })))
      log.warn(
        `no worker answered on task queue ${TASK_QUEUE} within ${seconds} s; an attachment waits for one: ${DOING[activity]}`,
        forLog(change),
      );
    if (failure === undefined) return;
    throw failure instanceof ActivityFailure ? (failure.cause ?? failure) : failure;
  }

  /** Before a run ends: resolves when nothing is on its way, or after `seconds`; the log then names what is lost with the run. Each is waited for once. */
  async idle(seconds: number): Promise<void> {
    const left = () => [...this.waiting].filter(({ isLost }) => !isLost);
    const isIdle = () => left().length === 0;
    const summary = 'time to wait for attachments on their way';
    if (isIdle() || (await condition(isIdle, seconds * 1000, { summary }))) return;
    this.warnOfLost(left(), seconds);
  }

  private warnOfLost(lost: Waiting[], seconds: number): void {
    for (const each of lost) each.isLost = true;
    const names = lost.map(({ activity, change }) => `${DOING[activity]} ${change.name}`);
    log.warn(
      `no worker answered on task queue ${TASK_QUEUE} within ${seconds} s; when this run ends, attachments are lost: ${namesIn(names, NAMED)}`,
      lost[0] && forLog(lost[0].change),
    );
  }
}

const activityFor = (change: NamedAttachment, doing: string) =>
  proxyActivities<ReportActivities>({
    ...UNTIL_TAKEN,
    summary: summaryOf(change.migrationTaskName, `: ${doing}`),
  });
