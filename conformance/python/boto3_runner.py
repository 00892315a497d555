"""Runs the rows with boto3. `--validating`: the client's own check stays on for bad inputs, too."""

import functools
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

import runner

SERVICES = {"AWSMigrationHub": "mgh", "AWSMigrationHubMultiAccountService": "migrationhub-config"}
VALIDATING = "--validating" in sys.argv


@functools.cache
def client(service, region, validate):
    return boto3.client(
        SERVICES[service],
        region_name=region,
        endpoint_url=runner.ENDPOINT,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(parameter_validation=validate, retries={"total_max_attempts": 1}),
    )


def call(step, bad_input):
    validate = VALIDATING or not bad_input
    made = client(step["service"], step["region"], validate)
    name = xform_name(step["operation"])
    try:
        if paginate := step.get("paginate"):
            pages = made.get_paginator(name).paginate(**step["input"])
            items = [item for page in pages for item in page[paginate["list"]]]
            return runner.counted(items, paginate["key"])
        return getattr(made, name)(**step["input"])
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        raise runner.ServiceError(error.response["Error"]["Code"], status, str(error)) from error
    except (ParamValidationError, TypeError, ValueError) as error:
        # With its check off botocore stumbles in the serializer over what it cannot turn into JSON.
        raise runner.RefusedByClient(f"{type(error).__name__}: {error}") from error


runner.run(call)
