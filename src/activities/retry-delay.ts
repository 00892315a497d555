import { UNCURED_RETRY_SECONDS } from '../report';
import type { NotifyFailure } from '../task-state';

/**
 * Seconds to the next activity attempt: 30 for what an operator must mend; what Migration Hub asked for, else 1, 2, 4; plus up
 * to a quarter so that not all workers try at the same moment.
 */
export function nextDelaySeconds(failures: NotifyFailure[], attempt: number): number {
  if (failures.some(({ retry }) => retry === 'operator')) return UNCURED_RETRY_SECONDS;
  const asked = Math.max(0, ...failures.map((failure) => failure.retryAfterSeconds ?? 0));
  return Math.max(1, asked, asked ? 0 : 2 ** (attempt - 1)) * (1 + Math.random() / 4);
}

/** A duration as Temporal takes it, rounded up. */
export const inMilliseconds = (seconds: number) => `${Math.ceil(seconds * 1000)}ms` as const;
