import { MigrationHubClient, NotifyMigrationTaskStateCommand } from '@aws-sdk/client-migration-hub';

const client = new MigrationHubClient({ maxAttempts: 1 });

/** A notification as a user would send it from an activity; Temporal retries it. */
export async function notifyMigrationHub(stream: string, task: string, nextUpdateSeconds: number): Promise<void> {
  await client.send(
    new NotifyMigrationTaskStateCommand({
      ProgressUpdateStream: stream,
      MigrationTaskName: task,
      Task: { Status: 'IN_PROGRESS', StatusDetail: 'Replicating', ProgressPercent: 50 },
      UpdateDateTime: new Date(Math.floor(Date.now() / 1000) * 1000),
      NextUpdateSeconds: nextUpdateSeconds,
    }),
  );
}
