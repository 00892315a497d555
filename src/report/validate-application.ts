import type { ApplicationReport } from './application';
import { ACTIVITY_OPTION_FIELDS, APPLICATION_FIELDS, APPLICATION_OPTION_FIELDS, object, type Rules } from './fields';
import { InvalidReportError } from './invalid-report-error';
import { checked, type OnIgnored } from './validate';

/** What a status is derived from. */
const TASKS = ['progressUpdateStream', 'application'] as const;

/**
 * Checks what Migration Hub is to be told of an application, and returns a copy. `onIgnored`: as of a report; null: all fields pass.
 * @throws InvalidReportError naming field, value and rule
 */
export function validateApplication(
  input: ApplicationReport,
  onIgnored: OnIgnored | null = () => undefined,
): ApplicationReport {
  checkObject('the application', input);
  const report = checked('', input, APPLICATION_FIELDS, onIgnored);
  const missing = report.status === undefined && TASKS.find((field) => report[field] === undefined);
  if (missing)
    throw new InvalidReportError(
      missing,
      undefined,
      'it is required unless status is set: the status is derived from the tasks of this stream and application',
    );
  return report;
}

const optionsBy =
  <T extends object>(rules: Rules<T>) =>
  (input: T | null, onIgnored: OnIgnored = () => undefined): T => {
    if (input === null) return {} as T;
    checkObject('the options', input);
    return checked('', input, rules, onIgnored);
  };

/** The same of the options of workflow code and client; null: none. @throws InvalidReportError */
export const validateApplicationOptions = optionsBy(APPLICATION_OPTION_FIELDS);
/** The same of those of the activity. @throws InvalidReportError */
export const validateActivityOptions = optionsBy(ACTIVITY_OPTION_FIELDS);

function checkObject(what: string, input: unknown): void {
  const wrong = object(input);
  if (wrong) throw new InvalidReportError(what, input, wrong);
}
