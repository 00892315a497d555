from datetime import datetime, timezone


def report_progress(migration_hub, server, percent):
    """The code under test: tells Migration Hub how far a server is."""
    migration_hub.notify_migration_task_state(
        ProgressUpdateStream="DatacenterExit",
        MigrationTaskName=server,
        Task={"Status": "IN_PROGRESS" if percent < 100 else "COMPLETED", "ProgressPercent": percent},
        UpdateDateTime=datetime.now(timezone.utc),
        NextUpdateSeconds=3600,
    )
