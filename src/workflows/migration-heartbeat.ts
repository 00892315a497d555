import { CancellationScope, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import { CANCELLED_DETAIL, usableInput, type HeartbeatInput, type TaskStateView } from '../task-state';
import { GroupHeartbeat } from './group-heartbeat';

/**
 * The one writer of the tasks of a group: takes reports by signal, sends each newest one, repeats the last
 * before its deadline, answers `lastReportedState`. Its result is its final ledger.
 */
export async function migrationHeartbeat(given?: Partial<HeartbeatInput> | null): Promise<TaskStateView[]> {
  const isContinued = workflowInfo().continuedFromExecutionRunId !== undefined;
  const input = usableInput(given, isContinued);
  if (given?.tasks && !isContinued) log.warn('the state that this heartbeat workflow was started with is left out');
  const group = new GroupHeartbeat(input);
  try {
    if (input.closing === undefined) await group.run();
    else await group.close(input.closing);
    return group.finalLedger();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => group.close(CANCELLED_DETAIL));
    group.finalLedger();
    throw error;
  }
}
