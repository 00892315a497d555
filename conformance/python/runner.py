"""What the Python runners share: read the rows, run each, write one JSON object a line.

A client is a function `call(step, bad_input)` that answers the output as JSON values, or raises one of the two
exceptions below. See ../README.md for rows and results.
"""

import datetime
import json
import os
import sys
import urllib.request

ENDPOINT = os.environ["MGH_ENDPOINT"]


class ServiceError(Exception):
    """The service answered with an error."""

    def __init__(self, code, http_status, message):
        super().__init__(message)
        self.code = code
        self.http_status = http_status


class RefusedByClient(Exception):
    """The client's own check refused the input: nothing was sent."""


def admin(path, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(ENDPOINT + path, data=data, method="POST")
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()


def plain(value):
    """The value with times as epoch seconds, and without what an output has beside its members."""
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def counted(items, key):
    return {"items": len(items), "distinct": len({item[key] for item in items})}


def picked(output, path):
    for key in path.split("."):
        output = output[int(key)] if isinstance(output, list) else output[key]
    return output


def filled(step, captured):
    text = json.dumps(step)
    for name, value in captured.items():
        text = text.replace(f"<<{name}>>", value)
    return json.loads(text)


def attempt(call, step, bad_input):
    try:
        return {"verdict": "ok", "output": plain(call(step, bad_input))}
    except ServiceError as error:
        return {"verdict": "error", "code": error.code, "httpStatus": error.http_status, "reason": str(error)}
    except RefusedByClient as error:
        return {"verdict": "refused-by-client", "reason": str(error)}


def run_row(call, setup_call, row):
    captured = {}
    admin("/_mgh/reset", {})
    for step in row["setup"]:
        if "admin" in step:
            admin(step["admin"], step["body"])
            continue
        result = attempt(setup_call, filled(step, captured), False)
        if result["verdict"] != "ok" and not step.get("mayFail"):
            return {**result, "verdict": "setup-failed", "reason": f'{step["operation"]}: {result["reason"]}'}
        for name, path in step.get("capture", {}).items():
            captured[name] = picked(result["output"], path)
    return attempt(call, filled(row["call"], captured), row["badInput"])


def run(call, setup_call=None):
    """`setup_call` makes the calls of the setup, where they are made in another way than the row's own."""
    with open(sys.argv[-1], encoding="utf-8") as file:
        rows = json.load(file)
    for row in rows:
        print(json.dumps({"id": row["id"], **run_row(call, setup_call or call, row)}), flush=True)
