"""Counts, on orders that run for it alone: calls to AWS, consumed capacity, transitions."""

import io
import json
import time
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.function_logs import Activity
from components.bundle import contents
from localcloud.provision.aws import Aws

_COUNTER = Path(__file__).parent / "in_function.py"
_YARDSTICK = Path(__file__).parent / "yardstick_functions.py"
_READS = {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"}


@dataclass(frozen=True)
class Counted:
    """What one order takes: `calls` is function -> "service:Operation" -> how many, `direct` the state machine's."""

    calls: Mapping[str, Counter[str]]
    direct: list[str]
    read_units: float
    write_units: float
    transitions: int

    @property
    def in_all(self) -> int:
        """The calls of all functions."""
        return sum(counter.total() for counter in self.calls.values())


def count_from_now_on(aws: Aws, functions: Mapping[str, Mapping[str, Any]]) -> None:
    """Put the counter around every handler. The functions stay like that."""
    for name, config in functions.items():
        handler: str = config["Handler"]
        if not config["Runtime"].startswith("python"):
            continue
        aws.lambda_.update_function_code(FunctionName=name, ZipFile=archive(handler))
        variables = config.get("Environment", {}).get("Variables", {}) | {
            "COUNTED_HANDLER": handler
        }
        aws.lambda_.update_function_configuration(
            FunctionName=name,
            Handler="in_function.lambda_handler",
            Environment={"Variables": variables},
        )


def ask_the_machine(aws: Aws, machine: str) -> None:
    """Let a state machine's own DynamoDB calls say what they consume."""
    described = aws.stepfunctions.describe_state_machine(stateMachineArn=machine)
    definition = json.loads(described["definition"])
    for state in definition["States"].values():
        if ":dynamodb:" in state.get("Resource", ""):
            state["Arguments"]["ReturnConsumedCapacity"] = "TOTAL"
    aws.stepfunctions.update_state_machine(
        stateMachineArn=machine, definition=json.dumps(definition)
    )
    time.sleep(0.1)


def counted(activity: Mapping[str, Activity], history: list[dict[str, Any]]) -> Counted:
    """What one order took, from its functions' logs and its run's history."""
    made = {
        name: [call for line in each.lines for call in line.get("counted", [])]
        for name, each in activity.items()
    }
    succeeded = [_succeeded(event) for event in history if event["type"] == "TaskSucceeded"]
    direct = [(name, answer) for name, answer in succeeded if not name.startswith("lambda:")]
    units = [(call["operation"], _units(call)) for calls in made.values() for call in calls] + [
        (f"{name[9].upper()}{name[10:]}", answer["ConsumedCapacity"]["CapacityUnits"])
        for name, answer in direct
        if name.startswith("dynamodb:")
    ]
    return Counted(
        calls={name: _tally(calls) for name, calls in made.items() if calls},
        direct=[name for name, _ in direct],
        read_units=sum(units for operation, units in units if operation in _READS),
        write_units=sum(units for operation, units in units if operation not in _READS),
        transitions=_transitions(history),
    )


def archive(handler: str) -> bytes:
    """The modules that the handler reaches, and the counter."""
    files = contents(handler.rpartition(".")[0]) or {"functions.py": _YARDSTICK}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, path in {**files, _COUNTER.name: _COUNTER}.items():
            archive.writestr(name, path.read_text(encoding="utf-8"))
    return buffer.getvalue()


def _units(call: Mapping[str, Any]) -> float:
    """The capacity of one call. The emulator says none of a batch read: a unit for each item, half
    of one if the read isn't consistent, since no item is over 4 KB.
    """
    said = sum(each["CapacityUnits"] for each in call["capacity"]) + call["refused"]
    return said or sum(keys * (1 if consistent else 0.5) for keys, consistent in call["batch"])


def _tally(calls: list[dict[str, Any]]) -> Counter[str]:
    tally: Counter[str] = Counter()
    for call in calls:
        tally[f"{call['service']}:{call['operation']}"] += call["tries"]
    return tally


def _succeeded(event: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """A finished task as (`dynamodb:getItem`, what it answered)."""
    details = event["taskSucceededEventDetails"]
    resource: str = details["resource"]
    if ":::" not in resource:
        return "lambda:invoke", {}  # a function named by its ARN
    return resource.rpartition(":::")[2], json.loads(details["output"])


def _transitions(history: list[dict[str, Any]]) -> int:
    """The states that the run entered. The emulator's history leaves out the branches of a Parallel,
    in each of which a good order enters one state: as many as the Parallel has results.
    """
    entered = sum(event["type"].endswith("StateEntered") for event in history)
    branches = sum(
        len(json.loads(event["stateExitedEventDetails"]["output"]))
        for event in history
        if event["type"] == "ParallelStateExited"
    )
    return entered + branches
