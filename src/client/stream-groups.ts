import type { Client } from '@temporalio/client';
import { MAX_GROUPS, SET_GROUPS_SIGNAL, STREAM_WORKFLOW, streamWorkflowId, TASK_QUEUE } from '../report';
import { listHeartbeats } from './heartbeat-workflows';

/** How long a worker that was set to another number waits until it holds. */
const HOLDS_WITHIN_MS = 2000;
const POLL_MS = 100;

/** The numbers of groups of a stream: new tasks go to the last one, earlier ones may hold tasks still. */
export type GroupNumbers = [...earlier: number[], current: number];

/** Reads a stream's numbers of groups, which its workflow `mgh-stream:<stream>` holds; undefined where there is none yet. */
export async function readGroupNumbers(client: Client, stream: string): Promise<GroupNumbers | undefined> {
  try {
    const { status, memo } = await client.workflow.getHandle(streamWorkflowId(stream)).describe();
    const groups: unknown = memo?.['groups'];
    const isOpen = status.name === 'RUNNING' || status.name === 'PAUSED';
    return isOpen && isNumbers(groups) ? groups : undefined;
  } catch (error) {
    if ((error as Error).name === 'WorkflowNotFoundError') return undefined;
    throw error;
  }
}

const isNumbers = (groups: unknown): groups is GroupNumbers =>
  Array.isArray(groups) &&
  groups.length > 0 &&
  groups.every((each) => Number.isInteger(each) && each >= 0 && each <= MAX_GROUPS);

/**
 * Makes the stream's workflow, for its first task: of several who do so at once the first one decides. Numbers that open
 * heartbeat workflows have already (its workflow was terminated) come first.
 */
export async function makeGroupNumbers(client: Client, stream: string, groups: number): Promise<GroupNumbers> {
  const inUse = (await numbersInUse(client, stream)).filter((each) => each !== groups);
  const numbers: GroupNumbers = [...inUse, groups];
  await client.workflow.start(STREAM_WORKFLOW, {
    workflowId: streamWorkflowId(stream),
    taskQueue: TASK_QUEUE,
    args: [numbers],
    memo: { groups: numbers },
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `The number of groups that the tasks of ${stream} share`,
  });
  return (await readGroupNumbers(client, stream)) ?? numbers;
}

/** By one list of the shared groups and one row of the groups of one. A server that cannot list says nothing of them. */
async function numbersInUse(client: Client, stream: string): Promise<number[]> {
  try {
    const shared = await listHeartbeats(client, stream, { open: true, shared: true });
    const all = await listHeartbeats(client, stream, { open: true, limit: shared.length + 1 });
    const numbers = shared.map((id) => Number(id.split(':')[2]));
    return [...new Set(all.length > shared.length ? [0, ...numbers] : numbers)];
  } catch {
    return [];
  }
}

/** Sets the number that new tasks of the stream share from now on; gives what holds then. */
export async function setGroupNumber(
  client: Client,
  stream: string,
  groups: number,
): Promise<GroupNumbers | undefined> {
  await client.workflow.getHandle(streamWorkflowId(stream)).signal<[number]>(SET_GROUPS_SIGNAL, groups);
  for (const end = Date.now() + HOLDS_WITHIN_MS; ;) {
    const numbers = await readGroupNumbers(client, stream);
    if (numbers?.at(-1) === groups || Date.now() > end) return numbers;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
