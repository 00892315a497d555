import type { TaskRecord } from '../task-state';

/** A payload may have 2 MB, and what one workflow task commands 4 MB: batches stay well below, and few start at once. */
const BATCH_BYTES = 400_000;
export const BYTES_AT_ONCE = 1_500_000;

/** An upper bound of what a task adds to a batch: three bytes a UTF-16 unit, and the fields around. */
export function bytesOf({ pending, unsent, lastDelivered, migrationTaskName, resourceAttributes }: TaskRecord): number {
  const detail = Math.max(
    ...[pending, unsent?.notification, lastDelivered].map((state) => state?.statusDetail?.length ?? 0),
  );
  const attributes = resourceAttributes ? JSON.stringify(resourceAttributes).length : 0;
  return 400 + 3 * (detail + migrationTaskName.length + attributes);
}

/** Batches of at most `size` tasks and `BATCH_BYTES`. */
export function toBatches(records: TaskRecord[], size: number): TaskRecord[][] {
  const batches: TaskRecord[][] = [];
  let batch: TaskRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const more = bytesOf(record);
    if (batch.length > 0 && (batch.length >= size || bytes + more > BATCH_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += more;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
