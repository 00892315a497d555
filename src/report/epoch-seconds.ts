import { InvalidReportError } from './invalid-report-error';

/** Above this a number is milliseconds, not seconds (the year 5138 in seconds). */
export const LARGEST_EPOCH_SECONDS = 1e11;
const ISO_WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/**
 * `updateDateTime` as whole epoch seconds, rounded down so that it never lies in the future.
 * Takes a Date, an ISO 8601 string (what a Date becomes in a Temporal payload) or epoch seconds; never milliseconds.
 */
export function toEpochSeconds(value: Date | string | number): number {
  const seconds = secondsOf(value);
  if (isEpochSeconds(seconds)) return Math.floor(seconds);
  const rule = 'it must be a Date, an ISO 8601 string with an offset, or epoch seconds (not milliseconds)';
  throw new InvalidReportError('updateDateTime', value, rule);
}

/** False for what is no number, and for milliseconds. */
export const isEpochSeconds = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= LARGEST_EPOCH_SECONDS;

function secondsOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const isTime = value instanceof Date || (typeof value === 'string' && ISO_WITH_OFFSET.test(value));
  return isTime ? new Date(value).getTime() / 1000 : NaN;
}
