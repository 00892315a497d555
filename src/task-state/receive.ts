import { isTaskOf, receivedChange, validateReport, type TaskIdentity } from '../report';
import type { TaskGroup } from './task-group';
import type { Received } from './types';

/**
 * Takes what a signal brought to the heartbeat workflow `workflowId`. One from another language may be anything: it must not end
 * the tasks of its group.
 */
export function receive(group: TaskGroup, workflowId: string, input: unknown, now: number): Received {
  // Room before the deadline is judged by the caller's worker, and a newer one may know more fields: what was accepted
  // there is not dropped here.
  const check = () => validateReport(input as never, { heartbeats: false, onIgnored: null });
  return taken(workflowId, check, (report) => group.take(report, now));
}

/** The same for a change of an attachment. */
export const receiveChange = (group: TaskGroup, workflowId: string, input: unknown, now: number): Received =>
  taken(
    workflowId,
    () => receivedChange(input),
    (change) => group.attach(change, now),
  );

function taken<T extends TaskIdentity>(
  workflowId: string,
  check: () => T,
  take: (checked: T) => Omit<Received, 'migrationTaskName' | 'dropped'>,
): Received {
  let checked: T;
  try {
    checked = check();
  } catch (error) {
    // Whatever it is, such as an object that is deeper than the stack.
    return { dropped: (error as Error).message };
  }
  const { migrationTaskName } = checked;
  if (!isTaskOf(workflowId, checked))
    return { migrationTaskName, dropped: `${workflowId} is not its heartbeat workflow` };
  return { migrationTaskName, ...take(checked) };
}
