"""Reports of one task of AWS Migration Hub, by the activities of temporal-migration-hub."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Optional

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, is_cancelled_exception


@dataclass
class MigrationTask:
    stream: str
    name: str
    wave: Optional[str] = None

    async def report(self, status: str, percent: int, detail: str) -> None:
        """Says how far the migration is. A report that does not arrive does not stop the migration: the next one is newer."""
        try:
            await self._send(timedelta(minutes=1), status, percent, detail)
        except ActivityError as error:
            # Only this tells that the workflow was cancelled: without it the migration would go on.
            if is_cancelled_exception(error):
                raise
            workflow.logger.warning("a report of %s was not accepted: %s", self.name, error.cause)

    async def report_end(self, failure: Optional[BaseException] = None) -> None:
        """Reports COMPLETED, or FAILED with the reason, and waits until Migration Hub has it, even if the workflow is cancelled."""
        end = asyncio.create_task(self._report_end(failure))
        try:
            await asyncio.shield(end)
        except asyncio.CancelledError:
            # It came too late to change the end.
            await end

    async def _report_end(self, failure: Optional[BaseException]) -> None:
        status, percent = ("FAILED", None) if failure else ("COMPLETED", 100)
        detail = _reason(failure) if failure else None
        try:
            key = await self._send(timedelta(hours=1), status, percent, detail)
            await self._await_delivery(key)
        except ActivityError as error:
            workflow.logger.error("Migration Hub does not have the end of %s: %s", self.name, error.cause)

    async def _send(self, within: timedelta, status: str, percent: Optional[int], detail: Optional[str]) -> dict[str, Any]:
        # None travels as null, which counts as left out.
        report = {
            **self._identity(),
            "status": status,
            "progressPercent": percent,
            "statusDetail": detail,
            "nextUpdateSeconds": 3600,
            "labels": {"wave": self.wave},
        }
        return await workflow.execute_activity(
            "reportTaskState",
            report,
            task_queue="migration-hub",
            start_to_close_timeout=timedelta(seconds=10),
            schedule_to_close_timeout=within,
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10)),
        )

    async def _await_delivery(self, key: dict[str, Any]) -> None:
        """Fails, and is tried again, until Migration Hub has the report."""
        await workflow.execute_activity(
            "awaitDelivery",
            args=[self._identity(), key["ownerId"], key["sequence"]],
            task_queue="migration-hub",
            start_to_close_timeout=timedelta(seconds=10),
            schedule_to_close_timeout=timedelta(minutes=5),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=1), backoff_coefficient=1.5, maximum_interval=timedelta(seconds=30)
            ),
        )

    def _identity(self) -> dict[str, str]:
        return {"progressUpdateStream": self.stream, "migrationTaskName": self.name}


def _reason(failure: BaseException) -> str:
    if isinstance(failure, ActivityError) and failure.cause:
        failure = failure.cause
    return str(failure) or "cancelled"
