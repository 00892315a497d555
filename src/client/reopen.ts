import { checkSample } from '../report/check-sample';
import { checkOptions } from '../report/option-names';
import { must, optional, REPORT_FIELDS, type Checks } from '../report/fields';
import type { TaskIdentity, TaskReport } from '../report';
import { isTerminal, newestStateOf, type ReportedState } from '../task-state';

/** A task that is at its end, and the first report of its new attempt. */
export interface ReopenedTask extends Omit<TaskReport, 'status' | 'owner' | 'reopen'> {
  /** What the new attempt begins with. @default IN_PROGRESS */
  status?: 'NOT_STARTED' | 'IN_PROGRESS';
}

/** A task cannot be reopened: nobody has reported it, or it is not at its end. */
export class ReopenRefusedError extends Error {
  override readonly name = 'ReopenRefusedError';
}

const { owner: _owner, reopen: _reopen, ...fields } = REPORT_FIELDS;
const REOPENED: Checks<ReopenedTask> = {
  ...fields,
  status: optional(
    must(
      (value) => value === 'NOT_STARTED' || value === 'IN_PROGRESS',
      'a new attempt begins with NOT_STARTED or IN_PROGRESS: for another end use report with reopen: true',
    ),
  ),
};

/** @throws ConfigurationError naming what is wrong, or misspelt */
export function checkReopened(given: ReopenedTask, heartbeatFraction: number): void {
  checkOptions('reopen', given, REOPENED);
  checkSample({ ...given, status: 'IN_PROGRESS' }, heartbeatFraction);
}

/**
 * The first report of the new attempt. Labels stay: a heartbeat workflow that has ended is not there to know them.
 * @throws ReopenRefusedError unless the task is at its end
 */
export function reopening(given: ReopenedTask, state: ReportedState | undefined, namespace: string): TaskReport {
  const refused = (why: string) => new ReopenRefusedError(`${nameOf(given)} cannot be reopened: ${why}`);
  if (!state) throw refused(`nobody has reported it to namespace ${namespace} within its retention: use report`);
  const newest = newestStateOf(state);
  if (!isTerminal(newest?.status))
    throw refused(`it is ${newest?.status ?? 'open'}, and not at its end: use report, which goes on with its attempt`);
  return {
    ...given,
    status: given.status ?? 'IN_PROGRESS',
    labels: { ...state.labels, ...given.labels },
    reopen: true,
  };
}

const nameOf = ({ progressUpdateStream, migrationTaskName }: TaskIdentity): string =>
  `${progressUpdateStream}/${migrationTaskName}`;
