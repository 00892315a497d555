import { notifyApplicationState } from '../migration-task/notify-application-state';
import type { ApplicationOptions, ApplicationOutcome, ApplicationReport } from '../report';

/**
 * One `notifyApplicationState` for a caller that is no workflow. Its id is that of the application, so two callers come one after the
 * other, and the second finds what the first has brought about.
 */
export const migrationApplication = (
  application: ApplicationReport,
  options?: ApplicationOptions,
): Promise<ApplicationOutcome> => notifyApplicationState(application, options);
