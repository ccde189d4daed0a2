"""When an open order is looked at next, by status, age and the time that its customer has."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise, product
from typing import Any

import jsonata
import pytest

from handlers.adapters.items import encode
from handlers.domain.clock import timestamp
from handlers.domain.looks import is_stuck, next_look
from handlers.domain.order import OrderStatus
from tests.support import asl_graph
from tests.support.database import an_order
from tests.support.order_paths import definition

NOW = datetime(2026, 11, 22, 10, 25, 10, 123000, UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AWAITING = "AWAITING_PAYMENT"
OTHERS = [status for status in OrderStatus if status != AWAITING]
SPREADS = [0.0, 0.37, 0.999]
# How old the order is, and how long it has been in its status.
AGES = [
    (age, since)
    for age, since in product(
        [timedelta(0), 90 * MINUTE, 2 * HOUR - MINUTE, 2 * HOUR, 30 * 24 * HOUR],
        [timedelta(0), MINUTE, 5 * MINUTE, 90 * MINUTE, 30 * 24 * HOUR],
    )
    if since <= age
]


def order_of(status: str, age: timedelta, since: timedelta, **changes: Any) -> Any:
    """An order that was placed `age` ago and has been in `status` for `since`."""
    first = {"status": "RECEIVED", "at": timestamp(NOW - age)}
    last = {"status": status, "at": timestamp(NOW - since)}
    times = {"createdAt": first["at"], "timeline": [first, last]}
    return an_order(status, **(times | changes))


def awaiting(since: timedelta, left: timedelta) -> Any:
    """An order whose customer has `left` to approve the payment, of which `since` is over."""
    return order_of(AWAITING, since, since, approveBy=timestamp(NOW + left))


@cache
def due_of_record_fault() -> jsonata.Jsonata:
    record = asl_graph.tasks(definition())["RecordFault"]["Arguments"]
    text = record["ExpressionAttributeValues"][":due"]["S"]
    return jsonata.Jsonata.jsonata(text.removeprefix("{%").removesuffix("%}"))


def recorded(order: Any, spread: float) -> datetime:
    """The next look that RecordFault writes, by its own expression, if the fault were now."""
    expression = due_of_record_fault()
    expression.register_lambda("millis", lambda: int(NOW.timestamp() * 1000))
    expression.register_lambda("random", lambda: spread)
    return datetime.fromisoformat(expression.evaluate(None, {"order": encode(order)}))


@pytest.mark.parametrize(("age", "since"), AGES)
@pytest.mark.parametrize("status", OTHERS)
def test_a_look_is_as_far_ahead_as_after_a_fault(
    status: str, age: timedelta, since: timedelta
) -> None:
    for spread, attempts in product(SPREADS, [0, 5]):
        order = order_of(status, age, since, attempts=attempts)
        difference = next_look(order, NOW, spread) - recorded(order, spread)
        assert abs(difference) <= timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("age", "since", "pause"),
    [
        (timedelta(0), timedelta(0), MINUTE),
        (4 * MINUTE, 4 * MINUTE, MINUTE),
        (8 * MINUTE, 8 * MINUTE, 2 * MINUTE),
        (90 * MINUTE, 90 * MINUTE, 3 * MINUTE),
        (2 * HOUR, 2 * HOUR, 30 * MINUTE),
        (30 * 24 * HOUR, 30 * 24 * HOUR, HOUR),
        (30 * 24 * HOUR, timedelta(0), MINUTE),
    ],
)
def test_the_pause_is_a_quarter_of_the_time_in_the_status_within_bounds_by_age(
    age: timedelta, since: timedelta, pause: timedelta
) -> None:
    order = order_of("VALIDATED", age, since)
    assert next_look(order, NOW, 0.5) == NOW + pause
    assert next_look(order, NOW, 0) == NOW + 0.75 * pause
    assert next_look(order, NOW, 1) == NOW + 1.25 * pause


def test_a_customer_who_approves_is_noticed_after_one_two_four_and_more_minutes() -> None:
    looks, now = [], NOW
    order = awaiting(timedelta(0), 30 * MINUTE)
    while now < NOW + 30 * MINUTE:
        now = next_look(order, now, 0.9)
        looks.append((now - NOW) / MINUTE)
    assert looks == [1, 2, 4, 8, 16, 30]


@pytest.mark.parametrize("late", [0, 1, 59, 61, 200, 900])
def test_a_look_that_comes_late_does_not_move_those_that_follow(late: int) -> None:
    since = timedelta(seconds=late)
    ahead = next_look(awaiting(since, 30 * MINUTE), NOW, 0.5) - (NOW - since)
    assert ahead / MINUTE in {1, 2, 4, 8, 16}
    assert ahead > since


@pytest.mark.parametrize("left", [timedelta(milliseconds=1), 5 * MINUTE, 3 * HOUR])
def test_no_look_is_later_than_the_time_that_the_customer_has(left: timedelta) -> None:
    for since in (timedelta(0), 20 * MINUTE, 5 * HOUR):
        assert NOW < next_look(awaiting(since, left), NOW, 1) <= NOW + left


@pytest.mark.parametrize("over", [timedelta(0), timedelta(seconds=1), HOUR, 24 * HOUR])
def test_once_the_customers_time_is_over_the_pauses_are_the_usual_ones(over: timedelta) -> None:
    order = awaiting(30 * MINUTE + over, -over)
    usual = order | {"status": "VALIDATED"}
    assert next_look(order, NOW, 0.3) == next_look(usual, NOW, 0.3) > NOW


def test_an_order_that_awaits_payment_without_a_time_has_the_usual_pauses() -> None:
    order = order_of(AWAITING, 8 * MINUTE, 8 * MINUTE)
    assert next_look(order, NOW, 0.5) == NOW + 2 * MINUTE


@pytest.mark.parametrize("status", OTHERS)
def test_an_order_is_stuck_by_the_time_in_its_status_whatever_its_age(status: str) -> None:
    limit = 20 * MINUTE
    stuck = [
        is_stuck(order_of(status, age, since), NOW, limit)
        for age in (HOUR, 30 * 24 * HOUR)
        for since in (timedelta(0), limit, limit + timedelta(milliseconds=1), HOUR)
    ]
    assert stuck == [False, False, True, True] * 2


def test_the_time_that_a_customer_has_to_approve_makes_no_order_stuck() -> None:
    limit = 20 * MINUTE
    assert not is_stuck(awaiting(HOUR, MINUTE), NOW, limit)
    assert not is_stuck(awaiting(HOUR, -limit), NOW, limit)
    assert is_stuck(awaiting(HOUR, -limit - MINUTE), NOW, limit)


def test_a_time_of_approval_that_is_over_counts_for_no_other_status() -> None:
    order = awaiting(HOUR, -HOUR)
    moved = order["timeline"] + [{"status": "PAYMENT_AUTHORIZED", "at": timestamp(NOW)}]
    order |= {"status": "PAYMENT_AUTHORIZED", "timeline": moved}
    assert not is_stuck(order, NOW, 20 * MINUTE)
    assert next_look(order, NOW, 0.5) == NOW + MINUTE


def test_an_order_is_looked_at_again_and_again_and_never_twice_within_45_seconds() -> None:
    order, now, looks = order_of("VALIDATED", timedelta(0), timedelta(0)), NOW, [NOW]
    while now < NOW + 24 * HOUR:
        now = next_look(order, now, 0)
        looks.append(now)
    assert min(later - earlier for earlier, later in pairwise(looks)) == 0.75 * MINUTE
    assert len(looks) < 200


@pytest.mark.parametrize(
    "broken", [{"timeline": []}, {"createdAt": "yesterday"}, {"timeline": [{"at": 5}]}]
)
def test_a_time_that_can_not_be_read_is_told(broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, IndexError, TypeError, ValueError)):
        next_look(order_of("VALIDATED", HOUR, HOUR, **broken), NOW, 0.5)
