import type { Client } from '@temporalio/client';
import {
  GROUPS_HOLD_AFTER_SECONDS,
  MAX_GROUPS,
  SET_GROUPS_SIGNAL,
  STREAM_WORKFLOW,
  streamWorkflowId,
  summaryOf,
  TASK_QUEUE,
  type GroupNumbers,
} from '../report';
import { listHeartbeats, parseHeartbeatId } from './heartbeat-lists';
import { describeOpen, neverLists, orNone } from './heartbeat-workflows';

/** Reads a stream's numbers of groups, which its workflow `mgh-stream:<stream>` holds; undefined where there is none yet. */
export async function readGroupNumbers(client: Client, stream: string): Promise<GroupNumbers | undefined> {
  return numbersOf((await describeOpen(client, streamWorkflowId(stream)))?.memo);
}

/**
 * The numbers of groups that tasks of a stream have or had, for who reads: of its workflow, though that was terminated, else of its
 * heartbeat workflows, the ended ones included. Undefined where there are none.
 */
export async function readNumbersEver(client: Client, stream: string): Promise<number[] | undefined> {
  const latest = await orNone(client.workflow.getHandle(streamWorkflowId(stream)).describe());
  const numbers = numbersOf(latest?.memo);
  if (numbers) return numbers.groups;
  const known = await numbersInUse(client, stream, false);
  return known.length > 0 ? known : undefined;
}

const numbersOf = (memo: Record<string, unknown> | undefined): GroupNumbers | undefined =>
  isNumbers(memo) ? { groups: memo.groups, since: memo.since } : undefined;

function isNumbers(memo: Record<string, unknown> | undefined): memo is Record<string, unknown> & GroupNumbers {
  const { groups, since } = memo ?? {};
  const isNumber = (each: unknown) => Number.isInteger(each) && Number(each) >= 0 && Number(each) <= MAX_GROUPS;
  return Array.isArray(groups) && groups.length > 0 && groups.every(isNumber) && typeof since === 'number';
}

/**
 * Makes the stream's workflow, for its first task: of several who do so at once the first one decides. Numbers that open
 * heartbeat workflows have already (its workflow was terminated) come first.
 */
export async function makeGroupNumbers(client: Client, stream: string, wanted?: number): Promise<GroupNumbers> {
  const inUse = await numbersInUse(client, stream);
  const current = inUse.at(-1);
  const groups = wanted ?? current ?? 0;
  const isChange = current !== undefined && current !== groups;
  // Others may still go by what they read before.
  const since = isChange ? Math.ceil(Date.now() / 1000) + GROUPS_HOLD_AFTER_SECONDS : 0;
  const numbers: GroupNumbers = { groups: [...inUse.filter((each) => isChange || each !== groups), groups], since };
  await client.workflow.start(STREAM_WORKFLOW, {
    workflowId: streamWorkflowId(stream),
    taskQueue: TASK_QUEUE,
    args: [numbers],
    memo: { ...numbers },
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: summaryOf(stream, ': the number of groups that its tasks share'),
  });
  return (await readGroupNumbers(client, stream)) ?? numbers;
}

/** By one list of the shared groups and one row of the groups of one. None where the server cannot list. */
async function numbersInUse(client: Client, stream: string, open = true): Promise<number[]> {
  try {
    const shared = await listHeartbeats(client, stream, { open, shared: true });
    const all = await listHeartbeats(client, stream, { open, limit: shared.size + 1 });
    const numbers = [...shared.keys()].flatMap((id) => parseHeartbeatId(id)?.groups ?? []);
    return [...new Set(all.size > shared.size ? [0, ...numbers] : numbers)];
  } catch (error) {
    if (neverLists(error)) return [];
    throw error;
  }
}

/** Sets the number that new tasks of the stream share, from `GROUPS_HOLD_AFTER_SECONDS` later on. */
export async function setGroupNumber(client: Client, stream: string, groups: number): Promise<void> {
  await client.workflow.getHandle(streamWorkflowId(stream)).signal<[number]>(SET_GROUPS_SIGNAL, groups);
}
