import { stateInWords, stateSummary, summaryOf, type AttachmentKind } from '../report';
import { attachmentCalls, attachmentsDueAt } from './attachments';
import { sendTimes, type HeartbeatTiming } from './notify';
import { isTerminal, undeliveredState, type TaskRecord } from './record';
import type { Round } from './round';
import type { AttachmentCall } from './types';
import type { TaskStateView } from './view';

/** @module What Temporal's UI and command line show of a heartbeat workflow. */

/** A group's details name so many tasks, and show so many characters of what was said of one. */
const NAMED_TASKS = 20;
const NAMED_ATTACHMENTS = 5;
const SHOWN_CHARACTERS = 200;

/** What a round is for: "web-12 IN_PROGRESS 40 %", or how many tasks. */
export function roundSummary({ records, items }: Round): string {
  const heartbeats = records.filter(({ inFlight }) => inFlight?.heartbeat).length;
  const [item] = items;
  if (!item || items.length > 1)
    return `${items.length} tasks${heartbeats > 0 ? ` (${heartbeats} heartbeat${heartbeats > 1 ? 's' : ''})` : ''}`;
  const { migrationTaskName, notification, attach = [] } = item;
  if (!notification) return summaryOf(migrationTaskName, `: ${callsInWords(attach)}`);
  return stateSummary({ migrationTaskName, ...notification }, heartbeats > 0 ? ', heartbeat' : '');
}

/** Kinds of attachments, for people. */
const KINDS: Record<AttachmentKind, string> = {
  resourceAttributes: 'resource attributes',
  discoveredResource: 'discovered resource',
  createdArtifact: 'artifact',
  sourceResource: 'source resource',
};

/** "artifact", or "artifact and 2 more" */
const callsInWords = ([first, ...more]: AttachmentCall[]): string =>
  `${first ? KINDS[first.kind] : 'registration'}${more.length > 0 ? ` and ${more.length} more` : ''}`;

/** Which attachment of a task: "artifact arn:aws:…" */
export const attachmentInWords = ({ kind, name }: Pick<AttachmentCall, 'kind' | 'name'>): string =>
  name === undefined ? KINDS[kind] : `${KINDS[kind]} ${name}`;

/** What a timer waits for that was set to the time `dueAt`, at which the task must be looked at. */
export function stepSummary(record: TaskRecord, timing: HeartbeatTiming, dueAt: number): string {
  const step = () => {
    if (sendTimes(record, timing)?.due === dueAt) {
      if (record.failures > 0) return 'next try';
      return undeliveredState(record) ? 'next report' : 'next heartbeat';
    }
    if (attachmentsDueAt(record) === dueAt) return callsInWords(attachmentCalls(record, dueAt));
    return isTerminal(record.lastDelivered?.status) || record.abandoned ? 'kept until then' : 'silence limit';
  };
  return summaryOf(record.migrationTaskName, `: ${step()}`);
}

/** All that there is to say of one task, or the numbers of a group's and those that are not as they should be; Markdown. */
export function detailsOf(views: TaskStateView[]): string {
  const [only] = views;
  if (!only) return 'No task was reported.';
  const asOf = `As of ${timeOf(only.judgedAt)}, the last step of this workflow.`;
  if (views.length === 1) return [taskLine(only), ...pointsOf(only), '', asOf].join('\n');
  const counts = new Map<string, number>();
  for (const { freshness } of views) counts.set(freshness, (counts.get(freshness) ?? 0) + 1);
  const numbers = [...counts].map(([freshness, count]) => `${count} ${freshness}`).join(', ');
  const told = views.filter(
    ({ freshness, pending }) => !['fresh', 'terminal'].includes(freshness) || (pending?.attempts ?? 0) > 0,
  );
  const lines = told.slice(0, NAMED_TASKS).flatMap((view) => [`- ${taskLine(view)}`, ...pointsOf(view).map(indented)]);
  const more = told.length > NAMED_TASKS ? [`- and ${told.length - NAMED_TASKS} more`] : [];
  const title = `**${views.length} tasks** of ${plain(only.progressUpdateStream)}: ${numbers}`;
  return [title, ...(told.length > 0 ? ['', ...lines, ...more] : []), '', asOf].join('\n');
}

const indented = (line: string): string => `  ${line}`;

function taskLine({ migrationTaskName, lastDelivered, freshness }: TaskStateView): string {
  const name = `**${plain(migrationTaskName)}**`;
  if (!lastDelivered) return `${name}: Migration Hub has nothing yet`;
  const { statusDetail, updateDateTime, deadline } = lastDelivered;
  const detail = statusDetail ? `, "${plain(statusDetail)}"` : '';
  const until = freshness === 'terminal' ? '' : `, which holds until ${timeOf(deadline)}`;
  return `${name}: ${stateInWords(lastDelivered)}${detail}, of ${timeOf(updateDateTime)}${until} (${freshness})`;
}

function pointsOf({
  pending,
  nextAttempt,
  lastFailure,
  attachments = [],
  nextHeartbeatAt,
  abandoned,
}: TaskStateView): string[] {
  const points: string[] = [];
  const why = (failure: { type: string; message: string }) => plain(`${failure.type}: ${failure.message}`);
  if (pending) {
    const failed =
      pending.attempts > 0
        ? `, ${pending.attempts} ${pending.attempts === 1 ? 'try' : 'tries'} in vain`
        : ', on its way';
    const again = pending.nextTryAt === undefined ? '' : `, the next at ${timeOf(pending.nextTryAt)}`;
    points.push(`pending: ${stateInWords(pending)}, since ${timeOf(pending.acceptedAt)}${failed}${again}`);
  }
  if (nextAttempt) points.push(`then: ${stateInWords(nextAttempt)}, of the next attempt`);
  if (lastFailure) points.push(`last failure: ${why(lastFailure)}`);
  for (const each of attachments.filter(({ failure }) => failure).slice(0, NAMED_ATTACHMENTS))
    if (each.failure) points.push(`${plain(attachmentInWords(each))} is not taken: ${why(each.failure)}`);
  if (abandoned) points.push(`no heartbeats since ${timeOf(abandoned.at)}: ${plain(abandoned.reason)}`);
  else if (nextHeartbeatAt !== undefined && !pending) points.push(`next heartbeat: ${timeOf(nextHeartbeatAt)}`);
  return points.map((point) => `- ${point}`);
}

const timeOf = (seconds: number): string => new Date(Math.floor(seconds) * 1000).toISOString().replace('.000', '');

/** One line of text from outside that is no Markdown, and not too long. */
function plain(text: string): string {
  const points = [...text.slice(0, 2 * SHOWN_CHARACTERS + 2).replace(/\s+/g, ' ')];
  const cut = points.length > SHOWN_CHARACTERS ? `${points.slice(0, SHOWN_CHARACTERS).join('')}…` : points.join('');
  return cut.replace(/[\\`*<[\]]/g, '\\$&');
}
