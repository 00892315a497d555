import { accept } from './accept';
import { DEFAULT_NEXT_UPDATE_SECONDS } from '../report/limits';
import { isTerminal, outcomeOf, reporterOf, type ReporterLedger, type ReportKey, type TaskRecord } from './record';

/** Hand-overs that a record remembers; a doubled one comes soon after the first. */
const REMEMBERED_HAND_OVERS = 8;

/**
 * Takes in what another heartbeat workflow knows of a task, and gives what is known then: `mine` itself, changed, where there
 * is one. A hand-over that was taken in before changes nothing. What Migration Hub was told is never set back, and reports
 * that wait there are taken as if they had been reported here.
 */
export function adopt(mine: TaskRecord | undefined, theirs: TaskRecord, key: string, now: number): TaskRecord {
  if (mine?.adopted?.includes(key)) return mine;
  const given = withoutFlight(theirs);
  // What was handed over itself is known better elsewhere.
  const own = mine && mine.handOver?.doneAt === undefined ? copyOf(mine) : undefined;
  const [base, other] = own?.registered ? [own, given] : [given, own];
  if (other) takeIn(base, other, now);
  base.lastStamp = Math.max(base.lastStamp, mine?.lastStamp ?? 0);
  const reports = mine?.handOver?.reports ?? [];
  delete base.handOver;
  for (const report of reports) accept(base, report, now);
  base.adopted = [...new Set([...(theirs.adopted ?? []), ...(mine?.adopted ?? []), key])].slice(-REMEMBERED_HAND_OVERS);
  return mine ? replaced(mine, base) : base;
}

const copyOf = (record: TaskRecord): TaskRecord => JSON.parse(JSON.stringify(record)) as TaskRecord;

/** Its sender has nothing on its way; if it says so all the same, that is something to be sent. */
function withoutFlight(theirs: TaskRecord): TaskRecord {
  const { inFlight, handOver: _theirs, ...record } = copyOf(theirs);
  return inFlight ? { ...record, unsent: record.unsent ?? inFlight } : record;
}

/** What is on its way refers to the record: it stays the same object. */
function replaced(mine: TaskRecord, by: TaskRecord): TaskRecord {
  for (const field of Object.keys(mine) as (keyof TaskRecord)[]) delete mine[field];
  return Object.assign(mine, by);
}

/** Adds to `base`, which knows more, what only `other` knows. */
function takeIn(base: TaskRecord, other: TaskRecord, now: number): void {
  if (other.registered) {
    base.registered = true;
    base.lastStamp = Math.max(base.lastStamp, other.lastStamp);
    const { lastDelivered, terminalAt, highestPercent } = other;
    if (lastDelivered && lastDelivered.updateDateTime > (base.lastDelivered?.updateDateTime ?? 0))
      Object.assign(base, { lastDelivered, terminalAt, ...spokenForIn(other) });
    if (highestPercent !== undefined) base.highestPercent = Math.max(highestPercent, base.highestPercent ?? 0);
  }
  takeWaiting(base, other, now);
}

/** Who spoke last is asked, and sets the pace. */
function spokenForIn({ owner, nextUpdateSeconds, silenceLimitSeconds, reportedAt, abandoned }: TaskRecord) {
  return { owner, nextUpdateSeconds, silenceLimitSeconds, reportedAt, abandoned };
}

/** What waits at `other` is reported here: `accept` judges it. */
function takeWaiting(base: TaskRecord, other: TaskRecord, now: number): void {
  const { pending, progressUpdateStream, migrationTaskName, labels, resourceAttributes, nextUpdateSeconds } = other;
  const said = pending?.said ?? [];
  const last = said.at(-1);
  const unheard = said.filter(({ ownerId, sequence }) => sequence > acceptedOf(base, ownerId));
  if (!pending) return mergeReporters(base, other);
  if ((last && !unheard.includes(last)) || isReplaced(base, pending)) {
    mergeReporters(base, other);
    return replacedHere(
      base,
      said.filter((key) => isWaiting(base, key)),
    );
  }
  const { status, statusDetail, progressPercent, allowDecrease, reopen, acceptedAt } = pending;
  const outcome = accept(
    base,
    {
      progressUpdateStream,
      migrationTaskName,
      status,
      statusDetail,
      progressPercent,
      allowDecrease,
      reopen,
      labels,
      resourceAttributes,
      silenceLimitSeconds: other.silenceLimitSeconds,
      // The default is as good as not given.
      nextUpdateSeconds: nextUpdateSeconds === DEFAULT_NEXT_UPDATE_SECONDS ? undefined : nextUpdateSeconds,
      owner: last && { ...other.owner, ...last },
    },
    now,
  );
  const refused = last && reporterOf(base.reporters, last.ownerId)?.refused;
  mergeReporters(base, other);
  if (outcome === 'accepted' && base.pending) {
    base.pending.acceptedAt = acceptedAt;
    base.pending.said = settlingToo(base.pending.said, said);
  }
  if (outcome !== 'refused' || !refused) return;
  // With it those are refused that it had replaced there: all that is neither delivered nor about to be.
  for (const { ownerId, sequence } of said) {
    const reporter = reporterOf(base.reporters, ownerId);
    const going = [base.pending, base.inFlight, base.unsent].flatMap((each) => each?.said ?? []);
    const settled = going.filter((key) => key.ownerId === ownerId).map((key) => key.sequence);
    const from = Math.max(reporter?.delivered ?? 0, ...settled) + 1;
    if (reporter && from <= sequence)
      reporter.refused = bothRefused(reporter, { from, sequence, reason: refused.reason });
  }
}

const isWaiting = (record: TaskRecord, { ownerId, sequence }: ReportKey): boolean =>
  outcomeOf(reporterOf(record.reporters, ownerId), sequence) === 'waiting';

const acceptedOf = (record: TaskRecord, ownerId: string): number =>
  reporterOf(record.reporters, ownerId)?.accepted ?? 0;

/** What waits here is newer; but a terminal report never gives way to one that only goes on. */
function isReplaced({ pending }: TaskRecord, theirs: NonNullable<TaskRecord['pending']>): boolean {
  if (!pending) return false;
  const [here, there] = [pending.said.at(-1), theirs.said.at(-1)];
  // Of one reporter's the later one is newer, whenever it came.
  if (here && here.ownerId === there?.ownerId) return here.sequence > there.sequence;
  if (pending.acceptedAt <= theirs.acceptedAt) return false;
  return !isTerminal(theirs.status) || isTerminal(pending.status) || pending.reopen === true;
}

/** These reports gave way to a newer one: with it they are settled. */
function replacedHere(base: TaskRecord, keys: ReportKey[]): void {
  const waiting = base.pending ?? base.inFlight ?? base.unsent;
  if (waiting) waiting.said = settlingToo(waiting.said, keys);
  else
    for (const { ownerId, sequence } of keys) {
      const reporter = reporterOf(base.reporters, ownerId);
      if (reporter) reporter.delivered = Math.max(reporter.delivered, sequence);
    }
}

/** The same reports in the same order, and further ones before them. */
const settlingToo = (said: ReportKey[], keys: ReportKey[]): ReportKey[] => [
  ...keys.filter(({ ownerId }) => !said.some((key) => key.ownerId === ownerId)),
  ...said.map((key) => keys.find((each) => each.ownerId === key.ownerId && each.sequence > key.sequence) ?? key),
];

function mergeReporters(base: TaskRecord, other: TaskRecord): void {
  for (const [ownerId, theirs] of Object.entries(other.reporters)) {
    const mine = reporterOf(base.reporters, ownerId);
    if (!mine) base.reporters[ownerId] = theirs;
    else {
      mine.accepted = Math.max(mine.accepted, theirs.accepted);
      mine.delivered = Math.max(mine.delivered, theirs.delivered);
      mine.refused = bothRefused(mine, theirs.refused);
    }
  }
}

/** Both refusals as one, unless something was delivered in between: then the newer one. */
function bothRefused({ refused: mine, delivered }: ReporterLedger, theirs: ReporterLedger['refused']) {
  if (!mine || !theirs) return mine ?? theirs;
  const newer = mine.sequence >= theirs.sequence ? mine : theirs;
  const from = Math.min(mine.from, theirs.from);
  return from > delivered ? { ...newer, from } : newer;
}
