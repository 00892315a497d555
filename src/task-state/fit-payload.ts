import type { TaskRecord } from './record';
import type { TaskState } from '../report';

/** Temporal takes payloads of up to 2 MB; a state that is larger would end the group for good. */
const PAYLOAD_BYTES = 1_500_000;
/** Reporters kept of a task in a state that is too large, the newest ones. */
const KEPT_REPORTERS = 2;

export const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

export const fitsPayload = (records: TaskRecord[], limit = PAYLOAD_BYTES): boolean => bytesOf(records) <= limit;

/**
 * The records as they are if they fit one payload. Else copies that forget, in this order and no more than needed: reporters
 * of long ago, then attributes that are not put yet (the next report brings them again), then those that wait and status details
 * (all cut to the same share), then tasks that are at their end, the oldest first.
 * What failed and is no report is dropped from copies with cut details: it would no longer be the same to the byte.
 * The result is too large still only where the names and labels of open tasks alone are.
 */
export function fitPayload(records: TaskRecord[], limit = PAYLOAD_BYTES): TaskRecord[] {
  if (fitsPayload(records, limit)) return records;
  const slim = records.map((record) => withoutReporters(record, true));
  if (fitsPayload(slim, limit)) return slim;
  const plain = slim.map(({ resourceAttributes: _wanted, ...record }) => record);
  if (fitsPayload(plain, limit)) return plain;
  const kept = withoutEndedTasks(
    plain.map((record) => withoutReporters(record, false)),
    limit,
  );
  const details = kept.flatMap(({ pending, lastDelivered }) => [pending?.statusDetail, lastDelivered?.statusDetail]);
  const room = limit - bytesOf(kept.map(bare));
  const share = Math.max(0, Math.floor(room / details.filter((detail) => detail !== undefined).length) - 24);
  return kept.map((record) => withDetails(record, (detail) => cutToBytes(detail, share)));
}

function withoutReporters(record: TaskRecord, exceptWaiting: boolean): TaskRecord {
  const { pending, inFlight, unsent, reporters } = record;
  const waiting = new Set(
    [pending, inFlight, unsent].flatMap((each) => each?.said ?? []).map(({ ownerId }) => ownerId),
  );
  const all = Object.entries(reporters);
  const kept = all.filter(
    ([ownerId], i) => i >= all.length - KEPT_REPORTERS || (exceptWaiting && waiting.has(ownerId)),
  );
  return { ...record, reporters: Object.fromEntries(kept) };
}

function withoutEndedTasks(records: TaskRecord[], limit: number): TaskRecord[] {
  const sizes = new Map(records.map((record) => [record, bytesOf(bare(record)) + 1]));
  let excess = 2 + [...sizes.values()].reduce((sum, size) => sum + size, 0) - limit;
  const ended = records.filter(({ terminalAt, pending }) => terminalAt !== undefined && !pending);
  const left = new Set<TaskRecord>();
  for (const record of ended.sort((a, b) => (a.terminalAt ?? 0) - (b.terminalAt ?? 0))) {
    if (excess <= 0) break;
    excess -= sizes.get(record) ?? 0;
    left.add(record);
  }
  return records.filter((record) => !left.has(record));
}

const bare = (record: TaskRecord): TaskRecord => withDetails(record, () => undefined);

function withDetails(record: TaskRecord, change: (detail: string) => string | undefined): TaskRecord {
  const changed = <T extends TaskState>(state: T | undefined): T | undefined =>
    state?.statusDetail === undefined ? state : { ...state, statusDetail: change(state.statusDetail) };
  const { unsent: _unsent, ...rest } = record;
  return { ...rest, pending: changed(record.pending), lastDelivered: changed(record.lastDelivered) };
}

function cutToBytes(detail: string, bytes: number): string | undefined {
  if (bytesOf(detail) <= bytes) return detail;
  if (bytes < 16) return undefined;
  let left = bytes - 5;
  let cut = '';
  for (const point of detail) {
    left -= bytesOf(point) - 2;
    if (left < 0) break;
    cut += point;
  }
  return `${cut}…`;
}
