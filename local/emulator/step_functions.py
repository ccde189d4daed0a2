"""Patch: an execution starts after 10 ms. MiniStack sleeps 150 ms first, more than a whole order takes.

Patch: `sns:publish` passes on its MessageAttributes, as AWS does. MiniStack hands them over in a form that its own SNS
does not read, so every subscription with a filter policy gets nothing.
"""

import time
from collections.abc import Mapping
from typing import Any

from ministack.services import stepfunctions

from local.emulator import anchors

ORIGINAL_DELAY = 0.15
START_DELAY = 0.01  # seconds; StartExecution answers before the run begins
PUBLISH = "arn:aws:states:::sns:publish"


class _Clock:
    """The time module, except for that one sleep."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, seconds: float) -> None:
        time.sleep(START_DELAY if seconds == ORIGINAL_DELAY else seconds)


def apply() -> None:
    """Replaces the module's clock and its handler of that integration."""
    anchors.source_contains(stepfunctions, f"time.sleep({ORIGINAL_DELAY})")
    stepfunctions.time = _Clock()
    anchors.has_parameters(stepfunctions, "_invoke_sns_publish", "resource input_data")
    original = stepfunctions._SERVICE_DISPATCH[PUBLISH]

    def publish(resource: str, arguments: Mapping[str, Any]) -> Any:
        return original(
            resource, {**arguments, **query_attributes(arguments.get("MessageAttributes") or {})}
        )

    stepfunctions._SERVICE_DISPATCH[PUBLISH] = publish


def query_attributes(attributes: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Message attributes as the parameters of an SNS request (query protocol)."""
    parameters: dict[str, str] = {}
    for number, (name, attribute) in enumerate(attributes.items(), start=1):
        entry = f"MessageAttributes.entry.{number}"
        parameters[f"{entry}.Name"] = name
        parameters |= {f"{entry}.Value.{key}": str(value) for key, value in attribute.items()}
    return parameters
