import { activityInfo, ApplicationFailure, getClient, log } from '@temporalio/activity';
import { Remembered } from '../async/remembered';
import type { GroupRoutes } from '../client/group-routes';
import { lastFailureOf, query } from '../client/heartbeat-workflows';
import type { ReportSender } from '../client/report-sender';
import { validateReport, type TaskIdentity, type TaskReport } from '../report';
import { orInvalidReport } from '../report/or-invalid-report';
import { deliveryOf, type HeartbeatSettings, type ReportKey, type TaskStateView } from '../task-state';

/** When a workflow run started does not change. */
const REMEMBERED_MS = 3_600_000;
/** Of fields that do not exist, so many are told of. */
const REMEMBERED_FIELDS = 100;

/** Sends a report to the task's heartbeat workflow, starting it where there is none. Gives the key under which it was accepted. */
export function createReportTaskState({ heartbeatFraction }: HeartbeatSettings, sender: ReportSender) {
  const starts = new Remembered<number | undefined>(REMEMBERED_MS);
  const startOf = (workflowId: string, runId: string) =>
    starts.get(runId, async () => {
      try {
        const { startTime } = await getClient().workflow.getHandle(workflowId, runId).describe();
        return startTime.getTime() / 1000;
      } catch (error) {
        log.warn('the start of a workflow that reports is not known', { workflowId, reason: String(error) });
        return undefined;
      }
    });
  const told = new Set<string>();
  // Once: a newer version of the caller would bring it with each report.
  const onIgnored = (message: string) => {
    if (told.has(message) || told.size >= REMEMBERED_FIELDS) return;
    told.add(message);
    log.warn(message);
  };
  return async function reportTaskState(input: TaskReport): Promise<ReportKey> {
    const report = orInvalidReport(() => validateReport(input, { heartbeatFraction, onIgnored }));
    const { workflowExecution, activityId, activityRunId } = activityInfo();
    const { workflowId, runId } = workflowExecution ?? {};
    // A caller in another language names no owner: each of its activities is a reporter with one report, so its retries count once.
    report.owner ??= { ownerId: `${runId ?? activityRunId}/${activityId}`, workflowId, runId, sequence: 1 };
    report.owner.workflowId ??= workflowId;
    if (!report.owner.attempt && workflowId && runId) report.owner.startedAt ??= await startOf(workflowId, runId);
    await sender.send(getClient(), report);
    return { ownerId: report.owner.ownerId, sequence: report.owner.sequence };
  };
}

/** Resolves when Migration Hub has a reporter's `sequence` or something newer; fails retryably while it has not. */
export function createAwaitDelivery(routes: GroupRoutes) {
  return async function awaitDelivery(task: TaskIdentity, ownerId: string, sequence: number): Promise<TaskStateView> {
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

/** Asks Temporal to cancel the workflow run that calls. */
export async function cancelCaller(): Promise<void> {
  const { workflowId, runId } = activityInfo().workflowExecution ?? {};
  if (workflowId) await getClient().workflow.getHandle(workflowId, runId).cancel();
}
