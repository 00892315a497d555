"""Associates an artifact and a server with a task by boto3, then prints what boto3 reads of the task and of applications."""

import json
import os
import sys

import boto3

STREAM, TASK, ARTIFACT, SERVER = sys.argv[1:]

mgh = boto3.client(
    "mgh",
    region_name="us-west-2",
    endpoint_url=os.environ["MGH_ENDPOINT"],
    aws_access_key_id="test",
    aws_secret_access_key="test",
)
task = {"ProgressUpdateStream": STREAM, "MigrationTaskName": TASK}
mgh.associate_created_artifact(**task, CreatedArtifact={"Name": ARTIFACT, "Description": "made by boto3"})
mgh.associate_discovered_resource(**task, DiscoveredResource={"ConfigurationId": SERVER})


def all_of(operation, key, **arguments):
    return [row for page in mgh.get_paginator(operation).paginate(**arguments) for row in page[key]]


held = mgh.describe_migration_task(**task)["MigrationTask"]
print(
    json.dumps(
        {
            "status": held["Task"]["Status"],
            "resourceAttributes": [
                {"type": each["Type"], "value": each["Value"]} for each in held["ResourceAttributeList"]
            ],
            "createdArtifacts": [
                {"name": each["Name"], "description": each.get("Description")}
                for each in all_of("list_created_artifacts", "CreatedArtifactList", **task)
            ],
            "discoveredResources": [
                {"configurationId": each["ConfigurationId"]}
                for each in all_of("list_discovered_resources", "DiscoveredResourceList", **task)
            ],
            "applicationStates": [
                {
                    "applicationId": each["ApplicationId"],
                    "status": each["ApplicationStatus"],
                    "lastUpdatedTime": each["LastUpdatedTime"].timestamp(),
                }
                for each in all_of("list_application_states", "ApplicationStateList")
            ],
        }
    )
)
