import type { Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { whyOf } from '../client/heartbeat-workflows';
import { readGroupNumbers } from '../client/stream-groups';
import type { GroupsSetting } from '../client/settings';
import { GROUPS_HOLD_AFTER_SECONDS, STREAM_WORKFLOW, streamWorkflowId } from '../report';

/** A server that does not list in this time is not waited for: nothing depends on it. */
const LIST_MS = 10_000;

const inWords = (groups: number): string => (groups === 0 ? 'a group for each task' : `${groups} groups`);

/** Logs for each stream that has another number of groups than is set which one holds, and from when on the other. */
export async function sayGroups(client: Client, groups: GroupsSetting): Promise<void> {
  const { logger } = Runtime.instance();
  try {
    await client.withDeadline(Date.now() + LIST_MS, async () => {
      const query = `WorkflowType = '${STREAM_WORKFLOW}' AND ExecutionStatus = 'Running'`;
      for await (const { workflowId } of client.workflow.list({ query })) {
        const stream = workflowId.slice(streamWorkflowId('').length);
        const wanted = groups.of(stream);
        const current = (await readGroupNumbers(client, stream))?.groups.at(-1);
        if (wanted === undefined || current === undefined || current === wanted) continue;
        logger.warn(
          `the stream ${stream} has ${inWords(current)}, and groups is ${wanted} in this worker: it changes the stream at the first report that it gets. New tasks use ${inWords(wanted)} from ${GROUPS_HOLD_AFTER_SECONDS} s after that; the others stay in their groups until they end`,
        );
      }
    });
  } catch (error) {
    logger.warn(
      `the numbers of groups in use could not be listed, and the worker serves all the same: ${whyOf(error)}`,
    );
  }
}
