import type { AcceptedReport } from '../../../src/client/delivery';
import { MigrationHubClient } from '../../../src/client/migration-hub-client';
import { heartbeatWorkflowId } from '../../../src/client/heartbeat-workflow-id';
import { type TaskReport } from '../../../src/report';
import type { HeartbeatOptions } from '../../../src/client/settings';
import type { Stage } from '../stage';

/** Shortest that a heartbeat workflow takes with the default fraction: a heartbeat comes after some 14 s. */
const NEXT_UPDATE_SECONDS = 45;
const STREAM = 'Recorded';

const NOTIFY = 'NotifyMigrationTaskState';
/** Which calls a fault of this scenario hits. */
export const notifying = (task: string) => ({ operation: NOTIFY, stream: STREAM, task });

export const taskOf = (name: string, stream = STREAM) => ({
  progressUpdateStream: stream,
  migrationTaskName: name,
  nextUpdateSeconds: NEXT_UPDATE_SECONDS,
});

export const heartbeatIdOf = (name: string): string => heartbeatWorkflowId(taskOf(name));

type Content = Partial<TaskReport>;

/** Reports from outside of workflows, of the task with the scenario's name. */
export function reporter(
  { client, emulator }: Stage,
  name: string,
  options: { stream?: string; groups?: number } & HeartbeatOptions = {},
) {
  const { stream = STREAM, groups, ...heartbeat } = options;
  const hub = new MigrationHubClient({ client, groups, heartbeat });
  const report = (content: Content) => hub.report({ ...taskOf(name, stream), status: 'IN_PROGRESS', ...content });
  const delivered = (accepted: AcceptedReport) => hub.waitForDelivery(accepted);
  return {
    hub,
    report,
    delivered,
    deliver: async (content: Content) => delivered(await report(content)),
    view: () => hub.lastReportedState(stream, name),
    /** Notifications that have reached Migration Hub, answered or not. */
    notified: () => emulator.requests({ operation: NOTIFY, task: name }).length,
    held: () => emulator.tasks().find(({ migrationTaskName }) => migrationTaskName === name),
    workflow: client.workflow.getHandle(heartbeatIdOf(name)),
  };
}
