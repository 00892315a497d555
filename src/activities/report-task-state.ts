import { activityInfo, ApplicationFailure, getClient, log } from '@temporalio/activity';
import type { GroupRoutes } from '../client/group-routes';
import { lastFailureOf, query } from '../client/heartbeat-workflows';
import { rememberLabels } from '../client/state-reader';
import type { TaskIdentity, TaskReport } from '../report';
import { DELIVERY_FIELDS } from '../report/fields';
import { asInvalidReport, orInvalidReport } from '../report/or-invalid-report';
import { checked } from '../report/validate';
import { deliveryOf, type ReportedState, type ReportKey, type TaskStateView } from '../task-state';
import { readLastReportedState } from './last-reported-state';
import type { ReportIntake } from './report-intake';

/** Takes a report; gives the key under which it was accepted. */
export function createReportTaskState(intake: ReportIntake) {
  return async function reportTaskState(report: TaskReport): Promise<ReportKey> {
    const {
      workflowExecution,
      workflowType,
      activityId,
      activityRunId,
      scheduledTimestampMs: sequence,
    } = activityInfo();
    const { workflowId, runId } = workflowExecution ?? {};
    // A caller in another language names no owner: each of its activities is a reporter. An id may be used again once its activity
    // has ended; the time tells one from the next, and is the same in each activity attempt, so that a report counts once.
    const reporter = { ownerId: `${runId ?? activityRunId}/${activityId}`, sequence };
    return intake
      .take(report, { workflow: { workflowId, runId, workflowType }, reporter }, getClient(), log)
      .catch((error: unknown) => {
        throw asInvalidReport(error);
      });
  };
}

/** Resolves when Migration Hub has a reporter's `sequence` or something newer; fails retryably while it has not. */
export function createAwaitDelivery(routes: GroupRoutes) {
  return async function awaitDelivery(task: TaskIdentity, ownerId: string, sequence: number): Promise<TaskStateView> {
    orInvalidReport(() => checked('', { ...task, ownerId, sequence }, DELIVERY_FIELDS, () => undefined));
    const client = getClient();
    const ask = (id: string) => query<TaskStateView | null>(client, id, task.migrationTaskName);
    const view = (await routes.firstToKnow(client, task, ask, (each) => each !== null)) ?? null;
    const { outcome, reason } = deliveryOf(view, { ownerId, sequence });
    if (view && outcome === 'delivered') return view;
    if (outcome === 'refused')
      throw ApplicationFailure.create({
        message: `the report was refused: ${reason}`,
        type: 'ReportRefused',
        nonRetryable: true,
      });
    throw ApplicationFailure.create({
      message: `Migration Hub does not have the report yet${lastFailureOf(view)}`,
      type: 'NotYetDelivered',
      category: 'BENIGN',
    });
  };
}

/** What was last reported of a task, and until when it holds; null where nobody has reported it. */
export function createLastReportedState(routes: GroupRoutes) {
  const earlierLabels = rememberLabels();
  return (task: TaskIdentity): Promise<ReportedState | null> =>
    readLastReportedState(routes, getClient(), task, { earlierLabels }).catch((error: unknown) => {
      throw asInvalidReport(error);
    });
}

/** Asks Temporal to cancel the workflow run that calls. */
export async function cancelCaller(): Promise<void> {
  const { workflowId, runId } = activityInfo().workflowExecution ?? {};
  if (workflowId) await getClient().workflow.getHandle(workflowId, runId).cancel();
}
