import { attachmentCalls } from './attachments';
import type { Round } from './round';
import type { NotifyItem } from './types';
import type { TaskRecord } from './record';

/** A payload may have 2 MB, and what one workflow task commands 4 MB: batches stay well below, and few start at once. */
const BATCH_BYTES = 400_000;
const BYTES_AT_ONCE = 1_200_000;

/** An upper bound of what a task adds to a batch: three bytes a UTF-16 unit, and the fields around. */
function bytesOf(record: TaskRecord): number {
  const { pending, unsent, lastDelivered, migrationTaskName, attachments, owners } = record;
  const details = [pending, unsent?.notification, lastDelivered].map((state) => state?.statusDetail?.length ?? 0);
  const attached = attachments ? JSON.stringify(attachmentCalls(record)).length : 0;
  const asked = owners.reduce((sum, owner) => sum + JSON.stringify(owner).length, 0);
  return 400 + 3 * (Math.max(...details) + migrationTaskName.length + attached + asked);
}

/** As many of the tasks, from the first on, as one workflow task may start; at least one. */
export function fitting(records: TaskRecord[]): TaskRecord[] {
  let bytes = 0;
  const tooMany = records.findIndex((record, i) => (bytes += bytesOf(record)) > BYTES_AT_ONCE && i > 0);
  return tooMany < 0 ? records : records.slice(0, tooMany);
}

/** The round in parts of at most `size` tasks and `BATCH_BYTES`. */
export function toRounds({ records, items }: Round, size: number): Round[] {
  const rounds: Round[] = [];
  let bytes = Infinity;
  records.forEach((record, i) => {
    const more = bytesOf(record);
    let round = rounds.at(-1);
    if (!round || round.records.length >= size || bytes + more > BATCH_BYTES) {
      round = { records: [], items: [] };
      rounds.push(round);
      bytes = 0;
    }
    round.records.push(record);
    round.items.push(items[i] as NotifyItem);
    bytes += more;
  });
  return rounds;
}
