import type { TaskRecord, TaskState } from '../task-state';

/** Temporal takes payloads of up to 2 MB; a state that is larger would stop the group for good. */
const PAYLOAD_BYTES = 1_500_000;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/**
 * The records as they are if they fit one payload, else copies whose status details are cut to equal shares.
 * What failed and is no report is dropped from the copies: cut, it would no longer be the same to the byte.
 */
export function fitDetails(records: TaskRecord[], limit = PAYLOAD_BYTES): TaskRecord[] {
  if (bytesOf(records) <= limit) return records;
  const bare = records.map((record) => withDetails(record, () => undefined));
  const details = records.flatMap(({ pending, lastDelivered }) => [pending?.statusDetail, lastDelivered?.statusDetail]);
  const share = Math.max(
    0,
    Math.floor((limit - bytesOf(bare)) / details.filter((detail) => detail !== undefined).length) - 24,
  );
  return records.map((record) => withDetails(record, (detail) => cutToBytes(detail, share)));
}

function withDetails(record: TaskRecord, change: (detail: string) => string | undefined): TaskRecord {
  const changed = <T extends TaskState>(state: T | undefined): T | undefined =>
    state?.statusDetail === undefined ? state : { ...state, statusDetail: change(state.statusDetail) };
  const { unsent: _unsent, ...rest } = record;
  return { ...rest, pending: changed(record.pending), lastDelivered: changed(record.lastDelivered) };
}

function cutToBytes(detail: string, bytes: number): string {
  if (bytesOf(detail) <= bytes) return detail;
  let left = bytes - 5;
  let cut = '';
  for (const point of detail) {
    left -= bytesOf(point) - 2;
    if (left < 0) break;
    cut += point;
  }
  return `${cut}…`;
}
