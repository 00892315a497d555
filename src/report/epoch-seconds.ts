import { InvalidReportError } from './invalid-report-error';

/** Above this a number is milliseconds, not seconds (the year 5138 in seconds). */
const LARGEST_EPOCH_SECONDS = 1e11;

/**
 * `updateDateTime` as whole epoch seconds, rounded down so that it never lies in the future.
 * Takes a Date, an ISO 8601 string (what a Date becomes in a Temporal payload) or epoch seconds; never milliseconds.
 */
export function toEpochSeconds(value: Date | string | number): number {
  const rule = 'it must be a Date, an ISO 8601 string with an offset, or epoch seconds (not milliseconds)';
  if (typeof value === 'string' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(value))
    throw new InvalidReportError('updateDateTime', value, rule);
  if (typeof value !== 'number' && typeof value !== 'string' && !(value instanceof Date))
    throw new InvalidReportError('updateDateTime', value, rule);
  const seconds = typeof value === 'number' ? value : new Date(value).getTime() / 1000;
  if (!Number.isFinite(seconds) || seconds < 0 || seconds > LARGEST_EPOCH_SECONDS)
    throw new InvalidReportError('updateDateTime', value, rule);
  return Math.floor(seconds);
}
