import pytest
from botocore.exceptions import ClientError

from report_progress import report_progress


def test_migration_hub_has_what_was_reported(emulator, migration_hub):
    report_progress(migration_hub, "web-01", 40)
    [task] = emulator.get("tasks")
    assert (task["status"], task["progressPercent"]) == ("IN_PROGRESS", 40)


def test_a_call_that_migration_hub_throttles_is_made_again(emulator, migration_hub):
    match = {"operation": "NotifyMigrationTaskState"}
    emulator.post("faults", [{"match": match, "times": 1, "action": {"type": "throttle"}}])
    report_progress(migration_hub, "web-01", 50)
    calls = emulator.get("requests?operation=NotifyMigrationTaskState")
    assert [call["httpStatus"] for call in calls] == [400, 200]


def test_a_server_that_reports_nothing_for_two_hours_is_stale_after_the_first(emulator, migration_hub):
    report_progress(migration_hub, "web-01", 60)
    emulator.post("clock", {"advance": 7200})
    [task] = emulator.get("tasks")
    assert task["stale"] and task["staleSeconds"] > 3590


def test_a_server_that_was_not_imported_is_refused(migration_hub):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        report_progress(migration_hub, "web-02", 10)
