import type { AttachmentKind } from '../report';
import { splitMend } from '../migration-hub/mends';
import { attachmentInWords, isReported, type ReportedState } from '../task-state';

/** Why something is so, and what to do. */
interface Cause {
  why?: string;
  mend?: string;
}

/** Why Migration Hub is not told the newest of a task, and what to do, as far as the task itself tells. */
export function causeOf(state: ReportedState): Cause {
  const { lastFailure, abandoned, freshness } = state;
  if (freshness === 'unattended')
    return {
      why: 'its heartbeat workflow was terminated, or has failed',
      mend: 'report the task again: that starts a new one',
    };
  if (abandoned)
    return {
      why: `no more heartbeats: ${abandoned.reason}`,
      mend: 'report its end, COMPLETED or FAILED, or continue the migration',
    };
  if (!lastFailure) return isReported(state) ? {} : untakenOf(state);
  const { said, mend } = splitMend(lastFailure.message);
  return { why: `${lastFailure.type}: ${said}`, mend };
}

/** A report that was accepted a moment ago is on its way. */
const ON_ITS_WAY_SECONDS = 15;

/** What Migration Hub is to have, and does not have yet: of a new attempt, or of the one that Migration Hub shows. */
export const waitingOf = ({ nextAttempt, pending }: ReportedState): ReportedState['nextAttempt'] =>
  nextAttempt ?? pending;

/** It should be there by now, at this time in epoch seconds, or a try has failed. */
export function isHeldUp(state: ReportedState, now: number): boolean {
  const waiting = waitingOf(state);
  if (!waiting) return false;
  return (state.pending?.attempts ?? 0) > 0 || now - waiting.acceptedAt >= ON_ITS_WAY_SECONDS;
}

/** Why Migration Hub does not take an attachment of a task, of some kinds where they are given; empty where it takes all. */
export function untakenOf({ attachments = [] }: ReportedState, kinds?: AttachmentKind[]): Cause {
  const untaken = attachments.find(({ kind, failure }) => failure && (kinds?.includes(kind) ?? true));
  if (!untaken?.failure) return {};
  const { said, mend } = splitMend(untaken.failure.message);
  return { why: `Migration Hub did not accept ${attachmentInWords(untaken)}: ${untaken.failure.type}: ${said}`, mend };
}

/** Nobody has reported the task, and Migration Hub takes what was attached to it: nothing is wrong. */
export const isOnlyAttachedTo = (state: ReportedState): boolean =>
  state.freshness === 'never-delivered' && !isReported(state) && untakenOf(state).why === undefined;
