import { attachmentInWords, type AttachmentView, type ReportedState } from '../task-state';
import { CliError, EXIT } from './cli-error';
import { freshnessColor, type Colors } from './color';
import type { Column, OutputFlags } from './output';
import type { TemporalSettings } from './temporal-settings';
import { clip, plain } from './table';
import { timeInWords } from './time-words';

/** "40 %" */
export const percentInWords = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `${value} %`;
const LONGEST_CELL = 60;
/** A text for a cell of a table: one that is long would make all lines long. */
export const short = (text: string | undefined): string | undefined => text && clip(plain(text), LONGEST_CELL);
const byFreshness = (text: string, { freshness }: ReportedState, colors: Colors) =>
  freshnessColor(colors, freshness)(text);

/** That a task, or a stream, is not known where it was asked for. `or`: what else there is to do. */
export const nobodyReported = (
  what: string,
  { namespace, namespaceFrom, address }: TemporalSettings,
  or = '',
): CliError =>
  new CliError(
    `nobody has reported ${what} to namespace ${namespace} (${namespaceFrom}) at ${address} within its retention: check the name and --namespace${or && `, ${or}`}`,
    EXIT.outcome,
  );

/** One row for each task. */
export function TASK_COLUMNS({ timeFormat }: OutputFlags): Column<ReportedState>[] {
  const time = (at: number | undefined) => timeInWords(at, timeFormat);
  return [
    ['STREAM', (task) => task.progressUpdateStream],
    ['TASK', (task) => task.migrationTaskName],
    ['STATUS', (task) => task.lastDelivered?.status ?? '-'],
    ['PERCENT', (task) => percentInWords(task.lastDelivered?.progressPercent) ?? '-'],
    ['FRESHNESS', (task) => task.freshness, byFreshness],
    ['UPDATED', (task) => time(task.lastDelivered?.updateDateTime) ?? '-'],
    ['DEADLINE', (task) => (task.freshness === 'terminal' ? '-' : (time(task.lastDelivered?.deadline) ?? '-'))],
    [
      'PENDING',
      (task) => task.pending && `${task.pending.status} ${percentInWords(task.pending.progressPercent) ?? ''}`.trim(),
    ],
    ['DETAIL', (task) => short(task.lastFailure ? task.lastFailure.type : task.lastDelivered?.statusDetail)],
  ];
}

/** All that there is to say of one task. */
export function linesOf(task: ReportedState, { timeFormat }: OutputFlags): [string, string | undefined][] {
  const time = (at: number | undefined) => timeInWords(at, timeFormat);
  const { lastDelivered, pending, nextAttempt, lastFailure, abandoned, counters, owners } = task;
  const state = (each: { status: string; progressPercent?: number; statusDetail?: string } | undefined) =>
    each &&
    [each.status, percentInWords(each.progressPercent), each.statusDetail && plain(each.statusDetail)]
      .filter(Boolean)
      .join(', ');
  return [
    ['task', `${plain(task.progressUpdateStream)}/${plain(task.migrationTaskName)}`],
    ['freshness', task.freshness],
    ['last delivered', state(lastDelivered) ?? 'nothing yet'],
    ['updated', time(lastDelivered?.updateDateTime)],
    ['deadline', task.freshness === 'terminal' ? undefined : time(lastDelivered?.deadline)],
    ['next heartbeat', time(task.nextHeartbeatAt)],
    ['pending', state(pending)],
    ['accepted', time(pending?.acceptedAt)],
    ['next try', time(pending?.nextTryAt)],
    ['next attempt', state(nextAttempt)],
    ['last failure', lastFailure && `${lastFailure.type}: ${plain(lastFailure.message)} (${time(lastFailure.at)})`],
    ...(task.attachments ?? []).map((each): [string, string] => ['attached', plain(attachedInWords(each))]),
    ['no heartbeats', abandoned && `since ${time(abandoned.at)}: ${plain(abandoned.reason)}`],
    [
      'labels',
      Object.entries(task.labels)
        .map(([name, value]) => `${plain(name)}=${plain(value)}`)
        .join(', ') || undefined,
    ],
    ['reported by', owners.map(({ workflowId }) => plain(workflowId)).join(', ') || undefined],
    [
      'counted',
      `${counters.reports} reports, ${counters.notifications} notifications (${counters.heartbeats} heartbeats), ${counters.retries} retries, ${counters.refused} refused, ${counters.missedDeadlines} missed deadlines`,
    ],
    ['answered by', task.source === 'query' ? 'its heartbeat workflow' : 'the history of its heartbeat workflow'],
  ];
}

/** "artifact arn:aws:… (AMI): pending: AccessDenied: …" */
function attachedInWords({ kind, name, description, state, disassociate, failure }: AttachmentView): string {
  const what = attachmentInWords({ kind, name }) + (description ? ` (${description})` : '');
  const its = state === 'pending' && disassociate ? 'pending, to be disassociated' : state;
  return [what, its, failure && `${failure.type}: ${failure.message}`].filter(Boolean).join(': ');
}

/** One line for a change: when it was seen, the task, its state, what waits. */
export function changeLine(task: ReportedState): string {
  const { lastDelivered, pending, lastFailure } = task;
  const inShort = (each: { status: string; progressPercent?: number } | undefined) =>
    each && [each.status, percentInWords(each.progressPercent)].filter(Boolean).join(' ');
  const parts = [
    new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    `${task.progressUpdateStream}/${task.migrationTaskName}`,
    inShort(lastDelivered) ?? '-',
    task.freshness,
    pending && `pending: ${inShort(pending)}`,
    lastFailure && `failure: ${lastFailure.type}: ${lastFailure.message}`,
    lastDelivered?.statusDetail,
  ];
  return parts.flatMap((part) => (part ? plain(part) : [])).join('  ');
}

const { compare } = new Intl.Collator('en', { numeric: true });

/** The order of tasks in tables: by stream and name, numbers in names by their value. */
export const byName = (a: ReportedState, b: ReportedState): number =>
  compare(a.progressUpdateStream, b.progressUpdateStream) || compare(a.migrationTaskName, b.migrationTaskName);

/** By stream and name; what is listed comes in no order. */
export async function inOrder(states: AsyncIterable<ReportedState>): Promise<ReportedState[]> {
  const all: ReportedState[] = [];
  for await (const state of states) all.push(state);
  return all.sort(byName);
}
