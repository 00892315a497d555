import { pendingAttachments } from './attachments';
import { withinRoom } from './owners';
import type { TaskState } from '../report';
import {
  isTerminal,
  newestState,
  reporterOf,
  undeliveredState,
  type Attachment,
  type Flight,
  type ReportKey,
  type TaskRecord,
} from './record';

/** Temporal takes payloads of up to 2 MB; a state that is larger would end the group for good. */
export const PAYLOAD_BYTES = 1_500_000;
/** Reporters kept of a task in a state that is too large, the newest ones. */
const KEPT_REPORTERS = 2;
/** Owners kept of a task in such a state: so many of the first, and of the newest. */
const KEPT_OWNERS = 1;

/** Characters kept of why something failed. */
const KEPT_REASON = 60;
/** Characters kept of a task that has left: of its detail, and of the JSON of all its attachments. */
const CONDENSED_DETAIL = 200;
const CONDENSED_ATTACHMENTS = 1000;

/** What a state that is too large forgets, in this order, and no further than needed. */
const STEPS: ((records: TaskRecord[]) => TaskRecord[])[] = [
  // They are told again with the next try.
  (records) => records.map((record) => eachAttachment(record, withoutReason)),
  (records) => records.map((record) => withReporters(record, waitingReporters(record))),
  (records) => records.map((record) => withAttachments(record, (each) => !isBroughtAgain(record, each))),
  // What is given again is then sent again.
  (records) => records.map((record) => withAttachments(record, ({ state }) => state === 'pending')),
  (records) => records.map((record) => withDetails(record, 1000)),
  (records) => records.map((record) => withDetails(record, 200)),
  (records) => records.map((record) => withDetails(record, 50)),
  // The next report brings them again.
  (records) => records.map((record) => ({ ...record, labels: {} })),
  (records) => records.map((record) => withReporters(record, [])),
  (records) => records.map(withoutReasons),
  (records) => withoutOldestEnded(records, (record) => pendingAttachments(record).length === 0),
  (records) => records.map((record) => withDetails(record, 0)),
  (records) => records.map((record) => (isMadeAnew(record) ? { ...record, unsent: undefined } : record)),
  (records) => records.map((record) => ({ ...record, owners: withinRoom(record.owners, KEPT_OWNERS, KEPT_OWNERS) })),
  // Nobody gives them again by themselves, but statuses count for more.
  (records) => records.map((record) => eachAttachment(record, withoutTexts)),
  (records) => withoutOldestEnded(records),
  (records) => records.map((record) => ({ ...record, attachments: undefined })),
];

/** Bytes of its JSON. */
export const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** Whether the records fit one payload. */
export const fitsPayload = (records: TaskRecord[]): boolean => bytesOf(records) <= PAYLOAD_BYTES;

/** The records if they fit one payload, else copies that forget; too large still where names alone are. */
export function fitPayload(records: TaskRecord[]): TaskRecord[] {
  let fitted = records;
  for (const step of STEPS) {
    if (fitsPayload(fitted)) break;
    fitted = step(fitted);
  }
  return fitted;
}

/** How many names, descriptions and details of attachments that Migration Hub is to get yet, and that nobody gives again, the fitted records left out. */
export const attachmentsLeftOut = (records: TaskRecord[], fitted: TaskRecord[]): number =>
  fitted === records ? 0 : textsOf(records) - textsOf(fitted);

/** How many tasks have no labels any more in the fitted records. */
export function labelsLeftOut(records: TaskRecord[], fitted: TaskRecord[]): number {
  if (fitted === records) return 0;
  const hasLabels = ({ labels }: TaskRecord) => Object.keys(labels).length > 0;
  const without = new Set(fitted.filter((each) => !hasLabels(each)).map(({ migrationTaskName: name }) => name));
  return records.filter((each) => hasLabels(each) && without.has(each.migrationTaskName)).length;
}

const textsOf = (records: TaskRecord[]): number =>
  records
    .flatMap((record) => (record.attachments ?? []).filter((each) => !isBroughtAgain(record, each)))
    .filter(({ state }) => state === 'pending')
    .flatMap(({ kind, name = kind, description, statusDetail }) => [name, description, statusDetail])
    .filter((text) => text !== undefined).length;

/** Resource attributes that are not put yet come again with the next report; after the end there is none. */
const isBroughtAgain = (record: TaskRecord, { kind, state }: Attachment): boolean =>
  kind === 'resourceAttributes' && state === 'pending' && !isTerminal(newestState(record)?.status);

/** A notification that failed is made anew from what is pending or delivered; not the end of a task that Migration Hub has forgotten. */
const isMadeAnew = ({ pending, terminalAt }: TaskRecord): boolean => pending !== undefined || terminalAt === undefined;

const waitingReporters = ({ pending, nextAttempt, inFlight, unsent }: TaskRecord): string[] =>
  [pending, nextAttempt, inFlight, unsent].flatMap((each) => each?.reports ?? []).map(({ ownerId }) => ownerId);

/** Those named, and the newest; what waits settles no others. */
function withReporters(record: TaskRecord, named: string[]): TaskRecord {
  const all = Object.entries(record.reporters);
  const kept = all.filter(([ownerId], i) => i >= all.length - KEPT_REPORTERS || named.includes(ownerId));
  const reporters = Object.fromEntries(kept);
  const settling = <T extends { reports: ReportKey[] }>(waiting: T | undefined) =>
    waiting && { ...waiting, reports: waiting.reports.filter(({ ownerId }) => reporterOf(reporters, ownerId)) };
  const { pending, nextAttempt, unsent } = record;
  return {
    ...record,
    reporters,
    pending: settling(pending),
    nextAttempt: settling(nextAttempt),
    unsent: settling(unsent),
  };
}

/** The newest reporter of each workflow run: by it the run is known when it reports again. */
function reportersOfRuns({ reporters }: TaskRecord): string[] {
  const runs = new Map<string, string>();
  for (const [ownerId, { workflowId, runId }] of Object.entries(reporters))
    if (workflowId !== undefined) runs.set(runId ?? ownerId, ownerId);
  return [...runs.values()];
}

/**
 * What is carried of a task that has left: labels, what was last delivered, counters, and what decides which reports of it are belated.
 * Owners are not asked about any more; of its attachments it has those that are short together.
 */
export function condensed(record: TaskRecord): TaskRecord {
  const short = withDetails(withReporters(withoutReasons(record), reportersOfRuns(record)), CONDENSED_DETAIL);
  return { ...short, owners: [], attachments: short.attachments && shortAttachments(short.attachments) };
}

/** Those that reports bring come first: what the next report brings is compared with them. */
function shortAttachments(attachments: Attachment[]): Attachment[] {
  const isOfReport = ({ kind }: Attachment) => kind === 'resourceAttributes' || kind === 'discoveredResource';
  let room = CONDENSED_ATTACHMENTS;
  const hasRoom = (attachment: Attachment) => {
    const rest = room - JSON.stringify(attachment).length;
    if (rest >= 0) room = rest;
    return rest >= 0;
  };
  const inTurn = [...attachments.filter(isOfReport), ...attachments.filter((each) => !isOfReport(each))];
  return inTurn.map(withoutReason).filter(hasRoom);
}

function withAttachments(record: TaskRecord, isKept: (attachment: Attachment) => boolean): TaskRecord {
  return record.attachments ? { ...record, attachments: record.attachments.filter(isKept) } : record;
}

function eachAttachment(record: TaskRecord, made: (attachment: Attachment) => Attachment): TaskRecord {
  return record.attachments ? { ...record, attachments: record.attachments.map(made) } : record;
}

const withoutReason = (attachment: Attachment): Attachment => ({
  ...attachment,
  failure: cut(attachment.failure, 'message'),
});

const withoutTexts = (attachment: Attachment): Attachment => ({
  ...attachment,
  description: undefined,
  statusDetail: undefined,
});

/** A copy with the beginning of a long text. */
function cut<T extends object>(told: T | undefined, field: keyof T): T | undefined {
  const text = String(told?.[field]);
  return told && text.length > KEPT_REASON ? { ...told, [field]: `${text.slice(0, KEPT_REASON)}…` } : told;
}

/** Why something failed is told again with the next try. */
const withoutReasons = (record: TaskRecord): TaskRecord => ({
  ...record,
  lastFailure: cut(record.lastFailure, 'message'),
  abandoned: cut(record.abandoned, 'reason'),
  warnedOf: undefined,
});

/** One whose state is to be sent yet counts as open. */
function withoutOldestEnded(records: TaskRecord[], mayLeave = (_record: TaskRecord) => true): TaskRecord[] {
  const ended = records.filter(
    (record) => record.terminalAt !== undefined && !undeliveredState(record) && mayLeave(record),
  );
  const leaving = new Set<TaskRecord>();
  let excess = bytesOf(records) - PAYLOAD_BYTES;
  for (const record of ended.sort((a, b) => (a.terminalAt ?? 0) - (b.terminalAt ?? 0))) {
    if (excess <= 0) break;
    excess -= bytesOf(record) + 1;
    leaving.add(record);
  }
  return records.filter((record) => !leaving.has(record));
}

function withDetails(record: TaskRecord, length: number): TaskRecord {
  const { pending, nextAttempt, lastDelivered, inFlight } = record;
  return {
    ...record,
    pending: pending && withDetail(pending, length),
    nextAttempt: nextAttempt && withDetail(nextAttempt, length),
    lastDelivered: lastDelivered && withDetail(lastDelivered, length),
    inFlight: inFlight && { ...inFlight, notification: withDetail(inFlight.notification, length) },
    unsent: unsentWithDetail(record, length),
  };
}

/** Cut, it would no longer be the same to the byte. */
function unsentWithDetail(record: TaskRecord, length: number): Flight | undefined {
  const { unsent } = record;
  const notification = unsent && withDetail(unsent.notification, length);
  if (notification === unsent?.notification) return unsent;
  return unsent && notification && !isMadeAnew(record) ? { ...unsent, notification } : undefined;
}

/** The state itself if its detail has at most so many characters. */
function withDetail<T extends TaskState>(state: T, length: number): T {
  const points = [...(state.statusDetail ?? '')];
  if (points.length <= length) return state;
  return { ...state, statusDetail: length > 0 ? `${points.slice(0, length - 1).join('')}…` : undefined };
}
