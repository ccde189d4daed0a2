"""Which orders a minute drives, in what order and how fast; operators hear once of what is stuck."""

import io
import json
import re
from itertools import pairwise

import pytest

from handlers.domain.clock import timestamp
from handlers.domain.order import AT_REST, OrderStatus
from handlers.events import reconcile_orders
from tests.support.database import ORDER_ID, an_order, everything, put_order, stored_order
from tests.support.reconciliation import (
    ATTENTION_AFTER_MINUTES,
    MAX_ATTEMPTS,
    Reconciler,
    ago,
    put_due,
    put_many,
)

LONG = ATTENTION_AFTER_MINUTES + 1


@pytest.mark.parametrize("status", OrderStatus)
def test_a_due_order_gets_a_run_and_a_later_look_and_is_otherwise_as_it_was(
    reconciler: Reconciler, status: str
) -> None:
    before = put_due(status=status)
    reconciler.minute()
    assert reconciler.started == [ORDER_ID]
    after = stored_order()
    assert after.pop("dueAt") > timestamp() > before.pop("dueAt")
    assert after == before
    assert reconciler.published == []


def test_a_run_is_named_for_the_look_that_was_taken(reconciler: Reconciler) -> None:
    put_due(dueAt="2026-01-02T03:04:05.678Z")
    reconciler.minute()
    assert reconciler.machine.started == [f"{ORDER_ID}-20260102T030405678Z"]
    assert re.fullmatch(r"[0-9A-Za-z_-]{1,80}", reconciler.machine.started[0])


def test_an_order_is_not_driven_again_before_its_next_look(reconciler: Reconciler) -> None:
    put_due()
    reconciler.minute()
    reconciler.minute()
    assert reconciler.started == [ORDER_ID]


def test_an_order_that_is_due_later_is_left_alone(reconciler: Reconciler) -> None:
    put_due(dueAt=ago(seconds=-10))
    before = everything()
    reconciler.minute()
    assert (everything(), reconciler.started) == (before, [])


@pytest.mark.parametrize("status", sorted(AT_REST))
def test_an_order_at_rest_is_never_opened_again(
    reconciler: Reconciler, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """Not even if the index, which may be behind its table, still lists it."""
    order = an_order(status)
    listed = reconcile_orders.Due(order.pop("dueAt"), ORDER_ID)
    del order["openShard"]
    put_order(order)
    before = everything()
    reconciler.minute()
    monkeypatch.setattr(reconcile_orders.open_orders, "due", lambda now, limit: [listed])
    reconciler.minute()
    assert (everything(), reconciler.started) == (before, [])


def test_the_oldest_of_all_shards_come_first(reconciler: Reconciler) -> None:
    ids = put_many(25)
    reconciler.minute()
    assert reconciler.started == ids


def test_a_minute_drives_165_orders_at_most_three_a_second_and_the_next_one_the_others(
    reconciler: Reconciler,
) -> None:
    ids = put_many(170)
    reconciler.minute()
    assert reconciler.started == ids[:165]
    gaps = [later - earlier for earlier, later in pairwise(reconciler.machine.times)]
    assert min(gaps) >= 0.333
    reconciler.minute()
    assert reconciler.started == ids


def test_slow_orders_are_not_made_up_for_by_a_burst(reconciler: Reconciler) -> None:
    put_many(4)
    reconciler.machine.seconds = 3
    reconciler.minute()
    starts = [each - 3 for each in reconciler.machine.times]
    assert starts == [0, 3, 6, 9]


def test_a_call_that_has_no_time_left_leaves_the_others_as_they_are(
    reconciler: Reconciler,
) -> None:
    ids = put_many(10)
    reconciler.minute(seconds=3)
    first = reconciler.started
    assert 1 < len(first) < 10
    assert all(stored_order(each)["dueAt"] < timestamp() for each in ids[len(first) :])
    reconciler.minute()
    assert reconciler.started == ids


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize(
    ("minutes", "attempts", "stuck"),
    [
        (ATTENTION_AFTER_MINUTES - 1, MAX_ATTEMPTS - 1, False),
        (LONG, 0, True),
        (1, MAX_ATTEMPTS, True),
        (LONG, MAX_ATTEMPTS + 3, True),
    ],
)
def test_operators_hear_of_an_order_that_stays_in_one_status_or_faults_too_often_in_it(
    reconciler: Reconciler, status: str, minutes: int, attempts: int, stuck: bool
) -> None:
    before = put_due(status=status, since=ago(minutes=minutes), attempts=attempts)
    reconciler.minute()
    after = stored_order()
    assert reconciler.started == [ORDER_ID]
    assert after["version"] == before["version"]
    assert [event["eventId"] for event in reconciler.published] == (
        [f"{ORDER_ID}#OrderNeedsAttention#STUCK"] if stuck else []
    )
    assert set(after["attention"]) == ({"STUCK"} if stuck else set())
    assert ("attentionShard" in after) == stuck


def test_the_time_that_a_customer_has_to_approve_makes_no_order_stuck(
    reconciler: Reconciler,
) -> None:
    since, until = ago(minutes=LONG), ago(minutes=-5)
    put_due(status="AWAITING_PAYMENT", since=since, approveBy=until)
    reconciler.minute()
    assert stored_order()["attention"] == {}
    assert stored_order()["dueAt"] <= until


def test_operators_hear_once_of_an_order_however_long_it_is_stuck(reconciler: Reconciler) -> None:
    put_due(since=ago(hours=3))
    reconciler.minute()
    [since] = stored_order()["attention"].values()
    put_order(stored_order() | {"dueAt": ago(seconds=1)})
    reconciler.minute()
    assert len(reconciler.started) == 2
    assert stored_order()["attention"] == {"STUCK": since}
    assert len(reconciler.published) == 1


def test_a_stuck_order_that_the_workflow_has_flagged_keeps_that_cause(
    reconciler: Reconciler,
) -> None:
    flagged = {"attention": {"FAULT": ago(minutes=9)}, "attentionSince": ago(minutes=9)}
    before = put_due(since=ago(hours=3), attentionShard="0", **flagged)
    reconciler.minute()
    after = stored_order()
    assert after["attention"].keys() == {"FAULT", "STUCK"}
    assert after["attentionSince"] == before["attentionSince"]


def test_one_line_says_what_a_call_has_done(reconciler: Reconciler, log: io.StringIO) -> None:
    order = put_due("A", dueAt=ago(seconds=90))
    put_due("B")
    reconciler.minute()
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    told = ("message", "taken", "started", "refused", "failed", "oldestDue")
    assert [line[name] for name in told] == ["reconciled", 2, 2, 0, 0, order["dueAt"]]
    assert "orderId" not in line


@pytest.mark.parametrize("seconds", [0, 90])
def test_the_age_of_the_oldest_due_order_and_how_many_were_driven_are_metrics(
    reconciler: Reconciler, capsys: pytest.CaptureFixture[str], seconds: int
) -> None:
    if seconds:
        put_due(dueAt=ago(seconds=seconds))
    reconciler.minute()
    [line] = [json.loads(text) for text in capsys.readouterr().out.splitlines() if "_aws" in text]
    [age], driven = line["OrdersDueOldestAge"], line["OrdersDriven"]
    assert seconds <= age < seconds + 30
    assert driven == [float(bool(seconds))]
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Orders"
