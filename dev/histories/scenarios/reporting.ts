import { MigrationHubClient } from '../../../src/client/migration-hub-client';
import { heartbeatWorkflowId, type TaskReport } from '../../../src/report';
import type { GroupsOption, HeartbeatOptions } from '../../../src/client/settings';
import type { Stage } from '../stage';

/** Shortest that a heartbeat workflow takes with the default fraction: a heartbeat comes after some 14 s. */
export const NEXT_UPDATE_SECONDS = 45;
const STREAM = 'Recorded';

const NOTIFY = 'NotifyMigrationTaskState';
/** Which calls a fault of this scenario hits. */
export const notifying = (task: string) => ({ operation: NOTIFY, stream: STREAM, task });

export const taskOf = (name: string) => ({
  progressUpdateStream: STREAM,
  migrationTaskName: name,
  nextUpdateSeconds: NEXT_UPDATE_SECONDS,
});

export const heartbeatIdOf = (name: string): string => heartbeatWorkflowId(taskOf(name), 0);

type Said = Partial<TaskReport>;

/** Reports from outside of workflows, of the task with the scenario's name. */
export function reporter(
  { client, emulator }: Stage,
  name: string,
  options: { groups?: GroupsOption } & HeartbeatOptions = {},
) {
  const { groups, ...heartbeat } = options;
  const hub = new MigrationHubClient({ client, groups, heartbeat });
  const report = (said: Said) => hub.report({ ...taskOf(name), status: 'IN_PROGRESS', ...said });
  const delivered = (handedOver: Awaited<ReturnType<typeof report>>) => hub.waitForDelivery(handedOver);
  return {
    report,
    delivered,
    tell: async (said: Said) => delivered(await report(said)),
    view: () => hub.lastReportedState(STREAM, name),
    /** Notifications that have reached Migration Hub, answered or not. */
    notified: () => emulator.requests({ operation: NOTIFY, task: name }).length,
    held: () => emulator.tasks().find(({ migrationTaskName }) => migrationTaskName === name),
    workflow: client.workflow.getHandle(heartbeatIdOf(name)),
  };
}
