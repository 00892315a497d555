import { groupWorkflowId, isEpochSeconds, isTaskOf, refusalOf } from '../report';
import type { TaskGroup } from './task-group';
import type { TaskStateView } from './view';

const FORM =
  'ask with the task name or null, and the time in epoch seconds, from a shell as --input \'"web-01"\' --input $(date +%s)';

/**
 * Answers `lastReportedState`: one task, null for one that nobody reported, or all without a name; judged at `lastStepAt` unless a time
 * is given. Anybody may ask, so the arguments may be anything.
 * @throws Error that names the argument and the right form
 */
export function answer(
  group: TaskGroup,
  args: unknown[],
  workflowId: string,
  lastStepAt: number,
): TaskStateView | TaskStateView[] | null {
  // What is left out is null in many languages.
  const [name = null, now = null, ended = null, ...more] = args;
  if (name !== null && (typeof name !== 'string' || name === ''))
    refuse(
      'migrationTaskName, the first argument,',
      name,
      'it must be the name of a task, or null for all of the group',
    );
  if (now !== null && !isEpochSeconds(now))
    refuse('now, the second argument,', now, 'it must be a number of epoch seconds (not milliseconds)');
  if (ended !== null && typeof ended !== 'boolean')
    refuse(
      'the third argument',
      ended,
      'it is left out, but for a workflow that has ended and answers BetweenSteps: then true',
    );
  if (more.length > 0) refuse('the number of arguments', args.length, 'it must be at most two');
  const view = group.view(name, now ?? lastStepAt);
  const other = view === null && name !== null ? otherThan(workflowId, name) : undefined;
  if (other) refuse('migrationTaskName', name, other);
  return view;
}

function refuse(what: string, value: unknown, rule: string): never {
  throw new Error(`${refusalOf(what, value, rule)}: ${FORM}`);
}

/** Why nobody can have reported a task here; undefined where somebody may do so yet. */
function otherThan(workflowId: string, migrationTaskName: string): string | undefined {
  const [kind, progressUpdateStream = '', groups] = workflowId.split(':');
  const task = { progressUpdateStream, migrationTaskName };
  if (isTaskOf(workflowId, task)) return undefined;
  return kind === 'mgh-group'
    ? `with ${groups} groups it is in ${groupWorkflowId(task, Number(groups))}, not in ${workflowId}`
    : `${workflowId} is not its heartbeat workflow`;
}
