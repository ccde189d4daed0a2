"""What fails, what is malformed and what another reconciler has taken stops no other order."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from handlers.adapters import order_table
from handlers.adapters.items import encode
from handlers.domain.clock import timestamp
from handlers.events.reconcile_orders import NothingDriven
from handlers.runtime.aws import client
from tests.support.database import down, everything, stored_order
from tests.support.reconciliation import Reconciler, ago, put_due, put_many


def logged(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def summary(log: io.StringIO) -> tuple[int, int, int, int]:
    [line] = [each for each in logged(log) if each["message"] == "reconciled"]
    return line["taken"], line["started"], line["refused"], line["failed"]


@pytest.mark.parametrize("operation", ["get_item", "update_item", "start_execution"])
def test_two_calls_at_once_start_one_run_of_an_order(
    reconciler: Reconciler, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """The other call does all of its work just before this one's read, take or start."""
    ids = put_many(3)
    service = reconciler.machine if operation == "start_execution" else client("dynamodb")
    real = getattr(service, operation)

    def interrupted(**request: Any) -> Any:
        monkeypatch.setattr(service, operation, real)
        reconciler.minute()
        return real(**request)

    monkeypatch.setattr(service, operation, interrupted)
    reconciler.minute()
    assert sorted(reconciler.started) == ids


def test_an_order_that_a_run_moves_meanwhile_is_refused_and_left_to_it(
    reconciler: Reconciler, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    put_due(since=ago(hours=1))
    real, later = order_table.get, ago(minutes=-3)

    def moved(order_id: str) -> Any:
        found = real(order_id)
        client("dynamodb").update_item(
            TableName="orders",
            Key=order_table.key(order_id),
            UpdateExpression="SET dueAt = :later",
            ExpressionAttributeValues=encode({":later": later}),
        )
        return found

    monkeypatch.setattr(order_table, "get", moved)
    reconciler.minute()
    assert summary(log) == (0, 0, 1, 0)
    assert (reconciler.started, reconciler.published) == ([], [])
    assert (stored_order()["dueAt"], stored_order()["attention"]) == (later, {})


def test_an_order_that_is_gone_is_refused(reconciler: Reconciler, log: io.StringIO) -> None:
    put_due()
    with patch.object(order_table, "get", lambda order_id: None):
        reconciler.minute()
    assert summary(log) == (0, 0, 1, 0)


def test_an_order_whose_run_can_not_be_started_is_due_again_at_its_next_look(
    reconciler: Reconciler, log: io.StringIO
) -> None:
    first, second = put_many(2)
    reconciler.machine.refuses = lambda name: first in name
    reconciler.minute()
    assert reconciler.started == [second]
    assert summary(log) == (2, 1, 0, 1)
    [fault] = [line for line in logged(log) if line["level"] == "ERROR"]
    assert (fault["message"], fault["orderId"]) == ("workflow not started", first)
    look = datetime.fromisoformat(stored_order(first)["dueAt"])
    assert timedelta(0) < look - datetime.now(UTC) < timedelta(minutes=3)
    reconciler.machine.refuses = lambda name: False
    put_due(first, dueAt=ago(seconds=1))
    reconciler.minute()
    assert reconciler.started == [second, first]


def test_a_call_that_drives_none_of_its_orders_raises_once_all_were_tried(
    reconciler: Reconciler, log: io.StringIO
) -> None:
    put_many(3)
    reconciler.machine.refuses = lambda name: True
    with pytest.raises(NothingDriven):
        reconciler.minute()
    assert summary(log) == (3, 0, 0, 3)


def test_a_call_without_due_orders_does_not_raise(reconciler: Reconciler) -> None:
    reconciler.minute()
    assert reconciler.started == []


def test_a_list_that_can_not_be_read_is_raised(reconciler: Reconciler) -> None:
    put_due()
    before = everything()
    with down("dynamodb", "query"), pytest.raises(RuntimeError):
        reconciler.minute()
    assert (everything(), reconciler.started) == (before, [])


@pytest.mark.parametrize("operation", ["get_item", "update_item"])
def test_an_order_that_can_not_be_read_or_taken_stops_no_other(
    reconciler: Reconciler, monkeypatch: pytest.MonkeyPatch, log: io.StringIO, operation: str
) -> None:
    first, second = put_many(2)
    real = getattr(client("dynamodb"), operation)

    def broken(**request: Any) -> Any:
        if first in str(request["Key"]):
            raise RuntimeError("broken for a test")
        return real(**request)

    monkeypatch.setattr(client("dynamodb"), operation, broken)
    reconciler.minute()
    assert reconciler.started == [second]
    assert summary(log) == (1, 1, 0, 1)


@pytest.mark.parametrize(
    "broken", [{"timeline": []}, {"createdAt": "yesterday"}, {"attempts": "many"}]
)
def test_a_malformed_order_is_told_to_operators_and_stops_no_other(
    reconciler: Reconciler, log: io.StringIO, broken: dict[str, Any]
) -> None:
    put_due("A", dueAt=ago(hours=1), **broken)
    put_due("B")
    reconciler.minute()
    assert reconciler.started == ["A", "B"]
    assert summary(log) == (2, 2, 0, 0)
    assert stored_order("A")["attention"].keys() == {"STUCK"}
    assert stored_order("A")["dueAt"] > ago(minutes=-30)
    assert [event["orderId"] for event in reconciler.published] == ["A"]
    assert [line["orderId"] for line in logged(log) if line["level"] == "ERROR"] == ["A"]


def test_a_due_date_that_can_not_be_read_is_told_once_and_then_replaced(
    reconciler: Reconciler,
) -> None:
    put_due("A", dueAt="1")
    put_due("B")
    with pytest.raises(ValueError):
        reconciler.minute()
    assert reconciler.started == ["A", "B"]
    assert stored_order("A")["dueAt"] > timestamp()
    reconciler.minute()


def test_an_event_that_is_lost_costs_neither_the_run_nor_the_list(
    reconciler: Reconciler, log: io.StringIO
) -> None:
    put_due(since=ago(hours=1))
    reconciler.published.down = True
    reconciler.minute()
    assert len(reconciler.started) == 1
    assert stored_order()["attention"].keys() == {"STUCK"}
    assert summary(log) == (1, 1, 0, 0)


def test_a_line_has_nothing_personal(reconciler: Reconciler, log: io.StringIO) -> None:
    put_due("A", timeline=[], email="zoe@example.com", name="Zoë")
    put_due("B", since=ago(hours=2), email="zoe@example.com", name="Zoë")
    reconciler.machine.refuses = lambda name: "B-" in name
    reconciler.published.down = True
    reconciler.minute()
    assert not any(part in log.getvalue() for part in ("zoe", "Zo", "@"))
