import { getClient, log } from '@temporalio/activity';
import { isPlain } from '../client/heartbeat-lists';
import { neverLists } from '../client/heartbeat-workflows';
import { answerOf, findWorkflow, listRuns, type Answer } from '../client/workflow-runs';
import type { Owner } from '../task-state';

const LISTED_AT_ONCE = 500;

/** Those of the workflows that run; undefined where the server did not say. */
export async function listOpen(
  workflowIds: string[],
  namespace?: string,
): Promise<ReadonlyMap<string, Answer> | undefined> {
  const open = new Map<string, Answer>();
  const plain = workflowIds.filter(isPlain);
  try {
    for (let from = 0; from < plain.length; from += LISTED_AT_ONCE) {
      const ids = plain.slice(from, from + LISTED_AT_ONCE).map((id) => `'${id}'`);
      const query = `WorkflowId IN (${ids.join(', ')}) AND ExecutionStatus = 'Running'`;
      for (const info of await listRuns(getClient(), query, { namespace, pageSize: LISTED_AT_ONCE })) {
        const workflowId = info.execution?.workflowId;
        if (workflowId) open.set(workflowId, answerOf(workflowId, info));
      }
    }
    return open;
  } catch (error) {
    if (neverLists(error)) return new Map();
    const reason = String(error);
    log.warn('Temporal did not list the workflows that report; they count as open', { namespace, reason });
    return undefined;
  }
}

/** As `findWorkflow`; no answer counts as open. */
export async function askWhetherOpen(owner: Owner): Promise<Answer> {
  try {
    return await findWorkflow(getClient(), owner);
  } catch (error) {
    const { workflowId, namespace } = owner;
    const reason = String(error);
    log.warn('a workflow that reports could not be asked whether it is still open; it counts as open', {
      workflowId,
      namespace,
      reason,
    });
    return { unanswered: true };
  }
}
