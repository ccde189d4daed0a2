"""The state machine as a graph, walked without an engine: which states a run can be in, with an
order of which status.

It knows of JSONata only the forms that the definition uses for statuses and outcomes; any other
condition can go either way.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from components import order_workflow
from handlers.domain.order import TRANSITIONS, OrderStatus
from tests.support import asl_graph

UPDATE = "arn:aws:states:::dynamodb:updateItem"
# What a step has done to the order when it answers so; its own tests hold it to that.
AFTER = {
    "AUTHORIZED": "PAYMENT_AUTHORIZED",
    "AWAITING": "AWAITING_PAYMENT",
    "RESERVED": "INVENTORY_RESERVED",
    "CAPTURED": "CONFIRMED",
}
_STATUS_IS = re.compile(r"\$order\.status\.S = '(\w+)'")
_STATUS_IN = re.compile(r"\$order\.status\.S in \[([^]]*)\]")
_OUTCOME_IS = re.compile(r"\$states\.input\.outcome = '(\w+)'")
_EITHER = re.compile(r"\$order\.status\.S = '(\w+)' \? '(\w+)' : '(\w+)'")

Place = tuple[str, str]  # a state, and the status of the order as the run knows it


@cache
def definition() -> dict[str, Any]:
    return order_workflow.definition()


@cache
def states() -> dict[str, dict[str, Any]]:
    return definition()["States"]


def all_states() -> asl_graph.States:
    """Those of branches too."""
    return asl_graph.all_states(definition())


def start() -> Place:
    return definition()["StartAt"], ""


def following(place: Place) -> Iterator[Place]:
    """Where a run can go on from here."""
    name, status = place
    state = states()[name]
    if state["Type"] == "Choice":
        yield from _chosen(state, status)
        return
    for catching in asl_graph.caught(state):
        yield catching, status
    for after in statuses_after(place):
        if "Next" in state:
            yield state["Next"], after


def statuses_after(place: Place) -> list[str]:
    """The statuses that the order can have once the state is done."""
    name, status = place
    if name == "ReadOrder":
        return list(OrderStatus)
    if name == "LookAgain":  # another run may have moved it, or this one's own first try
        return sorted(_later(status)) if status in list(OrderStatus) else [status]
    written = written_status(name, status)
    return [written[1] if written else status]


def written_status(name: str, status: str) -> tuple[str, str] | None:
    """The move that a state writes for an order of this status, or None."""
    state = all_states()[name]
    values = state.get("Arguments", {}).get("ExpressionAttributeValues", {})
    if state.get("Resource") != UPDATE or ":to" not in values:
        return None
    return _value(values[":from"]["S"], status), _value(values[":to"]["S"], status)


@cache
def reachable() -> frozenset[Place]:
    """Every place that some run can be in."""
    found: set[Place] = set()
    waiting = [start()]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting += following(place)
    return frozenset(found)


def simple_paths(place: Place, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every way to an end that visits no state twice: a run that loses a race reads anew."""
    path = (*before, place[0])
    onward = {step for step in following(place) if step[0] not in path}
    if not onward:
        yield path
    for step in onward:
        yield from simple_paths(step, path)


def _chosen(state: dict[str, Any], status: str) -> Iterator[Place]:
    for choice in state["Choices"]:
        condition = choice["Condition"]
        asked = _STATUS_IS.search(condition) or _STATUS_IN.search(condition)
        if asked:
            if status in re.findall(r"\w+", asked[1]):
                yield choice["Next"], status
                if " and " not in condition:
                    return
            continue
        outcome = _OUTCOME_IS.search(condition)
        yield choice["Next"], AFTER.get(outcome[1], status) if outcome else status
    yield state["Default"], status


def _value(text: str, status: str) -> str:
    if either := _EITHER.search(text):
        return either[2] if status == either[1] else either[3]
    return status if "$order.status.S" in text else text


def _later(status: str) -> set[str]:
    found = {status}
    for target in TRANSITIONS[OrderStatus(status)]:
        found |= _later(target)
    return found
