import type { Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import type { Undelivered, UndeliveredReports } from '../activities/undelivered-reports';
import { bounded } from '../async/bounded';
import { inParallel } from '../async/in-parallel';
import { isNotFound, query } from '../client/heartbeat-workflows';
import { TASK_QUEUE, type ReportOwner } from '../report';
import { namesIn } from '../report/names-in';
import { deliveryOf, hasUntried, type TaskStateView } from '../task-state';

/** Heartbeat workflows asked at once, and the pauses between. */
const ASKED_AT_ONCE = 10;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
/** Tasks that the log line names. */
const NAMED_TASKS = 10;

/**
 * Waits until Migration Hub has the reports that were accepted so far, and was once asked to take their attachments, `seconds` at most,
 * however the servers answer; then says what is left. Without workers that serve, nothing is waited for.
 */
export async function drain(
  client: Client,
  reports: UndeliveredReports,
  seconds: number,
  isServing: () => boolean,
): Promise<void> {
  const began = performance.now();
  const left = () => reports.acceptedUntil(began);
  const untilDelivered = async (over: AbortSignal) => {
    for (let pause = FIRST_PAUSE_MS; left().length > 0 && isServing(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await inParallel([...byWorkflow(left())], ASKED_AT_ONCE, async ([workflowId, waiting]) => {
        if (!over.aborted) await ask(client, workflowId, waiting, reports);
      });
      if (over.aborted) return;
    }
  };
  // The deadline ends calls to a server that is gone: they would keep the process.
  await client
    .withDeadline(Date.now() + seconds * 1000, () => bounded(seconds * 1000, undefined, untilDelivered))
    .catch(() => undefined);
  say(left(), seconds);
}

function byWorkflow(undelivered: Undelivered[]): Map<string, Undelivered[]> {
  const groups = new Map<string, Undelivered[]>(undelivered.map(({ workflowId }) => [workflowId, []]));
  for (const each of undelivered) groups.get(each.workflowId)?.push(each);
  return groups;
}

/** Takes out what waits no more. */
async function ask(client: Client, workflowId: string, waiting: Undelivered[], reports: UndeliveredReports) {
  let views: TaskStateView[];
  try {
    views = await query<TaskStateView[]>(client, workflowId, null);
  } catch (error) {
    // Who does not answer is asked again, but one that does not exist any more has nothing that waits.
    if (!isNotFound(error)) return;
    views = [];
  }
  for (const each of waiting) {
    const view = views.find(({ migrationTaskName }) => migrationTaskName === each.task.migrationTaskName);
    if (!view || !waits(view, each)) reports.settled(each);
  }
}

/** A report waits until Migration Hub has it; an attachment, which may be tried for days, until it was tried once. */
function waits(view: TaskStateView, { report }: Undelivered): boolean {
  if (hasUntried(view)) return true;
  if (!report || !(view.pending || view.nextAttempt)) return false;
  return deliveryOf(view, report.owner as ReportOwner).outcome === 'waiting';
}

function say(left: Undelivered[], seconds: number): void {
  if (left.length === 0) return;
  const tasks = [...new Set(left.map(({ task }) => `${task.progressUpdateStream}/${task.migrationTaskName}`))];
  const what = [
    left.some(({ report }) => report) && 'the newest reports',
    left.some(({ change }) => change) && 'attachments',
  ];
  Runtime.instance().logger.warn(
    `${what.filter(Boolean).join(' and ')} of ${tasks.length} migration tasks were accepted here, but not seen delivered within drainSeconds (${seconds}): ${namesIn(tasks, NAMED_TASKS)}; nothing is lost, the next worker of the task queue ${TASK_QUEUE} goes on with them`,
  );
}
