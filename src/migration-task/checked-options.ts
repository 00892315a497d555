import { log } from '@temporalio/workflow';
import { InvalidReportError, validateReport } from '../report';
import { must, oneOf, optional, REPORT_FIELDS, type Rules } from '../report/fields';
import { orInvalidReport } from '../report/or-invalid-report';
import { checked } from '../report/validate';
import type { MigrationTaskOptions } from './migration-task';

const isTime = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 1;
const TIME_RULE = 'it must be a number of seconds, at least 1';
const seconds = must(isTime, TIME_RULE);

const { progressUpdateStream, migrationTaskName, labels, nextUpdateSeconds } = REPORT_FIELDS;
const { resourceAttributes, discoveredResource } = REPORT_FIELDS;
const OPTION_FIELDS: Rules<MigrationTaskOptions> = {
  progressUpdateStream,
  migrationTaskName,
  labels,
  resourceAttributes,
  discoveredResource,
  nextUpdateSeconds,
  acceptTimeoutSeconds: optional(seconds),
  finalAcceptTimeoutSeconds: optional(seconds),
  onReportError: optional(oneOf(['continue', 'fail'])),
  failureExceptionTypes: optional(
    must(
      (value) => Array.isArray(value) && value.every((type) => typeof type === 'function'),
      'it must be a list of classes of errors',
    ),
  ),
};

/** Tells the log of the workflow of a field that nobody reads. */
export const warnOfIgnored = (message: string): void => log.warn(message);

/** At once: an option that is wrong must not fail a migration after its work is done. @throws ApplicationFailure `InvalidReport` */
export function checkedOptions(given: MigrationTaskOptions): MigrationTaskOptions {
  return orInvalidReport(() => {
    const options = checked('', given, OPTION_FIELDS, warnOfIgnored);
    const { progressUpdateStream, migrationTaskName, labels, resourceAttributes, nextUpdateSeconds } = options;
    const settings = { progressUpdateStream, migrationTaskName, labels, resourceAttributes, nextUpdateSeconds };
    validateReport({ ...settings, status: 'NOT_STARTED' });
    return options;
  });
}

/** @throws ApplicationFailure `InvalidReport` for one that is no time to wait. */
export function checkSeconds(field: string, value: number): void {
  orInvalidReport(() => {
    if (!isTime(value)) throw new InvalidReportError(field, value, TIME_RULE);
  });
}
