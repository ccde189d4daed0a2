"""Step Functions state machines."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType

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


def _delete(aws: Aws, machine: Resource) -> None:
    aws.stepfunctions.delete_state_machine(stateMachineArn=machine.id)


TYPES = {
    "aws:sfn/stateMachine:StateMachine": ResourceType(
        _create,
        _configure,
        _delete,
        computed=("name", "arn"),
        immutable=("name", "type"),
        inert=("tracingConfiguration",),
    ),
}
