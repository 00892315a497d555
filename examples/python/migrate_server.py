"""The migration of one server: its workflow, and the activity that stands for the work."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Optional

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError, FailureError

from migration_task import MigrationTask


@dataclass
class Server:
    stream: str
    name: str
    wave: Optional[str] = None
    # The step at which this migration is to fail.
    fails_at: Optional[str] = None
    steps: list[str] = field(default_factory=lambda: ["Replicating", "Testing", "Cutover"])


@activity.defn
async def do_step(step: str, fails: bool) -> None:
    """Stands for the work."""
    await asyncio.sleep(2)
    if fails:
        raise ApplicationError(f"{step}: the disk is full", type="DiskFull", non_retryable=True)


@workflow.defn
class MigrateServer:
    @workflow.run
    async def run(self, server: Server) -> None:
        task = MigrationTask(server.stream, server.name, server.wave)
        try:
            for i, step in enumerate(server.steps):
                await task.report("IN_PROGRESS", 10 + 30 * i, step)
                await workflow.execute_activity(
                    do_step, args=[step, step == server.fails_at], start_to_close_timeout=timedelta(hours=1)
                )
        # What ends the workflow, and nothing else: any other exception fails the workflow task only, and the workflow goes on.
        except (FailureError, asyncio.CancelledError) as failure:
            await task.report_end(failure)
            raise
        await task.report_end()
