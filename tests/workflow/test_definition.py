"""The state machine's definition, read: what no run on an engine would show, or only too late."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from handlers.adapters import conditions, stripe_requests
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
    simple_paths,
    start,
    states,
    written_status,
)

REFUSED = "DynamoDB.ConditionalCheckFailedException"
# Their failure ends the run and leaves the order open: there is nowhere left to write it down.
LAST_RESORTS = {"ReadOrder", "RecordFault", "LookAgain", "FlagForAttention"}
AT_MOST_SECONDS = 240
TASKS = asl_graph.tasks(definition())
UPDATES = {name: state for name, state in TASKS.items() if state["Resource"] == UPDATE}


def seconds(name: str) -> float:
    """The longest that a state can take: every try to its limit, every pause in full.

    A try that is told to wait ends when the function's patience does.
    """
    state = all_states()[name]
    if branches := asl_graph.branches(state):
        return max(sum(map(seconds, asl_graph.all_states(branch))) for branch in branches)
    if state["Type"] != "Task":
        return 0
    total = state["TimeoutSeconds"]
    for retrier in state["Retry"]:
        busy = "Contended" in retrier["ErrorEquals"]
        longest = patience(name) if busy else state["TimeoutSeconds"]
        for attempt in range(retrier["MaxAttempts"]):
            pause = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** attempt
            total += pause + longest
    return total


def patience(name: str) -> float:
    """How long a state's function waits at most before it says that it was told to wait."""
    if name in ("ProcessPayment", "CapturePayment", "ReleasePayment"):
        return max(stripe_requests._PATIENCE_SECONDS, conditions._PATIENCE_SECONDS)
    return conditions._PATIENCE_SECONDS if name.endswith("Inventory") else 0


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


def test_every_task_has_a_limit_and_is_tried_again() -> None:
    for name, state in TASKS.items():
        assert 0 < state["TimeoutSeconds"] <= 15, name
        everything = state["Retry"][-1]
        assert everything["ErrorEquals"] == ["States.ALL"], name
        assert everything["MaxAttempts"] >= 1, name
        assert everything["BackoffRate"] > 1, name
        assert everything["JitterStrategy"] == "FULL", name


def test_every_fault_is_written_down_before_the_run_ends() -> None:
    for name, state in TASKS.items():
        last = state.get("Catch", [{}])[-1]
        if name in LAST_RESORTS:
            assert last.get("ErrorEquals") != ["States.ALL"], name
            continue
        assert last["ErrorEquals"] == ["States.ALL"], name
        if name in states() and name != "AlertOperators":
            assert last["Next"] == "RecordFault", name
            assert "'state': $states.context.State.Name" in last["Assign"]["fault"], name


def test_a_lost_alert_stops_nothing() -> None:
    assert TASKS["AlertOperators"]["Catch"][-1]["Next"] == TASKS["AlertOperators"]["Next"]


def test_each_branch_catches_for_itself_and_says_so_to_the_next_state() -> None:
    for name in ("SendNotification", "GenerateReceipt"):
        [catcher] = TASKS[name]["Catch"]
        assert f"{{'fault': {{'state': '{name}'" in catcher["Output"]
        assert all_states()[catcher["Next"]] == {"Type": "Pass", "End": True}
    conditions = [each["Condition"] for each in states()["IsFulfilled"]["Choices"]]
    wanted = [f"{{% $exists($states.input[{branch}].fault) %}}" for branch in (0, 1)]
    assert conditions == wanted


def test_a_refused_condition_is_never_tried_again_and_the_order_is_read_anew() -> None:
    for name, state in UPDATES.items():
        assert state["Retry"][0] == {"ErrorEquals": [REFUSED], "MaxAttempts": 0}, name
        first = state["Catch"][0]
        assert first["ErrorEquals"] == [REFUSED], name
        assert first["Next"] == ("LookAgain" if name == "RecordFault" else "ReadOrder"), name


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


def test_only_what_was_superseded_reads_the_order_again() -> None:
    """An outcome without a rule would go round until the machine's limit."""
    for name, state in states().items():
        outcomes = [each for each in state.get("Choices", []) if "outcome" in each["Condition"]]
        if outcomes:
            again = [each["Condition"] for each in outcomes if each["Next"] == "ReadOrder"]
            assert again == ["{% $states.input.outcome = 'SUPERSEDED' %}"], name
            assert state["Default"] == "UnknownOutcome", name


def test_the_longest_run_ends_before_the_machine_does_and_that_before_the_engine_would() -> None:
    """EXPRESS ends at 300 seconds without running any Catch."""
    slowest = max(simple_paths(start()), key=lambda path: sum(map(seconds, path)))
    parts = {name: seconds(name) for name in slowest if seconds(name)}
    assert sum(parts.values()) <= AT_MOST_SECONDS, parts
    assert definition()["TimeoutSeconds"] == 280


def test_optional_parts_of_an_answer_are_asked_for_before_they_are_read() -> None:
    for text in expressions(definition()):
        for optional in ("$states.errorOutput.Cause", "$states.result.Payload.order"):
            if optional in text:
                assert f"$exists({optional})" in text, text
