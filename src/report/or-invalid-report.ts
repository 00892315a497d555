import { ApplicationFailure } from '@temporalio/common';
import { InvalidReportError } from '.';

/** Runs a check; what it refuses becomes a non-retryable ApplicationFailure `InvalidReport`: a plain Error would block a workflow, and be retried in an activity. */
export function orInvalidReport<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InvalidReportError)) throw error;
    throw ApplicationFailure.create({ message: error.message, type: 'InvalidReport', nonRetryable: true });
  }
}
