import { proxyActivities } from '@temporalio/workflow';
import { migrationTask, type ResourceAttribute } from '../src/workflow'; // in your project: 'temporal-migration-hub/workflow'
import type * as activities from './migration-activities';

export interface MigrateServerInput {
  server: string;
  /** The ProgressUpdateStream of Migration Hub. */
  stream: string;
  wave: string;
  application: string;
  /** By which Migration Hub maps the task to a server. */
  resourceAttributes?: ResourceAttribute[];
  /** Migration Hub calls the task stale when it hears nothing for this long. */
  nextUpdateSeconds: number;
  /** How long a short step takes. */
  stepSeconds: number;
  /** The step that fails, for demonstration. */
  failAt?: 'test' | 'cutover';
}

const { replicate, launchTestInstance, cutOver } = proxyActivities<typeof activities>({
  startToCloseTimeout: '1 day',
  heartbeatTimeout: '10 seconds',
});

/** Replicates a server, tests the copy and cuts over, and tells Migration Hub how far it is. */
export async function migrateServer(input: MigrateServerInput): Promise<void> {
  const { server, stepSeconds: seconds, nextUpdateSeconds, failAt } = input;
  const task = migrationTask({
    progressUpdateStream: input.stream,
    migrationTaskName: server,
    nextUpdateSeconds,
    labels: { wave: input.wave, application: input.application },
    resourceAttributes: input.resourceAttributes,
  });
  const progress = (progressPercent: number, statusDetail: string) =>
    task.report({ status: 'IN_PROGRESS', progressPercent, statusDetail });

  // FAILED is reported when a failure ends this, such as that of an activity, or the workflow is cancelled; COMPLETED when it returns.
  await task.run(async () => {
    await progress(10, 'Replicating: system volume');
    await replicate({ server, seconds });
    await progress(30, 'Replicating: data volumes');
    // Nothing to say for longer than a third of nextUpdateSeconds: heartbeats keep the task fresh.
    await replicate({ server, seconds: nextUpdateSeconds / 2 + seconds });
    await progress(60, 'Testing the copy');
    await launchTestInstance({ server, seconds, fail: failAt === 'test' });
    await progress(80, 'Cutting over');
    await cutOver({ server, seconds, fail: failAt === 'cutover' });
  });
}
