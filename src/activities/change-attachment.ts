import { activityInfo, getClient, log } from '@temporalio/activity';
import type { Attaching, NamedAttachment, TaskArtifact, TaskSourceResource } from '../report';
import { asInvalidReport } from '../report/or-invalid-report';
import type { ReportIntake } from './report-intake';

/** The activities that change what Migration Hub keeps with a task beside its state; each ends once the heartbeat workflow has the change. */
export function createAttachmentActivities(intake: ReportIntake) {
  const take =
    <T extends NamedAttachment>(asked: Attaching) =>
    async (given: T): Promise<void> => {
      const { workflowExecution, activityId, activityRunId, scheduledTimestampMs } = activityInfo();
      // The same in each activity attempt, so that a change counts once.
      const id = `${workflowExecution?.runId ?? activityRunId}/${scheduledTimestampMs}/${activityId}`;
      await intake.change(asked, given, id, getClient(), log).catch((error: unknown) => {
        throw asInvalidReport(error);
      });
    };
  return {
    /** AssociateCreatedArtifact. */
    associateArtifact: take<TaskArtifact>({ kind: 'createdArtifact' }),
    /** DisassociateCreatedArtifact. */
    disassociateArtifact: take({ kind: 'createdArtifact', disassociate: true }),
    /** AssociateSourceResource. */
    associateSourceResource: take<TaskSourceResource>({ kind: 'sourceResource' }),
    /** DisassociateSourceResource. */
    disassociateSourceResource: take({ kind: 'sourceResource', disassociate: true }),
  };
}
