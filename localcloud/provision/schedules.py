"""Schedules of EventBridge Scheduler. The id is `<group>/<name>`, as in the AWS provider."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel

SETTINGS = camel(
    "scheduleExpression scheduleExpressionTimezone flexibleTimeWindow target state description startDate endDate"
    " actionAfterCompletion kmsKeyArn"
)
GROUP = "default"

# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html and API_RetryPolicy.html
DEFAULTS = {
    "groupName": GROUP,
    "scheduleExpressionTimezone": "UTC",
    "state": "ENABLED",
    "actionAfterCompletion": "NONE",
    "target": {
        "retryPolicy": {"maximumEventAgeInSeconds": 86400, "maximumRetryAttempts": 185},
    },
}


def _create_schedule(aws: Aws, schedule: Resource) -> str:
    made = schedule.at(_id(schedule))
    aws.scheduler.create_schedule(**_key(made), **schedule.given(SETTINGS))
    return made.id


def _id(schedule: Resource) -> str:
    return f"{schedule.get('groupName') or GROUP}/{schedule.physical_name()}"


def _key(schedule: Resource) -> dict[str, str]:
    group, _, name = schedule.id.partition("/")
    return {"GroupName": group, "Name": name}


def _configure_schedule(aws: Aws, schedule: Resource) -> Mapping[str, Any]:
    # What an update leaves out goes back to its default.
    if schedule.previous is not None and schedule.changed(*SETTINGS):
        aws.scheduler.update_schedule(**_key(schedule), **schedule.given(SETTINGS))
    group, _, name = schedule.id.partition("/")
    return {"name": name, "groupName": group, "arn": arn("scheduler", f"schedule/{schedule.id}")}


def _read_schedule(aws: Aws, schedule: Resource) -> Mapping[str, Any] | None:
    found = aws.scheduler.get_schedule(**_key(schedule))
    inputs = inputs_of(found, SETTINGS | camel("groupName name"))
    return reported(schedule, inputs, DEFAULTS, name="name")


def _delete_schedule(aws: Aws, schedule: Resource) -> None:
    aws.scheduler.delete_schedule(**_key(schedule))


TYPES = {
    "aws:scheduler/schedule:Schedule": ResourceType(
        _create_schedule,
        _configure_schedule,
        _delete_schedule,
        _read_schedule,
        at(_id, _read_schedule),
        named="name",
        computed=("name", "groupName", "arn"),
        immutable=("name", "groupName"),
    ),
}
