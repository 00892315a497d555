import { MAX_ATTACHMENTS, UNCURED_RETRY_SECONDS } from '../report/limits';
import { stableHash } from '../report/names';
import type { AttachmentChange, TaskReport } from '../report';
import { earliest } from './due-times';
import type { Attachment, TaskRecord } from './record';
import type { AttachmentCall, NotifyFailure, Outcome } from './types';

/** More than so many calls are not made for one task in one round: a report of it would wait for them. */
const CALLS_AT_ONCE = 10;
/** Pauses double up to these: what may pass, and what somebody must mend. */
const LONGEST_PAUSE_SECONDS = { backoff: 300, register: 3600, operator: 3600, never: 3600 };
const MOST_DOUBLINGS = 7;
/** However long Migration Hub asks to wait. */
const MOST_ASKED_SECONDS = 3600;
/** Of the changes of one attachment so many are remembered. */
const REMEMBERED_CHANGES = 4;
/** In place of the hash of what was taken last: it has taken something of this name, but what it has now is not known. */
const UNCERTAIN = 0;
/** The type of the failure of what was turned away. */
export const TOO_MANY = 'TooManyAttachments';

const hashOf = ({ kind, name, description, statusDetail, resourceAttributes, disassociate }: AttachmentCall): number =>
  stableHash(
    JSON.stringify(disassociate ? [kind, name] : [kind, name, description, statusDetail, resourceAttributes ?? 0]),
  );

const isSame = (one: AttachmentCall, other: AttachmentCall): boolean =>
  one.kind === other.kind && one.name === other.name;

const find = ({ attachments = [] }: TaskRecord, call: AttachmentCall): Attachment | undefined =>
  attachments.find((each) => isSame(each, call));

/** Nobody has reported: it was only attached something to. */
export const isUnreported = ({ counters }: TaskRecord): boolean => counters.reports === 0;

/** A report brings resource attributes and a discovered resource, in general each time the same. */
export function takeAttachments(
  record: TaskRecord,
  { resourceAttributes, discoveredResource }: TaskReport,
  now: number,
) {
  if (resourceAttributes) want(record, { kind: 'resourceAttributes', resourceAttributes }, now);
  if (discoveredResource === undefined) return;
  want(record, { kind: 'discoveredResource', name: discoveredResource }, now);
  // What there was no room for was never sent.
  for (const { kind, name, state, disassociate } of record.attachments ?? [])
    if (kind === 'discoveredResource' && name !== discoveredResource && !disassociate && state !== 'refused')
      want(record, { kind, name, disassociate: true }, now);
}

/** Forgets what came with reports that were refused: it was not tried yet. What was changed by itself stays. */
export function dropReported(record: TaskRecord): void {
  const isReported = ({ kind }: Attachment) => kind === 'resourceAttributes' || kind === 'discoveredResource';
  record.attachments = record.attachments?.filter(
    (each) => !(isReported(each) && isPending(each) && each.taken === undefined && !each.failure),
  );
}

/** Why there is no room for what a report brings. */
export const noRoomFor = ({ attachments = [] }: TaskRecord, report: TaskReport): string | undefined =>
  attachments.find(
    ({ kind, failure }) =>
      failure?.type === TOO_MANY &&
      (kind === 'resourceAttributes' || kind === 'discoveredResource') &&
      report[kind] !== undefined,
  )?.failure?.message;

/** Takes a change of an artifact or source resource. Gives why it was refused. */
export function changeAttachment(record: TaskRecord, change: AttachmentChange, now: number): string | undefined {
  const { kind, name, description, statusDetail, disassociate, id } = change;
  record.attachedAt = now;
  const call = { kind, name, ...(disassociate ? { disassociate } : { description, statusDetail }) };
  return want(record, call, now, id);
}

/** The newest change counts. What waits, or is on its way, is sent again after it; what Migration Hub has is not sent. */
function want(record: TaskRecord, call: AttachmentCall, now: number, id?: string): string | undefined {
  // One that was turned away counts as unknown.
  const known = (record.attachments ?? []).find((each) => isSame(each, call) && each.failure?.type !== TOO_MANY);
  const change = id === undefined ? undefined : stableHash(id);
  if (change !== undefined && known?.changes?.includes(change)) return undefined;
  if (!known && !hasRoom(record))
    return turnAwayAttachment(record, call, `a task has ${MAX_ATTACHMENTS} at most: disassociate one first`);
  const changes =
    change === undefined ? known?.changes : [...(known?.changes ?? []), change].slice(-REMEMBERED_CHANGES);
  const isTaken = known !== undefined && !isPending(known) && known.taken === hashOf(call);
  if (isTaken) {
    known.changes = changes;
    return undefined;
  }
  const wanted: Attachment = { ...call, state: 'pending', ...afterFailure(known, now), taken: known?.taken, changes };
  const { attachments = [] } = record;
  // Calls go out in the order of the newest changes.
  record.attachments = [...attachments.filter((each) => !isSame(each, call)), wanted];
  return undefined;
}

const isPending = ({ state }: Attachment): boolean => state === 'pending';

/** Who gives it again may have mended what was wrong. */
const afterFailure = (known: Attachment | undefined, now: number): Partial<Attachment> =>
  known?.failure
    ? { failure: known.failure, failures: known.failures, notBefore: afterMend(known.failure, now, known.notBefore) }
    : {};

/** When it is tried again where what was wrong may be mended: however often that is, not sooner than anything is. */
const afterMend = (failure: NotifyFailure, now: number, notBefore = 0): number =>
  goesOnAfter(failure) ? Math.min(notBefore, now + UNCURED_RETRY_SECONDS) : notBefore;

/** What was disassociated long ago gives way; nothing that is wanted does. */
function hasRoom(record: TaskRecord): boolean {
  const { attachments = [] } = record;
  const kept = attachments.filter(({ failure }) => failure?.type !== TOO_MANY);
  if (kept.length < MAX_ATTACHMENTS) return true;
  const oldest = kept.find(({ state }) => state === 'disassociated');
  if (oldest) record.attachments = attachments.filter((each) => each !== oldest);
  return oldest !== undefined;
}

/** Shows the newest one that there is no room for, and gives why. */
export function turnAwayAttachment(record: TaskRecord, call: AttachmentCall, why: string): string {
  const { kind, name, disassociate } = call;
  const failure: NotifyFailure = { type: TOO_MANY, message: why, retry: 'never' };
  record.attachments = [
    ...(record.attachments ?? []).filter((each) => each.failure?.type !== TOO_MANY),
    { kind, name, ...(disassociate && { disassociate }), state: 'refused', failure },
  ];
  return why;
}

/**
 * What can be sent: what has failed comes after the others. A discovered resource is given up once the one in its place is associated.
 */
function sendable({ attachments = [] }: TaskRecord): Attachment[] {
  const isReplaced = ({ kind, disassociate }: Attachment) => kind === 'discoveredResource' && disassociate;
  const waits = !attachments.some(
    ({ kind, disassociate, state }) => kind === 'discoveredResource' && !disassociate && state === 'associated',
  );
  return attachments
    .filter((each) => isPending(each) && !(waits && isReplaced(each)))
    .sort((one, other) => (one.failures ?? 0) - (other.failures ?? 0));
}

/** What is to be sent yet. */
export const pendingAttachments = (record: TaskRecord): Attachment[] => (record.attachments ? sendable(record) : []);

/** Something can be sent that was not tried yet, and does not wait as long as one that failed. */
export function hasUntriedAttachments(record: TaskRecord): boolean {
  if (attachmentsDueAt(record) === undefined) return false;
  const all = sendable(record);
  const waits = (each: Attachment) => all.some(({ failure, notBefore }) => failure && notBefore === each.notBefore);
  return all.some((each) => !each.failure && !waits(each));
}

/**
 * Epoch seconds at which something is to be sent; undefined where nothing is. They go once the task is known, after a status that is
 * due with them; none waits for them. Of a task that nobody has reported they come without a status.
 */
export function attachmentsDueAt(record: TaskRecord, isRegistering = false): number | undefined {
  const { attachments, failures, pending, inFlight } = record;
  // Where not even the status is taken, they would only be further calls that fail.
  if (!attachments || failures > 0) return undefined;
  // A report that waits for its second must not wait for the end of these, too: they go with it.
  if (pending && pending.number !== inFlight?.number) return undefined;
  if (!record.registered && !isRegistering && !isUnreported(record)) return undefined;
  return earliest(...sendable(record).map(({ notBefore = 0 }) => notBefore));
}

/** The calls that are due until then, in the order in which they were asked for. */
export const attachmentCalls = (record: TaskRecord, until = Infinity): AttachmentCall[] =>
  sendable(record)
    .filter(({ notBefore = 0 }) => notBefore <= until)
    .slice(0, CALLS_AT_ONCE)
    .map(({ kind, name, description, statusDetail, resourceAttributes, disassociate }) => ({
      kind,
      name,
      description,
      statusDetail,
      resourceAttributes,
      disassociate,
    }));

/** Whether the further calls for a task are made after one that failed: in an outage they would only fail, too. */
export const goesOnAfter = ({ retry }: NotifyFailure): boolean => retry !== 'backoff';

/** What became of calls that were made. */
export function attachmentsSettled(
  record: TaskRecord,
  calls: AttachmentCall[],
  { attachmentFailures = {}, attachmentsLeft = 0 }: Outcome,
  now: number,
): void {
  const made = calls.slice(0, calls.length - attachmentsLeft);
  made.forEach((call, i) => callSettled(record, call, attachmentFailures[i], now));
  const last = made.at(-1);
  const pause = (last && attachmentFailures[made.length - 1] && find(record, last)?.notBefore) || now + 1;
  for (const call of calls.slice(made.length)) {
    const waiting = find(record, call);
    if (waiting) waiting.notBefore = Math.max(waiting.notBefore ?? 0, pause);
  }
}

function callSettled(record: TaskRecord, call: AttachmentCall, answer: NotifyFailure | undefined, now: number): void {
  const attachment = find(record, call);
  if (!attachment) return;
  // Others may have come in meanwhile: they stay wanted.
  const isCurrent = hashOf(attachment) === hashOf(call) && attachment.disassociate === call.disassociate;
  const { taken } = attachment;
  // Where it has taken the name before, that will pass: outside of the home region it answers so, too.
  const isNever = answer?.retry === 'never' && taken === undefined;
  // What Migration Hub does not know, or never takes, is not associated.
  const failure = call.disassociate && (answer?.retry === 'register' || isNever) ? undefined : answer;
  if (!isNever) attachment.taken = failure ? taken && UNCERTAIN : hashOf(call);
  attachment.failure = failure;
  attachment.failures = failure && (attachment.failures ?? 0) + 1;
  attachment.notBefore = failure && now + pauseAfter(failure, attachment.failures ?? 1);
  // What is to be associated is tried again also where it is wrong for good by the answer, which AWS gives while it deletes a stream, too.
  if (!isCurrent || failure) return;
  attachment.state = call.disassociate ? 'disassociated' : 'associated';
  attachment.resourceAttributes = undefined;
}

function pauseAfter({ retry, retryAfterSeconds = 0 }: NotifyFailure, failures: number): number {
  const doubled = UNCURED_RETRY_SECONDS * 2 ** Math.min(MOST_DOUBLINGS, failures - 1);
  return Math.max(Math.min(doubled, LONGEST_PAUSE_SECONDS[retry]), Math.min(retryAfterSeconds, MOST_ASKED_SECONDS));
}

/**
 * Migration Hub had forgotten the task: it is given all again, resource attributes with the next report that carries them. What failed
 * may have failed for that.
 */
export function attachmentsForgotten(record: TaskRecord, now: number): void {
  record.attachments = record.attachments?.filter(
    ({ kind, state }) => kind !== 'resourceAttributes' || state === 'pending',
  );
  for (const each of record.attachments ?? []) {
    each.taken = undefined;
    if (each.state === 'associated') each.state = 'pending';
    if (each.failure && isPending(each)) each.notBefore = afterMend(each.failure, now, each.notBefore);
  }
}

/** Why something is not taken; what was turned away here was told when it came. */
export const attachmentFailure = ({ attachments = [] }: TaskRecord): NotifyFailure | undefined =>
  attachments.find(({ failure }) => failure && failure.type !== TOO_MANY)?.failure;
