"""Step Functions state machines."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags

NO_LOGGING = {"level": "OFF", "includeExecutionData": False}


def _create(aws: Aws, machine: Resource) -> str:
    created = aws.stepfunctions.create_state_machine(
        name=machine.physical_name(), type=machine.get("type", "STANDARD"), **_settings(machine)
    )
    return created["stateMachineArn"]


def _configure(aws: Aws, machine: Resource) -> Mapping[str, Any]:
    if machine.previous is not None:
        aws.stepfunctions.update_state_machine(stateMachineArn=machine.id, **_settings(machine))
    return {"name": machine.id.rpartition(":")[2], "arn": machine.id}


def _settings(machine: Resource) -> dict[str, Any]:
    return {
        "definition": machine["definition"],
        "roleArn": machine["roleArn"],
        "loggingConfiguration": _logging(machine.get("loggingConfiguration")),
    }


def _logging(given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The provider's `logDestination` is the API's list of destinations."""
    if not given:
        return NO_LOGGING
    logging = NO_LOGGING | {key: value for key, value in given.items() if key != "logDestination"}
    if destination := given.get("logDestination"):
        logging["destinations"] = [{"cloudWatchLogsLogGroup": {"logGroupArn": destination}}]
    return logging


def _read(aws: Aws, machine: Resource) -> Mapping[str, Any] | None:
    found = aws.stepfunctions.describe_state_machine(stateMachineArn=machine.id)
    if found["status"] == "DELETING":
        return None
    inputs = {
        "name": found["name"],
        "definition": found["definition"],
        "roleArn": found["roleArn"],
        "type": found["type"],
        "loggingConfiguration": _read_logging(found.get("loggingConfiguration") or {}),
        "tags": read_tags(aws, machine.id),
    }
    return reported(
        machine, inputs, {"type": "STANDARD", "loggingConfiguration": NO_LOGGING}, name="name"
    )


def _read_logging(found: Mapping[str, Any]) -> Mapping[str, Any]:
    groups = [each["cloudWatchLogsLogGroup"] for each in found.get("destinations", [])]
    return {
        "level": found.get("level", "OFF"),
        "includeExecutionData": bool(found.get("includeExecutionData")),
        "logDestination": groups[0]["logGroupArn"] if groups else None,
    }


def _delete(aws: Aws, machine: Resource) -> None:
    aws.stepfunctions.delete_state_machine(stateMachineArn=machine.id)


TYPES = {
    "aws:sfn/stateMachine:StateMachine": ResourceType(
        _create,
        _configure,
        _delete,
        _read,
        at(lambda machine: arn("states", f"stateMachine:{machine.physical_name()}"), _read),
        named="name",
        computed=("name", "arn"),
        immutable=("name", "type"),
        inert=("tracingConfiguration",),
    ),
}
