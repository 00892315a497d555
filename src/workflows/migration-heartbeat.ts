import { CancellationScope, CancelledFailure, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import { usableInput, usableSettings, wrongSettings, type HeartbeatInput, type TaskStateView } from '../task-state';
import { cancelCaller } from './definitions';
import { GroupHeartbeat } from './group-heartbeat';

/**
 * The one writer of the tasks of a group: takes reports by signal, sends each newest one, repeats the last
 * before its deadline, answers `lastReportedState`. Its result is its final ledger.
 */
export async function migrationHeartbeat(given?: Partial<HeartbeatInput> | null): Promise<TaskStateView[]> {
  const { continuedFromExecutionRunId, cronSchedule } = workflowInfo();
  // The next run of a cron schedule has the input of the first, from whoever set the schedule: this package sets none.
  const isContinued = continuedFromExecutionRunId !== undefined && !cronSchedule;
  const input = usableInput(given, isContinued);
  if (given?.tasks && !isContinued) log.warn('the state that this heartbeat workflow was started with is left out');
  const wrong = isContinued ? [] : wrongSettings(given?.settings);
  if (wrong.length > 0)
    log.warn(`settings of this heartbeat workflow cannot be used as given: ${wrong.join(', ')}`, {
      given: given?.settings,
      used: usableSettings(given?.settings),
    });
  const group = new GroupHeartbeat(input);
  try {
    if (input.closing) await cancelThisRun();
    await group.run();
    return group.finalLedger();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => group.close());
    group.finalLedger();
    throw error;
  }
}

/**
 * The run before was cancelled. Temporal ends only that run as CANCELLED that was itself asked to, and a workflow cannot ask so of
 * itself; where it is not permitted, the tasks are closed all the same. @throws CancelledFailure, or an ActivityFailure because of one
 */
async function cancelThisRun(): Promise<never> {
  try {
    await cancelCaller();
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn(
      'the heartbeat workflow was cancelled, but its newest run could not be: it closes its tasks, and does not end as CANCELLED',
      {
        reason: String(error),
      },
    );
  }
  throw new CancelledFailure('the heartbeat was cancelled in an earlier run');
}
