"""A migration in Python whose states reach AWS Migration Hub: a worker, and a starter that waits for four migrations.

TEMPORAL_ADDRESS (localhost:7233 by default) and TEMPORAL_NAMESPACE say which server; the first argument is the name of the
ProgressUpdateStream. `npm run example:python` starts everything that it needs, and cancels app-01 and nas-01 while they report.
"""

import asyncio
import logging
import os
import sys
import time
from typing import Any

from temporalio.client import Client, WorkflowFailureError, WorkflowQueryFailedError
from temporalio.worker import Worker

from migrate_server import MigrateServer, Server, do_step

TASK_QUEUE = "migrations-python"


async def last_reported_state(client: Client, stream: str, name: str) -> dict[str, Any]:
    """What Migration Hub was last told of a task, judged now."""
    handle = client.get_workflow_handle(f"mgh:{stream}:{name}")
    tries = 25
    while True:
        try:
            return await handle.query("lastReportedState", args=[name, int(time.time())])
        except WorkflowQueryFailedError as error:
            tries -= 1
            if "BetweenSteps" not in str(error) or tries == 0:
                raise
        # The workflow is between two steps: ask again.
        await asyncio.sleep(0.2)


async def main(stream: str) -> None:
    client = await Client.connect(
        os.environ.get("TEMPORAL_ADDRESS") or "localhost:7233", namespace=os.environ.get("TEMPORAL_NAMESPACE") or "default"
    )
    servers = [
        Server(stream, "web-01", wave="wave-1"),
        Server(stream, "db-01", fails_at="Cutover"),
        Server(stream, "app-01"),
        # There is nothing to do but to report the end.
        Server(stream, "nas-01", steps=[]),
    ]
    async with Worker(client, task_queue=TASK_QUEUE, workflows=[MigrateServer], activities=[do_step]):
        handles = [
            await client.start_workflow(
                MigrateServer.run, server, id=f"migrate-{stream}-{server.name}", task_queue=TASK_QUEUE
            )
            for server in servers
        ]
        for server, handle in zip(servers, handles):
            try:
                await handle.result()
                print(f"{server.name}: the workflow completed")
            except WorkflowFailureError as error:
                # How db-01 is meant to end, and app-01 if it is cancelled.
                print(f"{server.name}: the workflow failed: {error.cause}")
            state = await last_reported_state(client, stream, server.name)
            last = state["lastDelivered"]
            print(f"{server.name}: lastReportedState: {last['status']} {last.get('progressPercent', 0)} %, {state['freshness']}")


if __name__ == "__main__":
    # The activity that fails is meant to.
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "DatacenterExit"))
    # A thread of the SDK's native part may still be at work, and would crash an interpreter that is being finalized.
    sys.stdout.flush()
    os._exit(0)
