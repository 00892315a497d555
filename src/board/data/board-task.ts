import type { ReportedState } from '../../task-state';
import type { BoardTask } from '../wire';

/** A message of AWS or of a proxy may be a page long. */
const LONGEST_MESSAGE = 1000;

const short = <T extends { message: string }>(failure: T | undefined): T | undefined =>
  failure && { ...failure, message: failure.message.slice(0, LONGEST_MESSAGE) };

/** What the board shows of a task. The same state gives the same JSON, whenever it is read. */
export function boardTask(state: ReportedState): BoardTask {
  return {
    progressUpdateStream: state.progressUpdateStream,
    migrationTaskName: state.migrationTaskName,
    labels: state.labels,
    lastDelivered: state.lastDelivered,
    pending: state.pending,
    nextAttempt: state.nextAttempt,
    lastFailure: short(state.lastFailure),
    attachments: state.attachments?.map((each) => ({ ...each, failure: short(each.failure) })),
    nextHeartbeatAt: state.nextHeartbeatAt,
    abandoned: state.abandoned,
    freshness: state.freshness,
    counters: state.counters,
    owners: state.owners.map(({ workflowId }) => workflowId),
  };
}
