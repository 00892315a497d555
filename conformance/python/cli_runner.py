"""Runs the rows with the AWS CLI.

The call of a row is a command of its own; the setup uses the CLI's code inside this process, because a command takes
half a second to start. The CLI does not tell the HTTP status of an error.
"""

import contextlib
import functools
import io
import json
import os
import pathlib
import re
import subprocess
import sys

from awscli.clidriver import create_clidriver

import runner

SERVICES = {"AWSMigrationHub": "mgh", "AWSMigrationHubMultiAccountService": "migrationhub-config"}
ERROR = re.compile(r"An error occurred \(([^)]*)\) when calling the \w+ operation[^:]*: (.*)", re.DOTALL)
REFUSED = re.compile(r"Parameter validation failed|Error parsing parameter|Invalid ")
# Where the rows are; the driver removes it.
FOLDER = pathlib.Path(sys.argv[-1]).parent


def environment(validate):
    config = FOLDER / f"config-{validate}"
    config.write_text(f"[default]\nparameter_validation = {str(validate).lower()}\n")
    return {
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(FOLDER / "none"),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_MAX_ATTEMPTS": "1",
    }


def dashed(operation):
    return re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower()


def command_of(step):
    given = dict(step["input"])
    flags = []
    if "paginate" in step and "MaxResults" in given:
        flags = ["--page-size", str(given.pop("MaxResults"))]
    file = FOLDER / "input.json"
    file.write_text(json.dumps(given))
    return [
        *("--endpoint-url", runner.ENDPOINT, "--region", step["region"], "--output", "json"),
        *(SERVICES[step["service"]], dashed(step["operation"])),
        *("--cli-input-json", f"file://{file}", *flags),
    ]


@functools.cache
def driver():
    os.environ.update(environment(True))
    return create_clidriver()


def inside(arguments):
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = driver().main(arguments)
    return code, *(each.buffer.getvalue().decode() for each in (out, err))


def outside(arguments, validate):
    command = [sys.executable, "-m", "awscli", *arguments]
    env = {**os.environ, **environment(validate)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def call_by(make):
    def call(step, bad_input):
        code, out, err = make(command_of(step), bad_input)
        if code != 0:
            if found := ERROR.search(err):
                raise runner.ServiceError(found[1], None, found[2].strip())
            if REFUSED.search(err):
                raise runner.RefusedByClient(err.strip())
            raise RuntimeError(err)
        output = json.loads(out or "{}")
        if paginate := step.get("paginate"):
            return runner.counted(output[paginate["list"]], paginate["key"])
        return output

    return call


runner.run(
    call_by(lambda arguments, bad_input: outside(arguments, not bad_input)),
    setup_call=call_by(lambda arguments, _: inside(arguments)),
)
