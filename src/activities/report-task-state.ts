import { activityInfo, ApplicationFailure, getClient, log } from '@temporalio/activity';
import { Remembered } from '../async/remembered';
import type { GroupRoutes } from '../client/group-routes';
import { lastFailureOf, query } from '../client/heartbeat-workflows';
import type { ReportSender } from '../client/report-sender';
import { StateReader } from '../client/state-reader';
import { validateReport, type TaskIdentity, type TaskReport } from '../report';
import { DELIVERY_FIELDS } from '../report/fields';
import { asInvalidReport, orInvalidReport } from '../report/or-invalid-report';
import { checked } from '../report/validate';
import {
  deliveryOf,
  type HeartbeatSettings,
  type ReportedState,
  type ReportKey,
  type TaskStateView,
} from '../task-state';
import { describeWorkflow } from './open-workflows';
import type { UndeliveredReports } from './undelivered-reports';

/** When a workflow run started, and in which tree, does not change. */
const REMEMBERED_MS = 3_600_000;
/** gRPC's codes of a server that will never say it: NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED. */
const NEVER_TOLD = new Set([5, 7, 12]);
/** Of fields that do not exist, so many are told of. */
const REMEMBERED_FIELDS = 100;

/** Sends a report to the task's heartbeat workflow, starting it where there is none. Gives the key under which it was accepted. */
export function createReportTaskState(
  { heartbeatFraction }: HeartbeatSettings,
  sender: ReportSender,
  undelivered: UndeliveredReports,
) {
  const starts = new Remembered<{ startedAt?: number; root?: string }>(REMEMBERED_MS);
  const startOf = async (workflowId: string, runId: string) => {
    try {
      return await starts.get(runId, () => describeWorkflow({ workflowId }, runId));
    } catch (error) {
      // What may pass is tried again by Temporal: without its start a report would count as one of an attempt before.
      if (!NEVER_TOLD.has((error as { code?: number }).code ?? -1)) throw error;
      log.warn('the start of a workflow that reports is not known', { workflowId, reason: String(error) });
      return {};
    }
  };
  const told = new Set<string>();
  // Once: a newer version of the caller would bring it with each report.
  const onIgnored = (message: string) => {
    if (told.has(message) || told.size >= REMEMBERED_FIELDS) return;
    told.add(message);
    log.warn(message);
  };
  return async function reportTaskState(input: TaskReport): Promise<ReportKey> {
    const report = orInvalidReport(() => validateReport(input, { heartbeatFraction, onIgnored }));
    const { workflowExecution, activityId, activityRunId, scheduledTimestampMs } = activityInfo();
    const { workflowId, runId } = workflowExecution ?? {};
    // A caller in another language names no owner: each of its activities is a reporter. An id may be used again once its activity
    // has ended; the time tells one from the next, and is the same in each activity attempt, so that a report counts once.
    report.owner ??= {
      ownerId: `${runId ?? activityRunId}/${activityId}`,
      workflowId,
      runId,
      sequence: scheduledTimestampMs,
    };
    const { owner } = report;
    owner.workflowId ??= workflowId;
    if (!owner.attempt && workflowId && runId) {
      const { startedAt, root } = await startOf(workflowId, runId);
      owner.startedAt ??= startedAt;
      owner.rootWorkflowId ??= root;
    }
    const acceptedBy = await sender.send(getClient(), report).catch((error: unknown) => {
      throw asInvalidReport(error);
    });
    undelivered.accepted(acceptedBy, report);
    return { ownerId: owner.ownerId, sequence: owner.sequence };
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

/** What was last reported of a task, as `MigrationHubClient` answers it; null where nobody has reported it. For workflows in any language. */
export function createLastReportedState(routes: GroupRoutes) {
  return async function lastReportedState(task: TaskIdentity): Promise<ReportedState | null> {
    const client = getClient();
    const candidates = await routes.candidates(client, task);
    const { states } = await new StateReader(client).readTask(candidates, task.migrationTaskName);
    return states[0] ?? null;
  };
}

/** Asks Temporal to cancel the workflow run that calls. */
export async function cancelCaller(): Promise<void> {
  const { workflowId, runId } = activityInfo().workflowExecution ?? {};
  if (workflowId) await getClient().workflow.getHandle(workflowId, runId).cancel();
}
