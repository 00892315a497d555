import { getClient, log } from '@temporalio/activity';
import type { OwnerEnd } from '../task-state';

/** Notifications wait for the answer; one that does not come in this time counts as "still open". */
const ASK_MS = 3000;

const ENDS: Readonly<Record<string, OwnerEnd>> = {
  COMPLETED: 'COMPLETED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  TERMINATED: 'TERMINATED',
  TIMED_OUT: 'TIMED_OUT',
};

/** How a workflow's latest run has ended; undefined while it is open (continued as new, or run again, counts) or not to be found out. */
export async function ownerEndOf(workflowId: string): Promise<OwnerEnd | undefined> {
  const client = getClient();
  try {
    const { status } = await client.withDeadline(Date.now() + ASK_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return ENDS[status.name];
  } catch (error) {
    if ((error as Error).name === 'WorkflowNotFoundError') return 'NOT_FOUND';
    log.warn('an owner could not be asked whether it is still open', { workflowId, reason: (error as Error).message });
    return undefined;
  }
}

/** Asks about each workflow once, however many tasks it speaks for. */
export function askingOnce(ask: typeof ownerEndOf): typeof ownerEndOf {
  const answers = new Map<string, Promise<OwnerEnd | undefined>>();
  return (workflowId) => {
    const answer = answers.get(workflowId) ?? ask(workflowId);
    answers.set(workflowId, answer);
    return answer;
  };
}
