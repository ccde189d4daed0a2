"""The reconciler alone brings an order to rest, whatever has stopped its run, and beside the runs
that a customer's repeated requests start.
"""

from typing import Any

import pytest

from handlers.adapters import workflow
from handlers.domain.clock import timestamp
from tests.support.database import ORDER_ID, Item, as_stored
from tests.support.driven_shop import ASKING, STOCK, DrivenShop
from tests.support.in_process_system import InProcessSystem
from tests.support.interleaving_scheduler import Call
from tests.support.invariants import Shelf
from tests.support.kill_plans import KillPlan, Moment, Way


@pytest.fixture
def shop(in_process: InProcessSystem, monkeypatch: pytest.MonkeyPatch) -> DrivenShop:
    return DrivenShop(in_process, monkeypatch)


CASES: dict[str, tuple[str, int, dict[str, Any], tuple[str, str]]] = {
    "good card": ("RECEIVED", STOCK, {}, ("CONFIRMED", "")),
    "declined card": (
        "RECEIVED",
        STOCK,
        {"paymentMethod": "pm_card_chargeDeclined"},
        ("REJECTED", "PAYMENT_DECLINED"),
    ),
    "price changed": ("RECEIVED", STOCK, {"total": 1}, ("REJECTED", "PRICE_CHANGED")),
    "sold out at the deduction": ("VALIDATED", 1, {}, ("REJECTED", "OUT_OF_STOCK")),
    "cancelled": ("CANCELLING", STOCK, {}, ("CANCELLED", "")),
}


def opened(shop: DrivenShop, name: str) -> None:
    status, stock, changes, _ = CASES[name]
    shop.opened(status, stock, **changes)


def calls_of_a_run(shop: DrivenShop, name: str) -> list[Call]:
    calls: list[Call] = []
    for _ in range(2):  # the first run alone reads the gateway's key
        opened(shop, name)
        calls = shop.system.run("A").to_the_end().calls
    return calls


@pytest.mark.parametrize("name", CASES)
def test_wherever_a_run_dies_the_reconciler_alone_brings_its_order_to_rest(
    shop: DrivenShop, name: str
) -> None:
    for number, call in enumerate(calls_of_a_run(shop, name)):
        opened(shop, name)
        run = shop.system.run(f"{ORDER_ID}-1")
        run.killer = KillPlan({number: Moment.AFTER}, Way.RUN)
        run.to_the_end()
        looks = shop.driven_to_rest()
        assert shop.end() == CASES[name][3], call
        assert looks <= 1, call


@pytest.mark.parametrize("name", CASES)
def test_wherever_the_reconcilers_own_runs_die_the_next_ones_go_on(
    shop: DrivenShop, name: str
) -> None:
    """Each run is killed at the same call, as by an outage of what it calls, until the third."""
    for number in range(len(calls_of_a_run(shop, name))):
        opened(shop, name)
        shop.are_driven = False
        for _ in range(3):
            if "dueAt" in shop.order:
                shop.minute_when_due()
                shop.runs[-1].killer = KillPlan({number: Moment.AFTER}, Way.RUN)
                shop.runs[-1].to_the_end()
        shop.are_driven = True
        shop.driven_to_rest()
        assert shop.end() == CASES[name][3]


def test_an_order_at_rest_is_never_looked_at(shop: DrivenShop) -> None:
    opened(shop, "good card")
    shop.driven_to_rest()
    before, runs = shop.order, len(shop.runs)
    shop.reconciler.minute()
    assert (shop.order, len(shop.runs)) == (before, runs)


def test_a_customers_repeated_request_between_two_reconcilers_has_no_effect_of_its_own(
    shop: DrivenShop,
) -> None:
    """The three runs cross at every call of the first: it stands there while the others drive."""
    steps = len(calls_of_a_run(shop, "good card"))
    for first in range(steps):
        for second in range(0, steps, 3):
            opened(shop, "good card")
            shop.are_driven = False
            shop.minute_when_due()
            shop.runs[0].to(first)
            assert workflow.start(ORDER_ID, "1-202611221025")
            shop.runs[1].to(second)
            if "dueAt" in shop.order:
                shop.minute_when_due()
            for run in reversed(shop.runs):
                run.to_the_end()
            assert {run.execution.status for run in shop.runs} == {"SUCCEEDED"}
            shop.are_driven = True
            assert shop.driven_to_rest() == 0
            assert shop.end() == ("CONFIRMED", "")
            assert shop.system.shelf("mug") == Shelf(STOCK - 2, 2, STOCK)


def test_an_order_that_no_run_can_read_or_note_a_fault_of_is_listed_with_its_cause(
    shop: DrivenShop,
) -> None:
    """Each run dies at its first call, so no fault is counted; the time in the status tells."""
    opened(shop, "good card")
    shop.are_driven = False
    while shop.order["attention"] == {}:
        shop.minute_when_due()
        shop.runs[-1].killer = KillPlan({0: Moment.BEFORE}, Way.RUN)
        shop.runs[-1].to_the_end()
        assert len(shop.runs) < 30
    order = shop.order
    assert (order["attempts"], order["attention"].keys()) == (0, {"STUCK"})
    assert 5 < len(shop.runs) < 20
    shop.are_driven = True
    shop.driven_to_rest()
    assert shop.end() == ("CONFIRMED", "")
    assert shop.order["attention"] == {}
    assert "attentionShard" not in shop.order


def awaiting(shop: DrivenShop) -> Item:
    """The order after a run, with a card whose bank asks the customer."""
    shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
    return shop.order


def test_looks_leave_a_customer_the_time_to_approve_and_none_comes_after_it(
    shop: DrivenShop,
) -> None:
    before = awaiting(shop)
    for _ in range(3):
        shop.system.put("orders", as_stored(shop.order | {"dueAt": before["createdAt"]}))
        shop.reconciler.minute()
        after = shop.order
        assert timestamp() < after["dueAt"] <= after["approveBy"]
        assert after == before | {"dueAt": after["dueAt"]}


def test_a_payment_that_its_customer_never_approves_ends_in_time_by_looks_alone(
    shop: DrivenShop,
) -> None:
    awaiting(shop)
    shop.driven_to_rest()
    assert shop.end() == ("REJECTED", "PAYMENT_TIMEOUT")
    assert shop.order["attention"] == {}
