import { ConfigurationError } from './configuration-error';
import { InvalidReportError } from './invalid-report-error';
import type { TaskReport } from './types';
import { validateReport } from './validate';

/**
 * Checks the settings of reports at once, by a report with them: some are wrong only together. `heartbeatFraction`: of who reports.
 * @throws ConfigurationError naming field, value and rule
 */
export function checkSample(report: TaskReport, heartbeatFraction?: number): void {
  try {
    validateReport(report, { heartbeatFraction });
  } catch (error) {
    throw error instanceof InvalidReportError ? new ConfigurationError(error.message) : error;
  }
}
