import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import { usableSettings, type TaskStateView } from '../task-state';
import { cancelCaller, type HeartbeatInput } from './definitions';
import { GroupHeartbeat } from './group-heartbeat';

/**
 * The one writer of the tasks of a group: takes reports by signal, sends each newest one, repeats the last
 * before its deadline, answers `lastReportedState`. Its result is its final ledger.
 */
export async function migrationHeartbeat(given?: Partial<HeartbeatInput> | null): Promise<TaskStateView[]> {
  const input = { ...given, settings: usableSettings(given?.settings) };
  const group = new GroupHeartbeat(input);
  try {
    if (input.closing) await cancelThisRun();
    await group.run();
    return group.ledger();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => group.close());
    throw error;
  }
}

/**
 * The run before was cancelled. Temporal ends only that run as CANCELLED that was itself asked to, and a workflow cannot ask so of
 * itself. @throws CancelledFailure, or an ActivityFailure because of one
 */
async function cancelThisRun(): Promise<never> {
  await cancelCaller();
  throw new CancelledFailure('the heartbeat was cancelled in an earlier run');
}
