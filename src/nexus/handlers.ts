import { getClient, log } from '@temporalio/nexus';
import { HandlerError, serviceHandler, type ServiceHandler, type StartOperationContext } from 'nexus-rpc';
import type { Caller, ReportIntake } from '../activities/report-intake';
import type { GroupRoutes } from '../client/group-routes';
import { StateReader } from '../client/state-reader';
import { InvalidReportError } from '../report';
import { REPORT_FIELDS } from '../report/fields';
import { asInvalidReport } from '../report/or-invalid-report';
import { checked } from '../report/validate';
import { migrationHubService } from './service';

/** What Temporal gives a call of a workflow as its link. */
const CALL_OF_A_WORKFLOW = 'temporal.api.common.v1.Link.WorkflowEvent';
/** Time for the answer to get back. */
const ANSWER_MS = 1000;

/** Serves `migrationHubService`. */
export function createNexusService(intake: ReportIntake, routes: GroupRoutes): ServiceHandler {
  const { progressUpdateStream, migrationTaskName } = REPORT_FIELDS;
  return serviceHandler(migrationHubService, {
    reportTaskState: (context, report) => orBadRequest(() => intake.take(report, callerOf(context), getClient(), log)),
    lastReportedState: ({ requestDeadline }, input) =>
      orBadRequest(async () => {
        const task = checked('', input, { progressUpdateStream, migrationTaskName }, () => undefined);
        const client = getClient();
        const reader = new StateReader(client, requestDeadline && requestDeadline.getTime() - ANSWER_MS);
        const { states } = await reader.readTask(await routes.candidates(client, task), task.migrationTaskName);
        return states[0] ?? null;
      }),
  });
}

/** The workflow that calls, by the link to the event in its history; each call is a reporter of its own. */
export function callerOf({
  inboundLinks,
  requestId,
}: Pick<StartOperationContext, 'inboundLinks' | 'requestId'>): Caller {
  const { pathname = '' } = inboundLinks.find(({ type }) => type === CALL_OF_A_WORKFLOW)?.url ?? {};
  const [, namespace, workflowId, runId] =
    /^\/namespaces\/([^/]+)\/workflows\/([^/]+)\/([^/]+)\//.exec(pathname)?.map(decodeURIComponent) ?? [];
  // The same in each try of a call, so that a report counts once.
  const reporter = { ownerId: `${runId ?? 'nexus'}/${requestId}`, sequence: 1 };
  return runId === undefined
    ? { workflow: {}, reporter: { ...reporter, reportedAt: Date.now() / 1000 } }
    : { workflow: { namespace, workflowId, runId }, reporter };
}

/** What is wrong is wrong in each try: only this error ends the call at once. */
async function orBadRequest<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidReportError)) throw error;
    throw new HandlerError('BAD_REQUEST', error.message, { cause: asInvalidReport(error) as Error });
  }
}
