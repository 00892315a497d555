import { getClient, log } from '@temporalio/nexus';
import { HandlerError, serviceHandler, type ServiceHandler, type StartOperationContext } from 'nexus-rpc';
import { readLastReportedState } from '../activities/last-reported-state';
import type { Caller, ReportIntake } from '../activities/report-intake';
import type { GroupRoutes } from '../client/group-routes';
import { rememberLabels } from '../client/state-reader';
import { InvalidReportError } from '../report';
import type { Attaching, NamedAttachment, TaskArtifact, TaskSourceResource } from '../report';
import { asInvalidReport } from '../report/or-invalid-report';
import { migrationHubService } from './service';

/** What Temporal gives a call of a workflow as its link. */
const CALL_OF_A_WORKFLOW = 'temporal.api.common.v1.Link.WorkflowEvent';
/** Time for the answer to get back. */
const ANSWER_MS = 1000;

/** Serves `migrationHubService`. */
export function createNexusService(intake: ReportIntake, routes: GroupRoutes): ServiceHandler {
  const changing =
    <T extends NamedAttachment>(asked: Attaching) =>
    (context: StartOperationContext, given: T) =>
      orBadRequest(() => intake.change(asked, given, callerOf(context).reporter.ownerId, getClient(), log));
  const earlierLabels = rememberLabels();
  return serviceHandler(migrationHubService, {
    reportTaskState: (context, report) => orBadRequest(() => intake.take(report, callerOf(context), getClient(), log)),
    lastReportedState: ({ requestDeadline }, input) =>
      orBadRequest(() =>
        readLastReportedState(routes, getClient(), input, {
          earlierLabels,
          end: requestDeadline && requestDeadline.getTime() - ANSWER_MS,
        }),
      ),
    associateArtifact: changing<TaskArtifact>({ kind: 'createdArtifact' }),
    disassociateArtifact: changing({ kind: 'createdArtifact', disassociate: true }),
    associateSourceResource: changing<TaskSourceResource>({ kind: 'sourceResource' }),
    disassociateSourceResource: changing({ kind: 'sourceResource', disassociate: true }),
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
