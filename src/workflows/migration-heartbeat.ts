import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { CANCELLED_DETAIL, usableSettings, type TaskStateView } from '../task-state';
import type { HeartbeatInput } from './definitions';
import { GroupHeartbeat } from './group-heartbeat';

/**
 * The one writer of the tasks of a group: takes reports by signal, sends each newest one, repeats the last
 * before its deadline, answers `lastReportedState`. Its result is its final ledger.
 */
export async function migrationHeartbeat(given?: Partial<HeartbeatInput> | null): Promise<TaskStateView[]> {
  const input = { ...given, settings: usableSettings(given?.settings) };
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
