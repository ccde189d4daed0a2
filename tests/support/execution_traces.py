"""Runs on the emulator whose states are told: what `get_execution_history` names, in order.

The states inside a Parallel are not named there.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.live_system import LiveSystem

Definition = dict[str, Any]


def trace(shop: LiveSystem, order_id: str, machine: str = "") -> list[str]:
    """Run the workflow (or another machine) for the order: the states that the run entered."""
    steps = shop.aws.stepfunctions
    run = steps.start_sync_execution(
        stateMachineArn=machine or shop.outputs["stateMachineArn"],
        input=json.dumps({"orderId": order_id, "command": "process"}),
    )
    history = steps.get_execution_history(executionArn=run["executionArn"], maxResults=1000)
    entered = [event.get("stateEnteredEventDetails") for event in history["events"]]
    return [details["name"] for details in entered if details]


@contextmanager
def another_machine(shop: LiveSystem, change: Callable[[Definition], object]) -> Iterator[str]:
    """The ARN of a machine like the deployed one, but for a change of its definition."""
    steps = shop.aws.stepfunctions
    deployed = steps.describe_state_machine(stateMachineArn=shop.outputs["stateMachineArn"])
    definition = json.loads(deployed["definition"])
    change(definition["States"])
    made = steps.create_state_machine(
        name=f"changed-{uuid.uuid4().hex[:8]}",
        definition=json.dumps(definition),
        roleArn=deployed["roleArn"],
        type=deployed["type"],
    )
    try:
        yield made["stateMachineArn"]
    finally:
        steps.delete_state_machine(stateMachineArn=made["stateMachineArn"])
