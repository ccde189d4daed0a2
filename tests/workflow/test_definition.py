"""The state machine's definition, read: what no run on an engine would show, or only too late."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from handlers.domain.order import (
    AT_REST,
    BEFORE_PIVOT,
    RELEASING,
    TRANSITIONS,
    OrderStatus,
    RejectionReason,
)
from tests.support import asl_graph
from tests.support.order_paths import (
    UPDATE,
    all_states,
    definition,
    following,
    reachable,
    states,
    written_status,
)

TASKS = asl_graph.tasks(definition())
UPDATES = {name: state for name, state in TASKS.items() if state["Resource"] == UPDATE}


def expressions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from expressions(value)
    elif isinstance(node, str) and node.startswith("{%"):
        yield node


def test_the_six_states_of_the_order_process_are_there() -> None:
    assert {
        "ValidateOrder",
        "SaveOrderToDatabase",
        "ProcessPayment",
        "UpdateInventory",
        "SendNotification",
        "GenerateReceipt",
    } <= set(all_states())


def test_every_state_is_reached_by_some_order() -> None:
    """But for the one that waits for a status which does not exist."""
    assert {name for name, _ in reachable()} | {"UnknownStatus"} == set(states())


def test_every_branch_runs_from_its_start_through_all_its_states() -> None:
    for branch in asl_graph.branches(states()["FulfilOrder"]):
        inside = asl_graph.all_states(branch)
        onward = {branch["StartAt"], *asl_graph.following(inside[branch["StartAt"]])}
        assert onward == set(inside)


def test_every_name_that_is_gone_to_exists_beside_the_state_that_goes() -> None:
    parallel = asl_graph.branches(states()["FulfilOrder"])
    for machine in [definition(), *parallel]:
        named = {
            each for state in machine["States"].values() for each in asl_graph.following(state)
        }
        assert {machine["StartAt"], *named} <= set(machine["States"])


def test_a_run_can_come_to_an_end_from_wherever_it_is() -> None:
    ended = {place for place in reachable() if states()[place[0]]["Type"] in ("Succeed", "Fail")}
    assert {name for name, _ in ended} == {
        "AwaitingCustomer",
        "Completed",
        "NothingToDo",
        "RunFailed",
    }
    while more := {p for p in reachable() - ended if ended & set(following(p))}:
        ended |= more
    assert ended == reachable()


def test_the_emulator_and_the_cloud_read_the_definition_alike() -> None:
    for name, state in all_states().items():
        if state["Type"] == "Parallel":
            assert {"Output", "Assign", "Arguments"} & set(state) == set(), name
        if state["Type"] == "Succeed":
            assert "Output" not in state, name
        if name not in states():  # the emulator's branches share what they know of their state
            assert "context.State" not in str(state), name


def test_every_status_has_its_way_and_none_is_unknown() -> None:
    for status in OrderStatus:
        onward = [name for name, _ in following(("RouteByStatus", status))]
        assert onward[0] == "NothingToDo", "what is not due is left alone"
        assert onward[1:] != ["UnknownStatus"], status
    assert [n for n, _ in following(("RouteByStatus", "LOST"))][1:] == ["UnknownStatus"]


def test_every_status_that_is_written_is_a_legal_move_from_where_the_order_was() -> None:
    moves = {move for place in reachable() if (move := written_status(*place))}
    assert [move for move in moves if move[1] not in TRANSITIONS[OrderStatus(move[0])]] == []
    assert {target for _, target in moves} == {  # the rest is written by functions
        "VALIDATED",
        "REJECTING",
        "REJECTED",
        "CANCELLED",
    }


def test_a_status_is_written_with_the_condition_that_it_was_decided_on() -> None:
    for name, state in UPDATES.items():
        arguments = state["Arguments"]
        if "#status = :to" in arguments["UpdateExpression"]:
            assert arguments["ConditionExpression"].startswith("#status = :from"), name
            values = arguments["ExpressionAttributeValues"]
            [event] = values[":event"]["L"]
            assert event["M"]["status"] == values[":to"], name


def test_every_write_counts_up_the_version() -> None:
    for name, state in UPDATES.items():
        assert re.search(r"ADD [^A-Z]*version :one", state["Arguments"]["UpdateExpression"]), name


def test_optional_parts_of_an_answer_are_asked_for_before_they_are_read() -> None:
    for text in expressions(definition()):
        for optional in ("$states.errorOutput.Cause", "$states.result.Payload.order"):
            if optional in text:
                assert f"$exists({optional})" in text, text


@pytest.mark.parametrize("name", UPDATES)
def test_an_expression_has_every_name_and_value_that_it_uses_and_no_reserved_word(
    name: str,
) -> None:
    arguments = UPDATES[name]["Arguments"]
    text = f"{arguments['UpdateExpression']} {arguments['ConditionExpression']}"
    defined = {
        *arguments.get("ExpressionAttributeNames", {}),
        *arguments["ExpressionAttributeValues"],
    }
    assert set(re.findall(r"[#:]\w+", text)) == defined
    syntax = {"SET", "ADD", "REMOVE", "AND", "OR", "NOT", "IN", "SIZE"}
    words = {word.upper() for word in re.findall(r"(?<![#:\w])[A-Za-z]\w*", text)} - syntax
    assert words & set(ReservedKeywords.get_reserved_keywords()) == set()


def test_only_an_order_before_the_pivot_is_given_up() -> None:
    given_up = {status for name, status in reachable() if name == "GiveUp"}
    assert given_up == BEFORE_PIVOT - {OrderStatus.AWAITING_PAYMENT}  # it has its own end of time
    assert states()["GiveUp"]["Output"]["reason"] == RejectionReason.SYSTEM_FAULT


def test_nothing_is_released_for_an_order_that_is_not_being_refused() -> None:
    releasing = {s for name, s in reachable() if name in ("ReleasePayment", "ReleaseInventory")}
    assert releasing == RELEASING


def test_an_order_is_completed_only_at_rest_and_closed_only_when_released() -> None:
    assert {s for name, s in reachable() if name == "CompleteOrder"} == AT_REST
    assert {s for name, s in reachable() if name == "CloseOrder"} == RELEASING
