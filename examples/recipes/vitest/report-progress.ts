import { type MigrationHubClient, NotifyMigrationTaskStateCommand } from '@aws-sdk/client-migration-hub';

/** The code under test: tells Migration Hub how far a server is, and promises the next update within an hour. */
export async function reportProgress(client: MigrationHubClient, server: string, percent: number): Promise<void> {
  await client.send(
    new NotifyMigrationTaskStateCommand({
      ProgressUpdateStream: 'DatacenterExit',
      MigrationTaskName: server,
      Task: { Status: percent < 100 ? 'IN_PROGRESS' : 'COMPLETED', ProgressPercent: percent },
      UpdateDateTime: new Date(),
      NextUpdateSeconds: 3600,
    }),
  );
}
