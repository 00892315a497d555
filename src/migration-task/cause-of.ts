import { isCancellation } from '@temporalio/workflow';

/** What failed in the end. Temporal wraps: "Activity task failed" says nothing, its cause does. */
export function causeOf(error: unknown): string {
  if (isCancellation(error)) return 'Cancelled';
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof Error ? cause.message : String(cause);
}
