import { ApplicationFailure } from '@temporalio/common';
import { InvalidReportError } from '.';

/** Runs a check; what it refuses becomes a non-retryable ApplicationFailure `InvalidReport`: a plain Error would block a workflow, and be retried in an activity. */
export function orInvalidReport<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw asInvalidReport(error);
  }
}

/** An InvalidReportError as such a failure; any other error as it is. */
export const asInvalidReport = (error: unknown): unknown =>
  error instanceof InvalidReportError
    ? ApplicationFailure.create({ message: error.message, type: 'InvalidReport', nonRetryable: true })
    : error;
