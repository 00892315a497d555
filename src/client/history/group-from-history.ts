import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { TaskGroup } from '../../task-state';
import type { History } from './event-values';
import { followHistory, type OnStep } from './follow-history';

const NOT_FOUND = 5;

/** The history of a heartbeat workflow is there, but cannot be followed: in most cases a payload cannot be decoded. */
export class UnreadableHistoryError extends Error {
  override readonly name = 'UnreadableHistoryError';
  constructor(
    /** Of the heartbeat workflow. */
    readonly workflowId: string,
    cause: unknown,
  ) {
    const hint = 'does this client lack a codec of the workers, or a key of it?';
    super(`the history of ${workflowId} cannot be followed: ${(cause as Error).message} (${hint})`, { cause });
  }
}

/**
 * The tasks of a heartbeat workflow, open or ended, from what the Temporal server holds of one of its runs, by default the latest: no
 * worker is asked.
 * @throws WorkflowNotFoundError; ServiceError where the server does not answer; UnreadableHistoryError, such as
 * for payloads that are encrypted by a codec that the client lacks
 */
export async function groupFromHistory(
  { workflow, options }: Client,
  workflowId: string,
  runId?: string,
  onStep?: OnStep,
): Promise<TaskGroup> {
  const history = await fetchHistory(workflow, workflowId, runId);
  try {
    return await followHistory(history, options, workflowId, onStep);
  } catch (error) {
    throw new UnreadableHistoryError(workflowId, error);
  }
}

/** The history of one run, by default the latest. @throws WorkflowNotFoundError; ServiceError */
async function fetchHistory(workflows: Client['workflow'], workflowId: string, runId?: string): Promise<History> {
  try {
    return await workflows.getHandle(workflowId, runId).fetchHistory();
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    if (error.code === NOT_FOUND) throw new WorkflowNotFoundError(error.details, workflowId, runId);
    throw new ServiceError('Failed to read the history of a heartbeat workflow', { cause: error });
  }
}
