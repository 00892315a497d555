const {
  CreateProgressUpdateStreamCommand,
  ImportMigrationTaskCommand,
  MigrationHubClient,
  NotifyMigrationTaskStateCommand,
} = require('@aws-sdk/client-migration-hub');

/** The code under test: region, credentials and endpoint come from the environment. */
exports.reportProgress = async (server, percent) => {
  const client = new MigrationHubClient({});
  const of = { ProgressUpdateStream: 'DatacenterExit', MigrationTaskName: server };
  await client.send(new CreateProgressUpdateStreamCommand({ ProgressUpdateStreamName: of.ProgressUpdateStream }));
  await client.send(new ImportMigrationTaskCommand(of));
  await client.send(
    new NotifyMigrationTaskStateCommand({
      ...of,
      Task: { Status: percent < 100 ? 'IN_PROGRESS' : 'COMPLETED', ProgressPercent: percent },
      UpdateDateTime: new Date(),
      NextUpdateSeconds: 3600,
    }),
  );
  client.destroy();
};
