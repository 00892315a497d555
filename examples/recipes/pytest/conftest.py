import json
import re
import subprocess
from pathlib import Path
from urllib.request import Request, urlopen

import boto3
import pytest

COMMAND = Path(__file__).parent / "node_modules/.bin/temporal-migration-hub"


class Emulator:
    """The admin API of a running emulator."""

    def __init__(self, url):
        self.url = url

    def get(self, route):
        return self._call(Request(f"{self.url}/_mgh/{route}"))

    def post(self, route, body):
        return self._call(Request(f"{self.url}/_mgh/{route}", data=json.dumps(body).encode()))

    def _call(self, request):
        with urlopen(request) as response:
            return json.load(response)


@pytest.fixture(scope="session")
def running_emulator():
    """One emulator for all tests, on a free port."""
    with subprocess.Popen([COMMAND, "emulator", "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        started = re.search(r"emulator on (\S+);", line)
        assert started, f"the emulator did not start: {line!r}"
        yield Emulator(started[1])
        process.terminate()


@pytest.fixture
def emulator(running_emulator):
    """The emulator as at its start."""
    running_emulator.post("reset", {})
    return running_emulator


@pytest.fixture
def migration_hub(emulator):
    """A client of boto3 in front of the emulator, which knows the server web-01."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("mgh", endpoint_url=emulator.url, region_name="us-west-2", **keys)
    client.create_progress_update_stream(ProgressUpdateStreamName="DatacenterExit")
    client.import_migration_task(ProgressUpdateStream="DatacenterExit", MigrationTaskName="web-01")
    return client
