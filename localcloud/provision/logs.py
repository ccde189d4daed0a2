"""CloudWatch log groups."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags


def _create_group(aws: Aws, group: Resource) -> str:
    name = group.physical_name()
    optional = group.given({"logGroupClass": "logGroupClass"})
    try:
        aws.logs.create_log_group(logGroupName=name, **optional)
    except aws.logs.exceptions.ResourceAlreadyExistsException:
        return name  # made by the emulator, for a function that wrote before
    return name


def _configure_group(aws: Aws, group: Resource) -> Mapping[str, Any]:
    if days := group.get("retentionInDays"):
        aws.logs.put_retention_policy(logGroupName=group.id, retentionInDays=days)
    elif group.previous is not None:
        aws.logs.delete_retention_policy(logGroupName=group.id)
    return {"name": group.id, "arn": arn("logs", f"log-group:{group.id}")}


def _delete_group(aws: Aws, group: Resource) -> None:
    aws.logs.delete_log_group(logGroupName=group.id)


def _read_group(aws: Aws, group: Resource) -> Mapping[str, Any] | None:
    answer = aws.logs.describe_log_groups(logGroupNamePrefix=group.id)
    for found in answer["logGroups"]:
        if found["logGroupName"] == group.id:
            inputs = {
                "name": group.id,
                "retentionInDays": found.get("retentionInDays"),
                "logGroupClass": found.get("logGroupClass"),
                "tags": read_tags(aws, arn("logs", f"log-group:{group.id}")),
            }
            return reported(group, inputs, {"logGroupClass": "STANDARD"}, name="name")
    return None


TYPES = {
    "aws:cloudwatch/logGroup:LogGroup": ResourceType(
        _create_group,
        _configure_group,
        _delete_group,
        _read_group,
        at(Resource.physical_name, _read_group),
        named="name",
        computed=("name", "arn"),
        immutable=("name", "logGroupClass"),
        # The emulator encrypts nothing, and can't change the key of a group.
        inert=("kmsKeyId", "skipDestroy"),
    ),
}
