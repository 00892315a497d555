/** @module The sample of `temporal-migration-hub dev`: it stands for a migration and moves nothing. */
import { ApplicationFailure, executeChild, sleep } from '@temporalio/workflow';
import { migrationTask } from '../../../workflow';
import { SAMPLE_STREAM, type SampleServer } from '../servers';

/** What a migration reports, and for how long it is then silent. */
const STEPS: [percent: number, detail: string, seconds: number][] = [
  [5, 'Installing the replication agent', 3],
  [20, 'Replicating: system volume', 12],
  // Longer than a third of NEXT_UPDATE_SECONDS: heartbeats keep the task fresh.
  [45, 'Replicating: data volumes', 35],
  [70, 'Testing the copy', 10],
  [85, 'Cutting over', 8],
];
const NEXT_UPDATE_SECONDS = 60;

/** All servers, each in a child workflow of its own. Some fail, as servers do. */
export async function sampleProgramme(servers: SampleServer[]): Promise<void> {
  await Promise.allSettled(
    servers.map((server) =>
      executeChild(sampleMigration, {
        workflowId: `sample-${server.name}`,
        args: [server],
        staticSummary: `${server.name}, ${server.wave}`,
      }),
    ),
  );
}

/** One server: it reports and sleeps. */
export async function sampleMigration(server: SampleServer): Promise<void> {
  const { name, wave, application, startSeconds, pace, failsAt } = server;
  const task = migrationTask({
    progressUpdateStream: SAMPLE_STREAM,
    migrationTaskName: name,
    nextUpdateSeconds: NEXT_UPDATE_SECONDS,
    labels: { wave, application },
  });
  await task.run(async () => {
    if (startSeconds > 0) {
      await task.report({ status: 'NOT_STARTED', statusDetail: `Waiting for ${wave}` });
      await sleep(startSeconds * 1000);
    }
    for (const [progressPercent, statusDetail, seconds] of STEPS) {
      await task.report({ status: 'IN_PROGRESS', progressPercent, statusDetail });
      await sleep(seconds * pace * 1000);
      if (failsAt === progressPercent)
        throw ApplicationFailure.nonRetryable(
          `${name} does not come up: its health check answers 500`,
          'SampleFailure',
        );
    }
  });
}
